"""Compiles what an ontology states to rules."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from loaders.reasoning import list_axioms, owl_rl
from loaders.reasoning.class_expressions import ClassExpressions
from loaders.reasoning.expression_axioms import rules_of_expressions
from loaders.reasoning.literal_values import rules_of_literals
from loaders.reasoning.owl_rl import Template
from loaders.reasoning.rules import Axiom, Pattern, Rule, StatedTriple, is_type, pattern, patterns, variables_of
from loaders.reasoning.stated import THING, TYPE, Stated, is_anonymous
from ontology.iris import OWL, RDFS, XSD

_OF_EVERYTHING = frozenset({THING.value, RDFS + "Resource", RDFS + "Literal"})


def rules_about_things(triples: Iterable[StatedTriple]) -> list[Rule]:
    """Return the rules by which facts follow from facts, and contradict each other.

    Blank nodes in `triples` must have names (`stated.named`).
    """
    stated = Stated(triples)
    of = ClassExpressions(stated)
    found = [*_from_templates(stated), *rules_of_expressions(stated), *rules_of_literals(stated)]
    found += [replace(rule, names=(name,)) for name, axioms in list_axioms.FACTS.items() for rule in axioms(of)]
    return [rule for rule in found if rule.conclusion is None or rule.conclusion not in rule.premises]


def rules_about_terms(triples: Iterable[StatedTriple]) -> list[Rule]:
    """Return the rules by which axioms follow from axioms. Blank nodes in `triples` must have names."""
    of = ClassExpressions(Stated(triples))
    found = [_rule(name.removesuffix(" back"), template, ()) for name, template in owl_rl.SCHEMA.items()]
    found += [replace(rule, names=(name,)) for name, axioms in list_axioms.SCHEMA.items() for rule in axioms(of)]
    return found


def _from_templates(stated: Stated) -> Iterator[Rule]:
    for name, template in owl_rl.FACTS.items():
        if not template.axioms:
            yield _rule(name, template, ())
        elif axioms := tuple(_axioms(stated, template)):
            yield _rule(name, template, axioms)


def _rule(name: str, template: Template, axioms: tuple[Axiom, ...]) -> Rule:
    variables = variables_of(patterns(template.axioms))
    conclusion = pattern(template.conclusion) if template.conclusion else None
    return Rule(tuple(name.split()), patterns(template.premises), conclusion, variables, axioms, template.condition)


def _axioms(stated: Stated, template: Template) -> Iterator[Axiom]:
    """Yield the axioms that a template is for, but those about expressions, which have rules of their own."""
    (axiom,) = patterns(template.axioms)
    is_about_class = template.conclusion is not None and is_type(pattern(template.conclusion))
    for triple in _matches(stated, axiom):
        values = tuple(term for slot, term in zip(axiom, triple, strict=True) if isinstance(slot, ox.Variable))
        if any(map(is_anonymous, values)) or (len(values) > 1 and values[0] == values[1]):
            continue
        if not (is_about_class and _is_of_everything(triple)):
            yield Axiom(values, (triple,))


def _matches(stated: Stated, axiom: Pattern) -> Iterable[StatedTriple]:
    _, predicate, object_ = axiom
    assert isinstance(predicate, ox.NamedNode)
    if predicate == TYPE:
        assert isinstance(object_, ox.NamedNode)
        return stated.members_of(object_.value.removeprefix(OWL))
    prefix = "rdfs" if predicate.value.startswith(RDFS) else "owl"
    return stated.having(f"{prefix}:{predicate.value.rpartition('#')[2]}")


def _is_of_everything(triple: StatedTriple) -> bool:
    """Tell whether the object is the class of everything, or of literals, which have their types by themselves."""
    name = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
    return name in _OF_EVERYTHING or name.startswith(XSD)
