"""The rules of OWL 2 RL for axioms about class expressions and about properties read backwards."""

from collections.abc import Iterator

import pyoxigraph as ox

from loaders.reasoning.class_expressions import ClassExpressions
from loaders.reasoning.list_axioms import rule_of
from loaders.reasoning.rules import Rule, Slot, StatedTriple, Term
from loaders.reasoning.stated import TYPE, Stated, is_anonymous
from loaders.reasoning.ways import Way, joined_by

_X, _Y = ox.Variable("x"), ox.Variable("y")
# What an expression begins with; a node that has one is the expression, whether it has a name or not.
_EXPRESSIONS = (
    *("owl:intersectionOf", "owl:unionOf", "owl:oneOf", "owl:complementOf", "owl:someValuesFrom"),
    *("owl:hasValue", "owl:allValuesFrom", "owl:maxCardinality", "owl:maxQualifiedCardinality"),
)


def rules_of_expressions(stated: Stated) -> Iterator[Rule]:
    """Yield the rules for axioms that have a class without a name, or a property that is read backwards.

    Each axiom has variables of its own, so that its rules are the same whatever other axioms there are.
    """
    for triple in stated.having("rdfs:subClassOf"):
        yield from _between_classes(ClassExpressions(stated), ("cax-sco",), triple, triple.subject, triple.object)
    for triple in stated.having("owl:equivalentClass"):
        yield from _between_classes(ClassExpressions(stated), ("cax-eqc1",), triple, triple.subject, triple.object)
        yield from _between_classes(ClassExpressions(stated), ("cax-eqc2",), triple, triple.object, triple.subject)
    for predicate in _EXPRESSIONS:
        for triple in stated.having(predicate):
            if not is_anonymous(triple.subject):
                yield from _named_expression(ClassExpressions(stated), triple)
    for triple in stated.having("rdfs:domain"):
        yield from _end_of_property(ClassExpressions(stated), "prp-dom", triple, _X)
    for triple in stated.having("rdfs:range"):
        yield from _end_of_property(ClassExpressions(stated), "prp-rng", triple, _Y)
    for triple in stated.having("rdf:type"):
        yield from _outcomes(ClassExpressions(stated), (), triple, triple.object, Way(), triple.subject)
    for predicate, names in (
        ("rdfs:subPropertyOf", ("prp-spo1",)),
        ("owl:equivalentProperty", ("prp-eqp1", "prp-eqp2")),
        ("owl:inverseOf", ("prp-inv1", "prp-inv2")),
    ):
        for triple in stated.having(predicate):
            yield from _between_properties(stated, names, triple)


def _between_classes(
    of: ClassExpressions, names: tuple[str, ...], triple: StatedTriple, narrow: Term, wide: Term
) -> Iterator[Rule]:
    if is_anonymous(narrow) or is_anonymous(wide):
        for way in of.ways(narrow, _X):
            yield from _outcomes(of, (*names, *way.names), triple, wide, way, way.values.get(_X, _X))


def _named_expression(of: ClassExpressions, triple: StatedTriple) -> Iterator[Rule]:
    """Yield what a class with a name, of which an expression is told as its own, has and is had by."""
    for way in of.ways_by_expression(triple.subject, _X):
        yield rule_of(way.names, (triple,), way, (_X, TYPE, triple.subject))
    member = Way(((_X, TYPE, triple.subject),))
    for names, outcome in of.outcomes_by_expression(triple.subject, _X):
        both = member.joined(outcome.premises)
        if both is not None:
            yield rule_of(names, (triple,), both, outcome.conclusion)


def _end_of_property(of: ClassExpressions, name: str, triple: StatedTriple, end: ox.Variable) -> Iterator[Rule]:
    role = of.stated.role(triple.subject)
    class_ = triple.object
    if role is not None and (is_anonymous(class_) or is_anonymous(triple.subject)):
        link = Way((joined_by(role, _X, _Y),))
        yield from _outcomes(of, (name,), triple, class_, link, end)


def _outcomes(
    of: ClassExpressions, names: tuple[str, ...], triple: StatedTriple, class_: Term, way: Way, member: Slot
) -> Iterator[Rule]:
    """Yield what follows for members of an expression; for those of a class with a name there are other rules."""
    is_told = not way.patterns and not way.values and not is_anonymous(class_)
    if not is_told:
        for more, outcome in of.outcomes(class_, member):
            both = way.joined(outcome.premises)
            if both is not None:
                yield rule_of((*names, *more), (triple,), both, outcome.conclusion)


def _between_properties(stated: Stated, names: tuple[str, ...], triple: StatedTriple) -> Iterator[Rule]:
    one, other = stated.role(triple.subject), stated.role(triple.object)
    if one is None or other is None or not (is_anonymous(triple.subject) or is_anonymous(triple.object)):
        return
    if triple.predicate.value.endswith("inverseOf"):
        if is_anonymous(triple.subject):  # an expression, and no axiom
            return
        other = (other[0], not other[1])
    narrow, wide = joined_by(one, _X, _Y), joined_by(other, _X, _Y)
    yield rule_of(names[:1], (triple,), Way((narrow,)), wide)
    if len(names) > 1:
        yield rule_of(names[1:], (triple,), Way((wide,)), narrow)
