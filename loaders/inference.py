"""Works out what follows from facts by an ontology and its rules of the domain, and what cannot be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.graphs import INFERRED
from loaders.reasoning import contradictions as contradicting
from loaders.reasoning.closure import KNOWN, close, round_graph
from loaders.reasoning.compiling import rules_about_terms, rules_about_things
from loaders.reasoning.contradictions import Contradiction
from loaders.reasoning.domain_rules import DomainRule, rules_of
from loaders.reasoning.engines import Embedded
from loaders.reasoning.rules import Rule
from loaders.reasoning.stated import axioms_in, named, unnamed


@dataclass(frozen=True)
class Reasoned:
    """What follows from some quads, in the graph `inferred`, and what contradicts itself among all that is known."""

    inferred: set[ox.Quad]
    contradictions: tuple[Contradiction, ...]


def reason(quads: Iterable[ox.Quad], domain_rules: Sequence[DomainRule] = ()) -> Reasoned:
    """Return what follows from `quads`, which hold the ontology, and what contradicts itself.

    That is by OWL 2 RL and by the rules of the domain, each from what the others conclude.

    Blank nodes keep their names. That a thing is of a class without a name is left out, as are axioms about these.
    """
    store = ox.Store()
    store.bulk_extend(named(quad, KNOWN) for quad in quads)
    engine = Embedded(store)
    rules: list[Rule] = []
    of_domain = rules_of(domain_rules)
    number = 1
    while more := [rule for rule in (*of_domain, *rules_about_things(axioms_in(engine, KNOWN))) if rule not in rules]:
        rules += more
        number = close(engine, more if number == 1 else rules, number)
    about_terms = number
    number = close(engine, rules_about_terms(axioms_in(engine, KNOWN)), number)
    inferred = set()
    for round_ in range(1, number):
        for quad in store.quads_for_pattern(None, None, None, round_graph(round_)):
            triple = unnamed(quad.triple)
            is_about_expression = round_ >= about_terms and isinstance(triple.subject, ox.BlankNode)
            if not (is_about_expression or isinstance(triple.object, ox.BlankNode)):
                inferred.add(ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED))
    return Reasoned(inferred, tuple(contradicting.contradictions(engine, rules)))


def infer(quads: Iterable[ox.Quad], domain_rules: Sequence[DomainRule] = ()) -> set[ox.Quad]:
    """Return what follows from `quads` that is not in them."""
    return reason(quads, domain_rules).inferred


def contradictions(quads: Iterable[ox.Quad], domain_rules: Sequence[DomainRule] = ()) -> tuple[Contradiction, ...]:
    """Return what contradicts itself in `quads` and all that follows from them."""
    return reason(quads, domain_rules).contradictions
