"""Shares boxes out over columns, so that joined boxes stand in neighbouring columns of much the same height."""

import random
from collections.abc import Mapping, Sequence

# What a join costs by the number of columns that it spans; within a column it bends back.
_SPANNING = (3.0, 0.0, 4.0, 8.0)
_UNEVEN = 8.0


def fill_columns(
    heights: Mapping[str, float], joins: Sequence[tuple[str, str]], count: int, seed: int
) -> dict[str, int]:
    """Return the column of each box, from 0 to `count` - 1, as good as moving one box at a time makes it.

    The moves begin with columns drawn at random by `seed`: the same seed gives the same columns.
    """
    chance = random.Random(seed)
    columns = {box: chance.randrange(count) for box in sorted(heights)}
    share = sum(heights.values()) / count

    def cost() -> float:
        filled = [0.0] * count
        for box, column in columns.items():
            filled[column] += heights[box]
        spanned = sum(_SPANNING[min(3, abs(columns[one] - columns[other]))] for one, other in joins)
        return spanned + _UNEVEN * sum(max(0.0, height / share - 1) for height in filled)

    def move(box: str) -> bool:
        before, costs = columns[box], {}
        for column in range(count):
            columns[box] = column
            costs[column] = cost()
        columns[box] = min(costs, key=lambda column: (costs[column] - (1e-9 if column == before else 0), column))
        return columns[box] != before

    moved = 1
    while moved:
        moved = sum(map(move, sorted(columns)))
    return columns
