"""Asks what a triple may follow from at once: the rules by what they conclude, each as a query for its premises."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.graphs import COMPUTED
from loaders.reasoning.rules import (
    Axiom,
    Pattern,
    Rule,
    Slot,
    Step,
    Term,
    instances,
    substituted,
    triple_of,
    unified,
    variables_of,
    written,
)

Solutions = Sequence[Sequence[Term | None]]
_Key = tuple[object, object]


@dataclass(frozen=True)
class Question:
    """A rule that concludes a certain triple, as a query for its premises.

    The first of `columns` are the variables of the rule, whose values tell which of `axioms` it is by. Of the ways in
    which its premises are there, `most` are told and one more, which tells that there are others.
    """

    rule: Rule
    premises: tuple[Pattern, ...]
    axioms: Mapping[tuple[Term | None, ...], Axiom]
    columns: tuple[ox.Variable, ...]
    condition: str
    most: int

    @property
    def query(self) -> str:
        """The SELECT query for the columns, of a dataset whose default graph merges all.

        From what is computed nothing follows: it is computed of what does.
        """
        selected = " ".join(map(str, self.columns)) or "(1 AS ?one)"
        computed = " ".join(f"FILTER NOT EXISTS {{ GRAPH {COMPUTED} {{ {written([one])} }} }}" for one in self.premises)
        where = f"{self.rule.table} {written(self.premises)} {self.condition} {computed}"
        return f"SELECT DISTINCT {selected} WHERE {{ {where} }} LIMIT {self.most + 1}"

    def steps(self, rows: Solutions) -> Iterator[Step]:
        """Yield the steps that solutions tell, but those from blank nodes, which no later query could name."""
        for row in rows[: self.most]:
            values: dict[ox.Variable, Slot] = {
                variable: term for variable, term in zip(self.columns, row, strict=False) if term is not None
            }
            premises = tuple(substituted(one, values) for one in self.premises)
            axiom = self.axioms.get(tuple(row[: len(self.rule.variables)]))
            if axiom is not None and not any(isinstance(slot, ox.BlankNode) for one in premises for slot in one):
                yield Step(self.rule.names, axiom, tuple(map(triple_of, premises)))


class Backwards:
    """The rules that conclude something, arranged by the predicates and classes of their conclusions."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = sorted((rule for rule in rules if rule.conclusion is not None), key=_rank)
        self._by_conclusion: dict[_Key, dict[int, list[Axiom]]] = defaultdict(lambda: defaultdict(list))
        for number, rule in enumerate(self._rules):
            for axiom, conclusion in instances(rule):
                predicate, object_ = (None if isinstance(slot, ox.Variable) else slot for slot in conclusion[1:])
                key = (predicate, object_) if predicate is not None else (None, None)
                self._by_conclusion[key][number].append(axiom)

    def questions(self, triple: ox.Triple, most: int) -> Iterator[Question]:
        """Yield what to ask of how a triple follows, in at most so many ways by one rule."""
        axioms: dict[int, list[Axiom]] = {}
        for key in ((None, None), (triple.predicate, None), (triple.predicate, triple.object)):
            for number, some in self._by_conclusion.get(key, {}).items():
                axioms.setdefault(number, []).extend(some)
        for number in sorted(axioms):
            question = _question(self._rules[number].only(axioms[number]), triple, most)
            if question is not None:
                yield question


def _question(rule: Rule, triple: ox.Triple, most: int) -> Question | None:
    """Return the rule for a conclusion that is `triple`, where it can be and that is no premise of itself."""
    assert rule.conclusion is not None
    values = unified(rule.conclusion, triple)
    if values is None:
        return None
    free = {variable: term for variable, term in values.items() if variable not in rule.variables}
    premises = tuple(substituted(one, free) for one in rule.premises)
    if triple in [_maybe_triple(one) for one in premises]:
        return None
    condition = rule.condition
    if condition:  # which speaks of variables that the patterns have no more
        condition = " ".join(f"VALUES {variable} {{ {term} }}" for variable, term in free.items()) + condition
    columns = tuple(dict.fromkeys((*rule.variables, *variables_of(premises))))
    return Question(rule, premises, {axiom.values: axiom for axiom in rule.axioms}, columns, condition, most)


def _rank(rule: Rule) -> tuple[bool, tuple[str, ...]]:
    """Return what sorts rules so that a thing is of a class by what it is said to be, before by what it does."""
    return not rule.names[0].startswith("cax"), rule.names


def _maybe_triple(one: Pattern) -> ox.Triple | None:
    return None if any(isinstance(slot, ox.Variable) for slot in one) else triple_of(one)
