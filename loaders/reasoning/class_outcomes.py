"""The rules of OWL 2 RL for what follows for the members of a class expression.

https://www.w3.org/TR/owl2-profiles/#Class_Expressions_3 says which expressions those are; of others nothing follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pyoxigraph as ox

from loaders.reasoning.rules import Slot, Term
from loaders.reasoning.stated import SAME_AS, THING
from loaders.reasoning.ways import LITERAL, Outcome, Way, joined_by

if TYPE_CHECKING:
    from loaders.reasoning.class_expressions import ClassExpressions

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
    for way, _ in _counted(of, class_, member, 0, [], depth):
        yield (), Outcome(None, way)


def _at_most_none_of_class(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    if classes := _counted_classes(of, class_, is_thing=False):
        for way, _ in _counted(of, class_, member, 0, classes, depth):
            yield (), Outcome(None, way)


def _at_most_none_of_things(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    if classes := _counted_classes(of, class_, is_thing=True):
        for way, _ in _counted(of, class_, member, 0, classes, depth):
            yield (), Outcome(None, way)


def _at_most_one(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    yield from _same(of, class_, member, [], depth)


def _at_most_one_of_class(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    if classes := _counted_classes(of, class_, is_thing=False):
        yield from _same(of, class_, member, classes, depth)


def _at_most_one_of_things(of: ClassExpressions, class_: Term, member: Slot, depth: int) -> _Follows:
    if classes := _counted_classes(of, class_, is_thing=True):
        yield from _same(of, class_, member, classes, depth)


def _same(of: ClassExpressions, class_: Term, member: Slot, classes: Sequence[Term], depth: int) -> _Follows:
    ones = list(_counted(of, class_, member, 1, classes, depth))
    others = list(_counted(of, class_, member, 1, classes, depth))
    for (one, y), (other, z) in product(ones, others):
        both = one.joined(other)
        if both is not None:
            things = f"FILTER(!sameTerm({y}, {z}) && !isLiteral({y}) && !isLiteral({z}))"
            values = f"FILTER(isLiteral({y}) && isLiteral({z}) && {y} != {z})"
            yield (), Outcome((y, SAME_AS, z), replace(both, conditions=(*both.conditions, things)))
            yield ("dt-diff",), Outcome(None, replace(both, conditions=(*both.conditions, values)))


def _counted_classes(of: ClassExpressions, class_: Term, *, is_thing: bool) -> list[Term]:
    """Return the classes whose members a qualified cardinality counts, if they are all things, or if they are not."""
    classes = [*of.stated.objects(class_, "owl:onClass"), *of.stated.objects(class_, "owl:onDataRange")]
    return [counted for counted in classes if (counted in (THING, LITERAL)) is is_thing]


def _counted(
    of: ClassExpressions, class_: Term, member: Slot, number: int, classes: Sequence[Term], depth: int
) -> Iterator[tuple[Way, ox.Variable]]:
    """Yield the ways of having a value that a cardinality counts, each with the variable of the value.

    `classes` are those of a qualified cardinality; without them it is one that counts all things.
    """
    role = of.role(class_)
    bound = "owl:maxQualifiedCardinality" if classes else "owl:maxCardinality"
    for count, counted in product(of.stated.objects(class_, bound), classes or [THING]):
        if role is not None and isinstance(count, ox.Literal) and count.value == str(number):
            value = of.fresh()
            link = Way((joined_by(role, member, value),))
            for filler in of.fillers(counted, value, depth):
                way = link.joined(filler)
                if way is not None:
                    yield way, value


Outcomes = Callable[["ClassExpressions", Term, Slot, int], _Follows]
OUTCOMES: dict[str, Outcomes] = {
    "cls-int2": _each_part,
    "cls-hv1": _has_value,
    "cls-avf": _all_values,
    "cls-com": _complement,
    "cls-maxc1": _at_most_none,
    "cls-maxc2": _at_most_one,
    "cls-maxqc1": _at_most_none_of_class,
    "cls-maxqc2": _at_most_none_of_things,
    "cls-maxqc3": _at_most_one_of_class,
    "cls-maxqc4": _at_most_one_of_things,
}
