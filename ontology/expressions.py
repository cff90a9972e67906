"""Puts OWL's class and property expressions into words, in the keywords of the Manchester syntax.

https://www.w3.org/TR/owl2-manchester-syntax/ gives the keywords; the RDF that is read is that of
https://www.w3.org/TR/owl2-mapping-to-rdf/, section 3.2.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, XSD
from rdflib.term import Node


@dataclass(frozen=True)
class Name:
    """A term or thing, to be shown by its label."""

    iri: str


@dataclass(frozen=True)
class Text:
    """A literal: its text, and its language where it has one."""

    value: str
    language: str | None = None


# A phrase reads as its parts one after the other; a plain string is a keyword or a bracket with its blanks.
Phrase = tuple[str | Name | Text, ...]

_QUANTIFIERS = {OWL.someValuesFrom: " some ", OWL.allValuesFrom: " only ", OWL.hasValue: " value "}
_CARDINALITIES = {
    OWL.minCardinality: " min ",
    OWL.maxCardinality: " max ",
    OWL.cardinality: " exactly ",
    OWL.minQualifiedCardinality: " min ",
    OWL.maxQualifiedCardinality: " max ",
    OWL.qualifiedCardinality: " exactly ",
}
_CONNECTIVES = {OWL.intersectionOf: " and ", OWL.unionOf: " or "}
_NEGATIONS = (OWL.complementOf, OWL.datatypeComplementOf)
_FACETS = {
    XSD.minInclusive: "≥ ",
    XSD.minExclusive: "> ",
    XSD.maxInclusive: "≤ ",
    XSD.maxExclusive: "< ",
    XSD.length: "length ",
    XSD.minLength: "minLength ",
    XSD.maxLength: "maxLength ",
    XSD.pattern: "pattern ",
    XSD.totalDigits: "totalDigits ",
    XSD.fractionDigits: "fractionDigits ",
}
_BROKEN: Phrase = ("(an expression that is not OWL)",)
_DEEPEST = 50


def expression(graph: Graph, node: Node, depth: int = 0) -> Phrase:
    """Return the class, data range, property or value `node` of `graph` as a phrase.

    What is not OWL, or never ends, is said to be so in the phrase: documentation is no check.
    """
    if isinstance(node, URIRef):
        return (Name(str(node)),)
    if isinstance(node, Literal):
        return (Text(str(node), node.language),)
    if depth > _DEEPEST:
        return _BROKEN

    def inner(child: Node) -> Phrase:
        return _bracketed(expression(graph, child, depth + 1))

    for read in (_restriction, _combination, _enumeration, _datatype):
        phrase = read(graph, node, inner)
        if phrase is not None:
            return phrase
    return _BROKEN


def chain(graph: Graph, node: Node) -> Phrase:
    """Return a property chain as a phrase: `a then b` holds from x to z where x a y and y b z."""
    return _joined((_bracketed(expression(graph, step)) for step in members(graph, node)), " then ")


def members(graph: Graph, node: Node) -> list[Node]:
    """Return the members of an RDF list, as far as it can be walked; a list that bites its tail ends there."""
    try:
        return list(Collection(graph, node))
    except ValueError:
        return []


_Inner = Callable[[Node], Phrase]


def _restriction(graph: Graph, node: Node, inner: _Inner) -> Phrase | None:
    property_ = graph.value(node, OWL.onProperty)
    if property_ is None:
        return None
    subject = inner(property_)
    for predicate, keyword in _QUANTIFIERS.items():
        filler = graph.value(node, predicate)
        if filler is not None:
            return (*subject, keyword, *inner(filler))
    if graph.value(node, OWL.hasSelf) is not None:
        return (*subject, " Self")
    for predicate, keyword in _CARDINALITIES.items():
        number = graph.value(node, predicate)
        if number is not None:
            filler = graph.value(node, OWL.onClass) or graph.value(node, OWL.onDataRange)
            qualified: Phrase = (" ", *inner(filler)) if filler is not None else ()
            return (*subject, keyword, Text(str(number)), *qualified)
    return None


def _combination(graph: Graph, node: Node, inner: _Inner) -> Phrase | None:
    for predicate, keyword in _CONNECTIVES.items():
        head = graph.value(node, predicate)
        if head is not None:
            return _joined(map(inner, members(graph, head)), keyword)
    for predicate in _NEGATIONS:
        negated = graph.value(node, predicate)
        if negated is not None:
            return ("not ", *inner(negated))
    inverse = graph.value(node, OWL.inverseOf)
    return ("inverse ", *inner(inverse)) if inverse is not None else None


def _enumeration(graph: Graph, node: Node, inner: _Inner) -> Phrase | None:
    head = graph.value(node, OWL.oneOf)
    return None if head is None else ("{", *_joined(map(inner, members(graph, head)), ", "), "}")


def _datatype(graph: Graph, node: Node, inner: _Inner) -> Phrase | None:
    datatype, head = graph.value(node, OWL.onDatatype), graph.value(node, OWL.withRestrictions)
    if datatype is None or head is None:
        return None
    facets = [
        (_FACETS[predicate], *inner(value))
        for facet in members(graph, head)
        for predicate, value in graph.predicate_objects(facet)
        if isinstance(predicate, URIRef) and predicate in _FACETS
    ]
    return (*inner(datatype), "[", *_joined(facets, ", "), "]")


def _bracketed(phrase: Phrase) -> Phrase:
    """Return `phrase` in brackets where it has several parts and none around it yet."""
    return phrase if len(phrase) == 1 or phrase[0] == "{" else ("(", *phrase, ")")


def _joined(phrases: Iterable[Phrase], keyword: str) -> Phrase:
    joined: list[str | Name | Text] = []
    for phrase in phrases:
        joined += [keyword, *phrase] if joined else phrase
    return tuple(joined) or _BROKEN


def is_anonymous(node: Node) -> bool:
    """Tell whether `node` is an expression rather than a name."""
    return isinstance(node, BNode)
