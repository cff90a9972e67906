"""Sorts the triples of an ontology into the frames of its entities, as the OWL API writes them.

An axiom's number is its `AxiomType` index in the OWL API 5.1.20; within a frame axioms are written by number, then by
their components.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.canonical.entities import DECLARATIONS, Entities, EntityKind
from ontology.canonical.graph import OwlGraph
from ontology.canonical.names import iri_key
from ontology.canonical.order import LIST_NUMBER, Key, Order
from ontology.canonical.terms import INVERSE_OF, PROPERTY, SOURCE, TARGET, TYPE, Node, Term
from ontology.iris import OWL, RDFS

ONTOLOGY = ox.NamedNode(OWL + "Ontology")
_HEADER = {ox.NamedNode(OWL + "versionIRI"): 1, ox.NamedNode(OWL + "imports"): 2, TYPE: 0}
_ANNOTATION = 34
_LAST = 99
_AFTER_NAMES = (b"\xff",)  # sorts after the key of any IRI
_PROPERTY_KINDS = (EntityKind.OBJECT_PROPERTY, EntityKind.DATA_PROPERTY, EntityKind.ANNOTATION_PROPERTY)

_CHARACTERISTICS: dict[Term, int] = {
    ox.NamedNode(OWL + name): number
    for name, number in {
        "FunctionalProperty": 15,
        "InverseFunctionalProperty": 16,
        "SymmetricProperty": 17,
        "AsymmetricProperty": 18,
        "TransitiveProperty": 19,
        "ReflexiveProperty": 20,
        "IrreflexiveProperty": 21,
    }.items()
}
_CLASS_AXIOMS = {
    ox.NamedNode(OWL + "equivalentClass"): 1,
    ox.NamedNode(RDFS + "subClassOf"): 2,
    ox.NamedNode(OWL + "disjointWith"): 3,
    ox.NamedNode(OWL + "disjointUnionOf"): 4,
    ox.NamedNode(OWL + "hasKey"): 32,
}
_PROPERTY_AXIOMS = {  # the number for object, data and annotation properties
    ox.NamedNode(OWL + "equivalentProperty"): (12, 26, _ANNOTATION),
    ox.NamedNode(RDFS + "subPropertyOf"): (13, 27, 35),
    INVERSE_OF: (14, 14, 14),
    ox.NamedNode(RDFS + "domain"): (22, 29, 37),
    ox.NamedNode(RDFS + "range"): (23, 30, 36),
    ox.NamedNode(OWL + "propertyDisjointWith"): (24, 31, _ANNOTATION),
    ox.NamedNode(OWL + "propertyChainAxiom"): (25, 25, 25),
}
_INDIVIDUAL_AXIOMS = {ox.NamedNode(OWL + "sameAs"): 6, ox.NamedNode(OWL + "differentFrom"): 7}
_GENERAL_AXIOMS: dict[Term, int] = {
    ox.NamedNode(OWL + name): number
    for name, number in {"AllDisjointClasses": 3, "AllDifferent": 7, "AllDisjointProperties": 24}.items()
}
_MEMBERS = [ox.NamedNode(OWL + name) for name in ("members", "distinctMembers")]
_NEGATIVE = ox.NamedNode(OWL + "NegativePropertyAssertion")
_NEGATIVE_SOURCE = ox.NamedNode(OWL + "sourceIndividual")
_TARGET_VALUE = ox.NamedNode(OWL + "targetValue")
_NEGATIVE_PARTS = [ox.NamedNode(OWL + "assertionProperty"), ox.NamedNode(OWL + "targetIndividual"), _TARGET_VALUE]


@dataclass(order=True, frozen=True)
class Axiom:
    """What is written together: a triple, or all that is said of a blank node, where `predicate` is missing."""

    key: Key
    subject: Node = field(compare=False)
    predicate: ox.NamedNode | None = field(default=None, compare=False)
    object: Term | None = field(default=None, compare=False)


Frame = dict[ox.NamedNode, list[Axiom]]


@dataclass(frozen=True)
class Frames:
    """The axioms of an ontology by what they are about, unsorted."""

    header: Frame
    entities: dict[EntityKind, Frame]
    annotations: Frame
    general: list[Axiom]


class Framing:
    """Puts every triple of a graph into a frame; those that OWL has no place for stand where they read best."""

    def __init__(self, graph: OwlGraph, entities: Entities, order: Order) -> None:
        self._graph = graph
        self._entities = entities
        self._key = order.key
        self._headers = {
            subject
            for subject in graph.subjects()
            if isinstance(subject, ox.NamedNode) and ONTOLOGY in graph.objects(subject).get(TYPE, ())
        }
        self._annotations: Frame = defaultdict(list)
        self._frames = Frames(defaultdict(list), {kind: defaultdict(list) for kind in EntityKind}, {}, [])

    def frames(self) -> Frames:
        """Return the frames of all triples."""
        for subject, predicate, object_ in self._graph.triples():
            if not isinstance(subject, ox.NamedNode):
                continue
            if subject in self._headers:
                self._frames.header[subject].append(self._header_axiom(subject, predicate, object_))
            else:
                self._add_triple(subject, predicate, object_)
        for node in self._graph.subjects():
            if isinstance(node, ox.BlankNode):
                self._add_node(node)
        self._add_annotations()
        return self._frames

    def _header_axiom(self, subject: ox.NamedNode, predicate: ox.NamedNode, object_: Term) -> Axiom:
        number = _HEADER.get(predicate, len(_HEADER))
        return Axiom((number, iri_key(predicate.value), self._key(object_)), subject, predicate, object_)

    def _add_triple(self, subject: ox.NamedNode, predicate: ox.NamedNode, object_: Term) -> None:
        kind, number = self._kind_and_number(subject, predicate, object_)
        key = (number, iri_key(predicate.value), self._key(object_))
        frame = self._annotations if kind is None else self._frames.entities[kind]
        frame[subject].append(Axiom(key, subject, predicate, object_))

    def _kind_and_number(
        self, subject: ox.NamedNode, predicate: ox.NamedNode, object_: Term
    ) -> tuple[EntityKind | None, int]:
        """Return the section and the number of a triple; an annotation is in no section of its own."""
        kinds = self._entities.kinds(subject)
        if predicate == TYPE:
            return self._type_axiom(subject, object_)
        if predicate in _CLASS_AXIOMS:
            if EntityKind.DATATYPE in kinds and EntityKind.CLASS not in kinds:
                return EntityKind.DATATYPE, 38
            return EntityKind.CLASS, _CLASS_AXIOMS[predicate]
        if predicate in _PROPERTY_AXIOMS:
            kind = self._entities.property_kind(subject)
            number = _PROPERTY_AXIOMS[predicate][_PROPERTY_KINDS.index(kind)]
            return (None if number == _ANNOTATION else kind), number
        if predicate in _INDIVIDUAL_AXIOMS:
            return EntityKind.INDIVIDUAL, _INDIVIDUAL_AXIOMS[predicate]
        kind = self._entities.property_kind(predicate)
        if kind is EntityKind.ANNOTATION_PROPERTY:
            return None, _ANNOTATION
        return EntityKind.INDIVIDUAL, 10 if kind is EntityKind.DATA_PROPERTY else 8

    def _type_axiom(self, subject: ox.NamedNode, type_: Term) -> tuple[EntityKind, int]:
        if type_ in DECLARATIONS:
            return DECLARATIONS[type_], 0
        if type_ in _CHARACTERISTICS:
            if self._entities.is_data_property(subject):
                return EntityKind.DATA_PROPERTY, 28
            return EntityKind.OBJECT_PROPERTY, _CHARACTERISTICS[type_]
        return EntityKind.INDIVIDUAL, 5

    def _add_node(self, node: ox.BlankNode) -> None:
        """Place what is said of a blank node, unless it is written where the node is used."""
        objects = self._graph.objects(node)
        source = self._graph.value(node, _NEGATIVE_SOURCE)
        inverse = self._graph.value(node, INVERSE_OF)
        axioms = [predicate for predicate in objects if predicate in _CLASS_AXIOMS]
        if self._graph.annotates(node) or not self._graph.stands_alone(node):
            return
        if _NEGATIVE in objects.get(TYPE, ()) and isinstance(source, ox.NamedNode):
            number = 11 if _TARGET_VALUE in objects else 9
            about = [o for predicate in _NEGATIVE_PARTS for o in objects.get(predicate, ())]
            axiom = Axiom((number, *map(self._key, about), self._key(node)), node)
            self._frames.entities[EntityKind.INDIVIDUAL][source].append(axiom)
        elif isinstance(inverse, ox.NamedNode):
            numbers = [_PROPERTY_AXIOMS[p][0] for p in objects if p in _PROPERTY_AXIOMS and p != INVERSE_OF]
            axiom = Axiom((min(numbers, default=_LAST), _AFTER_NAMES, self._key(node)), node)
            self._frames.entities[EntityKind.OBJECT_PROPERTY][inverse].append(axiom)
        else:
            self._frames.general.append(Axiom(self._general_key(node, axioms), node))

    def _general_key(self, node: ox.BlankNode, axioms: list[ox.NamedNode]) -> Key:
        objects = self._graph.objects(node)
        if axioms:
            first = min(axioms, key=lambda predicate: _CLASS_AXIOMS[predicate])
            return (_CLASS_AXIOMS[first], (LIST_NUMBER, (self._key(node), *map(self._key, objects[first]))))
        lists = [head for predicate in _MEMBERS for head in objects.get(predicate, ())]
        for type_ in objects.get(TYPE, ()):
            if type_ in _GENERAL_AXIOMS and lists:
                is_data = any(map(self._entities.is_data_property, self._graph.items(lists[0])))
                return (31 if is_data else _GENERAL_AXIOMS[type_], self._key(lists[0]), self._key(node))
        return (_LAST, self._key(node))

    def _add_annotations(self) -> None:
        """Write the annotations of an IRI in the frame of its entity, where it names one and no more."""
        used = self._signature()
        in_header = Counter[Term | None](a.predicate for axioms in self._frames.header.values() for a in axioms)
        for subject, axioms in self._annotations.items():
            kinds = {kind for kind, frame in self._frames.entities.items() if subject in frame} | used[subject]
            # The OWL API counts a property of the header's annotations once more: to it that is punning.
            count = len(kinds) + in_header[subject]
            if count == 1:
                kind = next(iter(kinds), EntityKind.ANNOTATION_PROPERTY)
                self._frames.entities[kind][subject].extend(axioms)
            else:
                self._frames.annotations[subject] = axioms

    def _signature(self) -> dict[Term, set[EntityKind]]:
        """Return as what kinds of entity IRIs are used in axioms, besides what the frames say."""
        used: dict[Term, set[EntityKind]] = defaultdict(set)
        for subject, predicate, object_ in self._graph.triples():
            if subject in self._headers:
                continue
            used[predicate].add(self._entities.property_kind(predicate))
            if isinstance(subject, ox.NamedNode):
                is_axiom = self._kind_and_number(subject, predicate, object_)[0] is not None
            else:
                is_axiom = predicate.value.startswith(OWL) and predicate not in (SOURCE, PROPERTY, TARGET)
                is_axiom |= predicate in _CLASS_AXIOMS or predicate in _PROPERTY_AXIOMS or predicate == TYPE
            for term in (object_, *self._graph.items(object_)) if is_axiom else ():
                used[term] |= self._entities.kinds(term)
        return used
