"""The order in which the OWL API writes terms, expressions and what is said of a blank node.

It sorts by the number of a kind of object, then by the object's components (`typeIndex` and `components` of
OWLObject in version 5.1.20); the numbers below are its own.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import pyoxigraph as ox

from ontology.canonical.entities import Entities
from ontology.canonical.graph import OwlGraph
from ontology.canonical.names import iri_key, text_key
from ontology.canonical.terms import DATATYPE, FIRST, INVERSE_OF, PROPERTY, REST, SOURCE, TARGET, TYPE, Term
from ontology.iris import OWL, RDF, RDFS, XSD

Key = tuple[Any, ...]
_Node = TypeVar("_Node", bound=Term)
_Described = tuple[Key, tuple[ox.NamedNode, ...]]
"""What an expression is sorted by, and the predicates that are in it."""


def _owl(*names: str) -> list[ox.NamedNode]:
    return [ox.NamedNode(OWL + name) for name in names]


_INTERSECTION, _UNION, _ONE_OF, _WITH = _owl("intersectionOf", "unionOf", "oneOf", "withRestrictions")
_COMPLEMENT, _DATATYPE_COMPLEMENT = _owl("complementOf", "datatypeComplementOf")
_ON_PROPERTY, _ON_CLASS, _ON_DATA_RANGE, _ON_DATATYPE = _owl("onProperty", "onClass", "onDataRange", "onDatatype")
_ALL_DISJOINT_PROPERTIES, _THING = _owl("AllDisjointProperties", "Thing")

_BOOLEAN = {  # the number as a class expression and as a data range
    _INTERSECTION: (3001, 4004),
    _UNION: (3002, 4005),
    _COMPLEMENT: (3003, 4002),
    _DATATYPE_COMPLEMENT: (3003, 4002),
    _ONE_OF: (3004, 4003),
}
_RESTRICTIONS = {  # the number with an object property and with a data property
    ox.NamedNode(OWL + name): numbers
    for name, numbers in {
        "someValuesFrom": (3005, 3012),
        "allValuesFrom": (3006, 3013),
        "hasValue": (3007, 3014),
        "hasSelf": (3011, 3011),
        "minCardinality": (3008, 3015),
        "minQualifiedCardinality": (3008, 3015),
        "cardinality": (3009, 3016),
        "qualifiedCardinality": (3009, 3016),
        "maxCardinality": (3010, 3017),
        "maxQualifiedCardinality": (3010, 3017),
    }.items()
}
_FACETS = [
    ox.NamedNode(XSD + name)
    for name in (
        *("length", "minLength", "maxLength", "pattern", "minInclusive", "minExclusive", "maxInclusive"),
        *("maxExclusive", "totalDigits", "fractionDigits"),
    )
] + [ox.NamedNode(RDF + "langRange")]

_FIRST_PREDICATES = [
    *(TYPE, FIRST, REST, INVERSE_OF, SOURCE, PROPERTY, TARGET),
    *_owl("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue"),
    *(
        _ON_PROPERTY,
        _ON_DATATYPE,
        *_RESTRICTIONS,
        _ON_CLASS,
        _ON_DATA_RANGE,
        *_BOOLEAN,
        _WITH,
        *_owl("members", "distinctMembers"),
    ),
    *_owl("equivalentClass"),
    ox.NamedNode(RDFS + "subClassOf"),
    *_owl("disjointWith", "equivalentProperty"),
    *(ox.NamedNode(RDFS + name) for name in ("subPropertyOf", "domain", "range")),
    *_owl("propertyDisjointWith", "propertyChainAxiom", "hasKey"),
]
LIST_NUMBER, _STATEMENTS, _DEEP = 1007, 1008, 1009  # of ours; to the OWL API these are anonymous individuals
_NUMBERS = {predicate: number for number, predicate in enumerate(_FIRST_PREDICATES)}


class Order:
    """Sorts the terms of a graph; `ranks` tells blank nodes apart that their content does not."""

    def __init__(self, graph: OwlGraph, entities: Entities, ranks: dict[ox.BlankNode, int]) -> None:
        self._graph = graph
        self._entities = entities
        self._ranks = ranks
        self._keys: dict[ox.BlankNode, Key] = {}

    def key(self, term: Term) -> Key:
        """Return what `term` is sorted by among the terms of one position."""
        if isinstance(term, ox.NamedNode):
            return (0, *iri_key(term.value))
        if isinstance(term, ox.BlankNode):
            if term not in self._keys:
                rank = [(self._ranks[term],)] if term in self._ranks else []
                self._keys[term] = (*self._content_key(term), *rank)
            return self._keys[term]
        if isinstance(term, ox.Literal):
            return (4008, iri_key(term.datatype.value), text_key(term.value), text_key(str(term)))
        return (9000, text_key(str(term)))

    def sorted(self, terms: Sequence[_Node]) -> list[_Node]:
        """Return the terms of one position in their order; one alone is not looked at, and may lead in a circle."""
        return sorted(terms, key=self.key) if len(terms) > 1 else list(terms)

    def items(self, head: ox.BlankNode) -> list[Term]:
        """Return the items of a list as they are written: sorted where OWL has a set, else as they are.

        A key of a class has its object properties before its data properties.
        """
        items = list(self._graph.lists[head])
        if not self._graph.is_set(head):
            return items
        return sorted(items, key=self._item_key)

    def statements(self, node: ox.BlankNode) -> list[tuple[ox.NamedNode, Term]]:
        """Return what is said of a blank node, in the order in which it is written."""
        objects = self._graph.objects(node)
        types = objects.get(TYPE, [])
        others = -1 if _ALL_DISJOINT_PROPERTIES in types else len(_NUMBERS)

        def number(predicate: ox.NamedNode) -> int:
            if predicate == _INTERSECTION and DATATYPE not in types:
                return -1
            return _NUMBERS.get(predicate, others)

        return [
            (predicate, object_)
            for predicate in sorted(objects, key=lambda p: (number(p), iri_key(p.value)))
            for object_ in self.sorted(objects[predicate])
        ]

    def _item_key(self, item: Term) -> Key:
        return (self._entities.is_data_property(item), *self.key(item))

    def _content_key(self, node: ox.BlankNode) -> Key:
        if self._graph.is_deep(node):
            return (_DEEP,)
        if node in self._graph.lists:
            return (LIST_NUMBER, tuple(map(self._item_key, self.items(node))))
        described = self._restriction(node) or self._boolean(node) or self._of_one(node)
        key, compared = described or ((_STATEMENTS,), ())
        if self._graph.annotates(node):
            compared = (SOURCE, PROPERTY, TARGET)  # the same wherever annotations are compared, and above them
        rest = []
        for predicate, object_ in self.statements(node):
            annotations = tuple(sorted(map(self.key, self._graph.annotations_of(node, predicate, object_))))
            if annotations or predicate not in compared or len(self._graph.objects(node)[predicate]) > 1:
                rest.append((iri_key(predicate.value), self.key(object_), annotations))
        return (*key, tuple(rest))

    def _restriction(self, node: ox.BlankNode) -> _Described | None:
        property_ = self._graph.value(node, _ON_PROPERTY)
        if property_ is None:
            return None
        is_data = self._entities.is_data_property(property_)
        for predicate, numbers in _RESTRICTIONS.items():
            value = self._graph.value(node, predicate)
            if value is not None:
                filler = self._graph.value(node, _ON_CLASS) or self._graph.value(node, _ON_DATA_RANGE) or _THING
                quantity = self._quantity(value) if predicate.value.endswith("ardinality") else self.key(value)
                key = (numbers[is_data], self.key(property_), quantity, self.key(filler))
                return key, (_ON_PROPERTY, predicate, _ON_CLASS)
        return None

    def _quantity(self, value: Term) -> Key:
        if isinstance(value, ox.Literal) and value.value.isdecimal() and len(value.value) < 20:
            return (0, int(value.value))
        return (1, *self.key(value))

    def _boolean(self, node: ox.BlankNode) -> _Described | None:
        for predicate, numbers in _BOOLEAN.items():
            operand = self._graph.value(node, predicate)
            if operand is not None:
                is_datatype = DATATYPE in self._graph.objects(node).get(TYPE, ())
                return (numbers[is_datatype], self.key(operand)), (predicate,)
        return None

    def _of_one(self, node: ox.BlankNode) -> _Described | None:
        inverse, datatype = self._graph.value(node, INVERSE_OF), self._graph.value(node, _ON_DATATYPE)
        if inverse is not None:
            return (1003, self.key(inverse)), (INVERSE_OF,)
        if datatype is not None:
            return (4006, self.key(datatype)), (_ON_DATATYPE,)
        for number, facet in enumerate(_FACETS):
            value = self._graph.value(node, facet)
            if value is not None:
                return (4007, (number,), self.key(value)), (facet,)
        return None
