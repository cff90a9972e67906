"""Reads what a curator decided of matches: a YAML file of works, records, and whether they are the same.

- work: porter-1998
  record: openalex-w2155540331
  decision: same            # or: different
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import cast

from loaders.corpus import is_id
from loaders.errors import Fault, LoadError
from loaders.literature.matching import Decision
from loaders.located import Mapping as LocatedMapping
from loaders.located import Sequence, read_located

_KEYS = {"work", "record", "decision"}


def read_decisions(path: Path, works: Collection[str]) -> Mapping[tuple[str, str], Decision]:
    """Return the decisions in a file, by work and record. Raises LoadError with everything that is wrong with it."""
    faults: list[Fault] = []
    try:
        root = read_located(str(path), path.read_bytes(), faults)
    except OSError as error:
        raise LoadError([Fault(str(path), 1, f"cannot be read ({error.strerror})")]) from error
    found: dict[tuple[str, str], Decision] = {}
    if not faults and not isinstance(root, Sequence | None):
        faults.append(Fault(str(path), 1, "is to be a list of {work, record, decision}"))
    for item in root.items if isinstance(root, Sequence) else ():
        wrong = _wrong(item, works)
        if wrong or not isinstance(item, LocatedMapping):
            faults.append(Fault(str(path), item.line, wrong))
            continue
        pair = item.text("work") or "", item.text("record") or ""
        if pair in found:
            faults.append(Fault(str(path), item.line, f"{pair[0]} and {pair[1]} stand here already; keep one"))
        found[pair] = cast(Decision, item.text("decision"))
    if faults:
        raise LoadError(faults)
    return found


def _wrong(item: object, works: Collection[str]) -> str:
    """Return what is wrong with an item, "" for nothing."""
    if not isinstance(item, LocatedMapping) or item.items.keys() != _KEYS:
        return "an item is to have 'work', 'record' and 'decision', and nothing else"
    if (work := item.text("work") or "") not in works:
        return f"{work[:100]!r} is no work of the release with a DOI, or a title and a year"
    if not is_id(record := item.text("record") or ""):
        return f"{record[:100]!r} is no id of a record, such as openalex-w2741809807"
    if item.text("decision") not in ("same", "different"):
        return "'decision' is to be same or different"
    return ""
