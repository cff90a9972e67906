"""Finds the entries of the corpus that contradict the ontology as it is told, with the reason and no reasoner."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import OWL, RDF
from rdflib.term import Node

from loaders.surroundings import Surroundings
from ontology.checks.checked import in_order
from ontology.checks.told import Clash, told
from ontology.findings import Finding, Severity
from ontology.iris import THING, compress
from ontology.reasoner import Group
from ontology.vocabulary import Kind

CONTRADICTION = "contradiction"
WAY_OUT = "correct one of the entries, or the axioms that they contradict"


@dataclass(frozen=True)
class _Statement:
    """That a property joins two things, by an entry; the property may follow from the one that the entry has."""

    subject: str
    object: str
    property: str
    group: Group


def told_contradictions(around: Surroundings) -> Iterator[Finding]:
    """No thing of the corpus is in two disjoint classes, and no two entries say what axioms forbid together."""
    yield from _impossible_things(around, around.statements)
    yield from _impossible_joins(around, around.statements)
    yield from _several_values(around, around.statements)


def contradiction_of(group: Group, message: str) -> Finding:
    """Return the finding that the entry of `group` contradicts the ontology."""
    file, line, name = _place(group)
    return Finding(Severity.ERROR, file, line, CONTRADICTION, compress(THING + name), message, WAY_OUT)


def _impossible_things(around: Surroundings, groups: Sequence[Group]) -> Iterator[Finding]:
    hierarchy = told(around.checked)
    ends = {property_: hierarchy.ends(URIRef(property_)) for property_ in _properties(around, Kind.OBJECT)}
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
        if thing in places and clashes[key] is not None:
            message = f"cannot exist: by its types and properties it is in {clashes[key]}"
            yield contradiction_of(places[thing], message)


def _impossible_joins(around: Surroundings, groups: Sequence[Group]) -> Iterator[Finding]:
    """Yield statements with disjoint properties of the same two things, or with a property that forbids them."""
    graph = around.checked.graph
    joined: dict[tuple[str, str, str], _Statement] = {}
    for statement in _joins(around, groups):
        joined.setdefault((statement.property, statement.subject, statement.object), statement)
    for one, other in sorted(graph.subject_objects(OWL.propertyDisjointWith)):
        for (property_, subject, object_), statement in sorted(joined.items(), key=lambda item: item[0]):
            if property_ == str(one) and (against := joined.get((str(other), subject, object_))):
                yield from _together(
                    statement, against, f"{compress(str(one))} and {compress(str(other))} are disjoint"
                )
    irreflexive = set(map(str, graph.subjects(RDF.type, OWL.IrreflexiveProperty)))
    asymmetric = set(map(str, graph.subjects(RDF.type, OWL.AsymmetricProperty)))
    for (property_, subject, object_), statement in sorted(joined.items(), key=lambda item: item[0]):
        if subject == object_ and property_ in irreflexive | asymmetric:
            message = f"is joined to itself by {compress(property_)}, which nothing can be"
            yield contradiction_of(statement.group, message)
        elif property_ in asymmetric and subject < object_ and (back := joined.get((property_, object_, subject))):
            yield from _together(statement, back, f"{compress(property_)} never holds in both directions")


def _several_values(around: Surroundings, groups: Sequence[Group]) -> Iterator[Finding]:
    """Yield the entries that give a thing another value of a functional data property than an earlier one."""
    functional = set(map(str, around.checked.graph.subjects(RDF.type, OWL.FunctionalProperty)))
    functional &= set(_properties(around, Kind.DATA))
    first: dict[tuple[str, str], tuple[str, Group]] = {}
    for group in groups:
        for subject, predicate, value in _texts(group):
            if predicate in functional:
                said, earlier = first.setdefault((subject, predicate), (value, group))
                if said != value:
                    file, line, _ = _place(earlier)
                    message = (
                        f"has {compress(predicate)} {value!r} here and {said!r} in {file}:{line}; it has one at most"
                    )
                    yield contradiction_of(group, message)


def _joins(around: Surroundings, groups: Sequence[Group]) -> Iterator[_Statement]:
    """Yield what each statement with an object property says, and what follows from it by the properties above."""
    up: Mapping[str, list[tuple[Node, bool]]] = {
        property_: told(around.checked).properties_up(URIRef(property_))
        for property_ in _properties(around, Kind.OBJECT)
    }
    for group in groups:
        for subject, predicate, object_ in _texts(group):
            for wide, is_turned in up.get(predicate, ()):
                ends = (object_, subject) if is_turned else (subject, object_)
                yield _Statement(*ends, str(wide), group)


def _together(one: _Statement, other: _Statement, reason: str) -> Iterator[Finding]:
    for statement, against in ((one, other), (other, one)):
        file, line, _ = _place(against.group)
        joined = f"{compress(statement.subject)} {compress(statement.property)} {compress(statement.object)}"
        yield contradiction_of(statement.group, f"says {joined}, against {file}:{line}: {reason}")


def _properties(around: Surroundings, kind: Kind) -> list[str]:
    return [property_.iri for property_ in around.vocabulary.properties.values() if property_.kind is kind]


def _texts(group: Group) -> Iterator[tuple[str, str, str]]:
    for triple in group[1]:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            yield triple.subject.value, triple.predicate.value, triple.object.value


def _place(group: Group) -> tuple[str, int, str]:
    """Return the file, the line and the thing of an entry."""
    place, _, name = group[0].partition(" ")
    file, _, line = place.rpartition(":")
    return file, int(line), name
