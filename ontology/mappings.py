"""Reads how terms map to other vocabularies, from the alignment files, which no module imports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.iris import BASE, OWL
from ontology.modules import Module

_SOURCE, _PROPERTY, _TARGET = (OWL + f"annotated{part}" for part in ("Source", "Property", "Target"))


@dataclass(frozen=True, order=True)
class Mapping:
    """A term of ours, how it relates to a term of another vocabulary, that term, and why."""

    term: str
    relation: str
    target: str
    justifications: tuple[str, ...]
    file: str


def mappings(alignments: Iterable[Module]) -> dict[str, list[Mapping]]:
    """Return the mappings of each term of ours in `alignments`: triples that join it to an IRI of others.

    A justification is what an owl:Axiom (OWL 2 Mapping to RDF, section 3.2.2) says of such a triple.
    """
    found: dict[str, list[Mapping]] = defaultdict(list)
    for module in alignments:
        why = _justifications(module)
        for triple in module.triples:
            key = tuple(getattr(node, "value", "") for node in (triple.subject, triple.predicate, triple.object))
            subject, relation, target = key
            is_foreign = isinstance(triple.object, ox.NamedNode) and not target.startswith(BASE)
            is_statement = not relation.endswith(("#type", "#imports"))
            if isinstance(triple.subject, ox.NamedNode) and subject.startswith(BASE) and is_foreign and is_statement:
                mapping = Mapping(subject, relation, target, tuple(sorted(why.get(key, ()))), module.name)
                found[subject].append(mapping)
    return {term: sorted(of_term) for term, of_term in found.items()}


def _justifications(module: Module) -> dict[tuple[str, ...], set[str]]:
    axioms: dict[object, dict[str, str]] = defaultdict(dict)
    remarks: dict[object, set[str]] = defaultdict(set)
    for triple in module.triples:
        value = getattr(triple.object, "value", "")
        if triple.predicate.value in (_SOURCE, _PROPERTY, _TARGET):
            axioms[triple.subject][triple.predicate.value] = value
        elif not triple.predicate.value.endswith("#type"):
            remarks[triple.subject].add(value)
    return {
        tuple(axiom.get(part, "") for part in (_SOURCE, _PROPERTY, _TARGET)): remarks[node]
        for node, axiom in axioms.items()
    }
