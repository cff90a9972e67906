"""Reads which things have a thing as a value straight from the store."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from loaders.graphs import INFERRED
from service.errors import ResultTooLargeError
from service.store.dataset import DEFAULT, Dataset
from service.store.labels import LABEL, label_of
from service.store.said import is_only_inferred
from service.store.selection import BYTES_OF_A_ROW

# So many of a property are put in order before the first are taken.
_MOST_ORDERED = 5_000


class Other(NamedTuple):
    """A thing that leads to another one: its IRI, its label if it has one, and whether no source states so."""

    iri: str
    label: str | None
    is_inferred: bool


class Others(NamedTuple):
    """The things that lead to one, by property: how many, and the first of them by label."""

    totals: dict[str, int]
    first: dict[str, list[Other]]


@dataclass(frozen=True)
class Incoming:
    """What leads to each of some things, `most` by each property, but for the properties `without`."""

    iris: tuple[str, ...]
    without: frozenset[str]
    most: int

    def run(self, dataset: Dataset, max_bytes: int) -> dict[str, Others]:
        """Return what leads to each. Raises ResultTooLargeError or EngineError."""
        dataset = dataset.everything
        everything, (merged, _) = dataset.open(), dataset.default_graph()
        left = max_bytes // BYTES_OF_A_ROW
        found = {}
        for iri in self.iris:
            by_property: dict[str, list[ox.NamedNode]] = defaultdict(list)
            for quad in merged.quads_for_pattern(None, None, ox.NamedNode(iri), DEFAULT):
                if quad.predicate.value not in self.without and isinstance(quad.subject, ox.NamedNode):
                    by_property[quad.predicate.value].append(quad.subject)
                    left -= 1
            if left < 0:
                raise ResultTooLargeError("too much leads to these things; ask for fewer")
            inferred = _inferred(everything, iri, may_be_restated=dataset.written > 0)
            found[iri] = Others({property_: len(others) for property_, others in by_property.items()}, {})
            for property_, others in by_property.items():
                found[iri].first[property_] = self._first(dataset, merged, property_, others, inferred)
        return found

    def _first(
        self,
        dataset: Dataset,
        merged: ox.Store,
        property_: str,
        others: list[ox.NamedNode],
        inferred: set[tuple[str, str]],
    ) -> list[Other]:
        """Return the first by label; those without one come last."""
        dataset.foresee([other.value for other in others[:_MOST_ORDERED]], LABEL)
        named = [(label_of(dataset, merged, other), other.value) for other in others[:_MOST_ORDERED]]
        named.sort(key=lambda one: (one[0] is None, one[0] or "", one[1]))
        return [Other(iri, label, (property_, iri) in inferred) for label, iri in named[: self.most]]


def _inferred(store: ox.Store, iri: str, may_be_restated: bool) -> set[tuple[str, str]]:
    """Return the properties and things by which it is only inferred that something leads to a thing."""
    return {
        (quad.predicate.value, quad.subject.value)
        for quad in store.quads_for_pattern(None, None, ox.NamedNode(iri), INFERRED)
        if isinstance(quad.subject, ox.NamedNode) and (not may_be_restated or is_only_inferred(store, quad))
    }
