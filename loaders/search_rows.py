"""Makes the rows of the search index that tell of a text: its folded words, its stems, and where it stands."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from loaders.search_stems import stems
from loaders.search_texts import Text
from loaders.words import folded_text, parts_of_words
from ontology.iris import local_name

# Nobody asks for a longer name by all of its words in other inflections.
_MOST_STEMMED = 8
_MOST_KEPT = 100_000


@dataclass(frozen=True)
class Folded:
    """The folded words of a text, and the parts of those in camel case."""

    words: Sequence[str]
    parts: Sequence[str]

    def searched(self) -> list[str]:
        """Return the words by which the text is found."""
        return [*self.words, *self.parts]


def folded(text: Text) -> Folded:
    """Return the folded words of a text."""
    return Folded(folded_text(text.value).split(), parts_of_words(text.value))


@dataclass
class Words:
    """The words of the texts that were seen, their stems, and how many texts of an origin have each."""

    stem_of: dict[str, str] = field(default_factory=dict)
    in_names: Counter[tuple[str, int]] = field(default_factory=Counter)
    in_all: Counter[tuple[str, int]] = field(default_factory=Counter)
    names: Counter[int] = field(default_factory=Counter)
    texts: Counter[int] = field(default_factory=Counter)

    def learn(self, words: Iterable[str]) -> None:
        """Find the stems of words that are new."""
        self.stem_of |= stems(sorted(set(words) - self.stem_of.keys()))

    def count(self, text: Text, words: Folded, origin: int) -> None:
        """Count the words of a text."""
        uses = [(word, origin) for word in set(words.searched())]
        self.in_all.update(uses)
        self.texts[origin] += 1
        if text.is_name():
            self.names[origin] += 1
            self.in_names.update(uses)

    def counts(self) -> Iterable[Sequence[object]]:
        """Return the rows of `counts`."""
        return [(origin, self.names[origin], texts) for origin, texts in self.texts.items()]

    def rows(self) -> Iterable[Sequence[object]]:
        """Return the rows of `words`."""
        for (word, origin), texts in sorted(self.in_all.items()):
            yield word, self.stem_of[word], origin, self.in_names[word, origin], texts


def weight(text: Text, words: Folded) -> float:
    """Return how much each word of a text counts: the more, the fewer there are beside it."""
    return round(text.weight() / math.sqrt(len(words.words) or 1), 3)


def text_row(
    id_: int, thing: int, place: int, text: Text, words: Folded, stem_of: Mapping[str, str], origin: int
) -> Sequence[object]:
    """Return the row of a text in `texts`, which comes at `place` among those of its thing."""
    is_stemmed = text.is_name() and len(words.words) <= _MOST_STEMMED
    stemmed = " ".join(stem_of[word] for word in words.words) if is_stemmed else None
    told = _short(text.property), text.language, text.value, text.is_name()
    parts = " ".join(words.parts) or None
    return id_, thing, place, *told, " ".join(words.words), parts, stemmed, weight(text, words), origin


_short = lru_cache(_MOST_KEPT)(local_name)
