"""Turns the entries of the corpus into quads: the statements, the facts that carry them, and their evidence."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from loaders.corpus import Entry
from loaders.located import Mapping as LocatedMapping
from loaders.located import Node, Sequence, plain
from loaders.selectors import evidence_node, section_node
from ontology.iris import GRAPH, RDF, RDFS, TERM, THING, XSD

_TYPE = ox.NamedNode(RDF + "type")
_FACT = ox.NamedNode(TERM + "Fact")
_SUBJECT = ox.NamedNode(TERM + "factSubject")
_PROPERTY = ox.NamedNode(TERM + "factProperty")
_OBJECT = ox.NamedNode(TERM + "factObject")
_SOURCE = ox.NamedNode(TERM + "source")
_EVIDENCE = ox.NamedNode(TERM + "evidence")

_NUMBERS = {ox.NamedNode(XSD + name) for name in ("integer", "nonNegativeInteger", "decimal")}

# Words of ours about a thing, which no source states.
_OURS = {
    RDFS + "label",
    "http://purl.org/dc/terms/description",
    "http://www.w3.org/2004/02/skos/core#note",
    TERM + "possiblySameAs",
}


def graph_of(source: str) -> ox.NamedNode:
    """Return the named graph of a source."""
    return ox.NamedNode(GRAPH + source)


def quads_of(entry: Entry, context: Mapping[str, Any]) -> Iterator[ox.Quad]:
    """Yield the statements of `entry`, and for each that its source makes a fact with the evidence for it."""
    return quads_of_document(entry.source, entry_document(entry), context)


def quads_of_document(source: str, document: Mapping[str, Any], context: Mapping[str, Any]) -> Iterator[ox.Quad]:
    """Yield the statements of a JSON-LD node of `source`, and a fact for each that its evidence supports."""
    graph = graph_of(source)
    subject = ox.NamedNode(THING + document["id"])
    content = json.dumps({"@context": _used(context, document), **document}).encode()
    triples = [_normal(quad.triple) for quad in ox.parse(content, format=ox.RdfFormat.JSON_LD)]
    evidence = [t.object for t in triples if t.subject == subject and t.predicate == _EVIDENCE]
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
        is_statement = triple.subject == subject and triple.predicate != _EVIDENCE
        if evidence and is_statement and triple.predicate.value not in _OURS:
            yield from fact(source, triple, evidence)


def _normal(triple: ox.Triple) -> ox.Triple:
    """Return a triple with its number in the canonical form of XML Schema, as stores keep no other: 0.30 is 0.3."""
    object_ = triple.object
    if not isinstance(object_, ox.Literal) or object_.datatype not in _NUMBERS:
        return triple
    digits = f"{Decimal(object_.value):f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    literal = ox.Literal("0" if digits == "-0" else digits, datatype=object_.datatype)
    return ox.Triple(triple.subject, triple.predicate, literal)


def fact(source: str, triple: ox.Triple, evidence: list[Any]) -> Iterator[ox.Quad]:
    """Yield the quads of the fact that `source` states `triple` in the passages `evidence`.

    A thing that is only spoken of has no evidence of its own, and so gets its source here.
    """
    graph = graph_of(source)
    digest = hashlib.sha256(f"{source} {triple}".encode()).hexdigest()[:16]
    node = ox.NamedNode(f"{THING}fact-{digest}")
    yield ox.Quad(node, _TYPE, _FACT, graph)
    yield ox.Quad(node, _SUBJECT, triple.subject, graph)
    yield ox.Quad(node, _PROPERTY, triple.predicate, graph)
    yield ox.Quad(node, _OBJECT, triple.object, graph)
    yield ox.Quad(node, _SOURCE, ox.NamedNode(THING + source), graph)
    for passage in evidence:
        yield ox.Quad(node, _EVIDENCE, passage, graph)
    if isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(THING):
        yield ox.Quad(triple.object, _SOURCE, ox.NamedNode(THING + source), graph)


def entry_document(entry: Entry) -> dict[str, Any]:
    """Return the entry as a JSON-LD node; its evidence and sections get their names and their source."""
    document: dict[str, Any] = {"id": entry.subject}
    for key, (_, value) in entry.values.items.items():
        if key == "evidence":
            document[key] = [evidence_node(entry.source, item) for item in _mappings(value)]
        elif key == "hasSection":
            document[key] = [section_node(entry.source, item) for item in _mappings(value)]
        else:
            document[key] = _with_languages(plain(value))
    return document


def _used(context: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of `context` that `document` uses: parsing it whole for each entry takes twice as long."""
    names: set[str] = set()
    nodes: list[Any] = [document]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Mapping):
            names |= node.keys()
            nodes += node.values()
        elif isinstance(node, list):
            nodes += node
        else:
            names.add(node)
    names |= {"@version", "@base", "@vocab"}
    return {name: context[name] for name in names & context.keys()}


def _mappings(node: Node) -> Iterator[LocatedMapping]:
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, LocatedMapping):
            yield item


def _with_languages(value: Any) -> Any:
    """Return texts under language tags, `{es: …}`, as JSON-LD values."""
    if isinstance(value, list):
        return [inner for item in value for inner in _as_list(_with_languages(item))]
    if isinstance(value, dict):
        return [
            {"@value": text, "@language": language} for language, texts in value.items() for text in _as_list(texts)
        ]
    return value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
