"""Finds the facts that cannot hold together by the axioms of an ontology."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.reasoning.engines import Engine, inside
from loaders.reasoning.rules import (
    Axiom,
    Pattern,
    Rule,
    Slot,
    Term,
    is_type,
    substituted,
    triple_of,
    variables_of,
    written,
)

# Of one axiom so many contradictions are told at most.
_MOST = 20


@dataclass(frozen=True)
class Contradiction:
    """That `facts` cannot hold together, by the rule `names` and `axiom`, or by what OWL says of itself without one."""

    names: tuple[str, ...]
    facts: tuple[ox.Triple, ...]
    axiom: Axiom

    @property
    def rule(self) -> str:
        """The rule of OWL 2 RL, by the name that the W3C gives it."""
        return self.names[-1]


def contradictions(engine: Engine, rules: Sequence[Rule]) -> Iterator[Contradiction]:
    """Yield what contradicts itself in what `engine` knows, which must have all that follows from it."""
    told: set[tuple[str, frozenset[ox.Triple]]] = set()
    sizes = _sizes(engine)
    for rule in rules:
        if rule.conclusion is None and all(_size(one, sizes) for one in rule.premises):
            for found in _of_rule(engine, rule, sizes):
                key = (found.rule, frozenset(found.facts))
                if key not in told:
                    told.add(key)
                    yield found


def _sizes(engine: Engine) -> dict[Term, int]:
    """Return how many members each class has."""
    query = f"SELECT ?c (COUNT(*) AS ?n) WHERE {{ {inside(engine.known, '?x a ?c')} }} GROUP BY ?c"
    return {class_: int(number.value) for class_, number in engine.select(query) if isinstance(number, ox.Literal)}


def _size(one: Pattern, sizes: Mapping[Term, int]) -> float:
    """Return how many matches a pattern about members of a class has; of others that is not known."""
    return sizes.get(one[2], 0) if is_type(one) and isinstance(one[2], ox.NamedNode) else math.inf


def _of_rule(engine: Engine, rule: Rule, sizes: Mapping[Term, int]) -> Iterator[Contradiction]:
    variables = variables_of(rule.premises)
    axioms = {axiom.values: axiom for axiom in rule.axioms}
    selected = [*dict.fromkeys((*rule.variables, *variables))]
    names = " ".join(map(str, selected)) or "(1 AS ?one)"
    premises = sorted(rule.premises, key=lambda one: _size(one, sizes))  # engines begin with the first
    known = inside(engine.known, written(premises))
    query = f"SELECT {names} WHERE {{ {rule.table} {known} {rule.condition} }}"
    for solution in engine.select(f"{query} LIMIT {_MOST}"):
        values: dict[ox.Variable, Slot] = dict(zip(selected, solution, strict=False))
        row: tuple[Term, ...] = solution[: len(rule.variables)]
        facts = [triple_of(substituted(one, values)) for one in rule.premises]
        yield Contradiction(rule.names, tuple(dict.fromkeys(facts)), axioms[row])
