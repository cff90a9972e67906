"""Finds which kinds of actors would be cut off from each other without an actor."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from itertools import combinations

import networkx as nx

Kinds = Counter[str]


def separations(ties: Mapping[str, Set[str]], kinds: Mapping[str, str], cutting: Iterable[str]) -> dict[str, list[str]]:
    """Return for each actor of `cutting` the pairs of kinds, as `firms / public bodies`, that it alone joins somewhere.

    That is: an actor of the one kind and one of the other, both joined to it, are in different parts without it.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((one, other) for one, others in ties.items() for other in others)
    parts = _parts(graph, kinds)
    return {actor: sorted(_apart(parts[actor])) for actor in sorted(cutting)}


def _parts(graph: "nx.Graph[str]", kinds: Mapping[str, str]) -> dict[str, list[Kinds]]:
    """Return for each actor how many of each kind are in each of the parts that are left without it.

    By one search in depth (Hopcroft and Tarjan 1973, https://doi.org/10.1145/362248.362272): what is found after an
    actor and has no tie to what was found before it is a part, and all else that is joined to the actor is one more.
    """
    found: dict[str, int] = {}  # when each was found
    earliest: dict[str, int] = {}  # and the first of those to whom it and what was found after it is tied
    below: dict[str, Kinds] = {}  # the kinds of both
    parts: dict[str, list[Kinds]] = {actor: [] for actor in graph}
    component: list[str] = []
    for one, other, step in nx.dfs_labeled_edges(graph):
        if step == "forward":
            found[other] = earliest[other] = len(found)
            below[other] = Counter([kinds[other]])
            component.append(other)
        elif step == "nontree":
            earliest[one] = min(earliest[one], found[other])
        elif one != other:
            earliest[one] = min(earliest[one], earliest[other])
            below[one].update(below[other])
            if earliest[other] >= found[one]:
                parts[one].append(below[other])
        else:
            for actor in component:
                rest = below[one] - sum(parts[actor], Counter([kinds[actor]]))
                if rest:
                    parts[actor].append(rest)
            component.clear()
    return parts


def _apart(parts: list[Kinds]) -> set[str]:
    # Each kind with the parts that it is in: two are apart if not all of both are in one and the same.
    places: dict[str, set[int]] = {}
    for number, part in enumerate(parts):
        for kind in part:
            places.setdefault(kind, set()).add(number)
    return {
        f"{one} / {other}" for one, other in combinations(sorted(places), 2) if len(places[one] | places[other]) > 1
    }
