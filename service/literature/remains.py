"""Takes out of a formatted reference what a style prints around fields that are not there."""

import re
from collections.abc import Iterable

# What stands for markup (formatted.py): each character that opens some is followed in order by the one that closes it.
_MARK = "[\ue000-\ue00f]"
_MARKS = dict.fromkeys(range(0xE000, 0xE010))
_EMPTY_MARKUP = re.compile("|".join(f"{chr(opening)}{chr(opening + 1)}" for opening in range(0xE000, 0xE010, 2)))
# What remains where a field is missing, and what is left of it.
_REMAINS = tuple(
    (re.compile(pattern), left)
    for pattern, left in (
        (r"\s*(?:\(\s*\)|\[\s*\])", ""),
        (r"\s*(?:\u201c[.,]?\u201d|\u2018[.,]?\u2019)", ""),
        (r"\bPp?\. in\b", "In"),
        (r"\b(?:vol|no|pp?)\.\s*([,;:)])", r"\1"),
        (rf"[,;:]\s*({_MARK}*[,;:.])", r"\1"),
        (rf"\.\s+({_MARK}*\.)", r"\1"),
        (r",\s*(\([12]\d{3}\))", r" \1"),
        (r"\A[\s.,;:]+", ""),
    )
)
_OPEN_END = re.compile(rf"(?P<mark>[,;:])\s*(?P<markup>{_MARK}*)\Z")


def without_remains(text: str, values: Iterable[str]) -> str:
    """Return a reference without empty brackets, doubled punctuation and labels of nothing.

    A comma at the end becomes a full stop. What stands in one of the `values` that the reference is made of is no
    remainder, and is left.
    """
    told = "\n".join(values)

    def tidied(found: re.Match[str], left: str) -> str:
        shown = found[0].translate(_MARKS).strip()
        return found[0] if shown and shown in told else found.expand(left)

    before = None
    while before != text:
        before, text = text, _EMPTY_MARKUP.sub("", text)
        for pattern, left in _REMAINS:
            text = pattern.sub(lambda found, left=left: tidied(found, left), text)  # type: ignore[misc]
    end = _OPEN_END.search(text)
    if end is None or any(value.endswith(end["mark"]) for value in told.split("\n")):
        return text
    return text[: end.start()] + ("." if end["mark"] == "," else "") + end["markup"]
