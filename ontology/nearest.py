"""Names the known name that is nearest to an unknown one."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, utils

_PREFIX = re.compile(r"\w+:(?!//)")
_NEAR, _ALIKE = 70, 50
_MOST = 3


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` with the known names nearest to `name`, or nothing where none is near.

    Prefixes such as `dg:` do not count. What merely shares a few letters is not near, though it lies within the other.
    """
    ranked = sorted((-_score(name, other), other) for other in set(known))
    found = [repr(other) for score, other in ranked[:_MOST] if score <= -_NEAR]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _score(name: str, other: str) -> float:
    one, two = (utils.default_process(_PREFIX.sub("", text, count=1)) for text in (name, other))
    return fuzz.WRatio(one, two) if fuzz.ratio(one, two) >= _ALIKE else 0.0
