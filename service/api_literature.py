"""The REST routes of publications: what they cite and are cited by, and their references in every format."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from pyoxigraph import NamedNode

from queries.errors import ParameterError
from service.http.answers import Validator, reader_of
from service.http.links import page_links
from service.http.parameters import takes
from service.literature.bibliography import MEDIA_TYPES, STYLED, Format, written
from service.literature.citations import CitedWorks, cited_works
from service.literature.csl import CslItem
from service.literature.formatted import Style
from service.literature.questions import Selection, thing
from service.literature.works import Work, named, works
from service.reader import Reader
from service.sparql.negotiation import choose
from service.sparql.openapi import problems
from service.templating import PAGE_POLICY

router = APIRouter(tags=["literature"], responses=problems(400, 401, 404, 405, 406, 414, 429, 503))
# References are formatted by one thread, one request after another: a style of citeproc-py is not to be shared.
_FORMATTING = ThreadPoolExecutor(1, "formatting")
_JSON = "application/json"

Id = Annotated[str, Field(description="The id of a publication.", examples=["hervas-oliver-2021"], max_length=1000)]
About = Annotated[
    str | None,
    Query(description="Only what is cited on this thing, by its id or IRI.", examples=["living-labs"], max_length=1000),
]
Limit = Annotated[int, Query(description="How many publications a page has.", ge=1, le=1000, examples=[100])]
Offset = Annotated[int, Query(description="How many publications come before the page.", ge=0, le=10_000_000)]
AFormat = Annotated[
    Format | None, Query(alias="format", description="The format; without it the header Accept counts.")
]
AStyle = Annotated[
    Style | None, Query(alias="style", description=f"The style of formatted references; without it {Style.APA}.")
]


_ITEMS = {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/CslItem"}}}
_TEXT = {"schema": {"type": "string"}}
_REFERENCES: dict[int | str, dict[str, Any]] = {
    200: {"content": {type_: _ITEMS if format_ is Format.CSL else _TEXT for format_, type_ in MEDIA_TYPES.items()}}
}
_PAGE: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"Link": {"description": "The pages before and after.", "schema": {"type": "string"}}}}
}


@router.get(
    "/api/publications/{id}/references",
    operation_id="list_publication_references",
    summary="What a publication cites, and what for",
    response_model=CitedWorks,
    responses=_PAGE,
    dependencies=[takes("about", "limit", "offset")],
)
async def list_references(
    request: Request, id: Id, about: About = None, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """Return the works that a publication cites, each with the places in its text that cite it."""
    work = await named(reader_of(request), id)
    return await _listed(request, Selection(cited_by=work, about=_about(about)), limit, offset)


@router.get(
    "/api/publications/{id}/citations",
    operation_id="list_publication_citations",
    summary="Who cites a publication, and what for",
    response_model=CitedWorks,
    responses=_PAGE,
    dependencies=[takes("about", "limit", "offset")],
)
async def list_citations(
    request: Request, id: Id, about: About = None, limit: Limit = 100, offset: Offset = 0
) -> Response:
    """Return the publications that cite a work, each with the places in its text where it does."""
    work = await named(reader_of(request), id)
    return await _listed(request, Selection(cites=work, about=_about(about)), limit, offset)


@router.get(
    "/api/publications/{id}/reference",
    operation_id="get_reference",
    summary="The reference to a publication",
    response_model=list[CslItem],
    responses=_REFERENCES,
    dependencies=[takes("format", "style")],
)
async def get_reference(request: Request, id: Id, format_: AFormat = None, style: AStyle = None) -> Response:
    """Return the reference to a publication, formatted for readers or for a reference manager; by default as text."""
    selection = Selection(works=[await named(reader_of(request), id)])
    return await _referred(request, selection, _format(request, format_, Format.TEXT), style)


@router.get(
    "/api/bibliography",
    operation_id="export_bibliography",
    summary="References to many publications",
    response_model=list[CslItem],
    responses=_REFERENCES,
    dependencies=[takes("ids", "cited_by", "cites", "format", "style")],
)
async def export_bibliography(
    request: Request,
    ids: Annotated[
        str | None,
        Query(description="Only these publications, by id, separated by commas.", examples=["cooke-2001,gotz-2019"]),
    ] = None,
    cited_by: Annotated[
        str | None, Query(description="Only what this publication cites.", examples=["hervas-oliver-2021"])
    ] = None,
    cites: Annotated[
        str | None, Query(description="Only what cites this publication.", examples=["porter-2015"])
    ] = None,
    format_: AFormat = None,
    style: AStyle = None,
) -> Response:
    """Return the references to all publications, or some; by default in CSL-JSON. All conditions must hold."""
    reader = reader_of(request)
    selection = Selection(
        works=[await named(reader, name.strip()) for name in (ids or "").split(",") if name.strip()],
        cited_by=None if cited_by is None else await named(reader, cited_by),
        cites=None if cites is None else await named(reader, cites),
    )
    return await _referred(request, selection, _format(request, format_, Format.CSL), style)


async def _listed(request: Request, selection: Selection, limit: int, offset: int) -> Response:
    validator = Validator(request, choose(",".join(request.headers.getlist("accept")), (_JSON,)))
    if known := await validator.known():
        return known
    page, answer = await cited_works(reader_of(request), selection, limit, offset)
    links = page_links(request.url.path, request.query_params, page.total, limit, offset)
    content = page.model_dump_json(by_alias=True).encode()
    return validator.answer(content, answer.version, answer.release, {"Link": links})


async def _referred(request: Request, selection: Selection, asked: tuple[Format, str], style: Style | None) -> Response:
    format_, sent = asked
    if style is not None and format_ not in STYLED:
        raise ParameterError(f"'style' is for {' and '.join(STYLED)}, not for {format_}")
    validator = Validator(request, sent)
    if known := await validator.known():
        return known
    reader = reader_of(request)
    found, answer = await works(reader, selection)
    content = await _written(reader, found, format_, style or Style.APA)
    policy = {"Content-Security-Policy": PAGE_POLICY} if format_ is Format.HTML else {}
    return validator.answer(content.encode(), answer.version, answer.release, policy)


async def _written(reader: Reader, found: Sequence[Work], format_: Format, style: Style) -> str:
    if format_ not in STYLED:
        return written(found, format_, style)

    def timed() -> tuple[str, float]:
        began = time.monotonic()
        return written(found, format_, style), time.monotonic() - began

    content, seconds = await asyncio.get_running_loop().run_in_executor(_FORMATTING, timed)
    reader.charge(seconds)
    return content


def _format(request: Request, named: Format | None, default: Format) -> tuple[Format, str]:
    """Return the format that is named, or else the best by what the client accepts, and the media type to send.

    Raises NotAcceptableError.
    """
    if named is not None:
        return named, MEDIA_TYPES[named]
    offered: dict[str, Format] = {MEDIA_TYPES[format_]: format_ for format_ in (default, *Format)} | {_JSON: Format.CSL}
    sent = choose(",".join(request.headers.getlist("accept")), tuple(offered))
    return offered[sent], sent


def _about(name: str | None) -> NamedNode | None:
    if name is None:
        return None
    if (found := thing(name)) is None:
        raise ParameterError(f"{name[:100]!r} is neither an id nor an IRI, as 'about' wants it")
    return found
