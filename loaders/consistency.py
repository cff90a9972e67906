"""Asks whether the things and situations of the corpus can be as the ontology says, and names those that cannot."""

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from loaders.surroundings import Surroundings
from loaders.told_contradictions import CONTRADICTION, WAY_OUT, contradiction_of
from ontology.checks.reasoning import Progress, axioms, axioms_about_classes, contradiction
from ontology.checks.registry import found
from ontology.errors import ReasonerError
from ontology.findings import Finding, Severity
from ontology.reasoner import Group, Reasoner, narrow


def contradictions(around: Surroundings, reasoner: Reasoner, progress: Progress) -> Iterator[Finding]:
    """Yield the entries of the corpus that contradict the ontology. Raises ReasonerError."""
    every, few = axioms(around.checked), axioms_about_classes(around.checked)
    progress("asking the reasoner HermiT about the ontology with the things and situations of the corpus")
    if reasoner.is_possible(_with(every, around.statements)):
        return
    if not reasoner.is_possible(every):
        yield from (found("impossible", flaw) for flaw in contradiction(around.checked, reasoner, progress))
        return
    progress("ontology and corpus contradict each other; narrowing it down")
    patient = reasoner.for_narrowing()
    try:
        ontology = every if patient.is_possible(_with(few, around.statements)) else few
        groups = narrow(around.statements, lambda some: not patient.is_possible(_with(ontology, some)))
    except ReasonerError:
        message = "contradicts the ontology, and there was no time to find in which entries"
        yield Finding(Severity.ERROR, "loaders/corpus", 1, CONTRADICTION, "the corpus", message, WAY_OUT)
        return
    for group in groups:
        others = ", ".join(other[0].partition(" ")[0] for other in groups if other != group)
        together = f" together with {others}" if others else ""
        yield contradiction_of(group, f"contradicts the ontology{together}, as HermiT finds")


def _with(ontology: Sequence[ox.Triple], groups: Sequence[Group]) -> list[ox.Triple]:
    return [*ontology, *(triple for _, triples in groups for triple in triples)]
