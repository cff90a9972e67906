"""Says how often each role of brokerage is to be expected given the ties, where only the groups are left to chance.

The null model of Gould and Fernandez (`brokerage.py`) lets ties fall with one density, so whoever has many of them
stands far above it in every role. This one asks less: who has as many ties, to the same actors, but whose groups are
as chance deals them, plays the role how often?

**Null model.** The network is as it is, and so are the pairs that a broker v brokers. The broker keeps its group; the
groups of the other n actors are dealt out among them anew, every permutation as likely as any other. It is the
permutation of node labels, as in the quadratic assignment procedure: a count is Σ A(a, c)·B(a, c) over ordered pairs
of the others, where A tells whether v brokers the pair and B whether the groups of a and c make it the role. Mean and
variance of such a sum over all permutations are those of Mantel (1967), The Detection of Disease Clustering and a
Generalized Regression Approach, Cancer Research 27, 209-220, https://pubmed.ncbi.nlm.nih.gov/6018555/; for groups of
neighbours they are known as join counts under non-free sampling. Nothing is simulated.

    E[count]  = m(A)·m(B) / n(n-1)
    E[count²] = (m(A)·m(B) + x(A)·x(B)) / n(n-1)                     the same pair; (a, c) and (c, a)
              + (f(A)·f(B) + l(A)·l(B) + 2·t(A)·t(B)) / n(n-1)(n-2)  one first; one last; the last of one first of one
              + d(A)·d(B) / n(n-1)(n-2)(n-3)                         no actor in common
    Var       = E[count²] - E[count]²

m counts the pairs of A or of B, the other letters couples of these that have so much in common. Such a couple falls on
each of the couples of actors alike, so a term is how many there are in A, times the chance that one is in B too. With
the pairs as arcs, all are had from the out- and in-degrees o and i of the actors, and from x:

    f = Σ o(o-1)    l = Σ i(i-1)    t = Σ o·i - x    d = m² - m - x - f - l - 2t

so that a hub costs as much as it has ties and triangles. Sums are of whole numbers; a z is rounded once.

The pairs between whom someone brokers are no fewer or more for any permutation, so the total has no deviation. Nor has
a role where the groups of all others are one, or where no pair is brokered. A z is a figure to compare by: with few
pairs the counts are far from normally distributed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from math import perm, sqrt

from loaders.networks.brokerage import TOTAL, A, G, Score, predecessors

METHOD = "Mantel (1967), https://pubmed.ncbi.nlm.nih.gov/6018555/"

# Out-degree, in-degree, and how many actors have these.
Degrees = tuple[int, int, int]


@dataclass(frozen=True)
class Couples:
    """How many ordered pairs there are, and how many ordered couples of them that share actors in a way.

    In `chained` ones the second pair ends where the first begins; as many begin where it ends.
    """

    pairs: int
    crossed: int
    same_first: int
    same_last: int
    chained: int

    @property
    def apart(self) -> int:
        """The couples without an actor in common."""
        return self.pairs * (self.pairs - 1) - self.crossed - self.same_first - self.same_last - 2 * self.chained


def dealt_groups(
    ties: Mapping[A, Set[A]], groups: Mapping[A, G], actors: Mapping[A, Mapping[str, Score]]
) -> dict[A, dict[str, Score]]:
    """Return the scores of `actors`, as `brokerage` counts them, beside what is to be expected given the ties."""
    sizes = Counter(groups.values())
    one_of_size = {n: group for group, n in sizes.items()}  # groups of one size have the same expectations
    by_size = {n: _couples_of_groups(sizes, group) for n, group in one_of_size.items()}
    brokered = _couples_of_brokers(ties, groups)
    others = len(groups) - 1
    return {
        actor: {
            name: Score(scores[name].raw, *_moments(brokered[actor], of_role, others))
            for name, of_role in by_size[sizes[groups[actor]]].items()
        }
        for actor, scores in actors.items()
    }


def _couples_of_brokers(ties: Mapping[A, Set[A]], groups: Mapping[A, G]) -> dict[A, Couples]:
    """Count for each actor the couples of pairs that it brokers, whatever the groups."""
    after = {actor: ties.get(actor, frozenset()) for actor in groups}
    before = predecessors(ties, groups)
    return {
        actor: _couples(*_brokered(sources, after[actor], after, before)) if sources and after[actor] else _NONE
        for actor, sources in before.items()
    }


def _brokered(
    sources: Set[A], targets: Set[A], after: Mapping[A, Set[A]], before: Mapping[A, Set[A]]
) -> tuple[list[Degrees], int]:
    """Return the degrees of actors, with the pairs that are brokered as arcs, and how many of these cross."""
    degrees = []
    crossed = 0
    for actor in sources | targets:
        out = len(targets) - len(targets & after[actor]) if actor in sources else 0
        into = len(sources) - len(sources & before[actor]) if actor in targets else 0
        if actor in sources and actor in targets:
            out, into = out - 1, into - 1  # nobody brokers between an actor and itself
            both = sources & targets
            crossed += len(both) - 1 - len(both & (after[actor] | before[actor]))
        degrees.append((out, into, 1))
    return degrees, crossed


def _couples_of_groups(sizes: Mapping[G, int], own: G) -> dict[str, Couples]:
    """Count for each role of a broker of the group `own` the couples of pairs of others that their groups allow it."""
    inside = sizes[own] - 1
    outside = [size for group, size in sizes.items() if group != own]
    out = sum(outside)
    return {
        "coordinator": _both_ways([(inside - 1, inside)]),
        "itinerant": _both_ways((size - 1, size) for size in outside),
        "gatekeeper": _couples([(inside, 0, out), (0, out, inside)], 0),
        "representative": _couples([(out, 0, inside), (0, inside, out)], 0),
        "liaison": _both_ways((out - size, size) for size in outside),
        TOTAL: _both_ways([(inside + out - 1, inside + out)]),
    }


def _both_ways(degrees: Iterable[tuple[int, int]]) -> Couples:
    """Count the couples where with (a, c) there is (c, a): each degree comes with how many actors have it."""
    found = [(degree, degree, actors) for degree, actors in degrees]
    return _couples(found, sum(degree * actors for degree, _, actors in found))


def _couples(degrees: Iterable[Degrees], crossed: int) -> Couples:
    pairs = same_first = same_last = chained = 0
    for out, into, actors in degrees:
        pairs += actors * out
        same_first += actors * out * (out - 1)
        same_last += actors * into * (into - 1)
        chained += actors * out * into
    return Couples(pairs, crossed, same_first, same_last, chained - crossed)


_NONE = _couples([], 0)


def _moments(brokered: Couples, of_role: Couples, others: int) -> tuple[float, float]:
    """Return the expected count and its standard deviation."""
    product = brokered.pairs * of_role.pairs
    if not product:
        return 0.0, 0.0
    most = min(others, 4)
    square = sum(n * perm(others - shared, most - shared) for shared, n in _terms(brokered, of_role) if shared <= most)
    pairs, rest = perm(others, 2), perm(others - 2, most - 2)
    return product / pairs, sqrt((square * pairs - product**2 * rest) / (pairs**2 * rest))


def _terms(one: Couples, other: Couples) -> Iterator[tuple[int, int]]:
    """Yield of how many actors couples are, and how many couples of `one` times how many such of `other` there are."""
    yield 2, one.pairs * other.pairs + one.crossed * other.crossed
    yield 3, one.same_first * other.same_first + one.same_last * other.same_last + 2 * one.chained * other.chained
    yield 4, one.apart * other.apart
