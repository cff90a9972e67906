"""Finds the words that one which no text has may have been meant to be."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Of a shorter word too many others are near, and of a number all.
_SHORTEST = 5
# People seldom mistake the first letter, and a short word with another one is another word.
_LONGEST_WITH_ITS_FIRST_LETTER = 7
_LONGEST_WITH_ONE_EDIT = 8
_MOST = 5


class Nearest:
    """Some folded words, with how many texts have each."""

    def __init__(self, words: Sequence[str], counts: Mapping[str, int]) -> None:
        self._words, self._counts = words, counts
        self._beginnings = lru_cache(self._beginnings_of)

    def words(self, word: str, goes_on: bool) -> tuple[str, ...]:
        """Return the words that are fewest edits away, or those that begin nearly so, if the word may go on."""
        if len(word) < _SHORTEST or not word.isalpha():
            return ()
        edits = 1 if len(word) <= _LONGEST_WITH_ONE_EDIT else 2
        found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        if len(word) <= _LONGEST_WITH_ITS_FIRST_LETTER:
            found = [each for each in found if each[0][0] == word[0]]
        fewest = min((distance for _, distance, _ in found), default=0)
        near = [other for other, distance, _ in found if distance == fewest]
        if not near and goes_on:
            near = self._beginning_nearly(word)
        return tuple(sorted(near, key=lambda other: (-self._counts[other], other))[:_MOST])

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
