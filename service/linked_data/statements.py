"""Makes the triples that describe releases, graphs and the service, and writes them in the format that is asked for."""

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef

from ontology.graphs import as_graph, canonical
from ontology.iris import PREFIXES, XSD

Node = ox.NamedNode | ox.BlankNode

_VOCABULARIES = PREFIXES | {
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
}
_STRING = URIRef(XSD + "string")
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"


def iri(name: str) -> ox.NamedNode:
    """Return what a prefixed name such as `dcat:Dataset` stands for, or an IRI as it is."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(_VOCABULARIES[prefix] + local if prefix in _VOCABULARIES else name)


def says(subject: Node | str, property_: str, value: Node | ox.Literal | str) -> ox.Triple:
    """Return a triple; what is a string is an IRI or a prefixed name."""
    return ox.Triple(
        iri(subject) if isinstance(subject, str) else subject,
        iri(property_),
        iri(value) if isinstance(value, str) else value,
    )


def integer(number: int, datatype: str = "integer") -> ox.Literal:
    """Return a number as a literal."""
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + datatype))


def english(text: str) -> ox.Literal:
    """Return an English text as a literal."""
    return ox.Literal(text, language="en")


def written(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    """Return `triples` as `media_type`."""
    ordered = canonical(triples)
    if media_type in ("text/turtle", "application/ld+json"):
        graph = _plain(as_graph(ordered))
        for prefix, namespace in _VOCABULARIES.items():
            graph.bind(prefix, namespace)
        if media_type == "text/turtle":
            return graph.serialize(format="turtle", encoding="utf-8")
        return graph.serialize(format="json-ld", encoding="utf-8", context=_VOCABULARIES)
    content = ox.serialize(ordered, format=ox.RdfFormat.from_media_type(media_type), prefixes=_VOCABULARIES)
    assert content is not None
    return content


def _plain(graph: Graph) -> Graph:
    """Have simple literals written as such: to rdflib a text whose datatype is said is another."""
    for subject, property_, value in list(graph):
        if isinstance(value, Literal) and value.datatype == _STRING:
            graph.remove((subject, property_, value))
            graph.add((subject, property_, Literal(str(value))))
    return graph
