"""Works out what follows from facts by an ontology and its rules of the domain, and what cannot be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.graphs import INFERRED
from loaders.reasoning.closure import close, round_graph
from loaders.reasoning.compiling import rules_about_terms, rules_about_things
from loaders.reasoning.contradictions import Contradiction, contradictions
from loaders.reasoning.domain_rules import DomainRule, rules_of
from loaders.reasoning.engines import KNOWN, Embedded, Engine
from loaders.reasoning.rules import Rule
from loaders.reasoning.stated import axioms_in, is_about_expression, named, unnamed


@dataclass(frozen=True)
class Reasoned:
    """What follows from some quads by `rules`, in the graph `inferred`, and what contradicts itself among all of it."""

    inferred: set[ox.Quad]
    contradictions: tuple[Contradiction, ...]
    rules: tuple[Rule, ...]


def reason(quads: Iterable[ox.Quad], domain_rules: Sequence[DomainRule] = ()) -> Reasoned:
    """Return what follows from `quads`, which hold the ontology, and what contradicts itself.

    That is by OWL 2 RL and by the rules of the domain, each from what the others conclude.

    Blank nodes keep their names. That a thing is of a class without a name is left out, as are axioms about these.
    """
    store = ox.Store()
    store.bulk_extend(named(quad, KNOWN) for quad in quads)
    engine = Embedded(store)
    rules = rules_of(domain_rules) + rules_about_things(axioms_in(engine, KNOWN))
    number = close(engine, rules)
    while new := _new_rules(engine, rules, number):
        rules += new
        number = close(engine, rules, number)
    number = close(engine, rules_about_terms(axioms_in(engine, KNOWN)), number)
    inferred = set()
    for round_ in range(1, number):
        for quad in store.quads_for_pattern(None, None, None, round_graph(round_)):
            triple = unnamed(quad.triple)
            if not is_about_expression(triple):
                inferred.add(ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED))
    return Reasoned(inferred, tuple(contradictions(engine, rules)), tuple(rules))


def _new_rules(engine: Engine, rules: Sequence[Rule], next_round: int) -> list[Rule]:
    """Return the rules for axioms that were themselves found to follow."""
    found = (True for number in range(1, next_round) for _ in axioms_in(engine, round_graph(number)))
    if not any(found):
        return []
    return [rule for rule in rules_about_things(axioms_in(engine, KNOWN)) if rule not in rules]


def infer(quads: Iterable[ox.Quad], domain_rules: Sequence[DomainRule] = ()) -> set[ox.Quad]:
    """Return what follows from `quads` that is not in them."""
    return reason(quads, domain_rules).inferred
