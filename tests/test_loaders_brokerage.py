"""Brokerage roles, held to their definition, to all graphs of a size, and to R."""

import json
import random
import shutil
import subprocess
import time
from collections import Counter
from itertools import permutations, product
from math import comb, isclose, sqrt

import pytest
from generated_networks import Groups, Ties, networks
from hypothesis import given, settings

from loaders.errors import NetworkError
from loaders.networks.brokerage import ROLES, TOTAL, Brokerage, brokerage, role

# The names of R's sna, in the order of its columns.
SNA = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison", TOTAL)


def by_definition(ties: Ties, groups: Groups) -> dict[int, Counter[str]]:
    """Count all triads a -> v -> c without a -> c."""
    counts: dict[int, Counter[str]] = {actor: Counter() for actor in groups}
    for a, v, c in permutations(groups, 3):
        if v in ties.get(a, ()) and c in ties.get(v, ()) and c not in ties.get(a, ()):
            counts[v].update([role(groups[a], groups[v], groups[c]), TOTAL])
    return counts


def random_network(size: int, ties: int, groups: int, seed: int) -> tuple[Ties, Groups]:
    chance = random.Random(seed)
    made: Ties = {}
    for _ in range(ties):
        a, b = chance.sample(range(size), 2)
        made.setdefault(a, set()).add(b)
    return made, {actor: chance.randrange(groups) for actor in range(size)}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("AAA", "coordinator"),
        ("ABA", "itinerant"),
        ("ABB", "gatekeeper"),
        ("AAB", "representative"),
        ("ABC", "liaison"),
    ],
)
def test_a_path_through_groups_is_the_role_of_the_paper(groups: str, expected: str) -> None:
    found = brokerage({0: {1}, 1: {2}}, dict(enumerate(groups)))
    assert {name for name in ROLES if found.actors[1][name].raw} == {expected}
    assert found.network[expected].raw == found.network[TOTAL].raw == 1


def test_a_tie_between_the_ends_leaves_no_broker() -> None:
    assert brokerage({0: {1, 2}, 1: {2}}, {0: 0, 1: 0, 2: 0}).network[TOTAL].raw == 0


def test_nobody_brokers_between_an_actor_and_itself() -> None:
    assert brokerage({0: {1}, 1: {0}}, {0: 0, 1: 1}).network[TOTAL].raw == 0


@settings(deadline=None)  # other tests run beside it
@given(networks(most=7))
def test_counts_are_those_of_the_definition(network: tuple[Ties, Groups]) -> None:
    found = brokerage(*network)
    counted = by_definition(*network)
    for actor, scores in found.actors.items():
        assert {name: score.raw for name, score in scores.items()} == {name: counted[actor][name] for name in scores}
    for name, score in found.network.items():
        assert score.raw == sum(count[name] for count in counted.values())


@settings(deadline=None)  # other tests run beside it
@given(networks(most=7))
def test_in_a_network_of_ties_that_go_both_ways_gatekeepers_are_representatives(network: tuple[Ties, Groups]) -> None:
    ties, groups = network
    both: Ties = {actor: set(others) for actor, others in ties.items()}
    for actor, others in ties.items():
        for other in others:
            both.setdefault(other, set()).add(actor)
    for scores in brokerage(both, groups).actors.values():
        assert scores["gatekeeper"].raw == scores["representative"].raw
        assert scores["liaison"].raw % 2 == scores["coordinator"].raw % 2 == scores["itinerant"].raw % 2 == 0


@pytest.mark.parametrize("groups", [(0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 1), (0, 0, 1, 2), (0, 1, 2, 3)])
@pytest.mark.parametrize("arcs", [3, 6, 10])
def test_the_null_model_is_that_of_all_graphs(groups: tuple[int, ...], arcs: int) -> None:
    """Every directed graph of four actors, weighted by its probability where each tie falls with that density."""
    pairs = list(permutations(range(4), 2))
    density = arcs / len(pairs)
    partition = dict(enumerate(groups))
    keys = [(actor, name) for actor in (*range(4), "network") for name in (*ROLES, TOTAL)]
    first: Counter[tuple[int | str, str]] = Counter()
    second: Counter[tuple[int | str, str]] = Counter()
    triads = [
        (pairs.index((a, v)), pairs.index((v, c)), pairs.index((a, c)), v, role(groups[a], groups[v], groups[c]))
        for a, v, c in permutations(range(4), 3)
    ]
    for present in product((0, 1), repeat=len(pairs)):
        weight = density ** sum(present) * (1 - density) ** (len(pairs) - sum(present))
        count: Counter[tuple[int | str, str]] = Counter()
        for to, on, across, v, name in triads:
            if present[to] and present[on] and not present[across]:
                count.update([(v, name), (v, TOTAL), ("network", name), ("network", TOTAL)])
        for key, n in count.items():
            first[key] += weight * n  # type: ignore[assignment]
            second[key] += weight * n * n  # type: ignore[assignment]
    some = {a: {b for b in range(4) if (a, b) in pairs[:arcs]} for a in range(4)}
    found = brokerage(some, partition)
    assert isclose(found.density, density)
    for actor, name in keys:
        score = found.network[name] if actor == "network" else found.actors[actor][name]  # type: ignore[index]
        assert isclose(score.expected, first[actor, name], abs_tol=1e-9), (actor, name)
        variance = max(0.0, second[actor, name] - first[actor, name] ** 2)
        assert isclose(score.deviation, sqrt(variance), abs_tol=1e-6), (actor, name)


def test_graphs_of_the_same_number_of_ties_expect_nearly_the_same() -> None:
    """A graph with exactly M of D ties has two given ones and not a third with M(M-1)(D-M) / D(D-1)(D-2)."""
    ties, groups = random_network(30, 90, 3, 1)
    arcs, possible = sum(map(len, ties.values())), 30 * 29
    exact = arcs * (arcs - 1) * (possible - arcs) / (possible * (possible - 1) * (possible - 2))
    assert comb(possible - 3, arcs - 2) / comb(possible, arcs) == pytest.approx(exact)
    assert brokerage(ties, groups).network[TOTAL].expected == pytest.approx(30 * 29 * 28 * exact, rel=0.02)


def test_groups_dealt_out_at_random_keep_the_total() -> None:
    """Permutations of the groups move counts between roles, and leave the brokered pairs as they are."""
    ties, groups = random_network(7, 15, 2, 3)
    before = brokerage(ties, groups)
    for dealt in set(permutations(groups.values())):
        after = brokerage(ties, dict(enumerate(dealt)))
        for actor in groups:
            assert after.actors[actor][TOTAL] == before.actors[actor][TOTAL]
        assert after.network[TOTAL] == before.network[TOTAL]
        assert {name: s.expected for name, s in after.network.items()} == pytest.approx(
            {name: s.expected for name, s in before.network.items()}
        )


def test_where_no_other_count_is_possible_there_is_no_z() -> None:
    found = brokerage({0: {1}, 1: {2}}, {0: "A", 1: "B", 2: "C"})
    assert found.actors[1]["coordinator"].z is None
    assert found.actors[1]["liaison"].z is not None
    assert brokerage({}, {}).network[TOTAL].z is None


def test_a_tie_to_oneself_and_an_actor_without_a_group_are_refused() -> None:
    with pytest.raises(NetworkError, match="aiju has a tie to itself"):
        brokerage({"aiju": {"aiju"}}, {"aiju": 0})
    with pytest.raises(NetworkError, match="ascer is in no group"):
        brokerage({"aiju": {"ascer"}}, {"aiju": 0})


@pytest.mark.parametrize("groups", [5, 5000])
def test_five_thousand_actors_and_a_hub_take_less_than_five_seconds(groups: int) -> None:
    ties, _ = random_network(5000, 20_000, 1, 5)
    for other in range(1, 2500):  # a hub that half of all lead to and that leads to the other half
        ties.setdefault(other, set()).add(0)
        ties.setdefault(0, set()).add(other + 2500)
    begun = time.perf_counter()
    brokerage(ties, {actor: actor % groups for actor in range(5000)})
    assert time.perf_counter() - begun < 5


IN_R = """
suppressMessages(library(sna))
cases <- readLines(file("stdin"))
number <- function(x) paste(ifelse(is.finite(x), sprintf("%.12g", x), "null"), collapse=",")
for (line in cases) {
  parts <- strsplit(line, ";")[[1]]
  cl <- as.integer(strsplit(parts[1], ",")[[1]])
  ends <- as.integer(strsplit(parts[2], ",")[[1]])
  g <- matrix(0, length(cl), length(cl))
  g[matrix(ends, ncol=2, byrow=TRUE)] <- 1
  b <- brokerage(g, cl)
  found <- lapply(b[c("raw.nli","exp.nli","sd.nli","z.nli","raw.gli","exp.gli","sd.gli","z.gli")], function(x) t(x))
  cat("{", paste(sprintf('"%s":[%s]', names(found), sapply(found, number)), collapse=","), "}\\n", sep="")
}
"""


def brokerage_in_r(networks: list[tuple[Ties, Groups]]) -> list[dict[str, list[float | None]]]:
    """Return what `brokerage` of R's sna finds, its rows one after another. Skips where R or sna is not installed."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed (Debian: r-cran-sna)")
    asked = []
    for ties, groups in networks:
        ends = [end + 1 for a, others in ties.items() for b in others for end in (a, b)]
        asked.append(",".join(map(str, groups.values())) + ";" + ",".join(map(str, ends)))
    ran = subprocess.run(["Rscript", "-e", IN_R], input="\n".join(asked) + "\n", capture_output=True, text=True)
    if "there is no package called" in ran.stderr:
        pytest.skip("sna is not installed (Debian: r-cran-sna)")
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def attributes(found: Brokerage[int, int]) -> dict[str, list[float | None]]:
    """Return the figures under the names and in the order of sna."""
    rows = [found.actors[actor] for actor in sorted(found.actors)]
    nodes = [scores[name] for scores in rows for name in SNA]
    graph = [found.network[name] for name in SNA]
    return {
        f"{figure}.{level}": [getattr(score, attribute) for score in scores]
        for figure, attribute in (("raw", "raw"), ("exp", "expected"), ("sd", "deviation"), ("z", "z"))
        for level, scores in (("nli", nodes), ("gli", graph))
    }


def test_figures_of_actors_are_those_of_r() -> None:
    made = [
        random_network(size, ties, groups, size)
        for size, ties, groups in [
            (4, 6, 2),
            (7, 12, 3),
            (12, 60, 3),
            (15, 105, 3),
            (20, 40, 6),
            (40, 300, 4),
            (60, 200, 2),
            (9, 20, 1),
        ]
    ]
    for (ties, groups), in_r in zip(made, brokerage_in_r(made), strict=True):
        ours = attributes(brokerage(ties, groups))
        for figure in ("raw.nli", "exp.nli", "sd.nli", "z.nli", "raw.gli", "exp.gli"):
            for mine, theirs in zip(ours[figure], in_r[figure], strict=True):
                assert (mine is None) == (theirs is None), figure
                assert mine is None or mine == pytest.approx(theirs, rel=1e-9, abs=1e-9), figure


def test_deviations_of_the_network_differ_from_r_by_the_terms_that_it_leaves_out() -> None:
    """What sna 2.7 leaves out is what enumeration puts in (test_the_null_model_is_that_of_all_graphs)."""
    ties, groups = random_network(15, 105, 1, 4)
    groups = {actor: actor % 3 for actor in groups}
    found, [in_r] = brokerage(ties, groups), brokerage_in_r([(ties, groups)])
    theirs = dict(zip(SNA, (value or 0.0 for value in in_r["sd.gli"]), strict=True))
    d, n, size = found.density, 5, 15
    coordinated, kept = 3 * n * (n - 1) * (n - 2), size * (size - n) * (n - 1)
    left_out = {
        "coordinator": 2 * coordinated,
        "gatekeeper": (2 * n - 3) * kept,
        "representative": (2 * n - 3) * kept,
        "itinerant": 0,
        "liaison": 0,
        TOTAL: 2 * size * (size - 1) * (size - 2),
    }
    for name, couples in left_out.items():
        missing = couples * d**4 * (1 - d) ** 2
        assert found.network[name].deviation ** 2 == pytest.approx(theirs[name] ** 2 - missing), name
