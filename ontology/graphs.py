"""Triples as graphs of rdflib, and as Turtle that people read; equal triples always come out as equal bytes."""

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef

from ontology.iris import PREFIXES


def canonical(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return `triples` in order, with canonical blank nodes (RDFC-1.0)."""
    dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in dataset), key=str)


def as_graph(triples: Iterable[ox.Triple]) -> Graph:
    """Return `triples` as a graph of rdflib that knows our prefixes."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples:
        graph.add((node_of(triple.subject), URIRef(triple.predicate.value), node_of(triple.object)))
    return graph


def turtle(triples: Iterable[ox.Triple]) -> bytes:
    """Return `triples` as Turtle with prefixes, and with expressions and lists written where they are used."""
    return as_graph(canonical(triples)).serialize(format="turtle", encoding="utf-8")


def node_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> URIRef | BNode | Literal:
    """Return a term as rdflib has it."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal), "the ontology's files are Turtle 1.1, which has no triple terms"
    if term.language:
        return Literal(term.value, lang=term.language)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
