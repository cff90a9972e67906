"""The words that a client may find, and what each word that somebody wrote may stand for among them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loaders.search_stems import american
from loaders.words import parts, words
from service.search.function_words import function_words
from service.search.known_words import KnownWords
from service.search.query import Asked, read
from service.search.words import Term, Wanted, spellings

_FUNCTION_WORDS = frozenset(word.folded for word in words(function_words()))
_SHORTEST_PART, _MOST_PARTS, _LONGEST_IN_PARTS = 3, 4, 60
# AR is not an inflection of `are`.
_SHORTEST_INFLECTED = 3
_MOST_TERMS = 20
# The index finds all texts with shorter beginnings at once, and must gather them of longer ones.
_SHORTEST_CONTINUED = 4
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
    """What words may stand for, among those that are known."""

    def __init__(self, known: KnownWords) -> None:
        self._known = known

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
            " ".join(self._known.stem(word) for alternatives in named for word in alternatives[0].split()),
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
                if together in self._known and not (before.words[0] in self._known and one.words[0] in self._known):
                    joined[-1] = Asked(f"{before.written} {one.written}", (together,))
                    corrected[joined[-1].written] = (together,)
                    continue
            joined.append(one)
        return joined

    def _taken(self, asked: Asked, goes_on: bool, corrected: dict[str, tuple[str, ...]]) -> list[_Word]:
        """Return the words that one stands for: itself, near ones, or its parts."""
        (folded,) = asked.words
        is_known = folded in self._known or bool(self._inflected(folded))
        if (cut := parts(asked.written)) and all(part in self._known for part in cut):
            return [_Word(asked.written, part) for part in cut]
        if (goes_on or not is_known) and self._known.begins(folded):
            return [_Word(asked.written, folded, goes_on=True)]
        if is_known:
            return [_Word(asked.written, folded)]
        if folded in _FUNCTION_WORDS:
            return []
        if near := self._known.near(folded, goes_on):
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
                if start in best and part in self._known:
                    way = (*best[start], part)
                    if end not in best or self._is_better(way, best[end]):
                        best[end] = way
        found = best.get(len(word), ())
        return found if len(found) <= _MOST_PARTS else ()

    def _is_better(self, way: Sequence[str], other: Sequence[str]) -> bool:
        """Tell whether a word is cut into fewer words, or into as many of which the rarest is less rare."""
        rarest, rarest_of_other = (min(self._known.texts(part) for part in each) for each in (way, other))
        return (len(way), -rarest) < (len(other), -rarest_of_other)

    def _term(self, word: _Word, may_be_open: bool) -> Term:
        exact = word.near or self._spelt_alike(word.folded)
        inflected = {other for one in exact or (word.folded,) for other in self._inflected(one)}
        beginning = word.folded if word.goes_on else ""
        others = tuple(sorted(inflected - set(exact)))
        texts = sum(
            self._known.texts(each) for each in {*exact, *others} if not (beginning and each.startswith(beginning))
        )
        texts += self._known.texts_of_beginning(beginning) if beginning else 0
        is_short = len(word.folded) < _SHORTEST_INFLECTED or word.folded in _FUNCTION_WORDS
        is_open = may_be_open and bool(beginning) and is_short
        continued = self._known.beginning(beginning) if len(beginning) >= _SHORTEST_CONTINUED else ()
        return Term(
            word.written, exact, texts, self._need(texts), others, beginning, is_open, bool(word.near), continued
        )

    def _spelt_alike(self, word: str) -> tuple[str, ...]:
        """Return the word, if a text has it, and the same in British or American spelling."""
        alike = {other for other in self._inflected(word) if american(other) == american(word)}
        alike |= {word} if word in self._known else set()
        return tuple(sorted(alike, key=lambda other: (other != word, other)))

    def _inflected(self, word: str) -> set[str]:
        """Return the words with the same stem; those that hold sentences together are inflections of no other."""
        if len(word) < _SHORTEST_INFLECTED or word in _FUNCTION_WORDS:
            return set()
        return set(self._known.with_stem(self._known.stem(word))) - _FUNCTION_WORDS

    def _phrase(self, asked: Asked) -> Term:
        rarest = min(map(self._known.texts, asked.words))
        return Term(asked.written, (), rarest, self._need(rarest), phrase=asked.words)

    def _need(self, texts: int) -> int:
        """Return how much a word of so many texts tells: the inverse document frequency, as a whole number."""
        return max(_LEAST_NEED, round(_NEED_SCALE * math.log((1 + self._known.every_text) / (1 + texts))))
