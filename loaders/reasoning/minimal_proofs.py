"""Makes proofs out of what a search found: the minimal ones, the plainest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from math import prod

import pyoxigraph as ox

from loaders.reasoning.forwards import Forwards
from loaders.reasoning.proofs import Derivations
from loaders.reasoning.rules import StatedTriple, Step
from loaders.reasoning.stated import TYPE

MOST_PROOFS = 20
_MOST_COMBINATIONS = 500

_Leaves = frozenset[ox.Triple | StatedTriple]


@dataclass(frozen=True)
class Proof:
    """Why a triple holds: it is stated, or follows by a step from premises that have proofs of their own."""

    triple: ox.Triple
    step: Step | None = None
    premises: tuple["Proof", ...] = ()

    @cached_property
    def facts(self) -> frozenset[ox.Triple]:
        """The stated triples that the proof rests on."""
        if self.step is None:
            return frozenset({self.triple})
        return frozenset().union(*(premise.facts for premise in self.premises))

    @cached_property
    def axioms(self) -> frozenset[StatedTriple]:
        """The triples that the axioms of its steps begin with."""
        if self.step is None:
            return frozenset()
        return frozenset(self.step.axiom.stated).union(*(premise.axioms for premise in self.premises))

    @cached_property
    def leaves(self) -> frozenset[ox.Triple | StatedTriple]:
        """What the proof rests on, facts and axioms."""
        return self.facts | self.axioms

    @cached_property
    def size(self) -> int:
        """The number of steps."""
        return (self.step is not None) + sum(premise.size for premise in self.premises)

    @cached_property
    def length(self) -> tuple[int, bool, int, int]:
        """What sorts proofs: those by few facts first, by what a thing is rather than what it does, in few steps."""
        is_by_deeds = self.triple.predicate == TYPE and all(fact.predicate != TYPE for fact in self.facts)
        return len(self.facts), is_by_deeds, self.size, len(self.axioms)


@dataclass(frozen=True)
class Proofs:
    """The proofs of a triple, the plainest first; `are_all` is false where a bound was met before all were found."""

    proofs: tuple[Proof, ...]
    are_all: bool


def minimal_proofs(found: Derivations, forwards: Forwards | None = None, most: int = MOST_PROOFS) -> Proofs:
    """Return proofs of the goal of a search; none rests on facts and axioms of which another needs only a part.

    With `forwards`, the rules that the search was made with, the goal does not follow from fewer of the facts of a
    proof either, though a search takes what is stated as it is, and does not ask what it follows from.
    """
    combining = _Combining(found, most)
    kept: dict[_Leaves, Proof] = {}
    for proof in combining.proofs():
        if any(other.facts < proof.facts for other in kept.values()):
            continue
        if len(kept) >= most:
            combining.is_cut = True
            break
        _keep(kept, proof if forwards is None else _with_no_fact_to_spare(proof, forwards))
    ordered = sorted(kept.values(), key=lambda proof: (proof.length, sorted(map(str, proof.leaves))))
    return Proofs(tuple(ordered), not (found.is_cut or combining.is_cut))


class _Combining:
    """Puts proofs together out of steps, for every triple those that rest on least, until there are no others."""

    def __init__(self, found: Derivations, most: int) -> None:
        self._found = found
        self._most = most
        self._proofs: dict[ox.Triple, dict[_Leaves, Proof]] = {
            triple: {frozenset({triple}): Proof(triple)}
            for triple in found.graphs
            if found.is_stated(triple) and triple != found.goal
        }
        self.is_cut = False

    def proofs(self) -> list[Proof]:
        """Return the proofs of the goal, the shortest first."""
        goal = self._found.goal
        open_ = [triple for triple in reversed(self._found.steps) if triple not in self._proofs]
        changed = set(self._proofs) | {triple for triple in open_ if triple != goal}
        while changed:
            last, changed = changed, set()
            for triple in open_:
                if triple != goal and any(self._is_touched(step, last) for step in self._found.steps[triple]):
                    own = self._proofs.setdefault(triple, {})
                    if sum(self._keep(own, proof) for proof in self._by_steps(triple)):
                        changed.add(triple)
        return self._by_steps(goal)

    def _is_touched(self, step: Step, changed: set[ox.Triple]) -> bool:
        return not step.premises or not changed.isdisjoint(step.premises)

    def _by_steps(self, triple: ox.Triple) -> list[Proof]:
        """Return all proofs of a triple by those of its premises, one for the same leaves."""
        found: dict[_Leaves, Proof] = {}
        for step in self._found.steps.get(triple, ()):
            choices = [sorted(self._proofs.get(one, {}).values(), key=lambda p: p.length) for one in step.premises]
            self.is_cut |= prod(map(len, choices)) > _MOST_COMBINATIONS
            for premises in islice(product(*choices), _MOST_COMBINATIONS):
                proof = Proof(triple, step, premises)
                found.setdefault(proof.leaves, proof)
        return sorted(found.values(), key=lambda proof: proof.length)

    def _keep(self, own: dict[_Leaves, Proof], proof: Proof) -> bool:
        """Keep a proof as far as there is room, or in the place of a longer one."""
        if len(own) >= self._most:
            longest = max(own.values(), key=lambda other: other.length)
            if longest.length <= proof.length:
                self.is_cut |= not any(other <= proof.leaves for other in own)
                return False
        if not _keep(own, proof):
            return False
        if len(own) > self._most:
            self.is_cut = True
            del own[longest.leaves]
        return True


def _keep(own: dict[_Leaves, Proof], proof: Proof) -> bool:
    """Keep a proof unless another rests on no more, and drop those that rest on more; tell whether it is kept."""
    if any(other <= proof.leaves for other in own):
        return False
    for other in [other for other in own if proof.leaves < other]:
        del own[other]
    own[proof.leaves] = proof
    return True


def _with_no_fact_to_spare(proof: Proof, forwards: Forwards) -> Proof:
    """Return a proof by as few of the facts as the triple follows from: what is stated may follow from the others."""
    facts = sorted(proof.facts, key=str)
    found: Mapping[ox.Triple, Step] | None = None
    for fact in list(facts):
        others = [other for other in facts if other != fact]
        if (without := forwards.steps(others, proof.triple)) is not None:
            facts, found = others, without
    return proof if found is None else _tree(proof.triple, facts, found)


def _tree(triple: ox.Triple, facts: Iterable[ox.Triple], steps: Mapping[ox.Triple, Step]) -> Proof:
    if triple in facts:
        return Proof(triple)
    step = steps[triple]
    return Proof(triple, step, tuple(_tree(premise, facts, steps) for premise in step.premises))
