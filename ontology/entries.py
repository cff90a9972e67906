"""Describes one term of the ontology: its names, its meaning, where that comes from, and what is said of it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDFS, SKOS
from rdflib.term import Node

from ontology.alignments import Mapping
from ontology.axioms import Axioms, Row
from ontology.expressions import Name, Phrase, Text
from ontology.iris import BASE, TERM, compress

LABELS = (SKOS.prefLabel, RDFS.label)
_SOURCES = (DCTERMS.source, DCTERMS.bibliographicCitation)
# Shown in a place of its own, or by the tree that a term stands in.
_ELSEWHERE = {
    *LABELS,
    *_SOURCES,
    SKOS.altLabel,
    SKOS.definition,
    SKOS.inScheme,
    SKOS.topConceptOf,
    SKOS.hasTopConcept,
    SKOS.narrower,
    DCTERMS.isReplacedBy,
    RDFS.isDefinedBy,
}
_AXIOMS = (str(OWL), str(RDF), str(RDFS))
_REMARKS = {RDFS.comment, RDFS.seeAlso}


class Kind(Enum):
    """What a term is; the value is how people say it."""

    CLASS = "class"
    OBJECT_PROPERTY = "object property"
    DATA_PROPERTY = "data property"
    ANNOTATION_PROPERTY = "annotation property"
    DATATYPE = "datatype"
    SCHEME = "concept scheme"
    INDIVIDUAL = "concept"


KINDS = {
    OWL.Class: Kind.CLASS,
    OWL.ObjectProperty: Kind.OBJECT_PROPERTY,
    OWL.DatatypeProperty: Kind.DATA_PROPERTY,
    OWL.AnnotationProperty: Kind.ANNOTATION_PROPERTY,
    RDFS.Datatype: Kind.DATATYPE,
    SKOS.ConceptScheme: Kind.SCHEME,
    SKOS.Concept: Kind.INDIVIDUAL,
    OWL.NamedIndividual: Kind.INDIVIDUAL,
}
_PROPERTIES = (Kind.OBJECT_PROPERTY, Kind.DATA_PROPERTY, Kind.ANNOTATION_PROPERTY)


@dataclass(frozen=True)
class Entry:
    """A term as the documentation shows it.

    `label` is the English one, `labels` are those in other languages; `modules` are the ontology IRIs of the
    modules that declare the term; `types` are the classes of an individual.
    """

    iri: str
    kind: Kind
    label: Text
    labels: tuple[Text, ...]
    alternatives: tuple[Text, ...]
    definitions: tuple[Text, ...]
    sources: tuple[Phrase, ...]
    types: tuple[str, ...]
    rows: tuple[Row, ...]
    modules: tuple[str, ...]
    mappings: tuple[Mapping, ...]
    is_deprecated: bool
    replacements: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Tell whether the term is minted here, rather than taken from another vocabulary."""
        return self.iri.startswith(BASE)


def anchor(iri: str) -> str:
    """Return where on the page a term stands: a hash IRI by its fragment, a thing by its path, others by prefix."""
    if iri.startswith(TERM):
        return iri.removeprefix(TERM)
    return iri.removeprefix(BASE) if iri.startswith(BASE) else compress(iri)


def describe(
    graph: Graph, axioms: Axioms, iri: str, kind: Kind, modules: Iterable[str], mappings: Iterable[Mapping]
) -> Entry:
    """Return the entry of the term `iri` from all triples that `graph` has of it."""
    node = URIRef(iri)
    label, *labels = texts(graph, node, LABELS) or [Text(_local(iri))]
    rows: list[Row] = []
    if kind is Kind.CLASS:
        rows += axioms.of_class(iri)
    elif kind in _PROPERTIES:
        rows += axioms.of_property(iri)
    types = sorted(str(type_) for type_ in graph.objects(node, RDF.type) if type_ not in KINDS)
    return Entry(
        iri=iri,
        kind=kind,
        label=label,
        labels=tuple(labels),
        alternatives=tuple(texts(graph, node, (SKOS.altLabel,))),
        definitions=tuple(texts(graph, node, (SKOS.definition,))),
        sources=tuple(value for predicate in _SOURCES for value in _values(graph.objects(node, predicate))),
        types=tuple(types) if kind is Kind.INDIVIDUAL else (),
        rows=(*rows, *remarks(graph, node)),
        modules=tuple(modules),
        mappings=tuple(mappings),
        is_deprecated=Literal(True) in set(graph.objects(node, OWL.deprecated)),
        replacements=tuple(sorted(map(str, graph.objects(node, DCTERMS.isReplacedBy)))),
    )


def texts(graph: Graph, node: Node, predicates: Collection[URIRef]) -> list[Text]:
    """Return the literals of `node` under `predicates`, one of each text, English first, then by language."""
    found = {
        Text(str(value), value.language)
        for predicate in predicates
        for value in graph.objects(node, predicate)
        if isinstance(value, Literal)
    }
    return sorted(found, key=lambda text: (text.language != "en", text.language or "", text.value))


def labels_of(graph: Graph) -> dict[str, dict[str, str]]:
    """Return what terms are called in languages other than English, by language and IRI; the first by the alphabet."""
    found: dict[str, dict[str, str]] = {}
    for predicate in reversed(LABELS):
        for node, label in sorted(graph.subject_objects(predicate), reverse=True):
            if isinstance(label, Literal) and label.language and label.language != "en":
                found.setdefault(label.language, {})[str(node)] = str(label)
    return found


def remarks(graph: Graph, node: Node, but: Collection[URIRef] = ()) -> list[Row]:
    """Return a row for every property of `node` that is not shown otherwise, so that no remark is lost."""
    predicates = {p for p in graph.predicates(node) if isinstance(p, URIRef) and p not in _ELSEWHERE}
    shown = [p for p in predicates.difference(but) if p in _REMARKS or not str(p).startswith(_AXIOMS)]
    rows = [Row(name_of(graph, p).capitalize(), _values(graph.objects(node, p))) for p in sorted(shown)]
    return sorted(rows, key=lambda row: row.name)


def name_of(graph: Graph, iri: str) -> str:
    """Return the English label of a term, or what its IRI ends in as words."""
    for text in texts(graph, URIRef(iri), LABELS):
        return text.value
    return _local(iri)


def _values(nodes: Iterable[Node]) -> tuple[Phrase, ...]:
    phrases: list[Phrase] = []
    for node in nodes:
        if isinstance(node, Literal):
            phrases.append((Text(str(node), node.language),))
        elif not isinstance(node, BNode):
            phrases.append((Name(str(node)),))
    return tuple(sorted(phrases, key=str))


def _local(iri: str) -> str:
    """Return the last part of `iri`, `scopeNote` as `scope note`."""
    local = iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return re.sub("(?<=[a-z])[A-Z]", lambda capital: f" {capital[0].lower()}", local) or iri
