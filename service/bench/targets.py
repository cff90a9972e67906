"""What is to be reached, as ratios of rates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service.bench.cells import CACHES, Cache, Cell
from service.bench.servers import OURS, RDFLIB, REFERENCE
from service.bench.workload import QUERIES


@dataclass(frozen=True)
class Target:
    """A ratio of our rate to that of another server that is to be reached."""

    query: str
    cache: Cache
    server: str
    at_least: float


TARGETS = (
    Target("point", "cold", REFERENCE, 0.45),
    Target("join", "cold", REFERENCE, 1.3),
    Target("aggregation", "cold", REFERENCE, 1.3),
    Target("point", "warm", REFERENCE, 1.5),
    *(Target(query, cache, RDFLIB, 8.0) for query in QUERIES for cache in CACHES),
)

TARGETS_ON_DISK = (Target("join", "cold", REFERENCE, 0.8),)

Rates = dict[tuple[str, str, str], float]


def rates(cells: Iterable[Cell]) -> Rates:
    """Return the rates by server, query and cache."""
    return {(cell.server, cell.query, cell.cache): cell.requests_per_second for cell in cells}


def held(cells: Iterable[Cell], *, on_disk: bool = False) -> Iterator[dict[str, Any]]:
    """Yield each target that was measured, the ratio, and whether it is met.

    There is no ratio to a server that answers nothing; then any answer of ours is enough.
    """
    measured = rates(cells)
    for target in TARGETS_ON_DISK if on_disk else TARGETS:
        ours = measured.get((OURS, target.query, target.cache))
        theirs = measured.get((target.server, target.query, target.cache))
        if ours is None or theirs is None:
            continue
        yield {
            "query": target.query,
            "cache": target.cache,
            "server": target.server,
            "at_least": target.at_least,
            "ratio": round(ours / theirs, 3) if theirs else None,
            "met": ours >= target.at_least * theirs and ours > 0,
        }
