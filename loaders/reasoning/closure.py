"""Applies rules to facts in rounds until nothing new follows; a round works on what the last one added."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.reasoning.engines import Engine
from loaders.reasoning.rules import Axiom, Pattern, Rule, Slot, Term, is_type, written

# All that is known, and what each round adds to it.
KNOWN = ox.NamedNode("urn:districtgraph:known")
_ROUND = "urn:districtgraph:round:"

# How many axioms a query has at most: some engines fail on longer texts.
_MOST_ROWS = 500


def close(engine: Engine, rules: Sequence[Rule], first: int = 1) -> int:
    """Add to the graph KNOWN of `engine` all that follows from it by `rules`; return the number of the next round.

    What round n added stands in its graph, `round_graph(n)`, too.
    """
    concluding = [rule for rule in rules if rule.conclusion is not None]
    number = first
    known = _Terms.of(engine, KNOWN)
    for rule in concluding:
        _add(engine, rule, rule.premises, known, None, number)
    while (last := _Terms.of(engine, round_graph(number))).predicates:
        engine.update(f"ADD GRAPH {round_graph(number)} TO GRAPH {KNOWN}")
        known = known.joined(last)
        for rule in concluding:
            for place in range(len(rule.premises)):
                _add(engine, _touched(rule, place, last), rule.premises, known, place, number + 1)
        number += 1
    return number


def round_graph(number: int) -> ox.NamedNode:
    """Return the graph of what a round added."""
    return ox.NamedNode(f"{_ROUND}{number}")


@dataclass(frozen=True)
class _Terms:
    """The predicates and the classes that a graph has, so that nothing is asked in vain."""

    predicates: frozenset[Term]
    classes: frozenset[Term]

    @classmethod
    def of(cls, engine: Engine, graph: ox.NamedNode) -> "_Terms":
        predicates = engine.select(f"SELECT DISTINCT ?p WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        classes = engine.select(f"SELECT DISTINCT ?c WHERE {{ GRAPH {graph} {{ ?s a ?c }} }}")
        return cls(frozenset(p for (p,) in predicates), frozenset(c for (c,) in classes))

    def joined(self, other: "_Terms") -> "_Terms":
        return _Terms(self.predicates | other.predicates, self.classes | other.classes)

    def may_match(self, one: Pattern, values: dict[Slot, Term]) -> bool:
        """Tell whether a pattern may have a match, for the values of some variables."""
        predicate, object_ = (values.get(slot, slot) for slot in one[1:])
        if isinstance(predicate, ox.Variable):
            return bool(self.predicates)
        if predicate not in self.predicates:
            return False
        return not is_type(one) or isinstance(object_, ox.Variable) or object_ in self.classes


def _touched(rule: Rule, place: int, last: _Terms) -> Rule:
    return rule.only(_that_match(rule, [rule.premises[place]], last)) if rule.variables else rule


def _that_match(rule: Rule, premises: Iterable[Pattern], terms: _Terms) -> Iterator[Axiom]:
    for axiom in rule.axioms:
        values: dict[Slot, Term] = dict(zip(rule.variables, axiom.values, strict=True))
        if all(terms.may_match(one, values) for one in premises):
            yield axiom


def _add(
    engine: Engine, rule: Rule, premises: Sequence[Pattern], known: _Terms, place: int | None, number: int
) -> None:
    """Add what a rule yields where its premise at `place`, if one is told, is of the last round."""
    if rule.variables:
        rule = rule.only(_that_match(rule, premises, known))
        parts = [rule.only(rule.axioms[start : start + _MOST_ROWS]) for start in range(0, len(rule.axioms), _MOST_ROWS)]
    else:
        parts = [rule] if all(known.may_match(one, {}) for one in premises) else []
    for part in parts:
        engine.update(_insertion(part, place, number))


def _insertion(rule: Rule, place: int | None, number: int) -> str:
    """Return the update that adds what a rule yields to the graph of a round."""
    assert rule.conclusion is not None
    others = [one for index, one in enumerate(rule.premises) if index != place]
    found = f"GRAPH {KNOWN} {{ {written(others)} }}" if others else ""
    if place is not None:
        found = f"GRAPH {round_graph(number - 1)} {{ {written([rule.premises[place]])} }} {found}"
    conclusion = written([rule.conclusion])
    variables = " ".join(dict.fromkeys(str(slot) for slot in rule.conclusion if isinstance(slot, ox.Variable)))
    if variables:
        found = f"{{ SELECT DISTINCT {variables} WHERE {{ {rule.table} {found} {rule.condition} }} }}"
    return (
        f"INSERT {{ GRAPH {round_graph(number)} {{ {conclusion} }} }} "
        f"WHERE {{ {found} FILTER NOT EXISTS {{ GRAPH {KNOWN} {{ {conclusion} }} }} }}"
    )
