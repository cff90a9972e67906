"""Asks a graph that was read from files."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import cast

import pyoxigraph as ox

from loaders.mapped.mapping import Step


class LocalGraph:
    """A store of ours; it finds the things of a step once."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._step: Step | None = None
        self._things: list[str] = []

    def things(self, step: Step, after: str, most: int) -> Sequence[str]:
        """Return the first IRIs of things behind `after`."""
        if step != self._step:
            solutions = cast(ox.QuerySolutions, self._store.query(step.all_things()))
            self._step, self._things = step, sorted(cast(ox.NamedNode, solution[0]).value for solution in solutions)
        begin = bisect_right(self._things, after)
        return self._things[begin : begin + most]

    def made(self, step: Step, things: Sequence[str]) -> Sequence[ox.Triple]:
        """Return what a step makes of some things."""
        return list(cast(ox.QueryTriples, self._store.query(step.construct(things))))
