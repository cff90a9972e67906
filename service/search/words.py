"""What is looked for in the index: terms, the words that each may be, and the expressions that find them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

_MOST_SPELLINGS = 8
# How much a word counts that is the one asked for, has its stem, goes on behind it, or is merely near it.
_EXACT, _INFLECTED, _CONTINUED, _NEAR = 10, 7, 4, 5


@dataclass(frozen=True)
class Way:
    """One way in which a text may have a term: one of some strings, what it counts, whether in whole words.

    The strings are parts of the folded words of a text, with a space before, between and behind these; `expression`
    finds the same in the index (FTS5, section 3): a folded word has letters and digits only, so none is syntax of it.
    """

    strings: tuple[str, ...]
    expression: str
    value: int
    is_whole: bool


@dataclass(frozen=True)
class Term:
    """A word that is looked for, as it was written, or a phrase; `need` tells how rare it is.

    It is in `texts` at most.

    `exact` is the word itself, where a text has it, or what it was corrected to; `inflected` are words with its stem;
    words that begin with `beginning` count less, unless `is_open`: then they are as good as the word itself. They are
    `continued`, where it is better to look for these one by one.
    """

    written: str
    exact: tuple[str, ...]
    texts: int
    need: int
    inflected: tuple[str, ...] = ()
    beginning: str = ""
    is_open: bool = False
    is_near: bool = False
    continued: tuple[str, ...] = ()
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
        """Return how it is found, the way that counts most first."""
        if self.phrase:
            phrase = " ".join(self.phrase)
            return [Way((f" {phrase} ",), f'"{phrase}"', _EXACT * self.need, True)]
        begins = (f" {self.beginning}",) if self.beginning else ()
        beginning = _any_of(self.continued) if self.continued else f'"{self.beginning}"*'
        if self.is_open:
            return [Way(begins, beginning, _EXACT * self.need, True)]
        found = [
            Way(_whole(self.exact), _any_of(self.exact), (_NEAR if self.is_near else _EXACT) * self.need, True),
            Way(_whole(self.inflected), _any_of(self.inflected), _INFLECTED * self.need, True),
            Way(begins, beginning, _CONTINUED * self.need, False),
        ]
        return sorted((way for way in found if way.strings), key=lambda way: -way.value)

    @property
    def expression(self) -> str:
        """The expression of FTS5 that finds it in any way."""
        return f"({' OR '.join(way.expression for way in self.ways())})"

    @property
    def exact_expression(self) -> str:
        """The expression of FTS5 that finds it in the way that counts most."""
        return f"({self.ways()[0].expression})"


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


def _whole(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(f" {word} " for word in words)


def _any_of(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
