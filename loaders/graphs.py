"""The graphs of a release: those that are no source's, and the default graph that merges all."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ontology.iris import GRAPH

ONTOLOGY = ox.NamedNode(GRAPH + "ontology")
ALIGNMENTS = ox.NamedNode(GRAPH + "alignments")
INFERRED = ox.NamedNode(GRAPH + "inferred")
COMPUTED = ox.NamedNode(GRAPH + "computed")
RELEASE = ox.NamedNode(GRAPH + "release")
OF_NO_SOURCE = frozenset({ONTOLOGY, ALIGNMENTS, INFERRED, COMPUTED})

# Where the graphs of a release come from, but for those of a paper, which are called as its folder.
_ORIGINS = {
    ONTOLOGY.value: "it is read from the modules in ontology/",
    ALIGNMENTS.value: "it is read from the alignments in ontology/",
    INFERRED.value: "it follows from the others",
    COMPUTED.value: "it is computed from the others",
    RELEASE.value: "it describes the release",
}


def origin_of(graph: str) -> str:
    """Return where a graph of a release comes from, as the second half of a sentence about it."""
    name = graph.removeprefix(GRAPH)
    return _ORIGINS.get(graph, f"its facts stand in loaders/corpus/{name}/, or were read by 'districtgraph load'")


def merged(quads: Iterable[ox.Quad | ox.Triple]) -> Iterator[ox.Quad]:
    """Yield the triples of all graphs as those of the default graph, where a store keeps each once.

    That is the RDF merge which SPARQL 1.1 Query (13.2) makes of several graphs. In the union of pyoxigraph 0.5.13 a
    triple of two graphs is two solutions, so that a COUNT is wrong.
    """
    for quad in quads:
        yield ox.Quad(quad.subject, quad.predicate, quad.object)


def merged_lines(content: bytes) -> bytes:
    """Return the same of canonical N-Quads, as N-Triples, in their order.

    A line ends with its graph, and IRIs have no spaces.
    """
    return b"".join(dict.fromkeys(line[: line.rindex(b" <")] + b" .\n" for line in content.splitlines()))


def divided_by_blank_nodes(content: bytes) -> tuple[bytes, bytes]:
    """Return the lines of canonical N-Quads without and those with blank nodes, each in their order."""
    ground: list[bytes] = []
    others: list[bytes] = []
    for line in content.splitlines(keepends=True):
        # The third part is the object, or where that is a literal, its beginning: a quotation mark comes first.
        has_one = line.startswith(b"_:") or line.split(b" ", 2)[2].startswith(b"_:")
        (others if has_one else ground).append(line)
    return b"".join(ground), b"".join(others)
