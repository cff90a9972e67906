"""Turns class expressions into triple patterns: what makes a thing a member, and what follows for a member.

A class without a name so needs no members of its own. The rules are those of table 6, and the expressions those that
OWL 2 RL allows on either side (https://www.w3.org/TR/owl2-profiles/#Class_Expressions_3); of others nothing follows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import pyoxigraph as ox

from loaders.reasoning.rules import Pattern, Slot, Term
from loaders.reasoning.stated import NOTHING, SAME_AS, THING, TYPE, Stated, is_anonymous
from ontology.iris import RDFS, XSD

# How many ways of being a member are told apart; each makes a rule, and unions within intersections multiply them.
MOST_WAYS = 200
_DEEPEST = 30
_LITERAL = ox.NamedNode(RDFS + "Literal")


@dataclass(frozen=True)
class Way:
    """One way of being a member: patterns that all have a match, values of variables, and a condition in SPARQL."""

    patterns: tuple[Pattern, ...] = ()
    values: Mapping[ox.Variable, Term] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def joined(self, other: "Way") -> "Way | None":
        """Return what holds where both do, or None where they give a variable different values."""
        if any(self.values.get(variable, value) != value for variable, value in other.values.items()):
            return None
        return Way(
            self.patterns + other.patterns,
            {**self.values, **other.values},
            self.conditions + other.conditions,
            self.names + other.names,
        )


@dataclass(frozen=True)
class Outcome:
    """What follows for a member where `premises` have a match too; without a conclusion it is a contradiction."""

    conclusion: Pattern | None
    premises: Way = Way()


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
        if range_ in (THING, _LITERAL):
            return [Way(names=("cls-svf2",))]
        if isinstance(range_, ox.NamedNode) and range_.value.startswith(XSD):
            return [Way(conditions=(f"FILTER(DATATYPE({value}) = {range_})",))]
        return self.ways(range_, value, depth)


def joined_by(role: tuple[ox.NamedNode, bool], subject: Slot, object_: Slot) -> Pattern:
    """Return the pattern that a property, which may be read backwards, joins two slots."""
    property_, is_backwards = role
    return (object_, property_, subject) if is_backwards else (subject, property_, object_)


def _intersection(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> Iterator[Way]:
    for head in of.stated.objects(class_, "owl:intersectionOf"):
        items = of.stated.items(head)
        ways = [Way()] if items else []
        for item in items or ():
            parts = of.ways(item, member, depth) if item != THING else [Way()]
            both = (way.joined(part) for way in ways for part in parts)
            ways = [way for way in both if way is not None][: MOST_WAYS + 1]
        yield from ways


def _union(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> Iterator[Way]:
    for head in of.stated.objects(class_, "owl:unionOf"):
        for item in of.stated.items(head) or ():
            yield from of.ways(item, member, depth)


def _one_of(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> Iterator[Way]:
    for head in of.stated.objects(class_, "owl:oneOf"):
        for item in of.stated.items(head) or ():
            if isinstance(member, ox.Variable):
                yield Way(values={member: item})


def _some_values(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> Iterator[Way]:
    role = of.role(class_)
    for range_ in of.stated.objects(class_, "owl:someValuesFrom"):
        if role is not None:
            value = of.fresh()
            link = Way((joined_by(role, member, value),))
            yield from filter(None, (link.joined(filler) for filler in of.fillers(range_, value, depth)))


def _has_value_of(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> Iterator[Way]:
    role = of.role(class_)
    for value in of.stated.objects(class_, "owl:hasValue"):
        if role is not None and not (role[1] and isinstance(value, ox.Literal)):
            yield Way((joined_by(role, member, value),))


# What makes a thing a member of a class expression: https://www.w3.org/TR/owl2-profiles/#tab-rules-classes
Members = Callable[[ClassExpressions, Term, Slot, int], Iterator[Way]]
MEMBERS: dict[str, Members] = {
    "cls-int1": _intersection,
    "cls-uni": _union,
    "cls-oo": _one_of,
    "cls-svf1": _some_values,
    "cls-hv2": _has_value_of,
}

_Follows = Iterator[tuple[tuple[str, ...], Outcome]]


def _each_part(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    for head in of.stated.objects(class_, "owl:intersectionOf"):
        for item in of.stated.items(head) or ():
            yield from of.outcomes(item, member, depth)


def _has_value(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    role = of.role(class_)
    for value in of.stated.objects(class_, "owl:hasValue"):
        if role is not None and not (role[1] and isinstance(value, ox.Literal)):
            yield (), Outcome(joined_by(role, member, value))


def _all_values(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    role = of.role(class_)
    for range_ in of.stated.objects(class_, "owl:allValuesFrom"):
        if role is not None:
            value = of.fresh()
            link = Way((joined_by(role, member, value),))
            for names, outcome in of.outcomes(range_, value, depth):
                joined = link.joined(outcome.premises)
                if joined is not None:
                    yield names, Outcome(outcome.conclusion, joined)


def _complement(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    for other in of.stated.objects(class_, "owl:complementOf"):
        for way in of.ways(other, member, depth):
            yield (), Outcome(None, way)


def _at_most_none(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    for way in _restricted(of, class_, member, 0, "owl:maxCardinality", depth):
        yield (), Outcome(None, way[0])


def _at_most_none_of(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    for way in _restricted(of, class_, member, 0, "owl:maxQualifiedCardinality", depth):
        yield (), Outcome(None, way[0])


def _at_most_one(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    yield from _same(of, class_, member, "owl:maxCardinality", depth)


def _at_most_one_of(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    yield from _same(of, class_, member, "owl:maxQualifiedCardinality", depth)


def _same(of: ClassExpressions, class_: Term, member: Slot, bound: str, depth: int) -> _Follows:
    ones = list(_restricted(of, class_, member, 1, bound, depth))
    others = list(_restricted(of, class_, member, 1, bound, depth))
    for (one, y), (other, z) in product(ones, others):
        both = one.joined(other)
        if both is not None:
            things = f"FILTER(!sameTerm({y}, {z}) && !isLiteral({y}) && !isLiteral({z}))"
            values = f"FILTER(isLiteral({y}) && isLiteral({z}) && {y} != {z})"
            yield (), Outcome((y, SAME_AS, z), replace(both, conditions=(*both.conditions, things)))
            yield ("dt-diff",), Outcome(None, replace(both, conditions=(*both.conditions, values)))


def _restricted(
    of: ClassExpressions, class_: Term, member: Slot, number: int, bound: str, depth: int
) -> Iterator[tuple[Way, ox.Variable]]:
    """Yield the ways of having a value that a cardinality counts, each with the variable of the value."""
    role = of.role(class_)
    classes = of.stated.objects(class_, "owl:onClass") or of.stated.objects(class_, "owl:onDataRange") or [THING]
    for count in of.stated.objects(class_, bound):
        if role is not None and isinstance(count, ox.Literal) and count.value == str(number):
            value = of.fresh()
            link = Way((joined_by(role, member, value),))
            for filler in of.fillers(classes[0], value, depth):
                way = link.joined(filler)
                if way is not None:
                    yield way, value


Outcomes = Callable[[ClassExpressions, Term, Slot, int], _Follows]
OUTCOMES: dict[str, Outcomes] = {
    "cls-int2": _each_part,
    "cls-hv1": _has_value,
    "cls-avf": _all_values,
    "cls-com": _complement,
    "cls-maxc1": _at_most_none,
    "cls-maxc2": _at_most_one,
    "cls-maxqc1": _at_most_none_of,
    "cls-maxqc3": _at_most_one_of,
}
