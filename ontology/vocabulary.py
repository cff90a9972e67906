"""Reads the ontology's modules into the classes, properties and individuals that the other floors need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from importlib.resources.abc import Traversable

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from ontology.errors import UnknownTermError
from ontology.hierarchy import below
from ontology.iris import TERM, THING, local_name
from ontology.modules import module_triples
from ontology.nearest import did_you_mean


class Kind(Enum):
    """What a property joins a thing to: another thing, a typed value, or a text about it."""

    OBJECT = OWL.ObjectProperty
    DATA = OWL.DatatypeProperty
    ANNOTATION = OWL.AnnotationProperty


@dataclass(frozen=True)
class Deprecation:
    """That a term is not to be used any more: since when, and the IRI of what takes its place, where these are told."""

    since: date | None
    replacement: str | None


@dataclass(frozen=True)
class Term:
    """A named class or property; `name` is the local part of its IRI, `deprecation` None for one to be used."""

    iri: str
    name: str
    label: str
    definition: str
    deprecation: Deprecation | None


@dataclass(frozen=True)
class Property(Term):
    """A property; `domain` and `range` hold alternatives, and are empty where anything goes."""

    kind: Kind
    domain: frozenset[str]
    range: frozenset[str]

    @property
    def datatype(self) -> str:
        """The datatype of a data property's values: its range, or a string where it has none."""
        return next(iter(self.range), str(XSD.string))


@dataclass(frozen=True)
class Vocabulary:
    """The ontology as the loaders and the service use it; classes and properties by local name.

    `transitive` are the IRIs of the transitive properties; `compared` are the rows of a comparison of cases, each with
    the IRIs of the classes and properties whose things and values stand in it; `inverses` has the IRI of the inverse of
    each property that has one, of a symmetric one its own; `grouped` are the terms that have a group on the page of a
    thing, with its name and rank. Where a term of districtgraph and one of
    another vocabulary share a local name, it means the former.
    """

    classes: Mapping[str, Term]
    properties: Mapping[str, Property]
    individuals: Mapping[str, frozenset[str]]
    transitive: frozenset[str]
    compared: Mapping[str, tuple[str, ...]]
    inverses: Mapping[str, str]
    grouped: Mapping[str, tuple[str, int | None]]
    _superclasses: Mapping[str, frozenset[str]]

    def class_named(self, name: str) -> Term:
        """Return the class of that local name. Raises UnknownTermError, which names the nearest."""
        if name not in self.classes:
            raise UnknownTermError(f"no class {name!r} in the ontology{did_you_mean(name, self.classes)}")
        return self.classes[name]

    def property_named(self, name: str) -> Property:
        """Return the property of that local name. Raises UnknownTermError, which names the nearest."""
        if name not in self.properties:
            raise UnknownTermError(f"no property {name!r} in the ontology{did_you_mean(name, self.properties)}")
        return self.properties[name]

    def above(self, class_: str) -> frozenset[str]:
        """Return the IRIs of the classes above one, and its own."""
        return self._superclasses.get(class_, frozenset())

    def is_a(self, types: Iterable[str], classes: frozenset[str]) -> bool:
        """Tell whether a thing of these class IRIs belongs to one of `classes`; to none asks for nothing."""
        return not classes or any(classes & self._superclasses.get(type_, frozenset()) for type_ in types)

    def overlap(self, some: frozenset[str], others: frozenset[str]) -> bool:
        """Tell whether a class of `some` is one of `others`, below one or above one; no class stands for any."""
        return self.is_a(some, others) or self.is_a(others, some) or not some

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The English label of every class and property IRI."""
        terms: list[Term] = [*self.classes.values(), *self.properties.values()]
        return {term.iri: term.label for term in terms}


def load_vocabulary(directory: Traversable | None = None) -> Vocabulary:
    """Read every module that the catalog of `directory` names. Raises OntologyFileError."""
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(module_triples(directory), format=ox.RdfFormat.N_TRIPLES), format="nt")
    return vocabulary_of(graph)


def vocabulary_of(graph: rdflib.Graph) -> Vocabulary:
    """Return the vocabulary that the statements of all modules make."""
    classes = _named(graph, OWL.Class)
    return Vocabulary(
        classes={local_name(iri): _term(graph, iri) for iri in classes},
        properties=_properties(graph),
        individuals={
            str(iri).removeprefix(THING): frozenset(map(str, _types(graph, iri)))
            for iri in _named(graph, OWL.NamedIndividual)
        },
        compared=_compared(graph),
        transitive=frozenset(map(str, graph.subjects(RDF.type, OWL.TransitiveProperty))),
        inverses=_inverses(graph),
        grouped=_grouped(graph),
        _superclasses=_superclasses(graph, classes),
    )


def _superclasses(graph: rdflib.Graph, classes: Iterable[rdflib.URIRef]) -> dict[str, frozenset[str]]:
    """Return each class with those above it and itself; a defined class is below what its definition names."""
    found: dict[str, set[str]] = {str(iri): {str(iri)} for iri in classes}
    for narrow, wide in below(graph):
        if narrow in found:
            found[narrow].add(wide)
    return {iri: frozenset(above) for iri, above in found.items()}


def _inverses(graph: rdflib.Graph) -> dict[str, str]:
    pairs = [(str(one), str(other)) for one, other in graph.subject_objects(OWL.inverseOf)]
    symmetric = {str(iri): str(iri) for iri in graph.subjects(RDF.type, OWL.SymmetricProperty)}
    return symmetric | dict(pairs) | {other: one for one, other in pairs}


def _grouped(graph: rdflib.Graph) -> dict[str, tuple[str, int | None]]:
    given = sorted(
        (term, getattr(name, "language", None) == "en", name)
        for term, name in graph.subject_objects(rdflib.URIRef(TERM + "groupedAs"))
    )
    names = {str(term): str(name) for term, _, name in given}  # an English one comes last, and stays
    ranked = [(str(term), rank) for term, rank in graph.subject_objects(rdflib.URIRef(TERM + "groupRank"))]
    ranks = {names[term]: int(str(rank)) for term, rank in sorted(ranked) if term in names and str(rank).isdigit()}
    return {term: (name, ranks.get(name)) for term, name in names.items()}


def _compared(graph: rdflib.Graph) -> dict[str, tuple[str, ...]]:
    rows: dict[str, list[str]] = {}
    for term, row in sorted(graph.subject_objects(rdflib.URIRef(TERM + "comparedAs"))):
        rows.setdefault(str(row), []).append(str(term))
    return {row: tuple(terms) for row, terms in sorted(rows.items())}


def _properties(graph: rdflib.Graph) -> dict[str, Property]:
    properties = [_property(graph, iri, kind) for kind in Kind for iri in _named(graph, kind.value)]
    properties.sort(key=lambda property_: property_.iri.startswith(TERM))
    return {property_.name: property_ for property_ in properties}


def _named(graph: rdflib.Graph, type_: rdflib.term.Node) -> list[rdflib.URIRef]:
    found = {subject for subject in graph.subjects(RDF.type, type_) if isinstance(subject, rdflib.URIRef)}
    return sorted(found, key=lambda iri: (iri.startswith(TERM), iri))


def _types(graph: rdflib.Graph, iri: rdflib.URIRef) -> list[rdflib.term.Node]:
    return [type_ for type_ in graph.objects(iri, RDF.type) if type_ != OWL.NamedIndividual]


def _term(graph: rdflib.Graph, iri: rdflib.URIRef) -> Term:
    return Term(
        str(iri),
        local_name(iri),
        _english(graph, iri, RDFS.label) or local_name(iri),
        _english(graph, iri, SKOS.definition),
        _deprecation(graph, iri),
    )


def _deprecation(graph: rdflib.Graph, iri: rdflib.URIRef) -> Deprecation | None:
    if not any(isinstance(one, rdflib.Literal) and one.value is True for one in graph.objects(iri, OWL.deprecated)):
        return None
    replacements, days = graph.objects(iri, DCTERMS.isReplacedBy), map(_day, graph.objects(iri, DCTERMS.modified))
    return Deprecation(max(filter(None, days), default=None), min(map(str, replacements), default=None))


def _day(node: rdflib.term.Node) -> date | None:
    try:
        return date.fromisoformat(str(node))
    except ValueError:
        return None


def _english(graph: rdflib.Graph, iri: rdflib.URIRef, property_: rdflib.URIRef) -> str:
    texts = (text for text in graph.objects(iri, property_) if isinstance(text, rdflib.Literal))
    return next((str(text) for text in texts if text.language == "en"), "")


def _property(graph: rdflib.Graph, iri: rdflib.URIRef, kind: Kind) -> Property:
    term = _term(graph, iri)
    return Property(
        term.iri,
        term.name,
        term.label,
        term.definition,
        term.deprecation,
        kind,
        _alternatives(graph, iri, RDFS.domain),
        _alternatives(graph, iri, RDFS.range),
    )


def _alternatives(graph: rdflib.Graph, iri: rdflib.URIRef, axis: rdflib.URIRef) -> frozenset[str]:
    """Return the classes that a domain or range allows: the one it names, or the members of its union."""
    found: set[str] = set()
    for node in graph.objects(iri, axis):
        union = graph.value(node, OWL.unionOf)
        found.update(map(str, Collection(graph, union) if union is not None else [node]))
    return frozenset(found)
