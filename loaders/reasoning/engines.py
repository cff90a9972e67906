"""What the rules ask of a store of quads: to be updated and queried in SPARQL."""

from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox

from loaders.reasoning.rules import Term

Graph = ox.NamedNode | ox.DefaultGraph

# Where all that is known stands, but in an engine that says otherwise.
KNOWN = ox.NamedNode("urn:districtgraph:known")


class Engine(Protocol):
    """Anything that holds graphs and takes SPARQL 1.1 updates and SELECT queries."""

    @property
    def known(self) -> Graph:
        """The graph of all that is known."""

    def update(self, text: str) -> None:
        """Carry out an update."""

    def select(self, text: str) -> Iterator[tuple[Term, ...]]:
        """Yield the solutions of a query that binds each of its variables."""


class Embedded:
    """A store of pyoxigraph as such an engine."""

    def __init__(self, store: ox.Store, known: Graph = KNOWN) -> None:
        self.store = store
        self.known = known

    def update(self, text: str) -> None:
        """Carry out an update."""
        self.store.update(text)

    def select(self, text: str) -> Iterator[tuple[Term, ...]]:
        """Yield the solutions of a query that binds each of its variables."""
        solutions = self.store.query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        for solution in solutions:
            yield tuple(solution)


def inside(graph: Graph, patterns: str) -> str:
    """Return SPARQL for patterns, or for a template, in a graph."""
    return f"{patterns} ." if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph} {{ {patterns} }}"
