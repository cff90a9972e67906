"""Writes graphs to an engine: by the SPARQL 1.1 Graph Store HTTP Protocol, or by SPARQL 1.1 Update."""

from collections import defaultdict
from typing import Protocol

from service.store.remote.endpoint import Endpoint

# N-Triples are Turtle, which every graph store reads; not every one knows the media type of the former.
TURTLE = "text/turtle"


class Writer(Protocol):
    """What writes to an engine; `chunk_bytes` is how much of a graph it takes at once."""

    chunk_bytes: int

    def put(self, graph: str, content: bytes, adds: bool) -> None:
        """Make N-Triples the content of a graph, or add them to it. Raises EngineError."""

    def put_quads(self, content: bytes) -> None:
        """Add N-Quads, whose blank nodes stay the same in all graphs. Raises EngineError."""

    def drop(self, graph: str) -> None:
        """Drop a graph, if there is one. Raises EngineError."""


class GraphStore:
    """Writes to the graph store of an engine."""

    chunk_bytes = 4_000_000

    def __init__(self, endpoint: Endpoint, iri: str) -> None:
        self._endpoint, self._iri = endpoint, iri

    def put(self, graph: str, content: bytes, adds: bool) -> None:
        """Make N-Triples the content of a graph, or add them to it. Raises EngineError."""
        self._sent("POST" if adds else "PUT", {"graph": graph}, content, TURTLE)

    def put_quads(self, content: bytes) -> None:
        """Add N-Quads, whose blank nodes stay the same in all graphs. Raises EngineError."""
        self._sent("POST", {}, content, "application/n-quads")

    def drop(self, graph: str) -> None:
        """Drop a graph, if there is one. Raises EngineError."""
        self._endpoint.send("DELETE", self._iri, (404,), params={"graph": graph})

    def _sent(self, method: str, parameters: dict[str, str], content: bytes, media_type: str) -> None:
        headers = {"Content-Type": media_type}
        self._endpoint.send(method, self._iri, params=parameters, content=content, headers=headers)


class Updates:
    """Writes to an engine by updates of SPARQL."""

    # Engines compile an update as a whole: Virtuoso 7 refuses one of more than some thousand triples.
    chunk_bytes = 100_000

    def __init__(self, endpoint: Endpoint, iri: str) -> None:
        self._endpoint, self._iri = endpoint, iri

    def put(self, graph: str, content: bytes, adds: bool) -> None:
        """Make N-Triples the content of a graph, or add them to it. Raises EngineError."""
        if not adds:
            self.drop(graph)
        self._update(b"INSERT DATA { " + _block(graph, content) + b" }")

    def put_quads(self, content: bytes) -> None:
        """Add N-Quads, whose blank nodes stay the same in all graphs. Raises EngineError.

        In one operation, as a blank node of the next one is another (SPARQL 1.1 Update, 4.1.1).
        """
        graphs: defaultdict[str, list[bytes]] = defaultdict(list)
        for line in content.splitlines():
            triple, _, graph = line.removesuffix(b"> .").rpartition(b" <")
            graphs[graph.decode()].append(triple + b" .\n")
        blocks = (_block(graph, b"".join(lines)) for graph, lines in graphs.items())
        self._update(b"INSERT DATA { " + b" ".join(blocks) + b" }")

    def drop(self, graph: str) -> None:
        """Drop a graph, if there is one. Raises EngineError."""
        self._update(f"DROP SILENT GRAPH <{graph}>".encode())

    def _update(self, text: bytes) -> None:
        self._endpoint.send("POST", self._iri, data={"update": text.decode()})


def _block(graph: str, content: bytes) -> bytes:
    return f"GRAPH <{graph}> {{\n".encode() + content + b"}"
