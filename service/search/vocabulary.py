"""The words that a client may find, and what each word that somebody wrote may stand for among them."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from loaders.search_stems import american, stems
from loaders.words import parts, words
from service.search.function_words import function_words
from service.search.nearest import Nearest
from service.search.query import Asked, read
from service.search.words import Term, Wanted, spellings

_FUNCTION_WORDS = frozenset(word.folded for word in words(function_words()))
_SHORTEST_PART, _MOST_PARTS, _LONGEST_IN_PARTS = 3, 4, 60
# AR is not an inflection of `are`.
_SHORTEST_INFLECTED = 3
_MOST_TERMS = 20
_MOST_KEPT = 1000
# A word of every text counts something, too.
_NEED_SCALE, _LEAST_NEED = 100, 1


@dataclass(frozen=True)
class _Word:
    """A word that was written, or several neighbouring ones as one, with the words that it is taken for."""

    written: str
    folded: str
    near: tuple[str, ...] = ()
    goes_on: bool = False


class Vocabulary:
    """The folded words of an index, with the stem of each and how many of `texts` texts have it."""

    def __init__(self, stem_of: Mapping[str, str], counts: Mapping[str, int], texts: int) -> None:
        self._stem_of, self._counts, self._texts = stem_of, counts, texts
        self._words = sorted(counts)
        self._by_stem: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._by_stem[stem_of[word]].append(word)
        self._nearest = Nearest(self._words, counts)
        self._stem = lru_cache(_MOST_KEPT)(self._stem_of_any)

    def wanted(self, text: str, *, all_go_on: bool) -> Wanted:
        """Return what somebody looks for who wrote `text`: the last word may go on, or all of them.

        A word that no text has stands for those with its stem; else it is joined with a neighbour, taken as the
        beginning of others, corrected, or cut into several. What is none of these is missing. Function words are not
        looked for where there are others.
        """
        reading = read(text)
        corrected: dict[str, tuple[str, ...]] = {}
        named: list[tuple[str, ...]] = []
        terms: dict[object, Term] = {}
        missing: list[str] = []
        joined = self._joined(reading.asked, corrected)
        for number, asked in enumerate(joined, 1):
            if asked.is_phrase:
                terms[asked.words] = self._phrase(asked)
                named.append((" ".join(asked.words),))
                continue
            taken = self._taken(asked, all_go_on or number == len(joined), corrected)
            for word in taken:
                terms[word.folded] = term = self._term(word, may_be_open=all_go_on and number == len(joined))
                named.append(term.exact or (word.folded,))
            missing += [] if taken or asked.words[0] in _FUNCTION_WORDS else [asked.written]
        terms = self._telling(terms, all_go_on)
        as_written = " ".join(word for asked in reading.asked for word in asked.words)
        return Wanted(
            tuple(terms.values())[:_MOST_TERMS],
            tuple(dict.fromkeys((as_written, *spellings(named)))),
            " ".join(self._stem(word) for alternatives in named for word in alternatives[0].split()),
            corrected,
            tuple(dict.fromkeys(missing)),
            reading.left_out,
        )

    def _telling(self, terms: Mapping[object, Term], all_go_on: bool) -> dict[object, Term]:
        """Return the terms without function words, unless there is nothing else; what is being typed may go on."""
        last = list(terms)[-1] if terms and all_go_on else None
        telling = {key: term for key, term in terms.items() if key not in _FUNCTION_WORDS or key == last}
        return telling or dict(terms)

    def _joined(self, asked: Sequence[Asked], corrected: dict[str, tuple[str, ...]]) -> list[Asked]:
        """Return what was asked, neighbours as one word that texts have where one of the two is in none."""
        joined: list[Asked] = []
        for one in asked:
            before = joined[-1] if joined else None
            if before and not one.is_phrase and not before.is_phrase:
                together = before.words[0] + one.words[0]
                if together in self._counts and not {before.words[0], one.words[0]} <= self._counts.keys():
                    joined[-1] = Asked(f"{before.written} {one.written}", (together,))
                    corrected[joined[-1].written] = (together,)
                    continue
            joined.append(one)
        return joined

    def _taken(self, asked: Asked, goes_on: bool, corrected: dict[str, tuple[str, ...]]) -> list[_Word]:
        """Return the words that one stands for: itself, near ones, or its parts."""
        (folded,) = asked.words
        is_known = folded in self._counts or bool(self._inflected(folded))
        if (cut := parts(asked.written)) and self._counts.keys() >= set(cut):
            return [_Word(asked.written, part) for part in cut]
        if (goes_on or not is_known) and self._begins(folded):
            return [_Word(asked.written, folded, goes_on=True)]
        if is_known:
            return [_Word(asked.written, folded)]
        if folded in _FUNCTION_WORDS:
            return []
        if near := self._nearest.words(folded, goes_on):
            corrected[asked.written] = near
            return [_Word(asked.written, folded, near)]
        if pieces := self._parts(folded):
            corrected[asked.written] = (" ".join(pieces),)
            return [_Word(asked.written, piece) for piece in pieces]
        return []

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return the fewest words of texts that make up `word`, nothing where none do."""
        if len(word) > _LONGEST_IN_PARTS:
            return ()
        best: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(_SHORTEST_PART, len(word) + 1):
            for start in range(end - _SHORTEST_PART + 1):
                part = word[start:end]
                if start in best and part in self._counts:
                    way = (*best[start], part)
                    if end not in best or self._is_better(way, best[end]):
                        best[end] = way
        found = best.get(len(word), ())
        return found if len(found) <= _MOST_PARTS else ()

    def _is_better(self, way: Sequence[str], other: Sequence[str]) -> bool:
        """Tell whether a word is cut into fewer words, or into as many of which the rarest is less rare."""
        rarest, rarest_of_other = (min(self._counts[part] for part in each) for each in (way, other))
        return (len(way), -rarest) < (len(other), -rarest_of_other)

    def _term(self, word: _Word, may_be_open: bool) -> Term:
        exact = word.near or self._spelt_alike(word.folded)
        inflected = {other for one in exact or (word.folded,) for other in self._inflected(one)}
        beginning = word.folded if word.goes_on else ""
        others = tuple(sorted(inflected - set(exact)))
        every = {*exact, *others, *(self._beginning_with(beginning) if beginning else ())}
        need = self._need(sum(self._counts[each] for each in every))
        is_short = len(word.folded) < _SHORTEST_INFLECTED or word.folded in _FUNCTION_WORDS
        is_open = may_be_open and bool(beginning) and is_short
        return Term(word.written, exact, need, others, beginning, is_open, is_near=bool(word.near))

    def _spelt_alike(self, word: str) -> tuple[str, ...]:
        """Return the word, if a text has it, and the same in British or American spelling."""
        alike = {other for other in self._inflected(word) if american(other) == american(word)}
        return tuple(sorted(alike | ({word} & self._counts.keys()), key=lambda other: (other != word, other)))

    def _inflected(self, word: str) -> set[str]:
        """Return the words with the same stem; those that hold sentences together are inflections of no other."""
        if len(word) < _SHORTEST_INFLECTED or word in _FUNCTION_WORDS:
            return set()
        return set(self._by_stem.get(self._stem(word), ())) - _FUNCTION_WORDS

    def _phrase(self, asked: Asked) -> Term:
        rarest = min(self._counts.get(word, 0) for word in asked.words)
        return Term(asked.written, (), self._need(rarest), phrase=asked.words)

    def _need(self, texts: int) -> int:
        """Return how much a word of so many texts tells: the inverse document frequency, as a whole number."""
        return max(_LEAST_NEED, round(_NEED_SCALE * math.log((1 + self._texts) / (1 + texts))))

    def _begins(self, beginning: str) -> bool:
        place = bisect_left(self._words, beginning)
        return place < len(self._words) and self._words[place].startswith(beginning)

    def _beginning_with(self, beginning: str) -> Iterable[str]:
        end = bisect_left(self._words, f"{beginning}\U0010ffff")
        return self._words[bisect_left(self._words, beginning) : end]

    def _stem_of_any(self, word: str) -> str:
        return self._stem_of[word] if word in self._stem_of else stems([word])[word]
