"""Finds which kinds of actors would be cut off from each other without an actor."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from itertools import combinations

import networkx as nx


def separations(ties: Mapping[str, Set[str]], kinds: Mapping[str, str], cutting: Iterable[str]) -> dict[str, list[str]]:
    """Return for each actor of `cutting` the pairs of kinds, as `firms / public bodies`, that it alone joins somewhere.

    That is: an actor of the one kind and one of the other, both joined to it, are in different parts without it.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((one, other) for one, others in ties.items() for other in others)
    return {actor: sorted(_apart(graph, kinds, actor)) for actor in sorted(cutting)}


def _apart(graph: "nx.Graph[str]", kinds: Mapping[str, str], actor: str) -> set[str]:
    without = nx.restricted_view(graph, [actor], [])
    parts = []
    left = set(graph[actor])
    while left:
        part = nx.node_connected_component(without, min(left))
        left -= part
        parts.append(part)
    # Each kind with the parts that it is in: two are apart if not all of both are in one and the same.
    places: dict[str, Counter[int]] = {}
    for number, part in enumerate(parts):
        for member in part:
            places.setdefault(kinds[member], Counter())[number] += 1
    return {
        f"{one} / {other}" for one, other in combinations(sorted(places), 2) if len(places[one] | places[other]) > 1
    }
