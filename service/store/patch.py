"""What a write adds and removes: quads, and graphs as such, written as rows of an RDF Patch.

RDF Patch (https://afs.github.io/rdf-patch/) has the rows `A` and `D` for quads that are added and deleted. A graph may
exist without a triple (SPARQL 1.1 Update, section 3.2), which it cannot say: the rows `GA` and `GD` are ours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from service.errors import JournalError

_CODES = (b"GD", b"D", b"GA", b"A")


@dataclass(frozen=True)
class Rows:
    """A patch as it is written down and passed on, with what is to be known of it without reading it.

    `graphs` are the IRIs of the graphs that it changes, "" for the default graph; `created` whether it makes one.
    """

    content: bytes
    graphs: frozenset[str]
    created: bool

    def __bool__(self) -> bool:
        return bool(self.content)


@dataclass(frozen=True)
class Patch:
    """Graphs dropped, quads removed, graphs created and quads added, in this order; quads are lines of N-Quads."""

    added: tuple[bytes, ...] = ()
    removed: tuple[bytes, ...] = ()
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def quads_added(self) -> Iterator[ox.Quad]:
        """Yield the quads that are added. Raises JournalError where a line is none."""
        return _quads(self.added)

    def quads_removed(self) -> Iterator[ox.Quad]:
        """Yield the quads that are removed. Raises JournalError where a line is none."""
        return _quads(self.removed)

    def graphs(self) -> frozenset[str]:
        """Return the IRI of every graph that the patch changes, "" for the default graph."""
        quads = (*self.quads_added(), *self.quads_removed())
        return frozenset({name_of(quad.graph_name) for quad in quads} | {*self.created, *self.dropped})

    def rows(self) -> Rows:
        """Return the patch as rows, each with its line end."""
        content = [
            *(b"GD <%s> .\n" % graph.encode() for graph in self.dropped),
            *(b"D " + line for line in self.removed),
            *(b"GA <%s> .\n" % graph.encode() for graph in self.created),
            *(b"A " + line for line in self.added),
        ]
        return Rows(b"".join(content), self.graphs(), bool(self.created))

    @classmethod
    def of_rows(cls, content: bytes) -> "Patch":
        """Return the patch that rows write. Raises JournalError."""
        lines: dict[bytes, list[bytes]] = {code: [] for code in _CODES}
        for row in content.splitlines(keepends=True):
            code, _, rest = row.partition(b" ")
            if code not in lines:
                raise JournalError(f"not a row of a patch: {row[:80]!r}")
            lines[code].append(rest)
        return cls(tuple(lines[b"A"]), tuple(lines[b"D"]), _graphs(lines[b"GA"]), _graphs(lines[b"GD"]))


def name_of(graph: object) -> str:
    """Return the IRI of a graph, "" for the default graph."""
    return graph.value if isinstance(graph, ox.NamedNode) else ""


def lines_in(graph: object, triples: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines of N-Triples as the N-Quads of a graph."""
    if not isinstance(graph, ox.NamedNode):
        yield from triples
        return
    end = f"{graph} .\n".encode()
    for line in triples:
        yield line.removesuffix(b".\n") + end


def _quads(lines: tuple[bytes, ...]) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)
    except (SyntaxError, ValueError) as error:
        raise JournalError(f"not a row of a patch: {error}") from error


def _graphs(lines: list[bytes]) -> tuple[str, ...]:
    return tuple(line.decode().strip().removesuffix(".").strip()[1:-1] for line in lines)
