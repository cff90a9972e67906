"""Reads what somebody wrote to search: words, phrases in quotes, and what is to be left out."""

import re
from dataclasses import dataclass

from loaders.words import folded_text, words

# A phrase in quotes, or a word, with a minus before what is left out. Any other sign is one between words.
_PHRASE = re.compile(r'(?<!\S)(?P<phrase_out>-?)"(?P<phrase>[^"]*\w[^"]*)"(?!\w)|(?<!\S)-(?P<word_out>\w\S*)')


@dataclass(frozen=True)
class Asked:
    """A word or a phrase as it was written, with its folded words."""

    written: str
    words: tuple[str, ...]
    is_phrase: bool = False


@dataclass(frozen=True)
class Reading:
    """What was asked for, in its order, and what is to be left out."""

    asked: tuple[Asked, ...]
    left_out: tuple[tuple[str, ...], ...] = ()


def read(text: str) -> Reading:
    """Return what `text` asks for. Where it names only what to leave out, this is what it asks for."""
    asked: list[Asked] = []
    left_out: list[tuple[str, ...]] = []
    end = 0
    for match in _PHRASE.finditer(text):
        asked += _words(text[end : match.start()])
        end = match.end()
        folded = tuple(folded_text(match["phrase"] or match["word_out"]).split())
        if match["phrase_out"] or match["word_out"]:
            left_out += [folded] if folded else []
        elif folded:
            asked.append(Asked(f'"{match["phrase"]}"', folded, is_phrase=True))
    asked += _words(text[end:])
    if not asked:
        return Reading(tuple(_words(text)))
    return Reading(tuple(asked), tuple(left_out))


def _words(text: str) -> list[Asked]:
    return [Asked(text[word.start : word.end], (word.folded,)) for word in words(text)]
