"""Finds a passage in a normalised text, so that a curator never counts characters."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from loaders.errors import PassageNotFoundError
from loaders.text import digest, normalise

_ELLIPSIS = re.compile(r"\s*(?:\[\.\.\.\]|\.{3,})\s*")


@dataclass(frozen=True)
class Passage:
    """A stretch of a normalised text: `start` and `end` in code points, `digest` as in `loaders.text`."""

    start: int
    end: int
    digest: str


def passage_at(text: str, start: int, end: int) -> Passage:
    """Return the passage of the normalised `text` from `start` up to `end`."""
    return Passage(start, end, digest(text[start:end]))


def find_passages(text: str, wanted: str) -> list[Passage]:
    """Return every place of the normalised `text` where `wanted` stands, in order.

    Only letters and digits count, whatever their case: a passage copied from a PDF or a web page is found
    though its hyphens, quotation marks and line ends differ. `first words ... last words` spans what is
    between them. Raises PassageNotFoundError, which names the nearest passage.
    """
    letters, positions = _letters(text)
    parts = [_letters(part)[0] for part in _ELLIPSIS.split(normalise(wanted))]
    parts = [part for part in parts if part]
    if not parts:
        raise PassageNotFoundError("the passage has no letters or digits; give some words of the text")
    found = []
    for start in _occurrences(letters, parts[0]):
        end = start + len(parts[0])
        for part in parts[1:]:
            next_start = letters.find(part, end)
            if next_start < 0:
                break
            end = next_start + len(part)
        else:
            found.append(passage_at(text, positions[start], positions[end - 1] + 1))
    if not found:
        raise PassageNotFoundError(_nearest(text, wanted))
    return found


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of `text`, casefolded, and the position of each."""
    letters, positions = [], []
    for position, character in enumerate(text):
        if character.isalnum():
            for folded in character.casefold():
                letters.append(folded)
                positions.append(position)
    return "".join(letters), positions


def _occurrences(letters: str, part: str) -> list[int]:
    return [match.start() for match in re.finditer(f"(?={re.escape(part)})", letters)]


def _nearest(text: str, wanted: str) -> str:
    wanted = normalise(wanted)
    best = fuzz.partial_ratio_alignment(wanted.casefold(), text.casefold())
    if best is None or best.score < 60:
        return "the passage is not in the text, nor anything like it"
    near = text[best.dest_start : best.dest_end]
    return f"the passage is not in the text; the nearest stands at {best.dest_start}: {near!r}"
