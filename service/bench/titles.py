"""Generates literature to be searched: works with titles and the people who wrote them, as a source to be loaded.

Words follow Zipf's law, as those of titles do: the terms of the field, which are labels of the ontology, are among the
frequent ones, and most of the others are invented, as are the names of people.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, islice
from pathlib import Path

from loaders.loading.load import load
from loaders.loading.parts import ReadPart, read_part
from loaders.loading.plan import Fault, Part, Plan
from loaders.loading.source import LoadedSource
from loaders.loading.terms import LABEL, TYPE, term, text, thing
from loaders.progress import Progress
from loaders.words import words
from ontology.iris import PREFIXES
from ontology.modules import module_triples

_FUNCTION_WORDS = ["the", "of", "and", "in", "for", "a", "on", "to", "with", "from", "by", "an", "at", "between", "as"]
_SYLLABLES = [f"{first}{vowel}{last}" for first in "bcdfglmnprstv" for vowel in "aeiou" for last in ("", "n", "r", "s")]
_INVENTED, _GIVEN, _FAMILIES = 150_000, 5_000, 200_000
_FUNCTION_SHARE = 0.3
_WORKS_OF_PART = 50_000
NAME = "bench-titles"


@dataclass(frozen=True)
class Vocabulary:
    """Words, the frequent ones first, and how often they and those before them come."""

    words: Sequence[str]
    weights: Sequence[float]

    @classmethod
    def of(cls, words: Sequence[str]) -> "Vocabulary":
        """Return a vocabulary in which the second word comes half as often as the first, the third a third."""
        return cls(words, list(accumulate(1 / (place + 3) for place in range(len(words)))))

    def some(self, chance: random.Random, count: int) -> list[str]:
        """Return some words."""
        return chance.choices(self.words, cum_weights=self.weights, k=count)


@cache
def of_titles() -> Vocabulary:
    """Return the words of titles: every second of the first ones is one of the ontology's."""
    known = sorted({each.folded for label in _labels() for each in words(label) if each.folded.isalpha()})
    random.Random(0).shuffle(known)
    invented = iter(_invented(_INVENTED, 1, 4))
    mixed = [word for one in known for word in (one, next(invented))]
    return Vocabulary.of(list(dict.fromkeys([*mixed, *invented])))


@cache
def of_people() -> tuple[Vocabulary, Vocabulary]:
    """Return given and family names."""
    given, families = (_invented(count, number, 3) for count, number in ((_GIVEN, 2), (_FAMILIES, 3)))
    return Vocabulary.of([*map(str.title, given)]), Vocabulary.of([*map(str.title, families)])


@dataclass(frozen=True)
class Titles(Part):
    """Some of the works, each with a person: what comes of a seed is the same wherever it is made."""

    number: int
    works: int
    seed: int

    @property
    def key(self) -> str:
        """What names the part."""
        return f"titles-{self.number:04}"

    def triples(self, fault: Fault) -> Iterator[bytes]:
        """Yield the types, labels and makers of the works, and the types and names of people."""
        chance = random.Random(f"{self.seed} {self.number}")
        titles, (given, families) = of_titles(), of_people()
        for number in range(self.works):
            work, person = (thing(f"bench-{kind}-{self.number}-{number}") for kind in ("work", "person"))
            title = title_of(chance, titles)
            name = " ".join([*given.some(chance, chance.randint(1, 2)), *families.some(chance, 1)])
            for subject, class_, label in ((work, "Publication", title), (person, "Person", name)):
                yield b"%s %s %s .\n" % (subject, TYPE, term(class_))
                yield b"%s %s %s .\n" % (subject, LABEL, text(label, "en" if subject is work else None))
            yield b"%s <%screator> %s .\n" % (work, PREFIXES["dcterms"].encode(), person)


def title_of(chance: random.Random, vocabulary: Vocabulary) -> str:
    """Return a title of 5 to 15 words."""
    chosen = vocabulary.some(chance, chance.randint(5, 15))
    with_function_words = [
        chance.choice(_FUNCTION_WORDS) if place and chance.random() < _FUNCTION_SHARE else word
        for place, word in enumerate(chosen)
    ]
    return " ".join(with_function_words).capitalize()


def load_titles(state: Path, works: int, seed: int, progress: Progress) -> LoadedSource:
    """Load so many works into a state folder, as any source is. Raises ReleaseError."""
    sizes = [min(_WORKS_OF_PART, works - begun) for begun in range(0, works, _WORKS_OF_PART)]
    parts = [Titles(number, size, seed) for number, size in enumerate(sizes)]
    plan = Plan(NAME, "Generated titles", [Path(__file__)], parts)
    return load(plan, state, _read, skip_bad=False, progress=progress).source


def _read(parts: Sequence[Part], folder: Path) -> Iterator[ReadPart]:
    return (read_part(part, folder) for part in parts)


def _labels() -> Iterator[str]:
    for triple in module_triples():
        if str(triple.predicate).encode() == LABEL:
            yield str(triple.object.value)  # type: ignore[union-attr]


def _invented(count: int, seed: int, most: int) -> list[str]:
    """Return words that nobody has ever written, the short ones more often than the long ones."""
    chance = random.Random(seed)
    made = ("".join(chance.choices(_SYLLABLES, k=chance.randint(2, most))) for _ in range(20 * count))
    return list(islice(dict.fromkeys(made), count))
