"""Reads references of RIS."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import rispy  # type: ignore[import-untyped]

from loaders.literature.names import doi_in, doi_name, issn_in, name_of
from loaders.literature.record import Author, BadRecordError, Record, Venue, one_line, page_range, required, year_of

_CLASSES = {
    "JOUR": "Article",
    "EJOUR": "Article",
    "MGZN": "Article",
    "NEWS": "Article",
    "JFULL": "Article",
    "BOOK": "Book",
    "EBOOK": "Book",
    "EDBOOK": "Book",
    "CHAP": "BookChapter",
    "ECHAP": "BookChapter",
    "CONF": "ConferencePaper",
    "CPAPER": "ConferencePaper",
    "RPRT": "Report",
}
_FIRST, _LAST = re.compile(r"\ufeff?TY  -"), re.compile(r"ER  -\s*$")


def references_in(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Yield the text of each reference with the line that it begins in, whole or not."""
    begins, held = 1, list[str]()
    for number, line in enumerate(lines, 1):
        if _FIRST.match(line) and held:
            yield begins, "".join(held)
            held = []
        if not held:
            begins = number
        if held or line.strip():
            held.append(line)
        if _LAST.match(line):
            yield begins, "".join(held)
            held = []
    if held:
        yield begins, "".join(held)


def record_of(text: str) -> Record:
    """Return what a reference says; bytes that are no UTF-8 stand in it as lone surrogates. Raises BadRecordError."""
    lines = text.splitlines()
    if not _FIRST.match(lines[0]) or not _LAST.match(lines[-1]):
        raise BadRecordError("is no reference of RIS: it is to begin with 'TY  -' and to end with 'ER  -'")
    if not text.isascii() and any("\udc80" <= sign <= "\udcff" for sign in text):
        raise BadRecordError("is not UTF-8; save the file so")
    try:
        (item,) = rispy.loads(text.removeprefix("\ufeff"))
    except (ValueError, OSError, LookupError) as error:
        raise BadRecordError(f"is no reference of RIS ({str(error)[:200]})") from error
    doi, title = doi_in(_text(item, "doi")), _text(item, "title", "primary_title")
    return required(
        Record(
            id=doi_name(doi) if doi else name_of("work", _text(item, "id") or f"{title} {_text(item, 'year')}"),
            title=title,
            type_=_CLASSES.get(str(item.get("type_of_reference")), "Publication"),
            doi=doi,
            year=year_of(_text(item, "year", "publication_year", "date")),
            authors=[Author(name, label=name) for name in _texts(item, "authors", "first_authors")],
            venue=_venue(item),
            volume=_text(item, "volume"),
            issue=_text(item, "number"),
            pages=page_range(_text(item, "start_page"), _text(item, "end_page")),
            publisher=_text(item, "publisher"),
            url="" if doi else next(iter(_texts(item, "urls", "url")), ""),
            language=_text(item, "language") if len(_text(item, "language")) == 2 else "",
            keywords=_texts(item, "keywords"),
            abstract=_text(item, "abstract", "notes_abstract"),
        )
    )


def _text(item: Mapping[str, Any], *names: str) -> str:
    return next((one_line(str(item[name])[:10_000], name) for name in names if isinstance(item.get(name), str)), "")


def _texts(item: Mapping[str, Any], *names: str) -> Sequence[str]:
    for name in names:
        if isinstance(found := item.get(name), list):
            return [*filter(None, (one_line(str(each), name) for each in found))]
        if isinstance(found, str):
            return [one_line(found, name)]
    return []


def _venue(item: Mapping[str, Any]) -> Venue | None:
    label = _text(item, "journal_name", "secondary_title", "alternate_title1", "alternate_title3")
    issns = [*_issns(_text(item, "issn"))]
    return Venue(label, f"issn-{issns[0].lower()}" if issns else "", issns=tuple(issns)) if label else None


def _issns(text: str) -> Iterator[str]:
    """Yield the ISSNs; `SN` may also be an ISBN, which names no venue."""
    for part in re.findall(r"[0-9]{4}-[0-9]{3}[0-9Xx](?![0-9-])", text):
        yield issn_in(part)
