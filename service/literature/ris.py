"""Writes references in RIS, a line for each field."""

import re
from collections.abc import Iterable, Iterator

from service.literature.csl import Item

MEDIA_TYPE = "application/x-research-info-systems"
_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "paper-conference": "CPAPER",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
}
_TAGS = {
    "title": "TI",
    "container-title": "T2",
    "volume": "VL",
    "issue": "IS",
    "publisher": "PB",
    "DOI": "DO",
    "URL": "UR",
    "note": "N1",
}
_RANGE = re.compile(r"(?P<first>\w+)\s*[-\u2013\u2014]+\s*(?P<last>\w+)")


def ris(items: Iterable[Item]) -> str:
    """Return the references; lines end in CR LF, as the format has it."""
    return "".join(f"{tag}  - {value}\r\n" for item in items for tag, value in _fields(item))


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES.get(item["type"], "GEN")
    yield "ID", item["id"]
    for name in item.get("author", ()):
        yield "AU", name["literal"] if "literal" in name else f"{name['family']}, {name['given']}"
    if "issued" in item:
        yield "PY", str(item["issued"]["date-parts"][0][0])
    for field, tag in _TAGS.items():
        if field in item:
            yield tag, item[field]
    if (pages := _RANGE.fullmatch(item.get("page", ""))) is not None:
        yield "SP", pages["first"]
        yield "EP", pages["last"]
    elif "page" in item:
        yield "SP", item["page"]
    yield "ER", ""
