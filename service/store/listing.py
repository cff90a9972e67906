"""Lists things in order, a page at a time, with what is said of them."""

import heapq
from contextlib import suppress
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

from service.store.dataset import Dataset
from service.store.said import Said, Told
from service.store.selection import Row, Selects, solutions

Key = tuple[bool, float | str]
"""What a thing is ordered by: numbers first, then texts."""


class Place(NamedTuple):
    """A thing in a list, and the text of what it is ordered by, or None for nothing: then it comes after all others."""

    key: str | None
    iri: str


class Listed(NamedTuple):
    """The places on a page and the first on the next, how many things there are, what is said of those on the page.

    `others` are the answers to the other queries.
    """

    places: list[Place]
    total: int
    told: Told
    others: tuple[list[Row], ...]


@dataclass(frozen=True)
class Listing:
    """A page of the things that the query `keys` finds, each with one ?key or several, of which the first counts.

    It has the `most` that come `after` a place. `is_descending` turns the order round, of equal keys too, and makes the
    last key count; what has no key comes last all the same. Keys are compared in lower case, or, with `is_numeric`, as
    numbers. `others` are queries to answer from the same state of the dataset; `without` and `with_inferred` say what
    is told of the things, as in Said.
    """

    keys: str
    most: int
    after: Place | None
    is_descending: bool
    is_numeric: bool
    others: tuple[str, ...]
    without: frozenset[str]
    with_inferred: bool

    def run(self, dataset: Dataset, max_bytes: int) -> Listed:
        """Return the page. Raises QueryRefusedError, QueryAbortedError, ResultTooLargeError or EngineError."""
        others = Selects(self.others).run(dataset, max_bytes)
        found = self._found(dataset)
        places = self._page(found)
        iris = tuple(place.iri for place in places[: self.most])
        told = Said(iris, self.without, self.with_inferred).run(dataset, max_bytes)
        return Listed(places, len(found), told, others)

    def _found(self, dataset: Dataset) -> dict[str, tuple[Key, str] | None]:
        """Return the things with the key that counts, as it is compared and as it is written."""
        found: dict[str, tuple[Key, str] | None] = {}
        better = max if self.is_descending else min
        for thing, key in solutions(self.keys, dataset):
            iri, keyed = thing.value, None if key is None else self._keyed(key.value.lower())
            before = found.setdefault(iri, keyed)
            if keyed is not None and before is not keyed:
                found[iri] = keyed if before is None else better(before, keyed)
        return found

    def _keyed(self, text: str) -> tuple[Key, str]:
        if self.is_numeric:
            with suppress(ValueError):
                if not isnan(number := float(text)):  # which is neither before nor after anything
                    return (False, number), text
        return (True, text), text

    def _page(self, found: dict[str, tuple[Key, str] | None]) -> list[Place]:
        """Return the places of the page, and one more where there is one."""
        first = heapq.nlargest if self.is_descending else heapq.nsmallest
        keyed = [(*key, iri) for iri, key in found.items() if key is not None]
        without = [iri for iri, key in found.items() if key is None]
        if self.after is not None and self.after.key is not None:
            place = (*self._keyed(self.after.key), self.after.iri)
            keyed = [one for one in keyed if (one < place if self.is_descending else one > place)]
        elif self.after is not None:
            iri = self.after.iri
            keyed, without = [], [one for one in without if (one < iri if self.is_descending else one > iri)]
        places = [Place(text, iri) for _, text, iri in first(self.most + 1, keyed)]
        return places + [Place(None, iri) for iri in first(self.most + 1 - len(places), without)]
