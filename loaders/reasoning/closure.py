"""Applies rules to facts in rounds until nothing new follows; a round works on what the last one added."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.reasoning.engines import Engine, Graph, inside
from loaders.reasoning.rules import Axiom, Pattern, Rule, Term, is_type, written

# What each round adds to what is known.
_ROUND = "urn:districtgraph:round:"

# How many axioms a query has at most: some engines fail on longer texts.
_MOST_ROWS = 500


def round_graph(number: int) -> ox.NamedNode:
    """Return the graph of what a round added."""
    return ox.NamedNode(f"{_ROUND}{number}")


def close(engine: Engine, rules: Sequence[Rule], first: int = 1) -> int:
    """Add to what `engine` knows all that follows from it by `rules`; return the number of the next round.

    What round n added stands in its graph, `round_graph(n)`, too.
    """
    for rule in rules:
        if rule.conclusion is not None:
            for part in parts(rule, rule.axioms):
                known = inside(engine.known, written(rule.premises))
                engine.update(insertion(engine, part, known, (engine.known, round_graph(first))))
    return spread(engine, rules, first)


def spread(engine: Engine, rules: Sequence[Rule], number: int) -> int:
    """Add all that follows from what a round added; return the number of the next round."""
    while (last := Terms.of(engine, round_graph(number))).predicates:
        for rule in rules:
            if rule.conclusion is not None:
                for part, premises in touched(engine, rule, last, round_graph(number)):
                    engine.update(insertion(engine, part, premises, (engine.known, round_graph(number + 1))))
        number += 1
    return number


@dataclass(frozen=True)
class Terms:
    """The predicates and the classes that a graph has, so that nothing is asked in vain."""

    predicates: frozenset[Term]
    classes: frozenset[Term]

    @classmethod
    def of(cls, engine: Engine, graph: ox.NamedNode) -> "Terms":
        """Return those of a graph."""
        predicates = engine.select(f"SELECT DISTINCT ?p WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        classes = engine.select(f"SELECT DISTINCT ?c WHERE {{ GRAPH {graph} {{ ?s a ?c }} }}")
        return cls(frozenset(p for (p,) in predicates), frozenset(c for (c,) in classes))

    def parts(self, rule: Rule, one: Pattern) -> Iterator[Rule]:
        """Yield a rule for the axioms for which a pattern may have a match, so many at a time."""
        fitting = [
            axiom for axiom in rule.axioms if self._may_match(one, dict(zip(rule.variables, axiom.values, strict=True)))
        ]
        yield from parts(rule, fitting) if rule.variables or self._may_match(one, {}) else ()

    def _may_match(self, one: Pattern, values: Mapping[ox.Variable, Term]) -> bool:
        predicate, object_ = (values.get(slot, slot) if isinstance(slot, ox.Variable) else slot for slot in one[1:])
        if isinstance(predicate, ox.Variable):
            return True
        is_of_class = is_type(one) and not isinstance(object_, ox.Variable)
        return predicate in self.predicates and not (is_of_class and object_ not in self.classes)


def parts(rule: Rule, axioms: Sequence[Axiom]) -> Iterator[Rule]:
    """Yield a rule for some of its axioms, so many at a time."""
    if not rule.variables:
        yield rule
    else:
        for start in range(0, len(axioms), _MOST_ROWS):
            yield rule.only(axioms[start : start + _MOST_ROWS])


def touched(engine: Engine, rule: Rule, last: Terms, graph: ox.NamedNode) -> Iterator[tuple[Rule, str]]:
    """Yield a rule for each of its premises that may have a match in `graph`, which has the terms `last`.

    With it comes SPARQL for its premises, of which that one is of the graph and the others are known to `engine`.
    """
    for place, premise in enumerate(rule.premises):
        others = [one for index, one in enumerate(rule.premises) if index != place]
        known = inside(engine.known, written(others)) if others else ""
        for part in last.parts(rule, premise):
            yield part, f"GRAPH {graph} {{ {written([premise])} }} {known}"


def insertion(engine: Engine, rule: Rule, premises: str, into: Iterable[Graph], condition: str | None = None) -> str:
    """Return the update that adds what a rule concludes from `premises` to some graphs.

    `condition` is SPARQL about the conclusion, by default that `engine` does not know it.
    """
    assert rule.conclusion is not None
    conclusion = written([rule.conclusion])
    variables = " ".join(dict.fromkeys(str(slot) for slot in rule.conclusion if isinstance(slot, ox.Variable)))
    found = f"{rule.table} {premises} {rule.condition}"
    if variables:
        found = f"{{ SELECT DISTINCT {variables} WHERE {{ {found} }} }}"
    if condition is None:
        condition = f"FILTER NOT EXISTS {{ {inside(engine.known, conclusion)} }}"
    inserted = " ".join(inside(graph, conclusion) for graph in into)
    return f"INSERT {{ {inserted} }} WHERE {{ {found} {condition} }}"
