"""Names the known name that is nearest to an unknown one."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, utils

_PREFIX = re.compile(r"^\w+:(?!//)")
_NEAR, _ALIKE = 70, 50
_MOST = 3


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` with the known names nearest to `name`, or nothing where none is near.

    Prefixes such as `dg:` do not count. What merely shares a few letters is not near, though it lies within the other.
    """
    wanted = _plain(name)
    ranked = sorted((-_score(wanted, _plain(other)), other) for other in set(known))
    found = [repr(other) for score, other in ranked[:_MOST] if score <= -_NEAR]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _plain(name: str) -> str:
    return utils.default_process(_PREFIX.sub("", name))


def _score(one: str, two: str) -> float:
    return fuzz.WRatio(one, two) if fuzz.ratio(one, two, score_cutoff=_ALIKE) else 0.0
