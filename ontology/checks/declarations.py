"""Checks that each term is declared, once, as what it is used as, and that OWL's own names are left alone."""

from collections.abc import Iterator

from rdflib import BNode, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from ontology.checks.checked import DECLARATIONS, NAMES_OF_KINDS, PROPERTIES, Checked, Flaw, in_order, is_reserved
from ontology.checks.datatypes import BUILT_IN
from ontology.checks.uses import ANNOTATIONS, Use, uses
from ontology.findings import Severity
from ontology.iris import compress
from ontology.nearest import did_you_mean

_ERROR = Severity.ERROR
_BUILT_IN: dict[Node, frozenset[Node]] = {
    OWL.Thing: frozenset({OWL.Class}),
    OWL.Nothing: frozenset({OWL.Class}),
    OWL.topObjectProperty: frozenset({OWL.ObjectProperty}),
    OWL.bottomObjectProperty: frozenset({OWL.ObjectProperty}),
    OWL.topDataProperty: frozenset({OWL.DatatypeProperty}),
    OWL.bottomDataProperty: frozenset({OWL.DatatypeProperty}),
    **dict.fromkeys(ANNOTATIONS, frozenset({OWL.AnnotationProperty})),
    **dict.fromkeys(BUILT_IN, frozenset({RDFS.Datatype})),
}
_OF_TERMS = ANNOTATIONS | {RDF.type}
# What an ontology may say of its nodes with rdf:type, beside classes.
_TYPES = DECLARATIONS | {OWL.Ontology, OWL.Restriction, OWL.Axiom, OWL.Annotation, OWL.NegativePropertyAssertion}
_TYPES |= {OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent, RDF.List, OWL.Thing, OWL.Nothing}
_TYPES |= {OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.TransitiveProperty, OWL.SymmetricProperty}
_TYPES |= {OWL.AsymmetricProperty, OWL.ReflexiveProperty, OWL.IrreflexiveProperty}
_INSTEAD: dict[Node, str] = {
    RDFS.Class: "write owl:Class",
    RDF.Property: "write owl:ObjectProperty, owl:DatatypeProperty or owl:AnnotationProperty",
    OWL.DeprecatedClass: "write owl:deprecated true",
    OWL.DeprecatedProperty: "write owl:deprecated true",
    RDFS.Resource: "write owl:Thing",
}


def undeclared(checked: Checked) -> Iterator[Flaw]:
    """Each class, property, datatype and individual that is used is declared."""
    said: set[tuple[str, Node]] = set()
    for use in uses(checked):
        if is_reserved(use.term) or use.term in checked.kinds or (use.module.iri, use.term) in said:
            continue
        said.add((use.module.iri, use.term))
        known = [compress(str(term)) for term, kinds in checked.kinds.items() if kinds & use.kinds]
        message = f"is used as {_place(use.kinds)} and declared nowhere{did_you_mean(compress(use.term), known)}"
        yield _flaw(checked, use, message, "correct the name, declare the term, or import the module that does")


def wrong_kinds(checked: Checked) -> Iterator[Flaw]:
    """No term is used as what it is not declared as: a property as a class, a data property as an object property."""
    said: set[tuple[str, Node, frozenset[Node]]] = set()
    for use in uses(checked):
        kinds = _BUILT_IN.get(use.term) if is_reserved(use.term) else checked.kinds.get(use.term)
        if kinds is None or kinds & use.kinds or (use.module.iri, use.term, use.kinds) in said:
            continue
        said.add((use.module.iri, use.term, use.kinds))
        message = f"is {_kinds(kinds)} and is used as {_place(use.kinds)}"
        yield _flaw(checked, use, message, "use a term of that kind there, or declare another one")


def punning(checked: Checked) -> Iterator[Flaw]:
    """No term is two things: class and individual, class and property, two kinds of property."""
    for term, kinds in sorted(checked.kinds.items()):
        if len(kinds) > 1:
            message = f"is declared as {' and as '.join(_article(NAMES_OF_KINDS[kind]) for kind in in_order(kinds))}"
            yield checked.flaw(_ERROR, term, message, "keep one of them, and give the other a name of its own")


def reserved_names(checked: Checked) -> Iterator[Flaw]:
    """Names of OWL, RDF, RDFS and XML Schema are used as they are defined, and nothing new is said with them."""
    terms = {term for statement in checked.stated_in for term in statement if isinstance(term, URIRef)}
    strange = {term for term in terms if is_reserved(term) and not _exists(term)}
    for module in checked.modules:
        for subject, predicate, object_ in module.statements:
            for term in [term for term in (subject, predicate, object_) if term in strange]:
                message = f"does not exist{did_you_mean(compress(str(term)), _reserved())}"
                owner = str(checked.owner(subject) or term)
                yield Flaw(_ERROR, module.file, str(term), message, "correct the name", owner, str(term))
            if predicate not in _OF_TERMS and is_reserved(subject) and is_reserved(predicate):
                message = f"belongs to OWL, and {compress(str(predicate))} says something new of it"
                yield Flaw(_ERROR, module.file, str(subject), message, "remove it; say it of a term of ours")
            if predicate == RDF.type:
                if is_reserved(subject) and object_ in DECLARATIONS and object_ not in _BUILT_IN.get(subject, ()):
                    message = f"belongs to OWL and is declared as {_kinds({object_})} here"
                    yield Flaw(_ERROR, module.file, str(subject), message, "remove it; use a term of ours")
                if object_ not in _TYPES and is_reserved(object_) and _exists(object_):
                    message = f"is no type of OWL 2, and stands as the type of {_name(checked, subject)}"
                    owner = str(checked.owner(subject) or object_)
                    way_out = _INSTEAD.get(object_, "give the term one of OWL's types or a class of ours")
                    yield Flaw(_ERROR, module.file, str(object_), message, way_out, owner, str(object_))
    for use in uses(checked):
        if use.term not in _BUILT_IN and is_reserved(use.term) and _exists(use.term) and not _is_datatype(use):
            message = f"is used as {_place(use.kinds)}, which it is not in OWL 2"
            yield _flaw(checked, use, message, _INSTEAD.get(use.term, "use a term of ours"))


def anonymous(checked: Checked) -> Iterator[Flaw]:
    """Each thing has a name: what has none cannot be referred to, compared or kept from one save to the next."""
    for node in {s for s, p, o in checked.stated_in if isinstance(s, BNode) and p == RDF.type and not is_reserved(o)}:
        type_ = min(str(o) for o in checked.graph.objects(node, RDF.type))
        module = checked.homes[node]
        message = f"has an individual without a name{_said_of(checked, node)}"
        yield Flaw(
            _ERROR, module.file, type_, message, "give it an IRI, dgi:…", str(checked.owner(node) or type_), type_
        )


def _flaw(checked: Checked, use: Use, message: str, way_out: str) -> Flaw:
    owner = checked.owner(use.subject)
    where = f" in what is said of {compress(owner)}" if owner is not None and owner != use.term else ""
    head, semicolon, near = message.partition("; did you mean")
    message = head + where + semicolon + near
    return Flaw(_ERROR, use.module.file, use.term, message, way_out, str(owner or use.term), use.term)


def _is_datatype(use: Use) -> bool:
    """Tell whether a use is left to the checks of datatypes."""
    return RDFS.Datatype in use.kinds and str(use.term).startswith((str(XSD), str(RDF)))


def _exists(term: Node) -> bool:
    namespaces = (OWL, RDF, RDFS, XSD)
    if str(term).startswith(str(RDF) + "_"):
        return True
    return any(str(term).startswith(str(n)) and str(term).removeprefix(str(n)) in _names(n) for n in namespaces)


def _names(namespace: object) -> set[str]:
    return _NAMES[str(namespace)]


def _reserved() -> list[str]:
    return [compress(namespace + name) for namespace, names in _NAMES.items() for name in sorted(names)]


_NAMES = {
    str(n): {str(term).removeprefix(str(n)) for term in dir(n) if str(term).startswith(str(n))}
    for n in (OWL, RDF, RDFS, XSD)
}


def _kinds(kinds: frozenset[Node] | set[Node]) -> str:
    return " and ".join(_article(NAMES_OF_KINDS[kind]) for kind in in_order(kinds))


def _place(kinds: frozenset[Node]) -> str:
    if kinds == PROPERTIES:
        return "a property"
    return " or ".join(_article(NAMES_OF_KINDS[kind]) for kind in in_order(kinds))


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _name(checked: Checked, node: Node) -> str:
    owner = checked.owner(node)
    return compress(owner) if owner is not None else "something without a name"


def _said_of(checked: Checked, node: Node) -> str:
    owner = checked.owner(node)
    return f" in what is said of {compress(owner)}" if owner is not None else ""
