"""Asks whether the things and situations of the corpus can be as the ontology says, and names those that cannot."""

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox
from rdflib import RDF, URIRef
from rdflib.term import Node

from loaders.corpus import Entry
from loaders.facts import quads_of
from loaders.ontology_checks import Surroundings
from ontology.checks.checked import in_order
from ontology.checks.reasoning import Progress, axioms, contradiction
from ontology.checks.registry import found
from ontology.checks.told import Clash, told
from ontology.context import jsonld_context
from ontology.errors import ReasonerError
from ontology.findings import Finding, Severity
from ontology.iris import OWL, TERM, THING, compress
from ontology.reasoner import Group, Reasoner, narrow
from ontology.vocabulary import Kind

# Passages and headings have positions alone, which no axiom is about.
_APART = {TERM + "evidence", TERM + "hasSection"}
_TYPE = ox.NamedNode(str(RDF.type))
_INDIVIDUAL = ox.NamedNode(OWL + "NamedIndividual")
_CHECK = "contradiction"
_WAY_OUT = "correct one of the entries, or the axioms that they contradict"


def contradictions(around: Surroundings, reasoner: Reasoner, progress: Progress) -> Iterator[Finding]:
    """Yield the entries of the corpus that contradict the ontology. Raises ReasonerError."""
    groups = list(_statements(around))
    if clashes := list(_told(around, groups)):
        yield from clashes
        return
    ontology = axioms(around.checked)

    def contradicts(some: Sequence[Group]) -> bool:
        return not reasoner.is_possible([*ontology, *(triple for _, triples in some for triple in triples)])

    progress("asking the reasoner HermiT about the ontology with the things and situations of the corpus")
    if not contradicts(groups):
        return
    if contradicts([]):
        yield from (found("impossible", flaw) for flaw in contradiction(around.checked, reasoner, progress))
        return
    progress("ontology and corpus contradict each other; narrowing it down")
    try:
        groups = narrow(groups, contradicts)
    except ReasonerError:
        message = "contradicts the ontology, and there was no time to find in which entries"
        yield Finding(Severity.ERROR, "loaders/corpus", 1, _CHECK, "the corpus", message, _WAY_OUT)
        return
    for group in groups:
        others = ", ".join(other[0].partition(" ")[0] for other in groups if other != group)
        together = f" together with {others}" if others else ""
        yield _finding(group, f"contradicts the ontology{together}, as HermiT finds")


def _statements(around: Surroundings) -> Iterator[Group]:
    """Yield what each entry states of things, under its place and its thing."""
    context = jsonld_context(around.vocabulary)
    for entry in around.corpus.entries:
        yield f"{entry.file}:{entry.line} {entry.subject}", list(_triples(entry, context))


def _triples(entry: Entry, context: Mapping[str, object]) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(THING + entry.subject)
    yield ox.Triple(subject, _TYPE, _INDIVIDUAL)
    for quad in quads_of(entry, context):
        if quad.subject == subject and quad.predicate.value not in _APART:
            yield quad.triple


def _told(around: Surroundings, groups: list[Group]) -> Iterator[Finding]:
    """Yield the things that their types and properties put into two disjoint classes."""
    hierarchy = told(around.checked)
    ends = {str(property_): hierarchy.ends(URIRef(property_)) for property_ in _object_properties(around)}
    classes: dict[str, set[Node]] = {}
    places: dict[str, Group] = {}
    for group in groups:
        for triple in group[1]:
            subject, object_ = (getattr(term, "value", "") for term in (triple.subject, triple.object))
            places.setdefault(subject, group)
            if triple.predicate == _TYPE and triple.object != _INDIVIDUAL:
                classes.setdefault(subject, set()).add(URIRef(object_))
            for end, thing in zip(ends.get(triple.predicate.value, ()), (subject, object_), strict=False):
                classes.setdefault(thing, set()).update(end)
    clashes: dict[frozenset[Node], Clash | None] = {}
    for thing, types in sorted(classes.items()):
        key = frozenset(types)
        if key not in clashes:
            clashes[key] = hierarchy.clash(in_order(key))
        if thing in places and clashes[key] is not None:
            yield _finding(places[thing], f"cannot exist: by its types and properties it is in {clashes[key]}")


def _object_properties(around: Surroundings) -> list[str]:
    return [property_.iri for property_ in around.vocabulary.properties.values() if property_.kind is Kind.OBJECT]


def _finding(group: Group, message: str) -> Finding:
    place, _, name = group[0].partition(" ")
    file, _, line = place.rpartition(":")
    return Finding(Severity.ERROR, file, int(line), _CHECK, compress(THING + name), message, _WAY_OUT)
