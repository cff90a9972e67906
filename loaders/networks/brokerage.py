"""Counts the brokerage roles of Gould and Fernandez, and says how many are to be expected by chance.

Gould, R. V. and Fernandez, R. M. (1989), Structures of Mediation: A Formal Approach to Brokerage in Transaction
Networks, Sociological Methodology 19, 89-126, https://doi.org/10.2307/270949.

A broker v stands between a and c where a → v and v → c, but not a → c; a, v and c are three actors. Their groups
tell the roles apart (A, B, C are groups, the broker's in the middle):

    coordinator     A → A → A    among members of its own group
    itinerant       A → B → A    between members of another group (also: consultant)
    gatekeeper      A → B → B    from outside into its own group
    representative  A → A → B    from its own group to the outside
    liaison         A → B → C    between two groups, to neither of which it belongs

**Null model.** N actors in the groups they have, each of the N(N-1) ties there with probability d, on its own, where
d is the density of the network. So an ordered pair (a, c) is brokered by v with probability p = d²(1-d), and an actor
with m possible pairs in a role expects m·p. The counts of two pairs hang together where they share a tie:

    Var = m·p(1-p) + s·d³(1-d)³        s: ordered couples of pairs (a, c), (a', c') with a = a' or c = c'

In the whole network a tie can be the first or the second step of one triple and the missing tie of another, so

    Var = m·p(1-p) + P·d³(1-d)³ - Q·d⁴(1-d)² + R·d⁵(1-d)

with P ordered couples of triples that share a step, Q in which a step of one is missing in the other, and R that miss
the same tie. All figures are those of `brokerage` in R's sna 2.7 but four deviations of the whole network: sna leaves
out Q for gatekeeper and representative, and has 2 a triple too few in it for coordinator and total. What stands here is
exact, as an enumeration of all graphs of four actors shows (tests/test_loaders_brokerage.py).

A z is a figure to compare by: with few possible pairs the counts are far from normally distributed. In a network whose
ties go both ways each mediation counts twice, a → v → c and c → v → a, so that gatekeeper and representative have the
same count. Expected values hold for it as well, but deviations are those of ties that fall one by one, so z is too far
from 0.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import product
from math import sqrt
from typing import Generic, TypeVar

from loaders.errors import NetworkError

A = TypeVar("A", bound=Hashable)
G = TypeVar("G", bound=Hashable)

ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")
TOTAL = "total"
METHOD = "Gould and Fernandez (1989), https://doi.org/10.2307/270949"

Uses = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How often a role is played, and what the null model expects of that."""

    raw: int
    expected: float
    deviation: float

    @property
    def z(self) -> float | None:
        """The raw count in standard deviations from the expected one; None where no other count is possible."""
        return (self.raw - self.expected) / self.deviation if self.deviation else None


@dataclass(frozen=True)
class Brokerage(Generic[A, G]):
    """The scores of each actor and of the whole network, by the names in ROLES, and TOTAL."""

    actors: Mapping[A, Mapping[str, Score]]
    network: Mapping[str, Score]
    density: float
    sizes: Mapping[G, int]


def role(first: object, broker: object, last: object) -> str:
    """Return the role of a broker between two actors, by the groups of the three."""
    if first == last:
        return "coordinator" if broker == first else "itinerant"
    if broker == last:
        return "gatekeeper"
    return "representative" if broker == first else "liaison"


def brokerage(ties: Mapping[A, Set[A]], groups: Mapping[A, G]) -> Brokerage[A, G]:
    """Return the scores of all actors of `groups` in the directed network of `ties`, from whom to whom.

    Raises NetworkError where a tie leads from an actor to itself, or an end of it has no group.
    """
    _check(ties, groups)
    sizes = Counter(groups.values())
    size = len(groups)
    density = sum(map(len, ties.values())) / (size * (size - 1)) if size > 1 else 0.0
    one_of_size = {n: group for group, n in sizes.items()}  # groups of one size have the same expectations
    by_size = {n: _actor_moments(sizes, group, density) for n, group in one_of_size.items()}
    network: Counter[str] = Counter()
    actors: dict[A, dict[str, Score]] = {}
    for actor, raw in _raw_counts(ties, groups).items():
        moments = by_size[sizes[groups[actor]]]
        actors[actor] = {name: Score(raw[name], *moments[name]) for name in moments}
        network.update(raw)
    whole = {name: Score(network[name], *moments) for name, moments in _network_moments(sizes, density).items()}
    return Brokerage(actors, whole, density, dict(sizes))


def _check(ties: Mapping[A, Set[A]], groups: Mapping[A, G]) -> None:
    for actor, others in ties.items():
        if actor in others:
            raise NetworkError(f"{actor} has a tie to itself; leave such ties out")
        if lacking := [end for end in (actor, *others) if end not in groups]:
            raise NetworkError(f"{min(map(str, lacking))} is in no group; give each actor one")


def _raw_counts(ties: Mapping[A, Set[A]], groups: Mapping[A, G]) -> dict[A, Counter[str]]:
    """Count the roles of each actor: all paths of two ties through it, less those whose ends are tied or the same.

    Taken so, a hub costs as much as it has ties and triangles, and not their square.
    """
    after = {actor: ties.get(actor, frozenset()) for actor in groups}
    before = predecessors(ties, groups)
    counts: dict[A, Counter[str]] = {}
    for broker, own in groups.items():
        count = _paths(Counter(groups[a] for a in before[broker]), Counter(groups[c] for c in after[broker]), own)
        for first in before[broker]:
            ends = after[first] & after[broker]
            count.subtract(role(groups[first], own, groups[last]) for last in ends)
            if first in after[broker]:
                count[role(groups[first], own, groups[first])] -= 1
        count[TOTAL] = count.total()
        counts[broker] = count
    return counts


def predecessors(ties: Mapping[A, Set[A]], actors: Iterable[A]) -> dict[A, set[A]]:
    """Return for each of `actors` who has a tie to it."""
    before: dict[A, set[A]] = {actor: set() for actor in actors}
    for actor, others in ties.items():
        for other in others:
            before[other].add(actor)
    return before


def _paths(sources: Counter[G], targets: Counter[G], own: G) -> Counter[str]:
    """Count, by role, the paths from `sources` to `targets` through an actor of `own`; both are counts by group."""
    count = Counter(
        coordinator=sources[own] * targets[own],
        itinerant=sum(n * targets[group] for group, n in sources.items() if group != own),
        gatekeeper=(sources.total() - sources[own]) * targets[own],
        representative=sources[own] * (targets.total() - targets[own]),
    )
    count["liaison"] = sources.total() * targets.total() - count.total()
    return count


def _actor_moments(sizes: Mapping[G, int], own: G, density: float) -> dict[str, tuple[float, float]]:
    """Return the expected count and its standard deviation, by role, of an actor of the group `own`."""
    n, others = sizes[own] - 1, [size for group, size in sizes.items() if group != own]
    out = sum(others)
    # By role: the ordered pairs (a, c) that can be brokered, and the couples of these that have one end in common.
    possible = {
        "coordinator": (n * (n - 1), 2 * n * (n - 1) * (n - 2)),
        "itinerant": (sum(g * (g - 1) for g in others), sum(2 * g * (g - 1) * (g - 2) for g in others)),
        "gatekeeper": (out * n, out * n * (n - 1) + n * out * (out - 1)),
        "representative": (n * out, n * out * (out - 1) + out * n * (n - 1)),
        "liaison": (sum(g * (out - g) for g in others), sum(2 * g * (out - g) * (out - g - 1) for g in others)),
        TOTAL: ((n + out) * (n + out - 1), 2 * (n + out) * (n + out - 1) * (n + out - 2)),
    }
    p, shared = density**2 * (1 - density), density**3 * (1 - density) ** 3
    return {name: (m * p, sqrt(m * p * (1 - p) + s * shared)) for name, (m, s) in possible.items()}


def _network_moments(sizes: Mapping[G, int], density: float) -> dict[str, tuple[float, float]]:
    """Return the expected count of the whole network and its standard deviation, by role.

    A tie between given groups is the first step of f triples, the second of s, and the missing one of h. Two triples on
    the same three actors, of which each has as a step what the other misses, share two ties of which only one counts:
    there are as many as triples that keep their role when the broker and the last, or the broker and the first, change
    places (`turned`).
    """
    total = sum(sizes.values())
    same = Counter(sizes.values())  # how many groups there are of each size
    inside = [(n * (n - 1), n, times) for n, times in same.items()]
    between = [
        (n * m, n, m, times_n * (times_m - (n == m)))
        for (n, times_n), (m, times_m) in product(same.items(), same.items())
    ]
    # By role: (f, s, h) of a tie within a group of n, of one from a group of n to one of m, and how often it is turned.
    uses: dict[str, tuple[Callable[[int], Uses], Callable[[int, int], Uses], int]] = {
        "coordinator": (lambda n: (n - 2, n - 2, n - 2), lambda n, m: (0, 0, 0), 2),
        "itinerant": (lambda n: (0, 0, total - n), lambda n, m: (n - 1, m - 1, 0), 0),
        "gatekeeper": (lambda n: (0, total - n, 0), lambda n, m: (m - 1, 0, m - 1), 1),
        "representative": (lambda n: (total - n, 0, 0), lambda n, m: (0, n - 1, n - 1), 1),
        "liaison": (lambda n: (0, 0, 0), lambda n, m: (total - n - m,) * 3, 2),
        TOTAL: (lambda n: (total - 2,) * 3, lambda n, m: (total - 2,) * 3, 2),
    }
    moments = {}
    for name, (within, across, turned) in uses.items():
        ties = [(arcs * times, *within(n)) for arcs, n, times in inside]
        ties += [(arcs * times, *across(n, m)) for arcs, n, m, times in between]
        triples = sum(arcs * h for arcs, _, _, h in ties)
        steps = sum(arcs * (f + s) * (f + s - 1) for arcs, f, s, _ in ties)
        opposed = sum(2 * arcs * (f + s) * h for arcs, f, s, h in ties) - turned * triples
        missing = sum(arcs * h * (h - 1) for arcs, _, _, h in ties)
        moments[name] = _moments_of_triples(density, triples, steps, opposed, missing)
    return moments


def _moments_of_triples(d: float, triples: int, steps: int, opposed: int, missing: int) -> tuple[float, float]:
    p = d**2 * (1 - d)
    shared = steps * d**3 * (1 - d) ** 3 - opposed * d**4 * (1 - d) ** 2 + missing * d**5 * (1 - d)
    return triples * p, sqrt(max(0.0, triples * p * (1 - p) + shared))
