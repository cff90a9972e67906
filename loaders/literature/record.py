"""What a record of a work says, whatever its format: the one form that statements are made from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Organisation:
    """An organisation that an author names as theirs; `id` names it in IRIs, "" where it has no identifier."""

    label: str
    id: str = ""
    openalex: str = ""
    ror: str = ""
    country: str = ""


@dataclass(frozen=True)
class Author:
    """Who wrote a work; `name` stands in bylines, `id` is "" where nothing but the name is known."""

    name: str
    id: str = ""
    label: str = ""
    openalex: str = ""
    orcid: str = ""
    organisations: tuple[Organisation, ...] = ()


@dataclass(frozen=True)
class Venue:
    """What a work appeared in; `id` is "" where nothing but its name is known."""

    label: str
    id: str = ""
    openalex: str = ""
    issns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """What a work is on, and the wider topics above it, the nearest first."""

    id: str
    openalex: str
    label: str
    wider: tuple["Topic", ...] = ()


@dataclass(frozen=True)
class Record:
    """A record of a work; `id` names the work in IRIs, `cites` has the ids of the works that it refers to.

    `type_` is a class of publications in the ontology; what is not told is "", None or empty. `abstract` is read for
    the names of concepts and goes nowhere else.
    """

    id: str
    title: str
    type_: str = "Publication"
    openalex: str = ""
    doi: str = ""
    year: int | None = None
    authors: Sequence[Author] = ()
    venue: Venue | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    url: str = ""
    language: str = ""
    retracted: bool = False
    topics: Sequence[Topic] = ()
    keywords: Sequence[str] = ()
    cites: Sequence[str] = ()
    abstract: str = ""


class BadRecordError(ValueError):
    """A record that cannot be read; the message tells what is wrong with it, and how it is to be."""


_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST = 10_000
_MOST = 20_000


def required(record: Record) -> Record:
    """Return a record that says enough to be loaded. Raises BadRecordError for one without a title."""
    if not record.title:
        raise BadRecordError("has no title")
    return record


def text_in(record: Any, key: str) -> str:
    """Return the text at `key` of a JSON object, its white space made single, "" for none.

    Raises BadRecordError where something else stands there, or a text that is too long.
    """
    match record.get(key):
        case None:
            return ""
        case str(text):
            return one_line(text, key)
        case int(number):
            return str(number)
    raise BadRecordError(f"{key!r} is to be a text")


def one_line(text: str, key: str) -> str:
    """Return a text with its white space made single. Raises BadRecordError for one that is too long, or no text."""
    if len(text) > _LONGEST:
        raise BadRecordError(f"{key!r} has more than {_LONGEST} signs")
    if not text.isascii() and _SURROGATE.search(text):
        raise BadRecordError(f"{key!r} has half a sign (a lone surrogate)")
    return " ".join(text.replace("\0", " ").split())


def objects_in(record: Any, key: str) -> list[dict[str, Any]]:
    """Return the list of JSON objects at `key`, empty for none. Raises BadRecordError where something else is there."""
    found = record.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or len(found) > _MOST or not all(isinstance(each, dict) for each in found):
        raise BadRecordError(f"{key!r} is to be a list of objects, {_MOST} at most")
    return found


def texts_in(record: Any, key: str) -> list[str]:
    """Return the list of texts at `key`, empty for none. Raises BadRecordError where something else is there."""
    found = record.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or len(found) > _MOST or not all(isinstance(each, str) for each in found):
        raise BadRecordError(f"{key!r} is to be a list of texts, {_MOST} at most")
    return [one_line(each, key) for each in found]


def object_in(record: Any, key: str) -> dict[str, Any]:
    """Return the JSON object at `key`, empty for none. Raises BadRecordError where something else is there."""
    match record.get(key):
        case None:
            return {}
        case dict() as found:
            return found
    raise BadRecordError(f"{key!r} is to be an object")


def year_of(text: object) -> int | None:
    """Return the year that a text begins with or a number is, None for none. Raises BadRecordError for another."""
    digits = str(text or "").strip()[:4]
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4 and 1000 <= int(digits) <= 2100):
        raise BadRecordError(f"{str(text)[:100]!r} is no year")
    return int(digits)


def page_range(first: str, last: str = "") -> str:
    """Return pages as they are printed: with an en dash in the place of hyphens."""
    pages = first if last in ("", first) else f"{first}-{last}"
    return re.sub(r"-+", "\N{EN DASH}", pages)


def byline(authors: Iterable[Author]) -> str:
    """Return the names of authors as a byline has them."""
    return "; ".join(author.name.replace(";", ",") for author in authors)
