"""The rules by which a release was inferred, with the words for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import Graph

from loaders.reasoning.domain_rules import DomainRule, rules_of
from loaders.reasoning.proving import Prover
from ontology.axiom_words import AxiomWords


@dataclass(frozen=True)
class Reasoning:
    """What proves a triple by the ontology of a release, the words for axioms, and the rules of the domain by name."""

    prover: Prover
    words: AxiomWords
    domain_rules: Mapping[str, DomainRule]


def reasoning_of(triples: Iterable[ox.Triple], graph: Graph, domain_rules: Sequence[DomainRule] = ()) -> Reasoning:
    """Return the rules of an ontology, whose `triples` are those of `graph`, and of the domain."""
    prover = Prover(triples, rules_of(domain_rules))
    return Reasoning(prover, AxiomWords(graph), {rule.name: rule for rule in domain_rules})
