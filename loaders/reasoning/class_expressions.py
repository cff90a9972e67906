"""Turns class expressions into triple patterns: what makes a thing a member, and what follows for a member.

A class without a name so needs no members of its own. The rules are those of table 6, in class_members.py and
class_outcomes.py.
"""

from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from loaders.reasoning.class_members import MEMBERS
from loaders.reasoning.class_outcomes import OUTCOMES
from loaders.reasoning.rules import Slot, Term
from loaders.reasoning.stated import NOTHING, THING, TYPE, Stated, is_anonymous
from loaders.reasoning.ways import LITERAL, MOST_WAYS, Outcome, Way
from ontology.iris import XSD

_DEEPEST = 30


class ClassExpressions:
    """The class expressions of an ontology as patterns; `MEMBERS` and `OUTCOMES` are the rules by their names."""

    def __init__(self, stated: Stated) -> None:
        self.stated = stated
        self._variables = 0

    def fresh(self) -> ox.Variable:
        """Return a variable that no other pattern has."""
        self._variables += 1
        return ox.Variable(f"y{self._variables}")

    def ways(self, class_: Term, member: Slot, depth: int = 0) -> list[Way]:
        """Return the ways of being a member of a class; none where OWL 2 RL has no rule for it."""
        if not is_anonymous(class_):
            return [Way(((member, TYPE, class_),))]
        return self.ways_by_expression(class_, member, depth)

    def ways_by_expression(self, class_: Term, member: Slot, depth: int = 0) -> list[Way]:
        """Return the ways of being a member by the expressions that a node has, be it named or not."""
        if depth > _DEEPEST:
            return []
        found = [
            replace(way, names=(name, *way.names))
            for name, rule in MEMBERS.items()
            for way in rule(self, class_, member, depth + 1)
        ]
        return found if len(found) <= MOST_WAYS else []

    def outcomes(self, class_: Term, member: Slot, depth: int = 0) -> Iterator[tuple[tuple[str, ...], Outcome]]:
        """Yield what follows for a member of a class, each with the names of the rules by which it does."""
        if class_ == NOTHING:
            yield ("cls-nothing2",), Outcome(None)
        elif not is_anonymous(class_):
            if class_ != THING:
                yield (), Outcome((member, TYPE, class_))
        else:
            yield from self.outcomes_by_expression(class_, member, depth)

    def outcomes_by_expression(
        self, class_: Term, member: Slot, depth: int = 0
    ) -> Iterator[tuple[tuple[str, ...], Outcome]]:
        """Yield what follows for a member by the expressions that a node has, be it named or not."""
        if depth <= _DEEPEST:
            for name, rule in OUTCOMES.items():
                for names, outcome in rule(self, class_, member, depth + 1):
                    yield (name, *names), outcome

    def role(self, restriction: Term) -> tuple[ox.NamedNode, bool] | None:
        """Return the property that a restriction is on, and whether it is read backwards."""
        property_ = self.stated.one(restriction, "owl:onProperty")
        return None if property_ is None else self.stated.role(property_)

    def fillers(self, range_: Term, value: Slot, depth: int) -> list[Way]:
        """Return the ways of being in a class or a range of data."""
        if range_ in (THING, LITERAL):
            return [Way(names=("cls-svf2",))]
        if isinstance(range_, ox.NamedNode) and range_.value.startswith(XSD):
            return [Way(conditions=(f"FILTER(DATATYPE({value}) = {range_})",))]
        return self.ways(range_, value, depth)
