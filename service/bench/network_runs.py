"""What is computed of networks, to be measured; run as a program, it computes one thing of one network, and how long.

What it prints is JSON: the seconds, and the most memory that the process took.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Mapping

import networkx as nx

from loaders.networks.brokerage import brokerage
from loaders.networks.computed import stated
from loaders.networks.dealt_groups import dealt_groups
from loaders.networks.measures import measures
from loaders.networks.network import ALL, Network, Tie
from loaders.networks.partitions import DISTRICT, KIND
from loaders.networks.separations import separations
from ontology.iris import TERM, THING

_SEED = 2021
# Of the ties of the corpus as many go both ways.
_BOTH_WAYS = 0.7
_GROUPS = {KIND: 10, DISTRICT: 25}

Ties = dict[str, set[str]]
Partitions = Mapping[str, Mapping[str, str]]

# Both have four ties an actor; in the first a few have most of them, as among the actors of papers.
GRAPHS: Mapping[str, Callable[[int], "nx.Graph[int]"]] = {
    "hub-heavy": lambda actors: nx.barabasi_albert_graph(actors, 2, seed=_SEED),
    "random": lambda actors: nx.gnm_random_graph(actors, 2 * actors, seed=_SEED),
}


def network(graph: str, actors: int) -> Network:
    """Return a network with so many actors, the same for the same arguments."""
    chance = random.Random(_SEED)
    ties: list[Tie] = []
    for ends in GRAPHS[graph](actors).edges:
        tail, head = (f"{THING}actor-{end}" for end in chance.sample(ends, 2))
        directed = chance.random() >= _BOTH_WAYS
        ties.append(Tie(tail, head, TERM + "cooperatesWith", directed, (f"{THING}basis-{len(ties)}",)))
    return Network(ALL, "Network of all actors", None, tuple(sorted(ties)))


def partitions(ties: Ties) -> Partitions:
    """Return groups of the actors by kind and by district, of sizes as they come."""
    chance = random.Random(_SEED)
    return {
        name: {actor: f"group {int(chance.triangular(0, number, 0))}" for actor in sorted(ties)}
        for name, number in _GROUPS.items()
    }


def _measures(made: Network, ties: Ties, groups: Partitions) -> None:
    measures(ties)


def _separations(made: Network, ties: Ties, groups: Partitions) -> None:
    separations(ties, groups[KIND], ties)


def _brokerage(made: Network, ties: Ties, groups: Partitions) -> None:
    for of_actors in groups.values():
        dealt_groups(ties, of_actors, brokerage(ties, of_actors).actors)


def _all(made: Network, ties: Ties, groups: Partitions) -> None:
    for run in (_measures, _separations, _brokerage):
        run(made, ties, groups)


def _statements(made: Network, ties: Ties, groups: Partitions) -> None:
    set(stated(made, groups))


def _networkx(made: Network, ties: Ties, groups: Partitions) -> None:
    directed: nx.DiGraph[str] = nx.DiGraph((one, other) for one, others in ties.items() for other in others)
    graph = directed.to_undirected()
    nx.betweenness_centrality(directed)
    nx.constraint(graph)
    nx.effective_size(graph)
    nx.core_number(graph)
    list(nx.connected_components(graph))
    nx.community.louvain_communities(graph, seed=_SEED)
    list(nx.articulation_points(graph))


RUNS: Mapping[str, Callable[[Network, Ties, Partitions], None]] = {
    "measures": _measures,
    "separations": _separations,
    "brokerage": _brokerage,
    "all": _all,
    "all, as statements": _statements,
    "measures by networkx": _networkx,
}


def main() -> None:
    """Compute what the first argument names of the network of the second, with as many actors as the third says."""
    made = network(sys.argv[2], int(sys.argv[3]))
    ties = made.successors()
    groups = partitions(ties)
    begun = time.perf_counter()
    RUNS[sys.argv[1]](made, ties, groups)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
