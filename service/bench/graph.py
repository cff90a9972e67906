"""Generates the graph that is measured on: shaped as ours, with the same triples from the same seed everywhere.

Places lie within each other, technologies have broader ones, actors are in districts, and every situation of brokerage
has its label, its participants and a fact with a section of a source. There are no blank nodes, so that the answers of
servers can be compared.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from ontology.iris import GRAPH, PREFIXES, RDF, TERM, THING, XSD

NAMED_GRAPH = GRAPH + "bench"
SEED = 2021

_LABEL = PREFIXES["rdfs"] + "label"
_BROADER = PREFIXES["skos"] + "broader"
_ONSETS = ["b", "br", "c", "d", "f", "g", "gr", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v"]
_VOWELS = ["a", "e", "i", "o", "u", "ia"]
_KINDS = ("Firm", "University", "CollectiveActor", "Firm", "Firm")
_NARROWER = 4  # of each technology
_DISTRICTS_IN_A_REGION = 10
_REGIONS_IN_A_COUNTRY = 10


@dataclass
class SyntheticGraph:
    """Triples as lines of canonical N-Triples without their end, and the terms that queries may ask about."""

    triples: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    technologies: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def n_triples(self) -> bytes:
        """Return the graph as N-Triples."""
        return "".join(f"{triple} .\n" for triple in self.triples).encode()


def generate(size: int, seed: int = SEED) -> SyntheticGraph:
    """Return a graph of `size` triples, a few more at most."""
    return _Generator(size, random.Random(seed)).graph


class _Generator:
    """Makes the things of a graph, one kind after another: each refers to those before it."""

    def __init__(self, size: int, chance: random.Random) -> None:
        self.graph = SyntheticGraph()
        self._size = size
        self._chance = chance
        self.graph.words = list(dict.fromkeys(self._word() for _ in range(2000)))
        self._places()
        self._technologies(max(100, size // 500))
        self._sources = list(self._things("source", max(20, size // 1000), "Publication", "study"))
        self._actors(size // 20)
        number = 0
        while len(self.graph.triples) < size:
            self._brokerage(number)
            number += 1

    def _places(self) -> None:
        graph, districts = self.graph, max(20, self._size // 1000)
        regions = -(-districts // _DISTRICTS_IN_A_REGION)
        countries = list(self._things("country", -(-regions // _REGIONS_IN_A_COUNTRY), "Country", "country"))
        graph.regions = list(self._things("region", regions, "Region", "region"))
        graph.districts = list(self._things("district", districts, "IndustrialDistrict", "district"))
        for number, region in enumerate(graph.regions):
            self._say(region, TERM + "locatedIn", countries[number // _REGIONS_IN_A_COUNTRY])
        for number, district in enumerate(graph.districts):
            self._say(district, TERM + "locatedIn", graph.regions[number // _DISTRICTS_IN_A_REGION])

    def _technologies(self, count: int) -> None:
        self.graph.technologies = list(self._things("technology", count, "Technology", "technology"))
        for number, technology in enumerate(self.graph.technologies[1:]):
            self._say(technology, _BROADER, self.graph.technologies[number // _NARROWER])

    def _actors(self, count: int) -> None:
        for actor in self._things("actor", count, "Organisation", "centre"):
            self.graph.actors.append(actor)
            self._say(actor, RDF + "type", _iri(TERM + self._one_of(_KINDS)))
            self._say(actor, TERM + "locatedIn", self._one_of(self.graph.districts))
            self._say(actor, TERM + "activeIn", self._one_of(self.graph.districts))

    def _brokerage(self, number: int) -> None:
        graph, technology, source = self.graph, self._one_of(self.graph.technologies), self._one_of(self._sources)
        (brokerage,) = self._things("brokerage", 1, "Brokerage", "transfer", number)
        self._say(brokerage, RDF + "type", _iri(TERM + "Situation"))
        # Few actors broker much, as in ours.
        self._say(brokerage, TERM + "broker", graph.actors[int(len(graph.actors) * self._chance.random() ** 2)])
        self._say(brokerage, TERM + "beneficiary", self._one_of(graph.actors))
        self._say(brokerage, TERM + "technology", technology)
        self._say(brokerage, TERM + "place", self._one_of(graph.districts))
        self._say(brokerage, TERM + "source", source)
        year = str(1990 + int(30 * self._chance.random()))
        self._say(brokerage, TERM + "fromYear", f'"{year}"^^{_iri(XSD + "integer")}')
        fact, evidence = _iri(f"{THING}fact-{number}"), _iri(f"{THING}evidence-{number}")
        self._say(fact, RDF + "type", _iri(TERM + "Fact"))
        self._say(fact, TERM + "factSubject", brokerage)
        self._say(fact, TERM + "factProperty", _iri(TERM + "technology"))
        self._say(fact, TERM + "factObject", technology)
        self._say(fact, TERM + "source", source)
        self._say(fact, TERM + "evidence", evidence)
        self._say(evidence, RDF + "type", _iri(TERM + "Evidence"))
        self._say(evidence, TERM + "section", f'"{1 + number % 6}.{1 + number % 4}"')

    def _things(self, name: str, count: int, class_: str, noun: str, first: int = 0) -> Iterator[str]:
        """Yield `count` things of a class, each with its type and its label."""
        for number in range(first, first + count):
            thing = _iri(f"{THING}{name}-{number}")
            label = f"{self._one_of(self.graph.words)} {self._one_of(self.graph.words)} {noun} {number}"
            self._say(thing, RDF + "type", _iri(TERM + class_))
            self._say(thing, _LABEL, f'"{label.capitalize()}"@en')
            yield thing

    def _say(self, subject: str, predicate: str, value: str) -> None:
        self.graph.triples.append(f"{subject} <{predicate}> {value}")

    def _word(self) -> str:
        return "".join(self._one_of(_ONSETS) + self._one_of(_VOWELS) for _ in range(3))

    def _one_of(self, choices: list[str] | tuple[str, ...]) -> str:
        # Not random.choice: only random() is promised to give the same with every version of Python.
        return choices[int(len(choices) * self._chance.random())]


def _iri(iri: str) -> str:
    return f"<{iri}>"
