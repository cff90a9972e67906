"""Lays out boxes and labelled arrows in columns from left to right, with few crossings and nothing overlapping.

The layered method of Sugiyama, Tagawa and Toda (1981): each label has a place in a column between those of the boxes,
orders are improved until crossings stop falling, and places in a column are settled by isotonic regression. The same
input gives the same drawing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ontology.columns import fill_columns

GAP = 16.0
_COLUMN_GAP = 40.0
COLUMNS = 4
_SEEDS = 12
_SWEEPS = 24


@dataclass(frozen=True)
class Size:
    """Width and height."""

    width: float
    height: float


@dataclass(frozen=True)
class Place:
    """Where something stands: its left upper corner, its size, and the left and right edge of its column."""

    x: float
    y: float
    size: Size
    column: tuple[float, float]

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.size.height / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.size.width


@dataclass(frozen=True)
class Layout:
    """The places of boxes and of edges' labels, the points that each edge goes through, and the whole size."""

    boxes: Mapping[str, Place]
    labels: Sequence[Place]
    routes: Sequence[tuple[Place, ...]]
    size: Size


Edge = tuple[str, str, Size]


def lay_out(boxes: Mapping[str, Size], edges: Sequence[Edge]) -> Layout:
    """Return where the `boxes` and the labels of `edges` (from, to, size of label) go.

    There is a box, and no edge joins a box to itself. Several ways to fill the columns are tried; the one with the
    fewest crossings counts.
    """
    heights = {box: size.height + GAP for box, size in boxes.items()}
    joins = [(source, target) for source, target, _ in edges]
    tried = [_drawn(boxes, edges, fill_columns(heights, joins, COLUMNS, seed), COLUMNS) for seed in range(_SEEDS)]
    return min(tried, key=lambda drawing: drawing[0])[1]


def lay_out_in(columns: Mapping[str, int], boxes: Mapping[str, Size], edges: Sequence[Edge]) -> Layout:
    """Return the same where the column of each box is known, from 0; there is a box in each."""
    return _drawn(boxes, edges, columns, max(columns.values()) + 1)[1]


def _drawn(
    boxes: Mapping[str, Size], edges: Sequence[Edge], columns: Mapping[str, int], count: int
) -> tuple[float, Layout]:
    """Return the layout with these columns, and how bad it is: crossings count most, then the area."""
    sizes: dict[str, Size] = dict(boxes)
    column_of = {box: 2 * column for box, column in columns.items()}
    routes: list[list[str]] = []
    for number, (source, target, size) in enumerate(edges):
        route = _route(number, column_of[source], column_of[target], count)
        for name, column in route:
            column_of[name] = column
            sizes[name] = size if name == f"label {number}" else Size(0, 0)
        routes.append([source, *(name for name, _ in route), target])
    joined = _neighbours(routes)
    order = _ordered(column_of, joined, count)
    middles = _settled(order, sizes, joined)
    layout = _placed(order, sizes, middles, boxes, routes)
    return _crossings(order, joined) + layout.size.width * layout.size.height / 100_000, layout


def _route(number: int, source: int, target: int, count: int) -> list[tuple[str, int]]:
    """Return the label of an edge and the bends beside it, with their columns, from source to target."""
    if source == target:
        beside = source + 1 if source < 2 * (count - 1) else source - 1
        return [(f"label {number}", beside)]
    step = 1 if source < target else -1
    between = list(range(source + step, target, step))
    middle = between[len(between) // 2] if len(between) // 2 % 2 == 0 else between[len(between) // 2 - 1]
    return [(f"label {number}" if column == middle else f"bend {number} {column}", column) for column in between]


def _neighbours(routes: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    joined: dict[str, list[str]] = defaultdict(list)
    for route in routes:
        for one, other in pairwise(route):
            joined[one].append(other)
            joined[other].append(one)
    return joined


def _ordered(column_of: Mapping[str, int], joined: Mapping[str, list[str]], count: int) -> list[list[str]]:
    """Return the columns, each in the order that gave the fewest crossings of all that were tried."""
    order: list[list[str]] = [[] for _ in range(2 * count - 1)]
    for name, column in column_of.items():
        order[column].append(name)
    best, fewest = [list(column) for column in order], _crossings(order, joined)
    for sweep in range(_SWEEPS):
        rank = {name: index / max(1, len(column)) for column in order for index, name in enumerate(column)}
        for index in range(len(order)) if sweep % 2 == 0 else reversed(range(len(order))):
            near = {
                name: [rank[other] for other in joined.get(name, ()) if column_of[other] != index]
                for name in order[index]
            }
            order[index].sort(key=lambda name: sum(near[name]) / len(near[name]) if near[name] else rank[name])
            rank |= {name: place / max(1, len(order[index])) for place, name in enumerate(order[index])}
        crossings = _crossings(order, joined)
        if crossings < fewest:
            best, fewest = [list(column) for column in order], crossings
    return _swapped(best, joined)


def _swapped(order: list[list[str]], joined: Mapping[str, list[str]]) -> list[list[str]]:
    """Swap neighbours in a column as long as that takes a crossing away."""
    fewest, improved = _crossings(order, joined), True
    while improved:
        improved = False
        for column in order:
            for index in range(len(column) - 1):
                column[index], column[index + 1] = column[index + 1], column[index]
                crossings = _crossings(order, joined)
                if crossings < fewest:
                    fewest, improved = crossings, True
                else:
                    column[index], column[index + 1] = column[index + 1], column[index]
    return order


def _crossings(order: Sequence[Sequence[str]], joined: Mapping[str, list[str]]) -> int:
    total = 0
    for left, right in pairwise(order):
        place = {name: index for index, name in enumerate(right)}
        ends = [sorted(place[other] for other in joined.get(name, ()) if other in place) for name in left]
        passed: list[int] = []
        for own in ends:
            total += sum(1 for end in own for before in passed if before > end)
            passed += own
    return total


def _settled(
    order: Sequence[Sequence[str]], sizes: Mapping[str, Size], joined: Mapping[str, list[str]]
) -> dict[str, float]:
    """Return the middle of everything: near its neighbours, in order, and nothing upon another."""
    middles: dict[str, float] = {}
    for column in order:
        middles |= _spread(column, sizes, dict.fromkeys(column, 0.0))
    for _ in range(4 * _SWEEPS):
        for column in order:
            wanted = {n: [middles[o] for o in joined.get(n, ())] or [middles[n]] for n in column}
            middles |= _spread(column, sizes, {name: sum(near) / len(near) for name, near in wanted.items()})
    return middles


def _spread(column: Sequence[str], sizes: Mapping[str, Size], wanted: Mapping[str, float]) -> dict[str, float]:
    """Return middles as near to the `wanted` ones as order and heights allow (pool adjacent violators)."""
    offsets: list[float] = []
    for index, name in enumerate(column):
        above = column[index - 1] if index else name
        step = (sizes[above].height + sizes[name].height) / 2 + GAP if index else 0.0
        offsets.append((offsets[-1] if offsets else 0.0) + step)
    pools: list[tuple[float, int]] = []
    for name, offset in zip(column, offsets, strict=True):
        total, count = wanted[name] - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    levels = [total / count for total, count in pools for _ in range(count)]
    return {name: level + offset for name, level, offset in zip(column, levels, offsets, strict=True)}


def _placed(
    order: Sequence[Sequence[str]],
    sizes: Mapping[str, Size],
    middles: Mapping[str, float],
    boxes: Mapping[str, Size],
    routes: Sequence[Sequence[str]],
) -> Layout:
    top = min(middles[name] - sizes[name].height / 2 for column in order for name in column)
    places: dict[str, Place] = {}
    x = 0.0
    for column in order:
        width = max((sizes[name].width for name in column), default=0.0)
        for name in column:
            left = x + (width - sizes[name].width) / 2
            places[name] = Place(left, middles[name] - sizes[name].height / 2 - top, sizes[name], (x, x + width))
        x += width + (_COLUMN_GAP if column else 0.0)
    height = max(place.y + place.size.height for place in places.values())
    return Layout(
        {box: places[box] for box in boxes},
        [places[f"label {number}"] for number in range(len(routes))],
        [tuple(places[name] for name in route) for route in routes],
        Size(max(0.0, x - _COLUMN_GAP), height),
    )
