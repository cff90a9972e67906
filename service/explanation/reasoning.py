"""The rules by which a release was inferred, with the words for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox
from rdflib import Graph

from loaders.reasoning.proving import Prover
from loaders.reasoning.rules import Rule
from ontology.axiom_words import AxiomWords


class DomainRule(Protocol):
    """A rule of the domain: its name, which is that of its `rules`, what it says, and where that is taken from."""

    @property
    def name(self) -> str:
        """Its name, which is no name of the W3C's."""

    @property
    def summary(self) -> str:
        """What it says, as a sentence."""

    @property
    def source(self) -> str:
        """The paper and section that it is taken from, or what it is ours for."""

    @property
    def rules(self) -> Sequence[Rule]:
        """What it says to the reasoner: one rule for each triple that it concludes."""


@dataclass(frozen=True)
class Reasoning:
    """What proves a triple by the ontology of a release, the words for axioms, and the rules of the domain by name."""

    prover: Prover
    words: AxiomWords
    domain_rules: Mapping[str, DomainRule]


def reasoning_of(triples: Iterable[ox.Triple], graph: Graph, domain_rules: Sequence[DomainRule] = ()) -> Reasoning:
    """Return the rules of an ontology, whose `triples` are those of `graph`, and of the domain."""
    prover = Prover(triples, (rule for each in domain_rules for rule in each.rules))
    return Reasoning(prover, AxiomWords(graph), {rule.name: rule for rule in domain_rules})
