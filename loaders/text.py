"""Normalises the text of a paper, so that a position means the same for whoever anchors or checks a passage."""

import hashlib
import re
import unicodedata

# Cyrillic letters that stand in Latin words of texts taken from PDF ("Table" with a Cyrillic a).
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")
_PUNCTUATION = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | {"‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}
    | {"*": None, "\u00ad": None}
)
_LINE_END_HYPHEN = re.compile(r"(?<=\w)-[ \t]*\n\s*(?=[^\W\d_])")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Return `text` as one line: every step is described in docs/text-normalisation.md.

    Normalising twice changes nothing, and positions in the result are Unicode code points.
    """
    text = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION).translate(_LOOKALIKES)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LINE_END_HYPHEN.sub("", text)
    return unicodedata.normalize("NFKC", _SPACE.sub(" ", text)).strip()


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8 as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
