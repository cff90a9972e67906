"""The parameters of search and suggestions: as OpenAPI describes them, as they are read, and the cursors of pages."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ontology.nearest import did_you_mean
from service.errors import RequestParameterError
from service.search.index import Question
from service.store.dataset import View

RESULTS, SUGGESTIONS = 20, 8
"""How many there are on a page, where nobody says."""

Values = Mapping[str, list[str]]

_LONGEST_QUERY = 200
_MOST_RESULTS, _MOST_OFFSET = 100, 10**9
_MOST_TYPES = 20
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}")


def _limit(default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": _MOST_RESULTS, "default": default}


_Q: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": _LONGEST_QUERY}
_WORDS = """words that a thing has in its texts, the last of which may go on; a "phrase in quotes" must be there as it
stands, and what a -minus is before must not"""
_CLASSES = """a class, by local name, prefixed name, IRI or the name of its collection: things of it or of one below it;
commas stand between alternatives"""
_OF_TYPE: dict[str, Any] = {"type": "array", "items": {"type": "string"}, "maxItems": _MOST_TYPES}
# Of each parameter its schema, what it means, and an example.
SEARCH: Mapping[str, tuple[dict[str, Any], str, object]] = {
    "q": (_Q, " ".join(_WORDS.split()), "robot"),
    "type": (_OF_TYPE, " ".join(_CLASSES.split()), ["Technology"]),
    "language": ({"type": "string", "pattern": _LANGUAGE.pattern}, "only texts in this language (RFC 4647)", "es"),
    "limit": (_limit(RESULTS), "how many results a page has", 5),
    "cursor": ({"type": "string"}, "where the next page begins; it stands in the `next` of a page", None),
}
SUGGEST: Mapping[str, tuple[dict[str, Any], str, object]] = {
    "q": (_Q, "what was typed: words of a name, each of which may go on", "ro"),
    "type": SEARCH["type"],
    "language": SEARCH["language"],
    "limit": (_limit(SUGGESTIONS), "how many suggestions there are at most", 3),
}


def described(parameters: Mapping[str, tuple[dict[str, Any], str, object]]) -> dict[str, Any]:
    """Return the parameters as a part of an OpenAPI operation."""
    told = [
        {"name": name, "in": "query", "required": name == "q", "schema": schema, "description": text}
        | ({} if example is None else {"example": example})
        for name, (schema, text, example) in parameters.items()
    ]
    return {"parameters": told}


def values_of(given: Iterable[tuple[str, str]], known: Mapping[str, object]) -> dict[str, list[str]]:
    """Return the values of each parameter. Raises RequestParameterError for one that is not known."""
    values: dict[str, list[str]] = {}
    for name, value in given:
        if name not in known:
            short = name[:100]
            raise RequestParameterError(
                f"no parameter {short!r}{did_you_mean(short, known)} (there are {', '.join(known)})"
            )
        values.setdefault(name, []).append(value)
    for name, each in values.items():
        if len(each) > 1 and name != "type":
            raise RequestParameterError(f"the parameter {name!r} is given {len(each)} times; it may be given once")
    return values


def question_of(values: Values, hidden: View, limit: int) -> Question:
    """Return what is searched for; the graphs `hidden` are closed to who asks. Raises RequestParameterError."""
    text = values.get("q", [""])[0]
    if not 1 <= len(text) <= _LONGEST_QUERY:
        raise RequestParameterError(f"the parameter 'q' must have 1 to {_LONGEST_QUERY} characters, not {len(text)}")
    given = values.get("limit", [str(limit)])[0]
    if not re.fullmatch(r"[0-9]{1,3}", given) or not 1 <= int(given) <= _MOST_RESULTS:
        raise RequestParameterError(
            f"the parameter 'limit' must be a number from 1 to {_MOST_RESULTS}, not {given[:20]!r}"
        )
    return Question(text, hidden, _types(values), _language(values), int(given))


def _types(values: Values) -> tuple[str, ...]:
    types = [type_ for each in values.get("type", ()) for type_ in each.split(",") if type_]
    if len(types) > _MOST_TYPES:
        raise RequestParameterError(f"the parameter 'type' names {len(types)} classes; {_MOST_TYPES} are the most")
    return tuple(types)


def _language(values: Values) -> str | None:
    language = values.get("language", [None])[0]
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise RequestParameterError(
            f"the parameter 'language' must be a language tag such as 'en', not {language[:40]!r}"
        )
    return language


def digest(*parts: object) -> str:
    """Return what tells these parts, and of a question what is found in all, from every other."""
    told = [
        [part.text, sorted(part.hidden), part.types, part.language] if isinstance(part, Question) else part
        for part in parts
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def cursor(offset: int, key: str) -> str:
    """Return what tells where a page begins, and that it is one of what has the digest `key`."""
    return base64.urlsafe_b64encode(f"{offset}.{digest(offset, key)}".encode()).decode().rstrip("=")


def offset_of(given: str, key: str) -> int:
    """Return where the page begins. Raises RequestParameterError where the cursor is of another question or release."""
    try:
        told = base64.urlsafe_b64decode(given[:100] + "=" * (-len(given[:100]) % 4)).decode()
        offset = int(told.partition(".")[0])
    except (binascii.Error, ValueError):
        offset = -1
    if not 0 <= offset <= _MOST_OFFSET or given != cursor(offset, key):
        message = "the parameter 'cursor' is not one for these parameters and this release; begin again without it"
        raise RequestParameterError(message)
    return offset
