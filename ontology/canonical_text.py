"""Writes each expression of an ontology as the one text that equal expressions have.

The words are those of https://www.w3.org/TR/owl2-manchester-syntax/, the triples are read as
https://www.w3.org/TR/owl2-mapping-to-rdf/, section 3.2, maps them.
"""

from collections.abc import Mapping

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from ontology.iris import compress

_DEEPEST = 100
_BARE = {XSD.integer, XSD.nonNegativeInteger, XSD.decimal, XSD.boolean}
_JOINED: Mapping[Node, str] = {OWL.intersectionOf: " and ", OWL.unionOf: " or "}
_PREFIXED: Mapping[Node, str] = {OWL.complementOf: "not", OWL.datatypeComplementOf: "not", OWL.inverseOf: "inverse"}
_RESTRICTIONS: Mapping[Node, str] = {
    OWL.someValuesFrom: "some",
    OWL.allValuesFrom: "only",
    OWL.hasValue: "value",
    OWL.minCardinality: "min",
    OWL.maxCardinality: "max",
    OWL.cardinality: "exactly",
    OWL.minQualifiedCardinality: "min",
    OWL.maxQualifiedCardinality: "max",
    OWL.qualifiedCardinality: "exactly",
}
_FACETS: Mapping[Node, str] = {
    XSD.minInclusive: ">=",
    XSD.minExclusive: ">",
    XSD.maxInclusive: "<=",
    XSD.maxExclusive: "<",
}

# What is said of an expression, and does not make it up.
AXIOM_PREDICATES = frozenset(
    {
        *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.equivalentProperty),
        *(OWL.disjointWith, OWL.propertyDisjointWith),
    }
)


def name(iri: str) -> str:
    """Return the prefixed name of `iri`, or the IRI in angle brackets where no prefix fits."""
    iri = str(iri)  # a URIRef is equal to no string, however alike
    compressed = compress(iri)
    return f"<{iri}>" if compressed == iri else compressed


def quoted(literal: Literal) -> str:
    """Return a literal in quotes without its language, or bare where it is a number or a boolean."""
    if literal.datatype in _BARE and literal.value is not None:
        return str(literal)
    escaped = str(literal).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    datatype = f"^^{name(literal.datatype)}" if literal.datatype not in (None, XSD.string) else ""
    return f'"{escaped}"{datatype}'


def list_items(graph: Graph, head: Node) -> list[Node] | None:
    """Return the items of an RDF list in order, or None where it is no well-formed list."""
    items: list[Node] = []
    seen: set[Node] = set()
    while head != RDF.nil:
        first, rest = list(graph.objects(head, RDF.first)), list(graph.objects(head, RDF.rest))
        if head in seen or len(first) != 1 or len(rest) != 1:
            return None
        seen.add(head)
        items += first
        head = rest[0]
    return items


class CanonicalText:
    """The expressions in a graph: equal ones have equal texts, whatever their blank nodes and the order of sets."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def text(self, node: Node) -> str:
        """Return the words for a class, property, data range, individual or literal."""
        return self._text(node, ())

    def sequence(self, head: Node, separator: str) -> str:
        """Return the items of a list whose order counts, as a property chain."""
        items = list_items(self._graph, head)
        return self.text(head) if items is None else separator.join(self._nested(item, ()) for item in items)

    def set(self, head: Node) -> str:
        """Return the items of a list whose order does not count, as a key."""
        items = list_items(self._graph, head)
        return self.text(head) if items is None else ", ".join(sorted({self._nested(item, ()) for item in items}))

    def combination(self, predicate: Node, operand: Node) -> str | None:
        """Return the words for what `predicate` (such as owl:unionOf) makes of `operand`, None where it is no such."""
        return self._combination(predicate, operand, ())

    def _text(self, node: Node, path: tuple[Node, ...]) -> str:
        if isinstance(node, Literal):
            return quoted(node) + (f"@{node.language}" if node.language else "")
        if isinstance(node, URIRef):
            return name(node)
        if node in path or len(path) == _DEEPEST:
            return "…"
        path = (*path, node)
        if items := list_items(self._graph, node):
            return f"({' '.join(self._nested(item, path) for item in items)})"
        about = [(p, o) for p, o in self._graph.predicate_objects(node) if p not in AXIOM_PREDICATES]
        parts = {p: o for p, o in about if p != RDF.type}
        text = None
        if len(parts) == sum(p != RDF.type for p, _ in about):
            text = self._restriction(parts, path) if len(parts) > 1 else self._single(parts, path)
        return self._written_out(about, path) if text is None else text

    def _nested(self, node: Node, path: tuple[Node, ...]) -> str:
        """Return the words for a part of an expression, in parentheses where it has parts itself."""
        text = self._text(node, path)
        return f"({text})" if isinstance(node, BNode) and text[0] not in "{[…" else text

    def _single(self, parts: Mapping[Node, Node], path: tuple[Node, ...]) -> str | None:
        for predicate, operand in parts.items():
            return self._combination(predicate, operand, path)
        return None

    def _combination(self, predicate: Node, operand: Node, path: tuple[Node, ...]) -> str | None:
        if predicate in _PREFIXED:
            return f"{_PREFIXED[predicate]} {self._nested(operand, path)}"
        if predicate not in _JOINED and predicate != OWL.oneOf:
            return None
        items = list_items(self._graph, operand)
        if not items:
            return None
        operands = sorted({self._nested(item, path) for item in items})
        return _JOINED[predicate].join(operands) if predicate in _JOINED else f"{{{', '.join(operands)}}}"

    def _restriction(self, parts: Mapping[Node, Node], path: tuple[Node, ...]) -> str | None:
        if set(parts) == {OWL.onDatatype, OWL.withRestrictions}:
            return self._datatype_restriction(parts, path)
        rest = {p: o for p, o in parts.items() if p not in (OWL.onProperty, OWL.onClass, OWL.onDataRange)}
        if OWL.onProperty not in parts or len(rest) != 1:
            return None
        ((predicate, value),) = rest.items()
        property_ = self._nested(parts[OWL.onProperty], path)
        if predicate == OWL.hasSelf:
            return f"{property_} Self"
        if predicate not in _RESTRICTIONS:
            return None
        counted = [self._nested(parts[p], path) for p in (OWL.onClass, OWL.onDataRange) if p in parts]
        return " ".join([property_, _RESTRICTIONS[predicate], self._nested(value, path), *counted])

    def _datatype_restriction(self, parts: Mapping[Node, Node], path: tuple[Node, ...]) -> str | None:
        facets = set()
        for item in list_items(self._graph, parts[OWL.withRestrictions]) or []:
            for facet, value in self._graph.predicate_objects(item):
                facets.add(f"{_FACETS.get(facet) or name(str(facet))} {self._nested(value, path)}")
        return f"{self._nested(parts[OWL.onDatatype], path)}[{', '.join(sorted(facets))}]" if facets else None

    def _written_out(self, about: list[tuple[Node, Node]], path: tuple[Node, ...]) -> str:
        """Return whatever else a blank node stands for, as Turtle would write it."""
        return f"[{'; '.join(sorted(f'{self._text(p, path)} {self._text(o, path)}' for p, o in about))}]"
