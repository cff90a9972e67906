"""What is looked for in the index: terms, the words that each may be, and the expressions that find them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

_MOST_SPELLINGS = 8
# How much a word counts that is the one asked for, has its stem, goes on behind it, or is merely near it.
_EXACT, _INFLECTED, _CONTINUED, _NEAR = 10, 7, 4, 5


@dataclass(frozen=True)
class Way:
    """One way in which a text may have a term: the expression that finds it, what it counts, whether in whole words."""

    expression: str
    value: int
    is_whole: bool


@dataclass(frozen=True)
class Term:
    """A word that is looked for, as it was written, or a phrase; `need` tells how rare it is.

    `exact` is the word itself, where a text has it, or what it was corrected to; `inflected` are words with its stem;
    words that begin with `beginning` count less, unless `is_open`: then they are as good as the word itself.
    """

    written: str
    exact: tuple[str, ...]
    need: int
    inflected: tuple[str, ...] = ()
    beginning: str = ""
    is_open: bool = False
    is_near: bool = False
    phrase: tuple[str, ...] = ()

    def fits(self, word: str) -> bool:
        """Tell whether the folded `word` is one that is looked for."""
        is_one = word in self.exact or word in self.inflected or word in self.phrase
        return is_one or bool(self.beginning and word.startswith(self.beginning))

    def is_in(self, words: Sequence[str]) -> bool:
        """Tell whether a text of these folded words has it."""
        if not self.phrase:
            return any(map(self.fits, words))
        length = len(self.phrase)
        return any(tuple(words[start : start + length]) == self.phrase for start in range(len(words)))

    def ways(self) -> list[Way]:
        """Return how it is found; a folded word has letters and digits only, so none is syntax of FTS5."""
        if self.phrase:
            return [Way(phrase_expression(self.phrase), _EXACT * self.need, True)]
        if self.is_open:
            return [Way(f'"{self.beginning}"*', _EXACT * self.need, True)]
        found = [
            Way(_any_of(self.exact), (_NEAR if self.is_near else _EXACT) * self.need, True),
            Way(_any_of(self.inflected), _INFLECTED * self.need, True),
            Way(f'"{self.beginning}"*' if self.beginning else "", _CONTINUED * self.need, False),
        ]
        return [way for way in found if way.expression]


@dataclass(frozen=True)
class Wanted:
    """What is looked for: things with `terms`, all of them where there are such. Without terms nothing is found.

    `spellings` and `stems` are what a name is that has just the words that were asked for, in their order.
    `corrected` tells of each word that no text has which ones are looked for in its place, `missing` which words are
    not looked for at all, `left_out` which phrases a thing must not have.
    """

    terms: tuple[Term, ...] = ()
    spellings: tuple[str, ...] = ()
    stems: str = ""
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    left_out: tuple[tuple[str, ...], ...] = ()

    def fits(self, word: str) -> bool:
        """Tell whether the folded `word` is one of those that are looked for."""
        return any(term.fits(word) for term in self.terms)


def phrase_expression(words: Iterable[str]) -> str:
    """Return the expression of FTS5 (section 3.2) for words that follow each other."""
    return '"' + " ".join(words) + '"'


def spellings(alternatives: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the texts that have one of each of these words in their order; some, where there are many."""
    return tuple(" ".join(spelling) for spelling in islice(product(*alternatives), _MOST_SPELLINGS))


def _any_of(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
