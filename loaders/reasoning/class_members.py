"""The rules of OWL 2 RL for what makes a thing a member of a class expression.

https://www.w3.org/TR/owl2-profiles/#Class_Expressions_3 says which expressions those are; of others nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

from loaders.reasoning.rules import Slot, Term
from loaders.reasoning.stated import SAME_AS, THING
from loaders.reasoning.ways import MOST_WAYS, Way, joined_by

if TYPE_CHECKING:
    from loaders.reasoning.class_expressions import ClassExpressions


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
            else:
                yield Way() if member == item else Way(((member, SAME_AS, item),))


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
Members = Callable[["ClassExpressions", Term, Slot, int], Iterator[Way]]
MEMBERS: dict[str, Members] = {
    "cls-int1": _intersection,
    "cls-uni": _union,
    "cls-oo": _one_of,
    "cls-svf1": _some_values,
    "cls-hv2": _has_value_of,
}
