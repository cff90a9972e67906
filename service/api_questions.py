"""The named queries over REST: which there are, and the answer to each, in every format and in pages."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from queries.errors import ParameterError
from queries.named_query import RESERVED, NamedQuery, query_named
from service import question_page
from service.engine.engine import Answer
from service.http.answers import Validator, reader_of, resources_of
from service.http.exchange import Reply
from service.http.parameters import without_blanks
from service.http.validators import RELEASE_HEADER, VARY
from service.paging import Page, path_of
from service.question_formats import (
    FORMATS,
    JSON,
    LIST_FORMATS,
    SPARQL,
    TITLES,
    PagedTable,
    media_type_of,
    written,
)
from service.questions import SOLUTIONS_JSON, answer_document, bound
from service.reader import Reader
from service.resources import Resources
from service.sparql.asked import Asked, Serialised
from service.sparql.openapi import problems
from service.store.html import HTML

ROOT = "/api/queries"
router = APIRouter(prefix=ROOT, responses=problems(400, 401, 404, 405, 406, 414, 429, 503))
_SUFFIX = ".rq"
_VARY = {"Vary": VARY}


@dataclass(frozen=True)
class _Wanted:
    """What a client asks for: a named query, values of its parameters, a page, and the media type of the answer.

    `is_union` tells whether SPARQL without FROM is about all graphs, as a named query is.
    """

    query: NamedQuery
    values: Mapping[str, str]
    page: Page
    format: str | None
    sent: str
    is_union: bool

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


@router.get(
    "",
    summary="The named queries",
    tags=["queries"],
    operation_id="list_queries",
    responses={200: {"content": {type_: {} for type_ in LIST_FORMATS.values()}}},
)
async def list_queries(request: Request) -> Response:
    """Return every named query with its summary, its parameters and its SPARQL text; as a page for a browser."""
    values = _values(request)
    sent = media_type_of(values.pop("format", None), _accepted(request), LIST_FORMATS)
    if values:
        raise ParameterError(f"the list takes 'format' alone, not {next(iter(values))[:50]!r}")
    queries = await request.state.resources.queries.current()
    validator = Validator(request, sent, "\n".join(map(str, queries.values())))
    if known := await validator.known():
        return known
    version = await reader_of(request).version()
    if sent == HTML:
        content = question_page.list_page(queries.values())
        return validator.answer(content, version, _release_in(version), question_page.HEADERS)
    listed = _json({"queries": [_described(query) for query in queries.values()]})
    return validator.answer(listed, version, _release_in(version), {})


# The document has a path for each named query (question_openapi.py).
@router.get("/{name}", include_in_schema=False)
async def answer_query(name: str, request: Request) -> Response:
    """Return the answer; the query's own parameters go into the query string."""
    reader: Reader = request.state.reader
    wanted = await _wanted(name, request)
    if wanted.sent == HTML and (filled := without_blanks(request)):
        return RedirectResponse(filled, 303, _VARY)
    validator = Validator(request, wanted.sent, str(wanted.query))
    if known := await validator.known():
        return known
    try:
        sparql = await bound(reader, wanted.query, wanted.values)
    except ParameterError as error:
        if wanted.sent != HTML:
            raise
        page = question_page.refusal_page(wanted.query, wanted.values, str(error), await _labels(request))
        return Response(page, 400, {**question_page.HEADERS, **_VARY})
    if wanted.sent == SPARQL:
        version = await reader.version()
        return validator.answer(sparql.encode(), version, _release_in(version), {})
    answer = await _solutions(sparql, reader, request.state.resources)
    labels = await _labels(request) if wanted.sent == HTML else {}
    content, headers = await asyncio.to_thread(_written, wanted, sparql, answer.content.content, answer.release, labels)
    response = await asyncio.to_thread(validator.answer, content, answer.version, answer.release, headers)
    if not answer.content.stays:
        del response.headers["ETag"]
    return response


async def _solutions(sparql: str, reader: Reader, resources: Resources) -> Answer[Serialised]:
    """Return all solutions; one page after another, and one format after another, is cut from the same."""
    key = (await reader.version(), reader.view, SOLUTIONS_JSON, sparql)
    if (kept := resources.cache.get(key)) is not None:
        content = Serialised(kept.body, SOLUTIONS_JSON, "", kept.form, True)
        return Answer(content, kept.header(RELEASE_HEADER) or "", key[0], 0.0)
    asked = Asked(sparql, SOLUTIONS_JSON, "", None, resources.settings.base_iri, as_set=False)
    answer = await reader.answer(asked)
    if answer.content.stays:
        reply = Reply(200, [(RELEASE_HEADER, answer.release)], answer.content.content, form=answer.content.form)
        resources.cache.put((answer.version, *key[1:]), reply)
    return answer


async def _labels(request: Request) -> Mapping[str, str]:
    """Return what the properties are called, by which columns and parameters are named. Raises ReleaseError."""
    model = await resources_of(request).model()
    return {key: term.label for key, term in model.keys.properties.items()}


def _written(
    wanted: _Wanted, sparql: str, solutions: bytes, release: str, labels: Mapping[str, str]
) -> tuple[bytes, dict[str, str]]:
    """Return the answer in the format that is wanted, and the headers that lead to its other pages."""
    paged = PagedTable.cut(solutions, wanted.shown)
    following = wanted.at(wanted.shown.next(paged.total), wanted.format)
    before = wanted.at(wanted.shown.previous(paged.total), wanted.format)
    links = [f'<{path}>; rel="{rel}"' for path, rel in ((following, "next"), (before, "prev")) if path]
    headers = {"X-Total-Count": str(paged.total)} | ({"Link": ", ".join(links)} if links else {})
    if wanted.sent == HTML:
        others = {title: wanted.at(wanted.page, name) or "" for name, title in TITLES.items()}
        editor = path_of("/sparql", {"query": sparql}) if wanted.is_union else None
        paths = question_page.Paths(following, before, others, editor)
        page = question_page.answer_page(wanted.query, wanted.values, paged, sparql, release, paths, labels)
        return page, {**question_page.HEADERS, **headers}
    if wanted.sent == JSON:
        document = answer_document(wanted.query, wanted.values, release, paged.table)
        return _json(document | {"total": paged.total, "next": following, "sparql": sparql}), headers
    return written(paged, wanted.sent), headers


def _release_in(version: str) -> str:
    """Return the release of a state of the dataset, which is named by it and by what was written (generation.py)."""
    return version.partition("-")[0]


def _json(document: Mapping[str, Any]) -> bytes:
    return bytes(JSONResponse(document).body)


async def _wanted(name: str, request: Request) -> _Wanted:
    """Return what a request asks for. Raises ParameterError, UnknownQueryError or NotAcceptableError."""
    values = _values(request)
    format_ = values.get("format", "rq" if name.endswith(_SUFFIX) else None)
    query = query_named(await request.state.resources.queries.current(), name.removesuffix(_SUFFIX))
    sent = media_type_of(format_, _accepted(request), FORMATS)
    page = Page.of(values)
    values = {key: value for key, value in values.items() if key not in RESERVED}
    is_union = resources_of(request).settings.default_graph == "union"
    return _Wanted(query, values, page, format_, sent, is_union)


def _described(query: NamedQuery) -> dict[str, Any]:
    parameters = [
        {
            "name": p.name,
            "type": p.type,
            "summary": p.summary,
            "example": p.native(p.example),
            "default": None if p.default is None else p.native(p.default),
        }
        for p in query.parameters.values()
    ]
    return {
        "name": query.name,
        "group": query.group,
        "summary": query.summary,
        "parameters": parameters,
        "sparql": query.sparql({}),
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
