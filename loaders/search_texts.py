"""Finds in the quads of a release what can be searched: the texts of things, the graphs that state them, the types."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pyoxigraph as ox

from loaders.graphs import COMPUTED, INFERRED, ONTOLOGY
from loaders.search_types import (
    CLASS,
    DATA_PROPERTY,
    OF_HIERARCHY,
    TERMS,
    Graphs,
    Type,
    best_first,
    classes_above,
    declared,
)
from ontology.iris import PREFIXES, RDF, RDFS, TERM, XSD

_SKOS, _DCTERMS = PREFIXES["skos"], PREFIXES["dcterms"]
_LABELS = (f"{RDFS}label", f"{_SKOS}prefLabel", f"{_SKOS}altLabel")
_SAME = f"{_SKOS}exactMatch"
# What a thing is called, here or where it exactly matches something; the first that it has is its label.
NAMES = (*_LABELS, _SAME)
# What is said about it, in the order in which it is shown; beside these, all texts by properties of the ontology.
_TEXTS = (
    f"{TERM}title",
    f"{TERM}summary",
    f"{_SKOS}definition",
    f"{_SKOS}scopeNote",
    f"{_DCTERMS}description",
    f"{_SKOS}note",
    f"{_SKOS}example",
)
# No words that anybody searches for; of a million works these would be half of the index.
_NO_WORDS = frozenset(
    f"{TERM}{name}"
    for name in (
        "countryCode",
        "digest",
        "issn",
        "issue",
        "language",
        "matchBasis",
        "matchDecision",
        "openAlexId",
        "pages",
        "ror",
        "textDigest",
        "volume",
    )
)
_OF_NAME, _OF_TITLE, _OF_TEXT, _OF_OTHERS = 10.0, 4.0, 2.0, 1.0

_PLACES = {property_: place for place, property_ in enumerate((*NAMES, *_TEXTS))}
_TYPE = f"{RDF}type"
_STRINGS = frozenset({f"{XSD}string", f"{RDF}langString"})


class Text(NamedTuple):
    """A text of a thing; the language is empty where none is given."""

    thing: str
    property: str
    language: str
    value: str

    def is_name(self) -> bool:
        """Tell whether it is what the thing is called."""
        return self.property in NAMES

    def weight(self) -> float:
        """Return how much a word of it counts."""
        if self.is_name():
            return _OF_NAME
        if self.property == _TEXTS[0]:
            return _OF_TITLE
        return _OF_TEXT if self.property in _TEXTS else _OF_OTHERS


@dataclass
class Searchable:
    """What can be searched; `texts` and `types` come with the graphs that state them, types of a thing best first.

    `declared` are the classes that the ontology declares, with the graphs that do, `above` how many classes are above
    each, and `properties` those of which texts are searched.
    """

    texts: dict[Text, Graphs] = field(default_factory=dict)
    types: dict[Type, Graphs] = field(default_factory=dict)
    declared: dict[str, Graphs] = field(default_factory=dict)
    above: Mapping[str, int] = field(default_factory=dict)
    properties: frozenset[str] = frozenset()


def searchable(quads: Iterable[ox.Quad]) -> Searchable:
    """Return the texts and types of every labelled thing, and of every class and property of the ontology.

    What is inferred and only repeats a text of the same thing is left out, as a label that is inferred from
    skos:prefLabel, and what is computed, which names nothing that people speak of. Everything is in an order that does
    not depend on that of the quads.
    """
    texts: defaultdict[Text, set[str]] = defaultdict(set)
    types: defaultdict[Type, set[str]] = defaultdict(set)
    same: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    hierarchy: list[ox.Triple] = []
    for quad in quads:
        predicate, object_, graph = quad.predicate.value, quad.object, _name(quad.graph_name)
        if predicate in OF_HIERARCHY and quad.graph_name == ONTOLOGY:
            hierarchy.append(quad.triple)
        elif not isinstance(quad.subject, ox.NamedNode) or quad.graph_name == COMPUTED:
            continue
        elif isinstance(object_, ox.Literal):
            if predicate in _PLACES or (predicate.startswith(TERM) and object_.datatype.value in _STRINGS):
                texts[Text(quad.subject.value, predicate, object_.language or "", object_.value)].add(graph)
        elif isinstance(object_, ox.NamedNode) and predicate == _TYPE:
            types[Type(quad.subject.value, object_.value)].add(graph)
        elif isinstance(object_, ox.NamedNode) and predicate == _SAME:
            same[quad.subject.value, object_.value].add(graph)
    searched = frozenset(_PLACES.keys() | (declared(types, DATA_PROPERTY).keys() - _NO_WORDS))
    above = classes_above(hierarchy)
    things = {text.thing for text in texts if text.property == NAMES[0]} | {
        type_.thing for type_, graphs in types.items() if type_.class_ in TERMS and ONTOLOGY.value in graphs
    }
    told = {text: graphs for text, graphs in texts.items() if text.thing in things and text.property in searched}
    stated = _stated({**_names_elsewhere(told, same), **told})
    return Searchable(
        texts={text: stated[text] for text in best_texts_first(stated)},
        types=best_first({type_: graphs for type_, graphs in types.items() if type_.thing in things}, above),
        declared=dict(sorted(declared(types, CLASS).items())),
        above=above,
        properties=searched,
    )


def best_texts_first(texts: Iterable[Text]) -> list[Text]:
    """Return `texts` by thing; of each first its names, preferred ones and English ones before the others."""

    def order(text: Text) -> tuple[object, ...]:
        place = _PLACES.get(text.property, len(_PLACES))
        is_preferred = text.property in _LABELS[:-1]
        rest = _language_order(text.language), place, text.property, text.value
        return text.thing, not is_preferred, not text.is_name(), *rest

    return sorted(texts, key=order)


def searched_quads(content: bytes) -> Iterator[ox.Quad]:
    """Return the quads of canonical N-Quads that `searchable` looks at; the others, most of them, are not parsed."""
    lines = content.splitlines(keepends=True)
    of_ontology, of_computed = (f" {graph} .\n".encode() for graph in (ONTOLOGY, COMPUTED))
    naming = f" <{NAMES[0]}> ".encode()
    subjects = {line[: line.index(b" ")] for line in lines if naming in line or line.endswith(of_ontology)}
    predicates = {f"<{iri}>".encode() for iri in (_TYPE, _SAME, *OF_HIERARCHY)}

    def is_searched(line: bytes) -> bool:
        subject, predicate, rest = line.split(b" ", 2)
        tells = predicate in predicates or rest.startswith(b'"')
        return tells and subject in subjects and not line.endswith(of_computed)

    return ox.parse(b"".join(line for line in lines if is_searched(line)), format=ox.RdfFormat.N_QUADS)


def _name(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else ""


def _names_elsewhere(texts: Mapping[Text, set[str]], same: Mapping[tuple[str, str], set[str]]) -> dict[Text, set[str]]:
    """Return the labels of what a thing matches exactly as names of it, where one graph tells both.

    A graph that has the match alone does not tell the label, so who may read that one only must not find by it.
    """
    labels: defaultdict[str, dict[Text, set[str]]] = defaultdict(dict)
    named: defaultdict[str, set[str]] = defaultdict(set)
    for text, graphs in texts.items():
        if text.property in _LABELS:
            labels[text.thing][text] = graphs
            named[text.thing].add(text.value)
    return {
        Text(thing, _SAME, text.language, text.value): graphs & labelling
        for (thing, other), graphs in sorted(same.items())
        for text, labelling in labels[other].items()
        if thing in named and text.value not in named[thing] and graphs & labelling
    }


def _stated(texts: Mapping[Text, set[str]]) -> dict[Text, Graphs]:
    """Return `texts` without those that are only inferred, where the thing has the same one by statement."""
    only_inferred = {INFERRED.value}
    stated = {(text.thing, text.language, text.value) for text, graphs in texts.items() if graphs != only_inferred}
    return {
        text: frozenset(graphs)
        for text, graphs in texts.items()
        if graphs != only_inferred or (text.thing, text.language, text.value) not in stated
    }


def _language_order(language: str) -> tuple[int, str]:
    """English comes first, then what is in no language, and then the other languages."""
    if language == "en" or language.startswith("en-"):
        return 0, language
    return (1 if not language else 2), language
