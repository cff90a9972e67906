"""The named queries over REST: which there are, and the answer to each, in every format and in pages."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from queries.errors import ParameterError
from queries.named_query import RESERVED, NamedQuery, query_named
from service import question_page
from service.http.validators import RELEASE_HEADER, entity_tag, is_known
from service.paging import Page, path_of
from service.question_formats import (
    FORMATS,
    JSON,
    LIST_FORMATS,
    SPARQL,
    PagedTable,
    media_type_of,
    written,
)
from service.questions import SOLUTIONS_JSON, answer_document, bound, unbound
from service.reader import Reader
from service.sparql.negotiation import content_type
from service.sparql.openapi import problems
from service.store.evaluation import Query
from service.store.html import HTML

ROOT = "/api/queries"
router = APIRouter(prefix=ROOT, responses=problems(400, 401, 404, 405, 406, 414, 429, 503))
_SUFFIX = ".rq"
_VARY = {"Vary": "Accept, Authorization"}


@dataclass(frozen=True)
class _Asked:
    """What a client asks for: a named query, values of its parameters, a page, and the media type of the answer."""

    query: NamedQuery
    values: Mapping[str, str]
    page: Page
    format: str | None
    sent: str

    @property
    def shown(self) -> Page:
        """The page that is sent: to a browser no more rows than fit on one."""
        if self.sent != HTML or self.page.limit is not None:
            return self.page
        return Page(question_page.MOST_ROWS, self.page.offset)

    def at(self, page: Page | None, format_: str | None) -> str | None:
        """Return the path of another page or format of the answer."""
        if page is None:
            return None
        values = {**self.values, **page.values()} | ({} if format_ is None else {"format": format_})
        return path_of(f"{ROOT}/{self.query.name}", values)

    def digest(self) -> str:
        """Return what tells this from everything else that can be asked of the same state of the dataset."""
        text = f"{self.sent}\n{self.format}\n{sorted(self.values.items())}\n{self.page}\n{self.query}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@router.get(
    "",
    summary="The named queries",
    tags=["queries"],
    responses={200: {"content": {type_: {} for type_ in LIST_FORMATS.values()}}},
)
async def list_queries(request: Request) -> Response:
    """Return every named query with its summary, its parameters and its SPARQL text; as a page for a browser."""
    values = _values(request)
    sent = media_type_of(values.pop("format", None), _accepted(request), LIST_FORMATS)
    if values:
        raise ParameterError(f"the list takes 'format' alone, not {next(iter(values))[:50]!r}")
    queries = await request.state.resources.queries.current()
    if sent == HTML:
        return Response(question_page.list_page(queries.values()), headers={**question_page.HEADERS, **_VARY})
    return JSONResponse({"queries": [_described(query) for query in queries.values()]}, headers=_VARY)


# The document has a path for each named query (question_openapi.py).
@router.get("/{name}", include_in_schema=False)
async def answer_query(name: str, request: Request) -> Response:
    """Return the answer; the query's own parameters go into the query string."""
    reader: Reader = request.state.reader
    asked = await _asked(name, request)
    if asked.sent == HTML and "" in asked.values.values():
        filled = replace(asked, values={key: value for key, value in asked.values.items() if value})
        return RedirectResponse(filled.at(asked.page, asked.format) or ROOT, 303, _VARY)
    headers = _VARY | {"ETag": entity_tag(await reader.version(), reader.view, asked.digest())}
    if is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        sparql = await bound(reader, asked.query, asked.values)
    except ParameterError as error:
        if asked.sent != HTML:
            raise
        page = question_page.refusal_page(asked.query, asked.values, str(error))
        return Response(page, 400, {**question_page.HEADERS, **_VARY})
    if asked.sent == SPARQL:
        return Response(sparql, headers=headers, media_type=content_type(SPARQL))
    answer = await reader.answer(Query(sparql, SOLUTIONS_JSON))
    headers |= {"ETag": entity_tag(answer.version, reader.view, asked.digest()), RELEASE_HEADER: answer.release}
    return await asyncio.to_thread(_response, asked, sparql, answer.content, answer.release, headers)


def _response(asked: _Asked, sparql: str, solutions: bytes, release: str, headers: dict[str, str]) -> Response:
    paged = PagedTable.cut(solutions, asked.shown)
    following = asked.at(asked.shown.next(paged.total), asked.format)
    before = asked.at(asked.shown.previous(paged.total), asked.format)
    links = [f'<{path}>; rel="{rel}"' for path, rel in ((following, "next"), (before, "prev")) if path]
    headers = headers | ({"Link": ", ".join(links)} if links else {})
    if asked.sent == HTML:
        others = {name: asked.at(asked.page, name) or "" for name in FORMATS if FORMATS[name] != HTML}
        paths = question_page.Paths(following, before, others)
        page = question_page.answer_page(asked.query, asked.values, paged, sparql, release, paths)
        return Response(page, headers={**question_page.HEADERS, **headers})
    if asked.sent == JSON:
        document = answer_document(asked.query, asked.values, release, paged.table)
        return JSONResponse(document | {"total": paged.total, "next": following, "sparql": sparql}, headers=headers)
    return Response(written(paged, asked.sent), headers=headers, media_type=content_type(asked.sent))


async def _asked(name: str, request: Request) -> _Asked:
    """Return what a request asks for. Raises ParameterError, UnknownQueryError or NotAcceptableError."""
    values = _values(request)
    format_ = values.get("format", "rq" if name.endswith(_SUFFIX) else None)
    query = query_named(await request.state.resources.queries.current(), name.removesuffix(_SUFFIX))
    sent = media_type_of(format_, _accepted(request), FORMATS)
    page = Page.of({key: value for key, value in values.items() if value or sent != HTML})
    values = {key: value for key, value in values.items() if key not in RESERVED}
    return _Asked(query, values, page, format_, sent)


def _described(query: NamedQuery) -> dict[str, Any]:
    parameters = [
        {"name": p.name, "type": p.type, "summary": p.summary, "example": p.example, "default": p.default}
        for p in query.parameters.values()
    ]
    return {
        "name": query.name,
        "group": query.group,
        "summary": query.summary,
        "parameters": parameters,
        "sparql": unbound(query),
        "href": f"{ROOT}/{query.name}",
    }


def _values(request: Request) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise ParameterError(f"the parameter {name[:50]!r} is given twice")
        values[name] = value
    return values


def _accepted(request: Request) -> str:
    return ",".join(request.headers.getlist("accept"))
