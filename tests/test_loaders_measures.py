"""Measures of actors, held to their definitions and to networkx."""

import random
import time
from itertools import combinations, permutations

import networkx as nx
import pytest
import rustworkx as rx
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.networks.measures import measures

NAMES = "abcdefgh"

Ties = dict[str, set[str]]


@st.composite
def networks(draw: st.DrawFn) -> Ties:
    ties: Ties = {name: set() for name in NAMES[: draw(st.integers(2, len(NAMES)))]}
    for one, other in draw(st.sets(st.sampled_from(list(permutations(ties, 2))))):
        ties[one].add(other)
    return ties


def both_ways(ties: Ties) -> "nx.Graph[str]":
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ties)
    graph.add_edges_from((one, other) for one, others in ties.items() for other in others)
    return graph


@settings(deadline=None)  # other tests run beside it
@given(networks())
def test_measures_are_those_of_networkx(ties: Ties) -> None:
    found = measures(ties)
    directed: nx.DiGraph[str] = nx.DiGraph(ties)
    graph = both_ways(ties)
    tied = [name for name in ties if graph.degree(name)]
    assert {n: m.betweenness for n, m in found.items()} == pytest.approx(nx.betweenness_centrality(directed))
    constraint, size = nx.constraint(graph, tied), nx.effective_size(graph, tied)
    assert {name: found[name].constraint for name in tied} == pytest.approx(constraint)
    assert {name: found[name].effective_size for name in tied} == pytest.approx(size)
    assert all(found[name].constraint is None for name in ties.keys() - set(tied))
    assert {n: (m.in_degree, m.out_degree) for n, m in found.items()} == {
        n: (directed.in_degree(n), directed.out_degree(n)) for n in ties
    }


@settings(deadline=None)  # other tests run beside it
@given(networks())
def test_a_core_is_what_is_left_when_those_with_fewer_ties_are_taken_away(ties: Ties) -> None:
    found = measures(ties)
    for k in range(1, len(ties)):
        left = both_ways(ties)
        while few := [name for name in left if left.degree(name) < k]:
            left.remove_nodes_from(few)
        assert {name for name, m in found.items() if m.core_number >= k} == set(left)


@settings(deadline=None)  # other tests run beside it
@given(networks())
def test_an_actor_cuts_where_there_are_more_parts_without_it(ties: Ties) -> None:
    graph = both_ways(ties)
    parts = len({m.component for m in measures(ties).values()})
    assert parts == nx.number_connected_components(graph)
    for name, found in measures(ties).items():
        without = graph.copy()
        without.remove_node(name)
        assert found.cut_actor == (nx.number_connected_components(without) > parts)


def communities(ties: Ties) -> list[set[str]]:
    found = measures(ties)
    return [{name for name in ties if found[name].community == n} for n in {m.community for m in found.values()}]


@settings(deadline=None)  # other tests run beside it
@given(networks())
def test_no_two_communities_would_be_better_as_one(ties: Ties) -> None:
    graph, parts = both_ways(ties), communities(ties)
    if graph.size():
        for one, other in combinations(parts, 2):
            joined = [part for part in parts if part not in (one, other)] + [one | other]
            assert nx.community.modularity(graph, joined) <= nx.community.modularity(graph, parts) + 1e-12


@pytest.mark.parametrize("arcs", ["ab ac ae af bd be bg de ef eg", "ag bc bd de df dg dh ef fg fh"])
def test_communities_are_found_where_rounding_would_move_an_actor_for_ever(arcs: str) -> None:
    """By networkx 3.6 the communities of these are looked for without end."""
    ties: Ties = {name: set() for name in sorted({*arcs} - {" "})}
    for one, other in arcs.split():
        ties[one].add(other)
    assert nx.community.modularity(both_ways(ties), communities(ties)) > 0.1


def test_two_cliques_with_one_tie_are_two_communities() -> None:
    ties = {name: {other for other in "abcd" if other > name} for name in "abcd"}
    ties |= {name: {other for other in "wxyz" if other > name} for name in "wxyz"}
    ties["d"].add("w")
    found = measures(ties)
    assert [found[name].community for name in "abcdwxyz"] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert {name for name, m in found.items() if m.cut_actor} == {"d", "w"}


def test_parts_are_numbered_the_largest_first_and_then_by_the_first_actor() -> None:
    ties: Ties = {"a": {"b"}, "c": {"d"}, "w": {"x"}, "x": {"y"}}
    found = measures(ties)
    assert {name: m.component for name, m in found.items()} == {
        "w": 1, "x": 1, "y": 1, "a": 2, "b": 2, "c": 3, "d": 3,
    }  # fmt: skip
    assert {name: m.community for name, m in found.items()} == {name: m.component for name, m in found.items()}
    found = measures({"a": {"c"}, "b": {"c", "d"}, "c": {"d"}})
    assert {name: m.community for name, m in found.items()} == {"a": 1, "c": 1, "b": 2, "d": 2}


def test_the_order_in_which_ties_come_changes_nothing() -> None:
    chance = random.Random(7)
    arcs = [tuple(chance.sample(range(60), 2)) for _ in range(150)]
    made = []
    for _ in range(5):
        chance.shuffle(arcs)
        ties: Ties = {}
        for one, other in arcs:
            ties.setdefault(f"actor-{one}", set()).add(f"actor-{other}")
        made.append(measures(ties))
    assert all(other == made[0] for other in made)


def test_betweenness_is_computed_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several add up in an order of chance, which shows in the last digits, if seldom."""
    asked = []
    of_rustworkx = rx.digraph_betweenness_centrality

    def recorded(graph: "rx.PyDiGraph[int, None]", parallel_threshold: int) -> object:
        asked.append((graph.num_nodes(), parallel_threshold))
        return of_rustworkx(graph, parallel_threshold=parallel_threshold)

    monkeypatch.setattr(rx, "digraph_betweenness_centrality", recorded)
    measures({f"actor-{number}": {f"actor-{number + 1}"} for number in range(100)})
    assert asked
    assert all(size < threshold for size, threshold in asked)


def test_nobody_is_measured_in_no_network() -> None:
    assert measures({}) == {}
    assert measures({"a": set()})["a"].betweenness == 0


@pytest.mark.slow
def test_five_thousand_actors_in_communities_take_seconds() -> None:
    chance = random.Random(5)
    ties: Ties = {}
    while sum(map(len, ties.values())) < 25_000:
        one = chance.randrange(5000)
        other = one // 50 * 50 + chance.randrange(50) if chance.random() < 0.8 else chance.randrange(5000)
        if one != other:
            ties.setdefault(f"actor-{one}", set()).add(f"actor-{other}")
    begun = time.process_time()
    assert len(measures(ties)) == 5000
    assert time.process_time() - begun < 10  # 4.3 s on two cores that are otherwise idle
