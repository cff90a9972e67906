"""Cuts texts into words, folded so that case and marks do not count: one way for the index and for what is asked."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_APOSTROPHE = "['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}]"
_MARKS = r"[\u0300-\u036f]"
# Letters and digits, each with the marks that follow it where a text is not composed; an English ending behind an
# apostrophe, as in `it's`, is a part of the word, where what is before one in `d'Açò` is another word.
_WORD = re.compile(rf"(?:[^\W_]{_MARKS}*)+(?:{_APOSTROPHE}(?:s|t|d|m|re|ve|ll)(?![^\W_]|{_MARKS}))?", re.IGNORECASE)
# Where a word in camel case is cut: not in IoT, PhD or McKinsey.
_HUMP = re.compile(rf"(?<=[A-Za-z][a-z][a-z])(?=[A-Z][a-z][a-z](?!{_MARKS}))")
# Letters that Unicode does not decompose: one with a stroke, such as ł and ø, and two joined, such as æ and œ.
_STROKED_OR_JOINED = re.compile(r"LATIN SMALL (?:LETTER ([A-Z]) WITH .+|(?:LETTER|LIGATURE) ([AO]E))")


class Word(NamedTuple):
    """A word of a text: where it begins and ends there, and the word folded."""

    start: int
    end: int
    folded: str


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` in their order; what has no letter or digit is none."""
    for match in _WORD.finditer(text):
        if folded := fold(match[0]):
            yield Word(match.start(), match.end(), folded)


def folded_text(text: str) -> str:
    """Return the folded words of `text` with a space between them: texts that differ in case and marks come out equal.

    The letters lose what Unicode decomposes (NFKD, UAX 15), so that `Götz` is `gotz`; `ß` is `ss`, `Ł` is `l`.
    """
    return " ".join(word.folded for word in words(text))


def parts(word: str) -> list[str]:
    """Return the folded parts of a word in camel case, as of `LivingLab`, and nothing for any other."""
    cut = _HUMP.split(word)
    return [fold(part) for part in cut] if len(cut) > 1 else []


def parts_of_words(text: str) -> list[str]:
    """Return the folded parts of those words of `text` that are in camel case."""
    if not _HUMP.search(text):
        return []
    return [part for word in words(text) for part in parts(text[word.start : word.end])]


def fold(word: str) -> str:
    """Return the letters and digits of `word` without case and marks."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(_plain(letter) for letter in decomposed if letter.isalnum())


@cache
def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    found = _STROKED_OR_JOINED.fullmatch(unicodedata.name(letter, ""))
    return (found[1] or found[2]).lower() if found else letter
