"""Tells how figures grow with the size of what is measured."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Cell = dict[str, Any]


def with_growth(cells: Iterable[Cell], size: str, same: Sequence[str], figures: Sequence[str]) -> list[Cell]:
    """Return the cells with `growth`: times how much each of the `figures` comes at ten times the size.

    That is reckoned from the cell of the next smaller size that is the `same` otherwise; where there is none, or one of
    the two has no such figure, nothing is told.
    """
    told, before = list[Cell](), dict[tuple[object, ...], Cell]()
    for cell in cells:
        key = tuple(cell[name] for name in same)
        smaller = before.get(key)
        told.append(cell | {"growth": _growth(smaller, cell, size, figures) if smaller else {}})
        before[key] = cell
    return told


def _growth(smaller: Mapping[str, Any], cell: Mapping[str, Any], size: str, figures: Sequence[str]) -> dict[str, float]:
    tenfolds = math.log10(cell[size] / smaller[size]) if cell[size] != smaller[size] else 0
    pairs = {name: (smaller.get(name), cell.get(name)) for name in figures}
    return {
        name: round(float((now / then) ** (1 / tenfolds)), 2)
        for name, (then, now) in pairs.items()
        if then and now and tenfolds
    }


def shown(cell: Mapping[str, Any], figure: str) -> str:
    """Return the growth of a figure for a table."""
    return f"x{cell['growth'][figure]:g}" if figure in cell["growth"] else ""
