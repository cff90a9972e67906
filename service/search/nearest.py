"""Finds the words that one which no text has may have been meant to be."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Of a shorter word too many others are near, and of a number all.
_SHORTEST = 5
# People seldom mistake the first letter, and a short word with another one is another word.
_LONGEST_WITH_ITS_FIRST_LETTER = 7
_LONGEST_WITH_ONE_EDIT = 8


class Nearest:
    """Some folded words, in their order."""

    most = 5
    """How many words another one stands for at most."""

    def __init__(self, words: Sequence[str]) -> None:
        self._by_letter: defaultdict[str, list[str]] = defaultdict(list)
        self._by_length: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in words:
            self._by_letter[word[0]].append(word)
            self._by_length[word[0], len(word)].append(word)
        self._beginnings = lru_cache(self._beginnings_of)

    def words(self, word: str, goes_on: bool) -> Sequence[str]:
        """Return the words that are fewest edits away, or those that begin nearly so, if the word may go on.

        Another first letter counts where no word with the same one is near.
        """
        if len(word) < _SHORTEST or not word.isalpha():
            return ()
        near = self._nearest(word, word[0])
        if not near and len(word) > _LONGEST_WITH_ITS_FIRST_LETTER:
            near = self._nearest(word, [letter for letter in self._by_letter if letter != word[0]])
        return near or (self._beginning_nearly(word) if goes_on else ())

    def _nearest(self, word: str, letters: Iterable[str]) -> list[str]:
        """Return the words with one of these first letters that are fewest edits away."""
        edits = 1 if len(word) <= _LONGEST_WITH_ONE_EDIT else 2
        lengths = range(len(word) - edits, len(word) + edits + 1)
        others = [
            other for letter in letters for length in lengths for other in self._by_length.get((letter, length), ())
        ]
        found = process.extract(word, others, scorer=OSA.distance, score_cutoff=edits, limit=None)
        fewest = min((distance for _, distance, _ in found), default=0)
        return [other for other, distance, _ in found if distance == fewest]

    def _beginning_nearly(self, word: str) -> list[str]:
        """Return the words with the same first letter of which a beginning is one edit away."""
        near: set[str] = set()
        for length in (len(word) - 1, len(word), len(word) + 1):
            found = process.extract(
                word, self._beginnings(word[0], length), scorer=OSA.distance, score_cutoff=1, limit=None
            )
            near |= {beginning for beginning, _, _ in found}
        begins = tuple(near)
        return [other for other in self._by_letter.get(word[0], ()) if begins and other.startswith(begins)]

    def _beginnings_of(self, letter: str, length: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word[:length] for word in self._by_letter.get(letter, ()) if len(word) >= length))
