"""Tells what each statement uses its terms as: a class, a datatype, one or the other kind of property, a thing.

After the OWL 2 mapping from RDF graphs, https://www.w3.org/TR/owl2-mapping-to-rdf/#Mapping_from_RDF_Graphs_to_the_Structural_Specification.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from ontology.checks.checked import PROPERTIES, Checked, CheckedModule, Statement, is_reserved, members

CLASS: frozenset[Node] = frozenset({OWL.Class})
DATATYPE: frozenset[Node] = frozenset({RDFS.Datatype})
CLASS_OR_DATATYPE = CLASS | DATATYPE
OBJECT_PROPERTY: frozenset[Node] = frozenset({OWL.ObjectProperty})
LOGICAL_PROPERTY: frozenset[Node] = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty})
INDIVIDUAL: frozenset[Node] = frozenset({OWL.NamedIndividual})

# https://www.w3.org/TR/owl2-syntax/#Annotation_Properties
ANNOTATIONS: frozenset[Node] = frozenset(
    {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated, OWL.priorVersion}
    | {OWL.backwardCompatibleWith, OWL.incompatibleWith}
)

_BOTH_CLASSES = {RDFS.subClassOf, OWL.disjointWith}
_CLASS_OBJECT = {OWL.complementOf, OWL.onClass}
_DATATYPE_OBJECT = {OWL.onDataRange, OWL.onDatatype, OWL.datatypeComplementOf}
_FILLERS = {OWL.someValuesFrom, OWL.allValuesFrom}
_BOTH_PROPERTIES = {RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith}
_CLASS_LISTS = {OWL.disjointUnionOf}
_PROPERTY_LISTS: dict[Node, frozenset[Node]] = {OWL.propertyChainAxiom: OBJECT_PROPERTY, OWL.hasKey: LOGICAL_PROPERTY}
_CHARACTERISTICS: dict[Node, frozenset[Node]] = {
    OWL.FunctionalProperty: LOGICAL_PROPERTY,
    OWL.InverseFunctionalProperty: OBJECT_PROPERTY,
    OWL.TransitiveProperty: OBJECT_PROPERTY,
    OWL.SymmetricProperty: OBJECT_PROPERTY,
    OWL.AsymmetricProperty: OBJECT_PROPERTY,
    OWL.ReflexiveProperty: OBJECT_PROPERTY,
    OWL.IrreflexiveProperty: OBJECT_PROPERTY,
}
_BOTH_INDIVIDUALS = {OWL.sameAs, OWL.differentFrom}


@dataclass(frozen=True)
class Use:
    """A term in a statement about `subject`, and the kinds of which it must be one there."""

    term: URIRef
    kinds: frozenset[Node]
    subject: Node
    module: CheckedModule


@lru_cache(maxsize=1)
def uses(checked: Checked) -> tuple[Use, ...]:
    """Return every use of a term in a place where its kind matters; the terms that OWL itself has are among them."""
    return tuple(
        Use(term, kinds, statement[0], module)
        for module in checked.modules
        for statement in module.statements
        for term, kinds in _uses_of(checked, statement)
        if isinstance(term, URIRef)
    )


def _uses_of(checked: Checked, statement: Statement) -> Iterator[tuple[Node, frozenset[Node]]]:
    subject, predicate, object_ = statement
    if isinstance(object_, Literal) and object_.datatype is not None and not is_annotation(checked, predicate):
        yield object_.datatype, DATATYPE
    if predicate == RDF.type:
        if object_ in _CHARACTERISTICS:
            yield subject, _CHARACTERISTICS[object_]
        elif not is_reserved(object_) or object_ in (OWL.Thing, OWL.Nothing):
            yield object_, CLASS
    elif predicate in ANNOTATIONS:
        return
    elif is_reserved(predicate):
        yield from _uses_of_axiom(checked, subject, predicate, object_)
    else:
        yield predicate, PROPERTIES
        if checked.kinds.get(predicate, frozenset()) & OBJECT_PROPERTY:
            yield subject, INDIVIDUAL
            yield object_, INDIVIDUAL


def _uses_of_axiom(
    checked: Checked, subject: Node, predicate: Node, object_: Node
) -> Iterator[tuple[Node, frozenset[Node]]]:
    graph = checked.graph
    if predicate in _BOTH_CLASSES:
        yield from ((subject, CLASS), (object_, CLASS))
    elif predicate == OWL.equivalentClass:
        yield from ((subject, CLASS_OR_DATATYPE), (object_, CLASS_OR_DATATYPE))
    elif predicate in _CLASS_OBJECT:
        yield object_, CLASS
    elif predicate in _DATATYPE_OBJECT:
        yield object_, DATATYPE
    elif predicate in _FILLERS:
        yield object_, _filler(checked, graph.value(subject, OWL.onProperty))
    elif predicate == RDFS.domain and not is_annotation(checked, subject):
        yield from ((subject, LOGICAL_PROPERTY), (object_, CLASS))
    elif predicate == RDFS.range and not is_annotation(checked, subject):
        yield from ((subject, LOGICAL_PROPERTY), (object_, _filler(checked, subject)))
    elif predicate in _BOTH_PROPERTIES:
        kinds = checked.kinds.get(subject, frozenset()) & PROPERTIES or PROPERTIES
        yield from ((subject, PROPERTIES), (object_, kinds))
    elif predicate == OWL.inverseOf:
        yield from ((subject, OBJECT_PROPERTY), (object_, OBJECT_PROPERTY))
    elif predicate == OWL.onProperty:
        yield object_, LOGICAL_PROPERTY
    elif predicate in _BOTH_INDIVIDUALS:
        yield from ((subject, INDIVIDUAL), (object_, INDIVIDUAL))
    elif predicate == OWL.hasValue and not isinstance(object_, Literal):
        yield object_, INDIVIDUAL
    else:
        yield from _uses_of_list(graph, subject, predicate, object_)


def _uses_of_list(
    graph: Graph, subject: Node, predicate: Node, object_: Node
) -> Iterator[tuple[Node, frozenset[Node]]]:
    if predicate in (OWL.unionOf, OWL.intersectionOf):
        kinds = DATATYPE if (subject, RDF.type, RDFS.Datatype) in graph else CLASS
    elif predicate in _CLASS_LISTS:
        kinds = CLASS
    elif predicate in _PROPERTY_LISTS:
        kinds = _PROPERTY_LISTS[predicate]
    elif predicate in (OWL.oneOf, OWL.distinctMembers):
        kinds = INDIVIDUAL
    elif predicate == OWL.members:
        of_properties = (subject, RDF.type, OWL.AllDisjointProperties) in graph
        of_classes = (subject, RDF.type, OWL.AllDisjointClasses) in graph
        kinds = LOGICAL_PROPERTY if of_properties else CLASS if of_classes else INDIVIDUAL
    else:
        return
    yield from ((member, kinds) for member in members(graph, object_))


def _filler(checked: Checked, property_: Node | None) -> frozenset[Node]:
    """Return what the values of a property are: of a class, of a datatype, or either where that is not known."""
    kinds = checked.kinds.get(property_, frozenset()) if property_ is not None else frozenset()
    if kinds & OBJECT_PROPERTY or (property_ is not None and not isinstance(property_, URIRef)):
        return CLASS
    return DATATYPE if OWL.DatatypeProperty in kinds else CLASS_OR_DATATYPE


def is_annotation(checked: Checked, property_: Node) -> bool:
    """Tell whether a property says something about a term for people, and nothing to a reasoner."""
    return property_ in ANNOTATIONS or OWL.AnnotationProperty in checked.kinds.get(property_, frozenset())
