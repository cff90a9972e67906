"""Puts OWL's class, property and data range expressions into words: equal ones into equal words.

The words are those of https://www.w3.org/TR/owl2-manchester-syntax/, the triples are read as
https://www.w3.org/TR/owl2-mapping-to-rdf/, section 3.2, maps them. What is no expression of OWL is written as Turtle
would, and what never ends is cut, so that everything has words: these are for reading, not for checking.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD
from rdflib.term import Node

from ontology.iris import compress


@dataclass(frozen=True)
class Name:
    """A term or thing, by its IRI."""

    iri: str


@dataclass(frozen=True)
class Text:
    """A literal: its text, its language where it has one, and its datatype where it is not a mere text."""

    value: str
    language: str | None = None
    datatype: str | None = None


# A phrase reads as its parts one after the other; a plain string is a keyword or a bracket with its blanks.
Phrase = tuple[str | Name | Text, ...]

# What is said of an expression, and does not make it up.
AXIOM_PREDICATES = frozenset(
    {
        *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.equivalentProperty),
        *(OWL.disjointWith, OWL.propertyDisjointWith),
    }
)
_DEEPEST = 100
_ENDLESS: Phrase = ("…",)
_BARE = {str(datatype) for datatype in (XSD.integer, XSD.nonNegativeInteger, XSD.decimal, XSD.boolean)}
_JOINED: Mapping[Node, str] = {OWL.intersectionOf: " and ", OWL.unionOf: " or "}
_PREFIXED: Mapping[Node, str] = {OWL.complementOf: "not ", OWL.datatypeComplementOf: "not ", OWL.inverseOf: "inverse "}
_RESTRICTIONS: Mapping[Node, str] = {
    OWL.someValuesFrom: " some ",
    OWL.allValuesFrom: " only ",
    OWL.hasValue: " value ",
    OWL.minCardinality: " min ",
    OWL.maxCardinality: " max ",
    OWL.cardinality: " exactly ",
    OWL.minQualifiedCardinality: " min ",
    OWL.maxQualifiedCardinality: " max ",
    OWL.qualifiedCardinality: " exactly ",
}
_FACETS: Mapping[Node, str] = {
    XSD.minInclusive: ">= ",
    XSD.minExclusive: "> ",
    XSD.maxInclusive: "<= ",
    XSD.maxExclusive: "< ",
}


def manchester(phrase: Phrase) -> str:
    """Return a phrase with prefixed names for its terms and quotes around its texts."""
    return "".join(_written(part) for part in phrase)


def name(iri: str) -> str:
    """Return the prefixed name of `iri`, or the IRI in angle brackets where no prefix fits."""
    iri = str(iri)  # a URIRef is equal to no string, however alike
    compressed = compress(iri)
    return f"<{iri}>" if compressed == iri else compressed


def quoted(literal: Literal) -> str:
    """Return a literal in quotes without its language, or bare where it is a number or a boolean."""
    return _quoted(_text(literal))


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


class Expressions:
    """The expressions in a graph, whatever their blank nodes and the order of their sets."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def phrase(self, node: Node) -> Phrase:
        """Return the words for a class, property, data range, individual or literal."""
        return self._phrase(node, ())

    def sequence(self, head: Node, separator: str) -> Phrase:
        """Return the items of a list whose order counts, as a property chain."""
        items = list_items(self._graph, head)
        return self.phrase(head) if items is None else _joined((self._nested(item, ()) for item in items), separator)

    def set(self, head: Node) -> Phrase:
        """Return the items of a list whose order does not count, as a key."""
        items = list_items(self._graph, head)
        return self.phrase(head) if items is None else _joined(self._sorted(items, ()), ", ")

    def combination(self, predicate: Node, operand: Node) -> Phrase | None:
        """Return the words for what `predicate` (such as owl:unionOf) makes of `operand`, None where it is no such."""
        return self._combination(predicate, operand, ())

    def _phrase(self, node: Node, path: tuple[Node, ...]) -> Phrase:
        if isinstance(node, Literal):
            return (_text(node),)
        if isinstance(node, URIRef):
            return (Name(str(node)),)
        if node in path or len(path) == _DEEPEST:
            return _ENDLESS
        path = (*path, node)
        if items := list_items(self._graph, node):
            return ("(", *_joined((self._nested(item, path) for item in items), " "), ")")
        about = [(p, o) for p, o in self._graph.predicate_objects(node) if p not in AXIOM_PREDICATES]
        parts = {p: o for p, o in about if p != RDF.type}
        phrase = None
        if len(parts) == sum(p != RDF.type for p, _ in about):
            phrase = self._restriction(parts, path) if len(parts) > 1 else self._single(parts, path)
        return self._written_out(about, path) if phrase is None else phrase

    def _nested(self, node: Node, path: tuple[Node, ...]) -> Phrase:
        """Return the words for a part of an expression, in parentheses where it has parts itself."""
        phrase = self._phrase(node, path)
        return ("(", *phrase, ")") if isinstance(node, BNode) and phrase[0] not in ("{", "[", "…") else phrase

    def _sorted(self, nodes: Iterable[Node], path: tuple[Node, ...]) -> list[Phrase]:
        return sorted({self._nested(node, path) for node in nodes}, key=lambda p: (p[0] == "(", manchester(p)))

    def _single(self, parts: Mapping[Node, Node], path: tuple[Node, ...]) -> Phrase | None:
        for predicate, operand in parts.items():
            return self._combination(predicate, operand, path)
        return None

    def _combination(self, predicate: Node, operand: Node, path: tuple[Node, ...]) -> Phrase | None:
        if predicate in _PREFIXED:
            return (_PREFIXED[predicate], *self._nested(operand, path))
        if predicate not in _JOINED and predicate != OWL.oneOf:
            return None
        items = list_items(self._graph, operand)
        if not items:
            return None
        operands = self._sorted(items, path)
        if predicate in _JOINED:
            return _joined(operands, _JOINED[predicate])
        return ("{", *_joined(operands, ", "), "}")

    def _restriction(self, parts: Mapping[Node, Node], path: tuple[Node, ...]) -> Phrase | None:
        if set(parts) == {OWL.onDatatype, OWL.withRestrictions}:
            return self._datatype_restriction(parts, path)
        rest = {p: o for p, o in parts.items() if p not in (OWL.onProperty, OWL.onClass, OWL.onDataRange)}
        if OWL.onProperty not in parts or len(rest) != 1:
            return None
        ((predicate, value),) = rest.items()
        property_ = self._nested(parts[OWL.onProperty], path)
        if predicate == OWL.hasSelf:
            return (*property_, " Self")
        if predicate not in _RESTRICTIONS:
            return None
        counted = [self._nested(parts[p], path) for p in (OWL.onClass, OWL.onDataRange) if p in parts]
        return (*property_, _RESTRICTIONS[predicate], *_joined([self._nested(value, path), *counted], " "))

    def _datatype_restriction(self, parts: Mapping[Node, Node], path: tuple[Node, ...]) -> Phrase | None:
        facets: set[Phrase] = set()
        for item in list_items(self._graph, parts[OWL.withRestrictions]) or []:
            for facet, value in self._graph.predicate_objects(item):
                facets.add((_FACETS.get(facet) or f"{name(str(facet))} ", *self._nested(value, path)))
        listed = _joined(sorted(facets, key=manchester), ", ")
        return (*self._nested(parts[OWL.onDatatype], path), "[", *listed, "]") if facets else None

    def _written_out(self, about: list[tuple[Node, Node]], path: tuple[Node, ...]) -> Phrase:
        """Return whatever else a blank node stands for, as Turtle would write it."""
        said: set[Phrase] = {(*self._phrase(p, path), " ", *self._phrase(o, path)) for p, o in about}
        return ("[", *_joined(sorted(said, key=manchester), "; "), "]")


def _text(literal: Literal) -> Text:
    datatype = None if literal.datatype in (None, XSD.string) or literal.language else str(literal.datatype)
    return Text(str(literal), literal.language, datatype)


def _written(part: str | Name | Text) -> str:
    if isinstance(part, Name):
        return name(part.iri)
    if isinstance(part, Text):
        return _quoted(part) + (f"@{part.language}" if part.language else "")
    return part


def _quoted(text: Text) -> str:
    if text.datatype in _BARE and Literal(text.value, datatype=URIRef(text.datatype)).value is not None:
        return text.value
    escaped = text.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"' + (f"^^{name(text.datatype)}" if text.datatype else "")


def _joined(phrases: Iterable[Phrase], separator: str) -> Phrase:
    joined: list[str | Name | Text] = []
    for phrase in phrases:
        joined += [separator, *phrase] if joined else phrase
    return tuple(joined)
