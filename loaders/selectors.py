"""Passages as the corpus writes them, `{section, start, end, digest}`: their form, and the node they become."""

import re
from typing import Any

from loaders.errors import Fault
from loaders.located import Mapping, Node, plain
from ontology.nearest import did_you_mean

_KEYS = ("section", "start", "end", "digest")

Sections = list[tuple[int, str]]


def check_evidence(file: str, item: Node, sections: Sections, faults: list[Fault]) -> None:
    """Add to `faults` what is wrong with a piece of evidence; its section must be the one at its start."""
    if _has_form(file, item, _KEYS, faults) and isinstance(item, Mapping):
        start, section = position(item, "start"), item.text("section")
        wanted = section_at(sections, start or 0)
        if wanted != section:
            message = f"position {start} is in section {wanted!r}, not in {section!r}"
            faults.append(Fault(file, item.line, message))


def check_section(file: str, item: Node, faults: list[Fault]) -> None:
    """Add to `faults` what is wrong with the heading of a section in a paper's record."""
    _has_form(file, item, (*_KEYS, "title"), faults)


def section_at(sections: Sections, position: int) -> str | None:
    """Return the section that `position` is in, given where each starts, or None before the first."""
    names = [section for start, section in sections if start <= position]
    return names[-1] if names else None


def position(item: Mapping, key: str) -> int | None:
    """Return the position under `key`, or None where it is missing or no whole number."""
    text = item.text(key) or ""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def evidence_node(source: str, item: Mapping) -> dict[str, Any]:
    """Return a piece of evidence of `source` as a JSON-LD node, named after its position in the text."""
    name = f"{source}.{item.text('start')}-{item.text('end')}"
    return {"id": name, "type": "Evidence", "source": source, **plain(item)}


def section_node(source: str, item: Mapping) -> dict[str, Any]:
    """Return a section of `source` as a JSON-LD node, named after the position of its heading."""
    return {"id": f"{source}.section-{item.text('start')}", "type": "Section", **plain(item)}


def _has_form(file: str, item: Node, allowed: tuple[str, ...], faults: list[Fault]) -> bool:
    if not isinstance(item, Mapping):
        message = f"a passage is {{{', '.join(allowed)}}}; 'districtgraph anchor' prints it"
        faults.append(Fault(file, item.line, message))
        return False
    before = len(faults)
    for key, (line, _) in item.items.items():
        if key not in allowed:
            faults.append(Fault(file, line, f"no key {key!r} in a passage{did_you_mean(key, allowed)}"))
    if missing := [key for key in _KEYS if not item.text(key)]:
        message = f"the passage lacks {', '.join(missing)}; 'districtgraph anchor' prints it"
        faults.append(Fault(file, item.line, message))
        return False
    if position(item, "start") is None or position(item, "end") is None:
        faults.append(Fault(file, item.line, "'start' and 'end' must be whole numbers"))
    return len(faults) == before
