"""Brokerage given the ties, held to every permutation of the groups."""

import random
import time
from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations
from math import isclose, sqrt

import pyoxigraph as ox
import pytest
from conftest import Service
from generated_networks import Groups, Ties, networks
from hypothesis import example, given, settings

from loaders.graphs import COMPUTED, merged
from loaders.networks.brokerage import ROLES, TOTAL, Score, brokerage, role
from loaders.networks.computed import LEAST_Z
from loaders.networks.dealt_groups import dealt_groups
from loaders.networks.network import networks as actor_networks
from loaders.networks.partitions import Partitions

Moments = dict[int, dict[str, tuple[Fraction, Fraction]]]

HUB: Ties = {0: {1, 2, 3, 4}, 1: {0}, 2: {0, 3}, 5: {0}}


def scores(ties: Ties, groups: Groups) -> dict[int, dict[str, Score]]:
    return dealt_groups(ties, groups, brokerage(ties, groups).actors)


def by_enumeration(ties: Ties, groups: Groups) -> Moments:
    """Return the mean and the variance of every count over all ways to deal the groups of the others."""
    found: Moments = {}
    for broker, own in groups.items():
        others = [actor for actor in groups if actor != broker]
        pairs = [
            (a, c)
            for a, c in permutations(others, 2)
            if broker in ties.get(a, ()) and c in ties.get(broker, ()) and c not in ties.get(a, ())
        ]
        counts = []
        for dealt in permutations([groups[actor] for actor in others]):
            of = dict(zip(others, dealt, strict=True))
            counts.append(Counter(name for a, c in pairs for name in (role(of[a], own, of[c]), TOTAL)))
        found[broker] = {}
        for name in (*ROLES, TOTAL):
            mean = Fraction(sum(count[name] for count in counts), len(counts))
            square = Fraction(sum(count[name] ** 2 for count in counts), len(counts))
            found[broker][name] = mean, square - mean**2
    return found


def held(ties: Ties, groups: Groups) -> None:
    found, expected = scores(ties, groups), by_enumeration(ties, groups)
    for actor, moments in expected.items():
        for name, (mean, variance) in moments.items():
            score = found[actor][name]
            assert isclose(score.expected, float(mean), rel_tol=1e-14), (actor, name)
            assert isclose(score.deviation, sqrt(variance), rel_tol=1e-14), (actor, name)
            if variance:
                assert score.z == pytest.approx(float(score.raw - mean) / sqrt(variance), rel=1e-12)
            else:
                assert score.z is None
                assert score.raw == mean


@settings(deadline=None)  # other tests run beside it
@example((HUB, {0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 0}))
@given(networks(most=6))
def test_moments_are_those_of_all_permutations(network: tuple[Ties, Groups]) -> None:
    held(*network)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_so_they_are_of_every_graph_of_few_actors(size: int) -> None:
    """With so few others, couples of pairs have an actor in common, and there is none that could be without."""
    pairs = list(permutations(range(size), 2))
    for number in range(len(pairs) + 1):
        for present in combinations(pairs, number):
            ties: Ties = {}
            for a, b in present:
                ties.setdefault(a, set()).add(b)
            for labels in {(0,) * size, tuple(range(size)), (0, 1, 0)[:size]}:
                held(ties, dict(enumerate(labels)))


@pytest.mark.parametrize("labels", [(0, 0, 0, 1, 1, 1), (0, 1, 1, 2, 2, 2), (0, 0, 1, 2, 3, 4), (0, 0, 0, 0, 0, 1)])
@pytest.mark.parametrize("seed", range(4))
def test_so_they_are_of_dense_graphs(labels: tuple[int, ...], seed: int) -> None:
    chance = random.Random(seed)
    ties = {a: {b for b in range(6) if a != b and chance.random() < 0.5} for a in range(6)}
    held(ties, dict(enumerate(labels)))


@given(networks(most=6))
@settings(deadline=None)
def test_roles_add_up_to_a_total_that_chance_leaves_alone(network: tuple[Ties, Groups]) -> None:
    for of_actor in scores(*network).values():
        assert of_actor[TOTAL].deviation == 0
        assert of_actor[TOTAL].expected == of_actor[TOTAL].raw
        assert sum(of_actor[name].expected for name in ROLES) == pytest.approx(of_actor[TOTAL].raw)


def test_counts_are_those_that_are_counted() -> None:
    groups = {0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 0}
    counted = brokerage(HUB, groups).actors
    for actor, of_actor in scores(HUB, groups).items():
        assert {name: score.raw for name, score in of_actor.items()} == {n: s.raw for n, s in counted[actor].items()}


def test_many_ties_alone_make_no_role() -> None:
    """Who brokers between all others has every role as often as the groups give it, however many pairs that are."""
    ties: Ties = {actor: {0} for actor in range(1, 40)} | {0: set(range(1, 40))}
    groups = {actor: actor % 3 for actor in range(40)}
    given_density = brokerage(ties, groups).actors[0]
    assert all((given_density[name].z or 0) > 5 for name in ROLES)
    assert {score.z for score in scores(ties, groups)[0].values()} == {None}


@pytest.mark.parametrize("groups", [2, 8, 5000])
def test_five_thousand_actors_and_hubs_take_seconds(groups: int) -> None:
    chance = random.Random(7)
    ties: Ties = {actor: set(chance.sample(range(5000), 4)) - {actor} for actor in range(5000)}
    for hub in range(20):
        others = set(chance.sample(range(5000), 500)) - {hub}  # 250,000 pairs through each
        ties[hub] |= others
        for other in others:
            ties[other].add(hub)
    of = {actor: actor % groups for actor in range(5000)}
    counted = brokerage(ties, of).actors
    assert max(score[TOTAL].raw for score in counted.values()) > 200_000
    begun = time.perf_counter()
    dealt_groups(ties, of, counted)
    assert time.perf_counter() - begun < 3


@pytest.mark.slow
def test_chance_alone_gives_about_a_dozen_computed_roles(service: Service) -> None:
    """As docs/networks.md says of the networks of the release."""
    store = ox.Store()
    quads = ox.parse((service.state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    store.bulk_extend(merged(quad for quad in quads if quad.graph_name != COMPUTED))
    partitions, chance, deals, given = Partitions(store), random.Random(2), 60, 0
    for network in actor_networks(store):
        ties = network.successors()
        for groups in partitions.of(network).values():
            for broker, of_broker in dealt_groups(ties, groups, brokerage(ties, groups).actors).items():
                others = sorted(groups.keys() - {broker})
                if of_broker[TOTAL].raw:
                    for _ in range(deals):
                        dealt = dict(zip(others, chance.sample([groups[a] for a in others], len(others)), strict=True))
                        counts = brokerage(ties, dealt | {broker: groups[broker]}).actors[broker]
                        for name in ROLES:
                            score = of_broker[name]
                            z = Score(counts[name].raw, score.expected, score.deviation).z
                            given += z is not None and z >= LEAST_Z
    assert 11 < given / deals < 14
