"""Finds the entries of the corpus that contradict each other or the ontology, with the reason and without Java."""

from collections.abc import Iterator, Sequence, Set

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from loaders.contradicting import Contradicting, contradicting
from loaders.surroundings import Surroundings
from ontology.checks.checked import in_order
from ontology.checks.told import Clash, told
from ontology.findings import Finding, Severity
from ontology.iris import THING, compress
from ontology.reasoner import Group
from ontology.vocabulary import Kind

CONTRADICTION = "contradiction"
WAY_OUT = "correct one of the entries, or the axioms that they contradict"


def told_contradictions(around: Surroundings) -> Iterator[Finding]:
    """No two entries say what axioms forbid together, and no thing of the corpus is in two disjoint classes."""
    found: list[Contradicting] = []
    if around.quads and around.consequences.contradict_themselves:  # the rules of the domain may be why, or not
        consequences = around.consequences
        found = contradicting(consequences.quads, consequences.without, around.corpus, around.vocabulary)
    for each in found:
        yield Finding(Severity.ERROR, each.file, each.line, CONTRADICTION, compress(each.thing), each.message, WAY_OUT)
    yield from _impossible_things(around, around.statements, {each.thing for each in found})


def contradiction_of(group: Group, message: str) -> Finding:
    """Return the finding that the entry of `group` contradicts the ontology."""
    file, line, name = _place(group)
    return Finding(Severity.ERROR, file, line, CONTRADICTION, compress(THING + name), message, WAY_OUT)


def _impossible_things(around: Surroundings, groups: Sequence[Group], told_already: Set[str]) -> Iterator[Finding]:
    hierarchy = told(around.checked)
    properties = (each.iri for each in around.vocabulary.properties.values() if each.kind is Kind.OBJECT)
    ends = {property_: hierarchy.ends(URIRef(property_)) for property_ in properties}
    classes: dict[str, set[Node]] = {}
    places: dict[str, Group] = {}
    for group in groups:
        for subject, predicate, object_ in _texts(group):
            places.setdefault(subject, group)
            if predicate == str(RDF.type):
                classes.setdefault(subject, set()).add(URIRef(object_))
            for end, thing in zip(ends.get(predicate, ()), (subject, object_), strict=False):
                classes.setdefault(thing, set()).update(end)
    clashes: dict[frozenset[Node], Clash | None] = {}
    for thing, types in sorted(classes.items()):
        key = frozenset(types)
        if key not in clashes:
            clashes[key] = hierarchy.clash(in_order(key))
        if thing in places and thing not in told_already and clashes[key] is not None:
            message = f"cannot exist: by its types and properties it is in {clashes[key]}"
            yield contradiction_of(places[thing], message)


def _texts(group: Group) -> Iterator[tuple[str, str, str]]:
    for triple in group[1]:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            yield triple.subject.value, triple.predicate.value, triple.object.value


def _place(group: Group) -> tuple[str, int, str]:
    """Return the file, the line and the thing of an entry."""
    place, _, name = group[0].partition(" ")
    file, _, line = place.rpartition(":")
    return file, int(line), name
