"""What the rules ask of a store of quads: to be updated and queried in SPARQL."""

from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox

from loaders.reasoning.rules import Term


class Engine(Protocol):
    """Anything that holds graphs and takes SPARQL 1.1 updates and SELECT queries."""

    def update(self, text: str) -> None:
        """Carry out an update."""

    def select(self, text: str) -> Iterator[tuple[Term, ...]]:
        """Yield the solutions of a query that binds each of its variables."""


class Embedded:
    """A store of pyoxigraph as such an engine."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def update(self, text: str) -> None:
        """Carry out an update."""
        self.store.update(text)

    def select(self, text: str) -> Iterator[tuple[Term, ...]]:
        """Yield the solutions of a query that binds each of its variables."""
        solutions = self.store.query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        for solution in solutions:
            yield tuple(solution)
