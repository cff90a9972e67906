"""Reads what is searched for: its words, what each may stand for in an index, and the expression that finds them."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from loaders.words import words

# Of a shorter word too many others are near, and of a number all.
_SHORTEST = 4
_SHORTEST_BEGINNING = 5
_LONGEST_WITH_ONE_EDIT = 7
_MOST_CORRECTIONS = 5
_MOST_SPELLINGS = 8


@dataclass(frozen=True)
class Term:
    """A word that is looked for: the words that it may be, which may go on where `is_prefix`."""

    words: tuple[str, ...]
    is_prefix: bool

    def fits(self, word: str) -> bool:
        """Tell whether the folded `word` is one that is looked for."""
        return word.startswith(self.words) if self.is_prefix else word in self.words

    def expression(self) -> str:
        """Return the expression of FTS5 (section 3) that finds it; a folded word has letters and digits only."""
        end = '"*' if self.is_prefix else '"'
        return "(" + " OR ".join('"' + word + end for word in self.words) + ")"


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all of `terms`. Where there are none, nothing can be found.

    `corrected` tells of each word that no text has which ones are looked for in its place.
    """

    terms: tuple[Term, ...] = ()
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def expression(self) -> str:
        """Return the expression of FTS5 that finds texts with all terms."""
        return " AND ".join(term.expression() for term in self.terms)

    def spellings(self) -> list[str]:
        """Return what a name begins with that has just these words in this order; some, where there are many."""
        every = product(*(term.words for term in self.terms))
        return [" ".join(spelling) for spelling in islice(every, _MOST_SPELLINGS)]

    def fits(self, word: str) -> bool:
        """Tell whether the folded `word` is one of those that are looked for."""
        return any(term.fits(word) for term in self.terms)


class Vocabulary:
    """The folded words of an index, with how many texts have each."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._words = sorted(counts)
        self._beginnings = lru_cache(self._beginnings_of)

    def wanted(self, text: str, *, all_go_on: bool) -> Wanted:
        """Return what somebody looks for who wrote `text`: the last word may go on, or all of them.

        A word that no text has is taken as the beginning of others, and else corrected.
        """
        terms: dict[str, Term] = {}
        corrected: dict[str, tuple[str, ...]] = {}
        asked = list(words(text))
        for number, word in enumerate(asked, 1):
            goes_on = all_go_on or number == len(asked)
            if (goes_on or word.folded not in self._counts) and self._begins(word.folded):
                terms[word.folded] = Term((word.folded,), is_prefix=True)
            elif word.folded in self._counts:
                terms.setdefault(word.folded, Term((word.folded,), is_prefix=False))
            elif nearest := self._nearest(word.folded, goes_on):
                terms[word.folded] = Term(nearest, is_prefix=False)
                corrected[text[word.start : word.end]] = nearest
            else:
                return Wanted()
        return Wanted(tuple(terms.values()), corrected)

    def _begins(self, beginning: str) -> bool:
        place = bisect_left(self._words, beginning)
        return place < len(self._words) and self._words[place].startswith(beginning)

    def _nearest(self, word: str, goes_on: bool) -> tuple[str, ...]:
        """Return the words that are fewest edits away, or those that begin nearly so, if the word may go on."""
        if len(word) < _SHORTEST or not word.isalpha():
            return ()
        edits = 1 if len(word) <= _LONGEST_WITH_ONE_EDIT else 2
        found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        fewest = min((distance for _, distance, _ in found), default=0)
        near = [other for other, distance, _ in found if distance == fewest]
        if not near and goes_on and len(word) >= _SHORTEST_BEGINNING:
            near = self._beginning_nearly(word)
        return tuple(sorted(near, key=lambda other: (-self._counts[other], other))[:_MOST_CORRECTIONS])

    def _beginning_nearly(self, word: str) -> list[str]:
        """Return the words with the same first letter of which a beginning is one edit away."""
        near: set[str] = set()
        for length in (len(word) - 1, len(word), len(word) + 1):
            beginnings = self._beginnings(length)
            found = process.extract(word, beginnings, scorer=OSA.distance, score_cutoff=1, limit=None)
            near |= {beginning for beginning, _, _ in found if beginning[0] == word[0]}
        begins = tuple(near)
        return [other for other in self._words if begins and other.startswith(begins)]

    def _beginnings_of(self, length: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word[:length] for word in self._words if len(word) >= length))
