"""Proves what was inferred: by which rules, from which premises, down to what is stated.

A proof is sought backwards, from the triple to what it follows from. Whoever seeks one asks the queries: a search is a
generator that yields them, and is sent what they found.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

import pyoxigraph as ox

from loaders.graphs import INFERRED
from loaders.reasoning.engines import Engine
from loaders.reasoning.rules import (
    Axiom,
    Pattern,
    Rule,
    Slot,
    StatedTriple,
    Term,
    rows_for,
    substituted,
    triple_of,
    unified,
    variables_of,
    written,
)
from loaders.reasoning.stated import TYPE

# Bounds of a search, so that it ends soon: what it leaves out it tells (`Derivations.is_cut`).
_MOST_STEPS_OF_RULE = 20
_MOST_TRIPLES = 300
_MOST_LEVELS = 20
_MOST_COMBINATIONS = 500
MOST_PROOFS = 20

Solutions = Sequence[Sequence[Term | None]]
Search = Generator[list[str], list[Solutions], "Derivations"]


@dataclass(frozen=True)
class Step:
    """That a triple follows at once from `premises`, by a rule and what makes it hold."""

    names: tuple[str, ...]
    axiom: Axiom
    premises: tuple[ox.Triple, ...]


@dataclass(frozen=True)
class Proof:
    """Why a triple holds: it is stated, or follows by a step from premises that have proofs of their own."""

    triple: ox.Triple
    step: Step | None = None
    premises: tuple["Proof", ...] = ()

    def leaves(self) -> frozenset[ox.Triple | StatedTriple]:
        """Return what the proof rests on: the stated triples, and the triples that its axioms begin with."""
        if self.step is None:
            return frozenset({self.triple})
        return frozenset(self.step.axiom.stated).union(*(premise.leaves() for premise in self.premises))

    def size(self) -> int:
        """Return the number of steps."""
        return (self.step is not None) + sum(premise.size() for premise in self.premises)

    def facts(self) -> Iterator[ox.Triple]:
        """Yield the stated triples, from left to right."""
        if self.step is None:
            yield self.triple
        for premise in self.premises:
            yield from premise.facts()


@dataclass
class Derivations:
    """How a triple and what it follows from follow: the steps to each, and the graphs of what is stated."""

    goal: ox.Triple
    steps: dict[ox.Triple, list[Step]] = field(default_factory=dict)
    graphs: dict[ox.Triple, list[str]] = field(default_factory=dict)
    is_cut: bool = False

    def is_stated(self, triple: ox.Triple) -> bool:
        """Tell whether a graph other than that of what follows has a triple."""
        return any(graph != INFERRED.value for graph in self.graphs.get(triple, ()))


def search(goal: ox.Triple, rules: Sequence[Rule]) -> Search:
    """Seek how `goal` follows by `rules`; the queries are of a dataset whose default graph merges all."""
    concluding = sorted((rule for rule in rules if rule.conclusion is not None), key=_rank)
    found = Derivations(goal)
    level = [goal]
    for _ in range(_MOST_LEVELS):
        solutions = yield [_graphs_query(triple) for triple in level]
        found.graphs |= {t: [_iri(row[0]) for row in rows] for t, rows in zip(level, solutions, strict=True)}
        open_ = [triple for triple in level if triple == goal or not found.is_stated(triple)]
        asked = [(triple, each) for triple in open_ for rule in concluding for each in _backwards(rule, triple)]
        if not asked:
            return found
        solutions = yield [each.query for _, each in asked]
        found.steps |= {triple: [] for triple in open_}
        for (triple, each), rows in zip(asked, solutions, strict=True):
            found.is_cut |= len(rows) > _MOST_STEPS_OF_RULE
            found.steps[triple] += each.steps(rows[:_MOST_STEPS_OF_RULE])
        premises = dict.fromkeys(p for triple in open_ for step in found.steps[triple] for p in step.premises)
        level = [premise for premise in premises if premise not in found.graphs]
        room = _MOST_TRIPLES - len(found.graphs)
        found.is_cut |= len(level) > room
        level = level[:room]
        if not level:
            return found
    found.is_cut = True
    return found


def sought(goal: ox.Triple, rules: Sequence[Rule], engine: Engine) -> Derivations:
    """Seek how `goal` follows by `rules` in a store that is asked at once."""
    asking = search(goal, rules)
    queries = next(asking)
    while True:
        try:
            queries = asking.send([list(engine.select(query)) for query in queries])
        except StopIteration as ended:
            found: Derivations = ended.value
            return found


def proofs(found: Derivations, most: int = MOST_PROOFS) -> list[Proof]:
    """Return the minimal proofs of the goal by steps, the shortest first: none rests on a part of what another does."""
    by_leaves: dict[ox.Triple, dict[frozenset[object], Proof]] = {
        triple: {frozenset({triple}): Proof(triple)}
        for triple in found.graphs
        if found.is_stated(triple) and triple != found.goal
    }
    open_ = {triple: steps for triple, steps in found.steps.items() if triple not in by_leaves}
    is_new = True
    while is_new:
        is_new = False
        for triple, steps in open_.items():
            own = by_leaves.setdefault(triple, {})
            for proof in (each for step in steps for each in _by_step(triple, step, by_leaves)):
                is_new |= _keep(own, proof, most)
    return sorted(by_leaves.get(found.goal, {}).values(), key=_length)


@dataclass(frozen=True)
class _Backwards:
    """A rule that concludes a certain triple, as a query for its premises.

    The first of `columns` are the variables of the rule, whose values tell which of `axioms` it is by.
    """

    rule: Rule
    premises: tuple[Pattern, ...]
    axioms: Mapping[tuple[Term | None, ...], Axiom]
    columns: tuple[ox.Variable, ...]
    table: str
    condition: str

    @property
    def query(self) -> str:
        selected = " ".join(map(str, self.columns)) or "(1 AS ?one)"
        where = f"{self.table} {written(self.premises)} {self.condition}"
        return f"SELECT DISTINCT {selected} WHERE {{ {where} }} LIMIT {_MOST_STEPS_OF_RULE + 1}"

    def steps(self, rows: Solutions) -> Iterator[Step]:
        for row in rows:
            values: dict[ox.Variable, Slot] = {
                variable: term for variable, term in zip(self.columns, row, strict=False) if term is not None
            }
            premises = tuple(substituted(one, values) for one in self.premises)
            if any(isinstance(slot, ox.BlankNode) for one in premises for slot in one):
                continue  # which no later query could name
            axiom = self.axioms.get(tuple(row[: len(self.rule.variables)]))
            if axiom is not None:
                yield Step(self.rule.names, axiom, tuple(map(triple_of, premises)))


def _backwards(rule: Rule, triple: ox.Triple) -> Iterator[_Backwards]:
    """Yield the rule for a conclusion that is `triple`, where it can be."""
    assert rule.conclusion is not None
    values = unified(rule.conclusion, triple)
    if values is None:
        return
    axioms = list(rows_for(rule, values))
    if not axioms and rule.variables:
        return
    premises = tuple(
        substituted(one, {k: v for k, v in values.items() if k not in rule.variables}) for one in rule.premises
    )
    if triple in [_maybe_triple(one) for one in premises]:
        return
    condition = rule.condition
    if condition:  # which speaks of variables that the patterns have no more
        condition = (
            " ".join(f"VALUES {v} {{ {term} }}" for v, term in values.items() if v not in rule.variables) + condition
        )
    columns = tuple(dict.fromkeys((*rule.variables, *variables_of(premises))))
    by_values: dict[tuple[Term | None, ...], Axiom] = {axiom.values: axiom for axiom in axioms}
    yield _Backwards(rule, premises, by_values, columns, rule.only(axioms).table, condition)


def _by_step(
    triple: ox.Triple, step: Step, by_leaves: Mapping[ox.Triple, Mapping[frozenset[object], Proof]]
) -> Iterator[Proof]:
    choices = [list(by_leaves.get(premise, {}).values()) for premise in step.premises]
    for premises in islice(product(*choices), _MOST_COMBINATIONS):
        yield Proof(triple, step, premises)


def _keep(own: dict[frozenset[object], Proof], proof: Proof, most: int) -> bool:
    """Keep a proof unless another rests on no more, and drop those that rest on more; tell whether it is kept."""
    leaves: frozenset[object] = frozenset(proof.leaves())
    if any(other <= leaves for other in own):
        return False
    wider = [other for other in own if leaves < other]
    if not wider and len(own) >= most:
        return False
    for other in wider:
        del own[other]
    own[leaves] = proof
    return True


def _rank(rule: Rule) -> tuple[bool, tuple[str, ...]]:
    """Return what sorts rules so that a thing is of a class by what it is said to be, before by what it does."""
    return not rule.names[0].startswith("cax"), rule.names


def _length(proof: Proof) -> tuple[int, bool, int, int, str]:
    facts = list(proof.facts())
    is_by_deeds = proof.triple.predicate == TYPE and not any(fact.predicate == TYPE for fact in facts)
    return len(set(facts)), is_by_deeds, len(proof.leaves()), proof.size(), " ".join(map(str, facts))


def _graphs_query(triple: ox.Triple) -> str:
    return f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ {triple} }} }}"


def _maybe_triple(one: Pattern) -> ox.Triple | None:
    return None if any(isinstance(slot, ox.Variable) for slot in one) else triple_of(one)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
