"""Reads works of Crossref and of CSL-JSON, of which the former is a kind: with lists for texts, references and ORCIDs.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables, https://api.crossref.org/swagger-ui
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from loaders.bibliography import CLASSES
from loaders.literature.names import doi_in, doi_name, issn_in, name_of, orcid_in, ror_in
from loaders.literature.record import (
    Author,
    BadRecordError,
    Organisation,
    Record,
    Venue,
    object_in,
    objects_in,
    one_line,
    page_range,
    required,
    text_in,
    texts_in,
    year_of,
)

_CLASSES = CLASSES | {
    "journal-article": "Article",
    "article-newspaper": "Article",
    "proceedings-article": "ConferencePaper",
    "book-chapter": "BookChapter",
    "book-section": "BookChapter",
    "monograph": "Book",
    "edited-book": "Book",
    "reference-book": "Book",
}
_TAG = re.compile(r"<[^<>]{1,200}>")
_DATES = ("issued", "published", "published-print", "published-online")


def is_work(item: Mapping[str, Any]) -> bool:
    """Tell whether a JSON object is a work of CSL-JSON or Crossref."""
    return "title" in item and bool(item.keys() & {"type", "DOI", "issued", "container-title"})


def record_of(item: Mapping[str, Any]) -> Record:
    """Return what a work says. Raises BadRecordError."""
    doi, title = doi_in(text_in(item, "DOI")), _plain(_first(item, "title"))
    return required(
        Record(
            id=doi_name(doi) if doi else name_of("work", text_in(item, "id") or title),
            title=": ".join(filter(None, (title, _plain(_first(item, "subtitle"))))),
            type_=_CLASSES.get(text_in(item, "type"), "Publication"),
            doi=doi,
            year=_year(item),
            authors=[_author(each) for each in objects_in(item, "author")],
            venue=_venue(item),
            volume=text_in(item, "volume"),
            issue=text_in(item, "issue"),
            pages=page_range(text_in(item, "page") or text_in(item, "article-number")),
            publisher=text_in(item, "publisher"),
            url="" if doi else text_in(item, "URL"),
            language=text_in(item, "language"),
            retracted=any(each.get("type") == "retraction" for each in objects_in(item, "updated-by")),
            keywords=_keywords(item),
            cites=[*_cited(item)],
            abstract=_plain(_long_text(item, "abstract")),
        )
    )


def _first(item: Mapping[str, Any], key: str) -> str:
    """Return a text, or the first one of a list."""
    if isinstance(item.get(key), list):
        return next(iter(texts_in(item, key)), "")
    return text_in(item, key)


def _long_text(item: Mapping[str, Any], key: str) -> str:
    """Return as much of a long text as one that is read for its words may have."""
    match item.get(key):
        case None:
            return ""
        case str(text):
            return one_line(text[:10_000], key)
    raise BadRecordError(f"{key!r} is to be a text")


def _plain(text: str) -> str:
    """Return a text without the markup that publishers leave in it."""
    return " ".join(_TAG.sub("", unescape(text)).split())


def _year(item: Mapping[str, Any]) -> int | None:
    for date in (object_in(item, key) for key in _DATES):
        match date.get("date-parts"):
            case [[None, *_], *_] | [[], *_] | [] | None:
                pass
            case [[int() | str() as year, *_], *_]:
                return year_of(year)
            case _:
                raise BadRecordError("'date-parts' is to be [[year, month, day]]")
        if raw := text_in(date, "raw") or text_in(date, "literal"):
            found = re.search(r"(?<![0-9])[12][0-9]{3}(?![0-9])", raw)
            return int(found[0]) if found else None
    return None


def _author(author: Mapping[str, Any]) -> Author:
    family, given = text_in(author, "family"), text_in(author, "given")
    particle = text_in(author, "non-dropping-particle")
    whole = text_in(author, "literal") or text_in(author, "name")
    orcid = orcid_in(text_in(author, "ORCID"))
    if not (family or whole or given):
        raise BadRecordError("'author' has one without a name")
    family = " ".join(filter(None, (particle, family)))
    return Author(
        name=whole or ", ".join(filter(None, (family, given))),
        id=f"orcid-{orcid.lower()}" if orcid else "",
        label=whole or " ".join(filter(None, (given, family))),
        orcid=orcid,
        organisations=tuple(_organisations(author)),
    )


def _organisations(author: Mapping[str, Any]) -> Iterator[Organisation]:
    for affiliation in objects_in(author, "affiliation"):
        if label := text_in(affiliation, "name"):
            identifiers = (text_in(each, "id") for each in objects_in(affiliation, "id"))
            ror = next((ror_in(each) for each in identifiers if "ror.org" in each), "")
            yield Organisation(label, f"ror-{ror}" if ror else "", ror=ror)


def _venue(item: Mapping[str, Any]) -> Venue | None:
    label = _plain(_first(item, "container-title"))
    issns = [*map(issn_in, texts_in(item, "ISSN") if isinstance(item.get("ISSN"), list) else [text_in(item, "ISSN")])]
    issns = [*filter(None, issns)]
    return Venue(label, f"issn-{issns[0].lower()}" if issns else "", issns=tuple(issns)) if label else None


def _keywords(item: Mapping[str, Any]) -> list[str]:
    listed = texts_in(item, "subject")
    return [*filter(None, [*listed, *(each.strip() for each in re.split("[,;]", text_in(item, "keyword")))])]


def _cited(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield the works referred to that have a DOI; one that is none says nothing against the work that refers to it."""
    for reference in objects_in(item, "reference"):
        try:
            if doi := doi_in(text_in(reference, "DOI")):
                yield doi_name(doi)
        except BadRecordError:
            continue
