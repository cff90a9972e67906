"""Finds the concepts of the ontology that a text has a name of."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.words import words
from ontology.iris import PREFIXES

_SKOS = PREFIXES["skos"]
_NAMES = (f"{_SKOS}prefLabel", f"{_SKOS}altLabel", f"{_SKOS}hiddenLabel")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
# Names of fewer letters mean too much, but for abbreviations, as AI or IoT, which are read as they are.
_SHORTEST = 5

Names = Mapping[str, Sequence[tuple[tuple[str, ...], str, str]]]
"""By the first word of a name: its other words, its language and the concept that it names."""


@dataclass(frozen=True)
class Concepts:
    """The names of concepts, `folded` without case, marks and endings of the plural.

    `capitals` are abbreviations, as they are.
    """

    folded: Names
    capitals: Names

    def mentioned(self, text: str, language: str) -> Iterator[str]:
        """Yield the IRI of each concept, once, of which `text` has a name in that language or in English."""
        sequence = [*_words(text)]
        languages = {"en", "", language.split("-")[0]}
        yield from dict.fromkeys(
            [
                *_found(self.folded, [_singular(word) for word, _ in sequence], languages),
                *_found(self.capitals, [word.removesuffix("s") for _, word in sequence], languages),
            ]
        )


def concepts_in(triples: Iterable[ox.Triple]) -> Concepts:
    """Return the names of the concepts that `triples` describe, abbreviations apart."""
    folded: defaultdict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
    capitals: defaultdict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
    names = sorted(
        (triple.subject.value, triple.object.language or "", triple.object.value)
        for triple in triples
        if triple.predicate.value in _NAMES
        and isinstance(triple.object, ox.Literal)
        and isinstance(triple.subject, ox.NamedNode)
    )
    for concept, language, name in names:
        if name.isalnum() and sum(sign.isupper() for sign in name) > 1:
            capitals[name.removesuffix("s")].append(((), language, concept))
        elif len(name) >= _SHORTEST:
            first, *others = (_singular(word.folded) for word in words(name))
            folded[first].append((tuple(others), language, concept))
    return Concepts(dict(folded), dict(capitals))


def _found(names: Names, sequence: Sequence[str], languages: set[str]) -> Iterator[str]:
    for place, word in enumerate(sequence):
        for others, language, concept in names.get(word, ()):
            if language in languages and tuple(sequence[place + 1 : place + 1 + len(others)]) == others:
                yield concept


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a text, folded and as they are."""
    if text.isascii():
        for word in _ASCII_WORD.findall(text):
            yield word.lower(), word
    else:
        for found in words(text):
            yield found.folded, text[found.start : found.end]


def _singular(word: str) -> str:
    """Return a word without the ending of the English plural, which is taken from names and texts alike."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word
