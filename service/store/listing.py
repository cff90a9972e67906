"""Lists things in order, a page at a time, with what is said of them."""

import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import pyoxigraph as ox

from service.store.dataset import Dataset
from service.store.facets import Counts, counts
from service.store.large_classes import members_of, things_after
from service.store.orders import Key, Keyed, Order, stretch
from service.store.said import Said, Told
from service.store.selection import Row, Selects, solutions


class Place(NamedTuple):
    """A thing in a list, and the text of what it is ordered by, or None for nothing: then it comes after all others."""

    key: str | None
    iri: str


class Listed(NamedTuple):
    """The places on a page and the first on the next, how many things there are, what is said of those on the page.

    `facets` are what was counted, `others` the answers to the other queries.
    """

    places: list[Place]
    total: int
    told: Told
    facets: tuple[Counts, ...]
    others: tuple[list[Row], ...]


@dataclass(frozen=True)
class Listing:
    """A page of the things that the query `keys` finds, each with one ?key or several, of which the first counts.

    Blank nodes among them are left out.

    It has the `most` that come `after` a place. `is_descending` turns the order round, of equal keys too, and makes the
    last key count; what has no key comes last all the same. Keys are compared in lower case and without marks, or, with
    `is_numeric`, as numbers. `facets` are queries whose values are counted, `others` those to answer from the same
    state of the dataset; `without` and `with_inferred` say what is told of the things, as in Said.

    `whole` is the class that just these things are all of, where no other order than by default is asked for: if they
    are very many, they come as the store has them.
    """

    keys: str
    most: int
    after: Place | None
    is_descending: bool
    is_numeric: bool
    facets: tuple[str, ...]
    others: tuple[str, ...]
    without: frozenset[str]
    with_inferred: bool
    whole: str | None = None

    def run(self, dataset: Dataset, max_bytes: int) -> Listed:
        """Return the page. Raises QueryRefusedError, QueryAbortedError, ResultTooLargeError or EngineError."""
        facets = tuple(counts(query, dataset) for query in self.facets)
        others = Selects(self.others).run(dataset, max_bytes)
        places, total = self._stored(dataset.everything) or self._ordered(dataset)
        iris = tuple(place.iri for place in places[: self.most])
        told = Said(iris, self.without, self.with_inferred).run(dataset, max_bytes)
        return Listed(places, total, told, facets, others)

    def _stored(self, dataset: Dataset) -> tuple[list[Place], int] | None:
        """Return the places of a page of a class of very many, and how many these are, None for any other list."""
        if self.whole is None or not (total := members_of(dataset, self.whole)):
            return None
        after = None if self.after is None else self.after.iri
        return [Place(None, iri) for iri in things_after(dataset, self.whole, after, self.most + 1)], total

    def _ordered(self, dataset: Dataset) -> tuple[list[Place], int]:
        by = (self.keys, self.is_descending, self.is_numeric)
        order = dataset.everything.orders.get(by, lambda: self._order(dataset))
        return self._page(order), order.total

    def _order(self, dataset: Dataset) -> Order:
        """Return all things in ascending order, each by the key that counts."""
        found: dict[str, tuple[Key, str] | None] = {}
        better = max if self.is_descending else min
        for thing, key in solutions(self.keys, dataset):
            if isinstance(thing, ox.BlankNode):
                continue
            iri, keyed = thing.value, None if key is None else self._keyed(key.value.lower())
            before = found.setdefault(iri, keyed)
            if keyed is not None and before is not keyed:
                found[iri] = keyed if before is None else better(before, keyed)
        ordered = sorted((*key, iri) for iri, key in found.items() if key is not None)
        return Order(ordered, sorted(iri for iri, key in found.items() if key is None))

    def _keyed(self, text: str) -> tuple[Key, str]:
        if self.is_numeric:
            with suppress(ValueError):
                if not isnan(number := float(text)):  # which is neither before nor after anything
                    return (False, number), text
        return (True, _collated(text)), text

    def _page(self, order: Order) -> list[Place]:
        """Return the places of the page, and one more where there is one."""
        after, most, keyed = self.after, self.most + 1, list[Keyed]()
        if after is None or after.key is not None:
            place = None if after is None or after.key is None else (*self._keyed(after.key), after.iri)
            keyed = stretch(order.keyed, place, most, self.is_descending)
        last = after.iri if after is not None and after.key is None else None
        without = stretch(order.without, last, most - len(keyed), self.is_descending)
        return [Place(text, iri) for _, text, iri in keyed] + [Place(None, iri) for iri in without]


def _collated(text: str) -> str:
    """Return a text without its marks, so that `Müller` stands beside `Muller` and not behind `z`."""
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
