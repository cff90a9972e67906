"""Turns the modules and alignments of the ontology into its documentation: entries, trees and module heads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from ontology.alignments import Mapping as TermMapping
from ontology.alignments import mappings
from ontology.axioms import Axioms, Row
from ontology.entries import KINDS, Entry, Kind, describe, name_of, remarks, texts
from ontology.expressions import Name, Text, list_items
from ontology.graphs import as_graph
from ontology.iris import BASE, THING
from ontology.modules import Module
from ontology.trees import Branch, trees

_DESCRIPTIONS = (DCTERMS.description, DCTERMS.abstract, SKOS.definition, RDFS.comment)
# Rows that define a term by others; those others are then used in it.
_DEFINING = ("Equivalent to", "Restrictions", "Follows from", "Key")

# Those of a kind stand in a tree of their own; concepts in that of their scheme.
_IN_TREES = tuple(kind for kind in Kind if kind not in (Kind.SCHEME, Kind.INDIVIDUAL))


@dataclass(frozen=True)
class ModuleHead:
    """What a module says of itself; `terms` are what it declares, by label, a scheme standing for its concepts."""

    iri: str
    label: str
    descriptions: tuple[Text, ...]
    version: str | None
    rows: tuple[Row, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Scheme:
    """A concept scheme with its concepts as trees.

    Individuals that are in no scheme stand together under their class; then `iri` is the class and `entry` None.
    """

    iri: str
    label: str
    entry: Entry | None
    branches: tuple[Branch, ...]
    size: int


@dataclass(frozen=True)
class Documentation:
    """The ontology as it is to be shown: entries by IRI, in the order of their labels, and what each file says."""

    graph: Graph
    entries: Mapping[str, Entry]
    trees: Mapping[Kind, tuple[Branch, ...]]
    schemes: tuple[Scheme, ...]
    modules: Mapping[str, ModuleHead]
    alignments: Mapping[str, ModuleHead]

    def label(self, iri: str) -> str:
        """Return the English label of a term, module or alignment, or what its IRI ends in."""
        if iri in self.alignments:
            return self.alignments[iri].label
        return self.entries[iri].label.value if iri in self.entries else name_of(self.graph, iri)

    def of_kind(self, kind: Kind, is_ours: bool = True) -> list[Entry]:
        """Return the entries of one kind: ours, or else those of other vocabularies."""
        return [entry for entry in self.entries.values() if entry.kind is kind and entry.is_ours is is_ours]


def document(modules: Sequence[Module], alignments: Sequence[Module]) -> Documentation:
    """Return the documentation of the ontology in `modules`, mapped to other vocabularies by `alignments`."""
    graph = as_graph(triple for module in modules for triple in module.triples)
    label: Callable[[str], str] = cache(lambda iri: name_of(graph, iri))
    axioms, mapped, declared = Axioms(graph, label), _mapped(alignments), _declared(modules)
    kinds = {iri: kind for iri in declared if (kind := _kind(graph, iri)) is not None}
    ordered = sorted(kinds, key=lambda iri: (label(iri).casefold(), iri))
    described = {iri: describe(graph, axioms, iri, kinds[iri], declared[iri], mapped.get(iri, ())) for iri in ordered}
    entries = _with_uses(described)
    members = _members(graph)
    concepts = set[str]().union(*members.values())
    listed = [iri for iri in ordered if iri not in concepts]
    return Documentation(
        graph,
        entries,
        {kind: _tree(graph, kind, [iri for iri in ordered if kinds[iri] is kind], label) for kind in _IN_TREES},
        tuple(_schemes(graph, entries, members, label)),
        {module.iri: _head(graph, module.iri, [i for i in listed if module.iri in declared[i]]) for module in modules},
        {alignment.iri: _head(as_graph(alignment.triples), alignment.iri, []) for alignment in alignments},
    )


def _mapped(alignments: Iterable[Module]) -> dict[str, list[TermMapping]]:
    """Return the mappings of each term to terms of others."""
    mapped: dict[str, list[TermMapping]] = defaultdict(list)
    for mapping in sorted(found for found in mappings(alignments) if not found.object.startswith(BASE)):
        mapped[mapping.subject].append(mapping)
    return mapped


def _declared(modules: Iterable[Module]) -> dict[str, list[str]]:
    """Return for each typed IRI the modules that type it."""
    declared: dict[str, dict[str, None]] = defaultdict(dict)
    for module in modules:
        for triple in module.triples:
            if isinstance(triple.subject, ox.NamedNode) and triple.predicate.value == str(RDF.type):
                declared[triple.subject.value][module.iri] = None
    return {iri: list(in_modules) for iri, in_modules in declared.items()}


def _kind(graph: Graph, iri: str) -> Kind | None:
    types = set(graph.objects(URIRef(iri), RDF.type))
    for type_, kind in KINDS.items():
        if type_ in types:
            return kind
    return Kind.INDIVIDUAL if iri.startswith(THING) else None


def _with_uses(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries with a row that names the terms whose definitions use them."""
    uses: dict[str, dict[str, None]] = defaultdict(dict)
    for iri, entry in entries.items():
        for row in entry.rows:
            if row.name in _DEFINING:
                for part in (part for phrase in row.values for part in phrase if isinstance(part, Name)):
                    uses[part.iri][iri] = None
    return {
        iri: replace(entry, rows=(*entry.rows, Row("Used in", tuple((Name(user),) for user in uses[iri]))))
        if iri in uses
        else entry
        for iri, entry in entries.items()
    }


def _tree(graph: Graph, kind: Kind, iris: Sequence[str], label: Callable[[str], str]) -> tuple[Branch, ...]:
    """Return the terms of a kind under those that are more general."""
    is_class = kind is Kind.CLASS
    return trees(iris, _superclasses(graph, iris) if is_class else _above(graph, iris, RDFS.subPropertyOf), label)


def _above(graph: Graph, iris: Iterable[str], predicate: URIRef) -> dict[str, list[str]]:
    return {iri: [str(node) for node in graph.objects(URIRef(iri), predicate)] for iri in iris}


def _superclasses(graph: Graph, classes: Iterable[str]) -> dict[str, list[str]]:
    """Return what each class stands under: also the classes whose intersection with something defines it."""
    above = _above(graph, classes, RDFS.subClassOf)
    for iri in above:
        for definition in graph.objects(URIRef(iri), OWL.equivalentClass):
            head = graph.value(definition, OWL.intersectionOf)
            above[iri] += [str(member) for member in list_items(graph, head) or []] if head is not None else []
    return above


def _members(graph: Graph) -> dict[str, set[str]]:
    """Return the concepts of each scheme."""
    members: dict[str, set[str]] = defaultdict(set)
    for predicate in (SKOS.inScheme, SKOS.topConceptOf):
        for concept, scheme in graph.subject_objects(predicate):
            members[str(scheme)].add(str(concept))
    for scheme, concept in graph.subject_objects(SKOS.hasTopConcept):
        members[str(scheme)].add(str(concept))
    return members


def _schemes(
    graph: Graph, entries: Mapping[str, Entry], members: Mapping[str, set[str]], label: Callable[[str], str]
) -> Iterator[Scheme]:
    concepts = [iri for iri, entry in entries.items() if entry.kind is Kind.INDIVIDUAL]
    above = _above(graph, concepts, SKOS.broader)
    for iri in concepts:
        for narrower in graph.objects(URIRef(iri), SKOS.narrower):
            above.setdefault(str(narrower), []).append(iri)
    stood = set[str]()
    for iri, entry in entries.items():
        if entry.kind is Kind.SCHEME:
            inside = [concept for concept in concepts if concept in members.get(iri, ())]
            yield Scheme(iri, entry.label.value, entry, trees(inside, above, label, stood), len(inside))
            stood.update(inside)
    by_class: dict[str, list[str]] = defaultdict(list)
    for concept in (concept for concept in concepts if concept not in stood):
        by_class[next(iter(entries[concept].types), str(OWL.Thing))].append(concept)
    for class_ in sorted(by_class, key=label):
        yield Scheme(class_, label(class_), None, trees(by_class[class_], above, label), len(by_class[class_]))


def _head(graph: Graph, iri: str, terms: Sequence[str]) -> ModuleHead:
    node = URIRef(iri)
    names = {"Version": OWL.versionIRI, "Prior version": OWL.priorVersion, "Imports": OWL.imports}
    linked = {name: sorted(map(str, graph.objects(node, predicate))) for name, predicate in names.items()}
    rows = [Row(name, tuple((Name(value),) for value in values)) for name, values in linked.items() if values]
    return ModuleHead(
        iri,
        name_of(graph, iri),
        tuple(text for predicate in _DESCRIPTIONS for text in texts(graph, node, (predicate,)))[:1],
        next(iter(linked["Version"]), None),
        (*rows, *remarks(graph, node, _DESCRIPTIONS)),
        tuple(terms),
    )
