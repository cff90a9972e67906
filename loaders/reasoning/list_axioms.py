"""The rules of OWL 2 RL for axioms that are lists: chains, keys, disjoint groups, and what is said not to hold."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import pyoxigraph as ox

from loaders.reasoning.class_expressions import ClassExpressions
from loaders.reasoning.rules import Axiom, Pattern, Rule, StatedTriple, Term, substituted
from loaders.reasoning.stated import SAME_AS, Stated, is_anonymous, owl
from loaders.reasoning.ways import Way, joined_by

_X, _Y, _Z = (ox.Variable(name) for name in "xyz")
_VARIABLE = re.compile(r"\?(\w+)")
_SUBCLASS = owl("rdfs:subClassOf")


def rule_of(
    names: tuple[str, ...],
    stated: tuple[StatedTriple, ...],
    premises: Way,
    conclusion: Pattern | None,
) -> Rule:
    """Return the rule for a single axiom, with the values that its premises give to variables put in."""
    patterns = tuple(substituted(one, premises.values) for one in premises.patterns)
    concluded = substituted(conclusion, premises.values) if conclusion else None
    values = {variable.value: value for variable, value in premises.values.items()}
    condition = _VARIABLE.sub(lambda found: str(values.get(found[1], found[0])), " ".join(premises.conditions))
    return Rule(names, patterns, concluded, (), (Axiom((), stated),), condition)


def _chains(of: ClassExpressions) -> Iterator[Rule]:
    for triple in of.stated.having("owl:propertyChainAxiom"):
        whole, links = of.stated.role(triple.subject), _roles(of.stated, triple.object)
        if whole is not None and links:
            ends = [_X, *(ox.Variable(f"y{number}") for number in range(1, len(links))), _Z]
            premises = tuple(joined_by(link, *pair) for link, pair in zip(links, pairwise(ends), strict=True))
            yield rule_of((), (triple,), Way(premises), joined_by(whole, _X, _Z))


def _keys(of: ClassExpressions) -> Iterator[Rule]:
    for triple in of.stated.having("owl:hasKey"):
        roles = _roles(of.stated, triple.object)
        for one in of.ways(triple.subject, _X) if roles else ():
            for other in of.ways(triple.subject, _Y):
                way = one.joined(other)
                values = [ox.Variable(f"z{number}") for number in range(len(roles or ()))]
                same = tuple(
                    joined_by(role, thing, value)
                    for role, value in zip(roles or (), values, strict=True)
                    for thing in (_X, _Y)
                )
                both = way.joined(Way(same, {}, ("FILTER(!sameTerm(?x, ?y))",))) if way else None
                if both is not None:
                    yield rule_of((), (triple,), both, (_X, SAME_AS, _Y))


def _disjoint_classes(of: ClassExpressions) -> Iterator[Rule]:
    for triple, items in _groups(of.stated, "AllDisjointClasses", "owl:members"):
        for one, other in combinations(items, 2):
            yield from _exclusive(of, triple, one, other)


def _disjoint_expressions(of: ClassExpressions) -> Iterator[Rule]:
    for triple in of.stated.having("owl:disjointWith"):
        if is_anonymous(triple.subject) or is_anonymous(triple.object):
            yield from _exclusive(of, triple, triple.subject, triple.object)


def _exclusive(of: ClassExpressions, triple: StatedTriple, one: Term, other: Term) -> Iterator[Rule]:
    for way in of.ways(one, _X):
        for another in of.ways(other, _X):
            both = way.joined(another)
            if both is not None:
                yield rule_of((), (triple,), both, None)


def _disjoint_properties(of: ClassExpressions) -> Iterator[Rule]:
    for triple, items in _groups(of.stated, "AllDisjointProperties", "owl:members"):
        roles = [role for role in map(of.stated.role, items) if role is not None]
        for one, other in combinations(roles, 2):
            yield rule_of((), (triple,), Way((joined_by(one, _X, _Y), joined_by(other, _X, _Y))), None)


def _all_different(of: ClassExpressions) -> Iterator[Rule]:
    yield from _different(of, "owl:members")


def _all_distinct(of: ClassExpressions) -> Iterator[Rule]:
    yield from _different(of, "owl:distinctMembers")


def _different(of: ClassExpressions, members: str) -> Iterator[Rule]:
    for triple, items in _groups(of.stated, "AllDifferent", members):
        for one, other in combinations(items, 2):
            yield rule_of((), (triple,), Way(((one, SAME_AS, other),)), None)


def _no_thing(of: ClassExpressions) -> Iterator[Rule]:
    yield from _denied(of, "owl:targetIndividual")


def _no_value(of: ClassExpressions) -> Iterator[Rule]:
    yield from _denied(of, "owl:targetValue")


def _denied(of: ClassExpressions, target: str) -> Iterator[Rule]:
    for triple in of.stated.having("owl:sourceIndividual"):
        property_ = of.stated.one(triple.subject, "owl:assertionProperty")
        role = of.stated.role(property_) if property_ is not None else None
        value = of.stated.one(triple.subject, target)
        if role is not None and value is not None:
            yield rule_of((), (triple,), Way((joined_by(role, triple.object, value),)), None)


def _below_its_parts(of: ClassExpressions) -> Iterator[Rule]:
    for triple in of.stated.having("owl:intersectionOf"):
        for part in of.stated.items(triple.object) or ():
            yield rule_of((), (triple,), Way(), (triple.subject, _SUBCLASS, part))


def _above_its_parts(of: ClassExpressions) -> Iterator[Rule]:
    for triple in of.stated.having("owl:unionOf"):
        for part in of.stated.items(triple.object) or ():
            if not isinstance(part, ox.Literal):
                yield rule_of((), (triple,), Way(), (part, _SUBCLASS, triple.subject))


def _roles(stated: Stated, head: Term) -> list[tuple[ox.NamedNode, bool]] | None:
    """Return the properties of a list, or None where one of its items is none."""
    found = [stated.role(item) for item in stated.items(head) or ()]
    roles = [role for role in found if role is not None]
    return roles if len(roles) == len(found) else None


def _groups(stated: Stated, class_: str, members: str) -> Iterator[tuple[StatedTriple, list[Term]]]:
    for group in stated.members_of(class_):
        for triple in stated.having(members):
            if triple.subject == group.subject:
                yield triple, stated.items(triple.object) or []


Axioms = Callable[[ClassExpressions], Iterator[Rule]]

FACTS: dict[str, Axioms] = {
    "prp-spo2": _chains,
    "prp-key": _keys,
    "prp-adp": _disjoint_properties,
    "prp-npa1": _no_thing,
    "prp-npa2": _no_value,
    "cax-adc": _disjoint_classes,
    "cax-dw": _disjoint_expressions,
    "eq-diff2": _all_different,
    "eq-diff3": _all_distinct,
}
SCHEMA: dict[str, Axioms] = {"scm-int": _below_its_parts, "scm-uni": _above_its_parts}
