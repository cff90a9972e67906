"""Names the known name that is nearest to an unknown one."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, utils

# At the beginning only: looked for everywhere, it would take a long name the square of its length.
_PREFIX = re.compile(r"\A\w+:(?!//)")
_NEAR, _ALIKE = 70, 50
_MOST = 3


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` with the known names nearest to `name`, or nothing where none is near.

    Prefixes such as `dg:` do not count. What merely shares a few letters is not near, though it lies within the other.
    """
    plain = _plain(name)
    ranked = sorted((-_score(plain, other), other) for other in set(known))
    found = [repr(other) for score, other in ranked[:_MOST] if score <= -_NEAR]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _score(plain: str, other: str) -> float:
    other = _plain(other)
    return fuzz.WRatio(plain, other) if fuzz.ratio(plain, other) >= _ALIKE else 0.0


def _plain(name: str) -> str:
    return utils.default_process(_PREFIX.sub("", name))
