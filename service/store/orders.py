"""The orders that things are listed in, kept by a worker as long as its copy of the dataset stays what it is."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple, TypeVar

_MOST_ORDERS, _MOST_THINGS = 200, 100_000

Key = tuple[bool, float | str]
"""What a thing is ordered by: numbers first, then texts."""

Keyed = tuple[Key, str, str]
"""What a thing is ordered by, how that is written, and its IRI."""

T = TypeVar("T", Keyed, str)


class Order(NamedTuple):
    """Things that have a key, and those that have none, which come last; each in ascending order."""

    keyed: list[Keyed]
    without: list[str]

    @property
    def total(self) -> int:
        """How many things there are."""
        return len(self.keyed) + len(self.without)


def stretch(ordered: list[T], after: T | None, most: int, is_descending: bool) -> list[T]:
    """Return what comes `after` something in an order that may be turned round, `most` at most."""
    if is_descending:
        end = len(ordered) if after is None else bisect_left(ordered, after)
        return ordered[max(0, end - most) : end][::-1]
    start = 0 if after is None else bisect_right(ordered, after)
    return ordered[start : start + most]


class Orders:
    """The orders that were asked for last, so many and of so many things together; a longer one is made each time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Order] = OrderedDict()
        self._things = 0

    def get(self, key: Hashable, make: Callable[[], Order]) -> Order:
        """Return the order that is kept under `key`, or that is made now."""
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        order = make()
        if order.total <= _MOST_THINGS:
            self._kept[key] = order
            self._things += order.total
            while self._things > _MOST_THINGS or len(self._kept) > _MOST_ORDERS:
                self._things -= self._kept.popitem(last=False)[1].total
        return order

    def clear(self) -> None:
        """Keep none of them any more."""
        self._kept.clear()
        self._things = 0
