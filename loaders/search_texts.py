"""Finds in the quads of a release what can be searched: the texts of things, the graphs that state them, the types."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pyoxigraph as ox

from loaders.graphs import INFERRED, ONTOLOGY
from ontology.graphs import as_graph
from ontology.hierarchy import below
from ontology.iris import OWL, PREFIXES, RDF, RDFS, TERM
from ontology.vocabulary import Kind

_SKOS, _DCTERMS = PREFIXES["skos"], PREFIXES["dcterms"]
# What a thing is called; the first that it has is its label.
NAMES = (f"{RDFS}label", f"{_SKOS}prefLabel", f"{_SKOS}altLabel")
# What is said about it.
TEXTS = (
    f"{TERM}title",
    f"{TERM}summary",
    f"{_SKOS}definition",
    f"{_SKOS}scopeNote",
    f"{_DCTERMS}description",
    f"{_SKOS}note",
    f"{_SKOS}example",
)
# How much a word counts in each of the two.
WEIGHTS: Mapping[tuple[str, ...], float] = {NAMES: 10.0, TEXTS: 1.0}

_SEARCHED = {property_: place for place, property_ in enumerate((*NAMES, *TEXTS))}
_TYPE = f"{RDF}type"
_CLASS = f"{OWL}Class"
# That something is an individual tells nothing of what it is.
_INDIVIDUAL = f"{OWL}NamedIndividual"
_TERMS = frozenset({_CLASS, *(str(kind.value) for kind in Kind)})
_OF_HIERARCHY = frozenset(
    {f"{RDFS}subClassOf", f"{RDF}first", f"{RDF}rest"}
    | {OWL + name for name in ("equivalentClass", "intersectionOf", "unionOf", "disjointUnionOf")}
)

Graphs = frozenset[str]


class Text(NamedTuple):
    """A text of a thing; the language is empty where none is given."""

    thing: str
    property: str
    language: str
    value: str


class Type(NamedTuple):
    """A class that a thing belongs to."""

    thing: str
    class_: str


@dataclass
class Searchable:
    """What can be searched; `texts` and `types` come with the graphs that state them, types of a thing best first.

    `declared` are the classes that the ontology declares, with the graphs that do.
    """

    texts: dict[Text, Graphs] = field(default_factory=dict)
    types: dict[Type, Graphs] = field(default_factory=dict)
    declared: dict[str, Graphs] = field(default_factory=dict)


def searchable(quads: Iterable[ox.Quad]) -> Searchable:
    """Return the texts and types of every labelled thing, and of every class and property of the ontology.

    What is inferred and only repeats a text of the same thing is left out, as a label that is inferred from
    skos:prefLabel. Everything is in an order that does not depend on that of the quads.
    """
    texts: defaultdict[Text, set[str]] = defaultdict(set)
    types: defaultdict[Type, set[str]] = defaultdict(set)
    hierarchy: list[ox.Triple] = []
    for quad in quads:
        predicate, object_, graph = quad.predicate.value, quad.object, _name(quad.graph_name)
        if predicate in _OF_HIERARCHY and quad.graph_name == ONTOLOGY:
            hierarchy.append(quad.triple)
        elif not isinstance(quad.subject, ox.NamedNode):
            continue
        elif predicate in _SEARCHED and isinstance(object_, ox.Literal):
            texts[Text(quad.subject.value, predicate, object_.language or "", object_.value)].add(graph)
        elif predicate == _TYPE and isinstance(object_, ox.NamedNode) and object_.value != _INDIVIDUAL:
            types[Type(quad.subject.value, object_.value)].add(graph)
    things = {text.thing for text in texts if text.property == NAMES[0]} | {
        type_.thing for type_, graphs in types.items() if type_.class_ in _TERMS and ONTOLOGY.value in graphs
    }
    declared = {
        type_.thing: frozenset(graphs)
        for type_, graphs in types.items()
        if type_.class_ == _CLASS and ONTOLOGY.value in graphs
    }
    return Searchable(
        texts=_ordered(_stated({text: graphs for text, graphs in texts.items() if text.thing in things})),
        types=_best_first({type_: graphs for type_, graphs in types.items() if type_.thing in things}, hierarchy),
        declared=dict(sorted(declared.items())),
    )


def _name(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else ""


def _stated(texts: Mapping[Text, set[str]]) -> dict[Text, Graphs]:
    """Return `texts` without those that are only inferred, where the thing has the same one by statement."""
    only_inferred = {INFERRED.value}
    stated = {(text.thing, text.language, text.value) for text, graphs in texts.items() if graphs != only_inferred}
    return {
        text: frozenset(graphs)
        for text, graphs in texts.items()
        if graphs != only_inferred or (text.thing, text.language, text.value) not in stated
    }


def _ordered(texts: Mapping[Text, Graphs]) -> dict[Text, Graphs]:
    """Return `texts` by thing; of each first its names, preferred ones and English ones before the others."""

    def order(text: Text) -> tuple[object, ...]:
        place = _SEARCHED[text.property]
        is_preferred = text.property in NAMES[:-1]
        return text.thing, not is_preferred, place >= len(NAMES), _language_order(text.language), place, text.value

    return {text: texts[text] for text in sorted(texts, key=order)}


def _language_order(language: str) -> tuple[int, str]:
    """English comes first, then what is in no language, and then the other languages."""
    if language == "en" or language.startswith("en-"):
        return 0, language
    return (1 if not language else 2), language


def _best_first(types: Mapping[Type, set[str]], hierarchy: Iterable[ox.Triple]) -> dict[Type, Graphs]:
    """Return `types` by thing: classes of our own before others, stated before inferred, narrow before wide."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    for narrow, wide in below(as_graph(hierarchy)):
        above[narrow].add(wide)
    only_inferred = {INFERRED.value}

    def order(type_: Type) -> tuple[object, ...]:
        class_ = type_.class_
        is_ours = class_.startswith(TERM)
        return type_.thing, not is_ours, types[type_] == only_inferred, -len(above[class_]), class_

    return {type_: frozenset(types[type_]) for type_ in sorted(types, key=order)}
