"""Names the known name that is nearest to an unknown one."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` with the known names nearest to `name`, or nothing where none is near."""
    found = process.extract(
        name, list(dict.fromkeys(known)), scorer=fuzz.WRatio, processor=utils.default_process, limit=3, score_cutoff=70
    )
    return f"; did you mean {' or '.join(repr(match) for match, _, _ in found)}?" if found else ""
