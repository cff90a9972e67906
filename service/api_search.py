"""The REST routes of search: what is found in pages, and suggestions while somebody types."""

import asyncio
import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from loaders.search_index import FORMAT
from ontology.nearest import did_you_mean
from queries.errors import ParameterError
from service.errors import SearchIndexError
from service.http.answers import reader_of, resources_of
from service.http.validators import RELEASE_HEADER, entity_tag, is_known
from service.search import Page, Question, SearchIndex
from service.search_answers import SearchAnswer, SuggestAnswer
from service.sparql.openapi import problems

router = APIRouter(tags=["search"], responses=problems(400, 401, 405, 414, 429, 503))

_LONGEST_QUERY = 200
_MOST_RESULTS = 100
_MOST_TYPES = 20
_RESULTS, _SUGGESTIONS = 20, 8
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}")


def _limit(default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": _MOST_RESULTS, "default": default}


_Q: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": _LONGEST_QUERY}
_OF_TYPE: dict[str, Any] = {"type": "array", "items": {"type": "string"}, "maxItems": _MOST_TYPES}
# Of each parameter its schema, what it means, and an example.
_SEARCH: Mapping[str, tuple[dict[str, Any], str, object]] = {
    "q": (_Q, "words, all of which must be in the text; the last may go on, and misspelt ones are corrected", "robot"),
    "type": (_OF_TYPE, "the local name of a class: only things of it or of one below it", ["Technology"]),
    "language": ({"type": "string", "pattern": _LANGUAGE.pattern}, "only texts in this language (RFC 4647)", "es"),
    "limit": (_limit(_RESULTS), "how many results a page has", 5),
    "cursor": ({"type": "string"}, "where the next page begins; it stands in the `next` of a page", None),
}
_SUGGEST: Mapping[str, tuple[dict[str, Any], str, object]] = {
    "q": (_Q, "what was typed: words of a name, each of which may go on", "rob"),
    "type": _SEARCH["type"],
    "limit": (_limit(_SUGGESTIONS), "how many suggestions there are at most", 3),
}


def _described(parameters: Mapping[str, tuple[dict[str, Any], str, object]]) -> dict[str, Any]:
    described = [
        {"name": name, "in": "query", "required": name == "q", "schema": schema, "description": text}
        | ({} if example is None else {"example": example})
        for name, (schema, text, example) in parameters.items()
    ]
    return {"parameters": described}


@router.get(
    "/api/search",
    summary="Search labels, variants, definitions, summaries and titles",
    operation_id="search",
    response_model=SearchAnswer,
    responses={304: {"description": "The client has it already"}},
    openapi_extra=_described(_SEARCH),
)
async def search(request: Request) -> Response:
    """Return what is found: names that are what is searched for, names that begin so, and other texts by BM25.

    Case and marks do not count. A word that no text has is replaced by the nearest ones, which `corrected` tells.
    What has been written to the service since the release was built is not searched.
    """
    values = _values(request, _SEARCH)
    question = replace(_question(request, values, _RESULTS), language=_language(values))
    index = await _index(request)
    key = _digest(index.release, question)
    if cursor := values.get("cursor"):
        question = replace(question, offset=_offset(cursor[0], key))
    if (known := _known(request, index, question)) is not None:
        return known
    page = await _found(request, index, question)
    end, next_ = question.offset + len(page.results), None
    if page.results and end < page.total:
        given = [(name, value) for name, each in values.items() for value in each if name != "cursor"]
        next_ = f"/api/search?{urlencode([*given, ('cursor', _cursor(end, key))])}"
    answer = SearchAnswer(
        query=question.text, corrected=page.corrected, results=page.results, total=page.total, next=next_
    )
    links = {"Link": f'<{next_}>; rel="next"'} if next_ else {}
    return JSONResponse(answer.model_dump(), headers=_headers(request, index, question) | links)


@router.get(
    "/api/suggest",
    summary="Suggest things while somebody types",
    operation_id="suggest",
    response_model=SuggestAnswer,
    responses={304: {"description": "The client has it already"}},
    openapi_extra=_described(_SUGGEST),
)
async def suggest(request: Request) -> Response:
    """Return things with names that have words which begin as what was typed: short names first."""
    values = _values(request, _SUGGEST)
    question = replace(_question(request, values, _SUGGESTIONS), is_suggestion=True)
    index = await _index(request)
    if (known := _known(request, index, question)) is not None:
        return known
    page = await _found(request, index, question)
    answer = SuggestAnswer(query=question.text, corrected=page.corrected, results=page.results)
    return JSONResponse(answer.model_dump(), headers=_headers(request, index, question))


def _values(request: Request, known: Mapping[str, object]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            short = name[:100]
            raise ParameterError(f"no parameter {short!r}{did_you_mean(short, known)} (there are {', '.join(known)})")
        values.setdefault(name, []).append(value)
    for name, each in values.items():
        most = _MOST_TYPES if name == "type" else 1
        if len(each) > most:
            raise ParameterError(f"the parameter {name!r} is given {len(each)} times; it may be {most} times at most")
    return values


def _question(request: Request, values: Mapping[str, list[str]], limit: int) -> Question:
    text = values.get("q", [""])[0]
    if not 1 <= len(text) <= _LONGEST_QUERY:
        raise ParameterError(f"the parameter 'q' must have 1 to {_LONGEST_QUERY} characters, not {len(text)}")
    given = values.get("limit", [str(limit)])[0]
    if not re.fullmatch(r"[0-9]{1,3}", given) or not 1 <= int(given) <= _MOST_RESULTS:
        raise ParameterError(f"the parameter 'limit' must be a number from 1 to {_MOST_RESULTS}, not {given[:20]!r}")
    return Question(text, _hidden(request), tuple(values.get("type", ())), limit=int(given))


def _language(values: Mapping[str, list[str]]) -> str | None:
    language = values.get("language", [None])[0]
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise ParameterError(f"the parameter 'language' must be a language tag such as 'en', not {language[:40]!r}")
    return language


def _hidden(request: Request) -> frozenset[str]:
    """Return the graphs that the client may not read."""
    view = reader_of(request).view
    return frozenset(resources_of(request).settings.closed_graphs) if view is None else view


async def _index(request: Request) -> SearchIndex:
    """Return the index of the release that is served. Raises SearchIndexError where there is none."""
    if resources_of(request).settings.empty:
        raise SearchIndexError("this service has no release to search in; what is written to it is asked by SPARQL")
    return await resources_of(request).indexes.current()


async def _found(request: Request, index: SearchIndex, question: Question) -> Page:
    with reader_of(request).charged():
        return await asyncio.to_thread(index.find, question)


def _headers(request: Request, index: SearchIndex, question: Question) -> dict[str, str]:
    digest = _digest(request.url.path, FORMAT, question, question.limit, question.offset)
    tag = entity_tag(index.release, question.hidden, digest)
    return {"ETag": tag, "Vary": "Authorization", RELEASE_HEADER: index.release}


def _known(request: Request, index: SearchIndex, question: Question) -> Response | None:
    """Return the answer to a client that has the answer already."""
    headers = _headers(request, index, question)
    if is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return None


def _digest(*parts: object) -> str:
    """Return what tells these parts, and of a question what is found in all, from every other."""
    told = [
        [part.text, sorted(part.hidden), part.types, part.language] if isinstance(part, Question) else part
        for part in parts
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _cursor(offset: int, key: str) -> str:
    """Return what tells where a page begins, and that it is one of what has the digest `key`."""
    return base64.urlsafe_b64encode(f"{offset}.{_digest(offset, key)}".encode()).decode().rstrip("=")


def _offset(cursor: str, key: str) -> int:
    """Return where the page begins. Raises ParameterError where the cursor is of another question or release."""
    try:
        told = base64.urlsafe_b64decode(cursor[:100] + "=" * (-len(cursor[:100]) % 4)).decode()
        offset = int(told.partition(".")[0])
    except (binascii.Error, ValueError):
        offset = -1
    if offset < 0 or cursor != _cursor(offset, key):
        message = "the parameter 'cursor' is not one for these parameters and this release; begin again without it"
        raise ParameterError(message)
    return offset
