"""Measures where each actor stands in a network: ties, betweenness, structural holes, cores, components, communities.

In-degree, out-degree and betweenness follow the direction of ties; all else asks only whether two actors are tied.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

import networkx as nx
import rustworkx as rx

from loaders.networks.communities import louvain_communities

_SEED = 1


@dataclass(frozen=True)
class Measures:
    """The measures of one actor.

    in_degree, out_degree   how many actors have a tie to it, and to how many it has one
    betweenness             share of the ordered pairs of others between which it lies: over all pairs, the part of the
                            shortest paths that lead through it, by (n-1)(n-2) (Freeman 1977,
                            https://doi.org/10.2307/3033543)
    constraint              how far its ties lead back to the same few actors (Burt 1992, Structural Holes, chapter 2);
                            None without a tie
    effective_size          its ties less those that are redundant, in the form of Borgatti (1997)
    core_number             the largest k such that it is in a part in which everyone has k ties (Seidman 1983,
                            https://doi.org/10.1016/0378-8733(83)90028-X)
    component, community    numbers, the largest first; communities as by Blondel et al. (2008),
                            https://doi.org/10.1088/1742-5468/2008/10/P10008
    cut_actor               whether some actors that are joined would not be without it (an articulation point)
    """

    in_degree: int
    out_degree: int
    betweenness: float
    constraint: float | None
    effective_size: float
    core_number: int
    component: int
    community: int
    cut_actor: bool


def measures(ties: Mapping[str, Set[str]]) -> dict[str, Measures]:
    """Return the measures of every actor, a key or an end of a tie, in the network of `ties`, from whom to whom.

    The same ties give the same measures, in whatever order they come.
    """
    names = sorted(ties.keys() | {other for others in ties.values() for other in others})
    number = {name: n for n, name in enumerate(names)}
    arcs = sorted((number[one], number[other]) for one, others in ties.items() for other in others)
    directed: nx.DiGraph[int] = nx.DiGraph()
    directed.add_nodes_from(range(len(names)))
    directed.add_edges_from(arcs)
    graph = directed.to_undirected()
    between = _betweenness(len(names), arcs)
    holes = _structural_holes(graph)
    cores = nx.core_number(graph)
    components = _numbered(nx.connected_components(graph))
    communities = _numbered(louvain_communities(graph, _SEED))
    cutting = set(nx.articulation_points(graph))
    return {
        name: Measures(
            in_degree=directed.in_degree(n),
            out_degree=directed.out_degree(n),
            betweenness=between[n],
            constraint=holes[n][0] if n in holes else None,
            effective_size=holes[n][1] if n in holes else 0.0,
            core_number=cores[n],
            component=components[n],
            community=communities[n],
            cut_actor=n in cutting,
        )
        for n, name in enumerate(names)
    }


def _betweenness(size: int, arcs: list[tuple[int, int]]) -> Mapping[int, float]:
    graph = rx.PyDiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(arcs)
    # In one thread, which takes twice as long: several add up in an order of chance, and so round differently.
    return rx.digraph_betweenness_centrality(graph, parallel_threshold=size + 1)


def _structural_holes(graph: "nx.Graph[int]") -> dict[int, tuple[float, float]]:
    """Return the constraint on each actor i that has a tie, and its effective size.

    The constraint is the sum over its ties j of (p_ij + sum over q of p_iq p_qj)², where p_ij is 1 / ties of i. The
    effective size is the number of its ties less how many of the others each of them is tied to on average. networkx
    takes 23 s for the constraints among 5,000 actors, unless SciPy is there.
    """
    tied = {actor: set(graph[actor]) for actor in graph}
    share = {actor: 1 / len(others) for actor, others in tied.items() if others}
    holes = {}
    for i in share:
        common = [sorted(tied[i] & tied[j]) for j in sorted(tied[i])]
        constraint = sum((share[i] * (1 + sum(share[q] for q in among))) ** 2 for among in common)
        holes[i] = constraint, len(tied[i]) - sum(map(len, common)) * share[i]
    return holes


def _numbered(parts: Iterable[Set[int]]) -> dict[int, int]:
    """Give each actor the number of its part, counted from 1: the largest first, then by the first actor."""
    ordered = sorted(parts, key=lambda part: (-len(part), min(part)))
    return {actor: number for number, part in enumerate(ordered, 1) for actor in part}
