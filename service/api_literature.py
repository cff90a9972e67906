"""The REST routes of publications: what they cite and are cited by, and their references in every format."""

import re
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from pyoxigraph import NamedNode

from queries.errors import ParameterError
from service.http.answers import Validator, media_type_of, reader_of
from service.http.links import Pages
from service.http.parameters import takes
from service.literature.bibliography import MEDIA_TYPES, STYLED, Format, written
from service.literature.citations import CitedWorks, cited_works
from service.literature.cited_tables import cited_csv, cited_page
from service.literature.csl import CslItem
from service.literature.formatted import Style
from service.literature.questions import Selection, thing
from service.literature.turns import formatted
from service.literature.works import named, works
from service.sparql.negotiation import choose
from service.sparql.openapi import problems
from service.store.html import HTML
from service.templating import PAGE_POLICY

router = APIRouter(tags=["literature"], responses=problems(400, 401, 404, 405, 406, 414, 429, 503))
_JSON, _CSV = "application/json", "text/csv"
_OF_LIST = {"json": _JSON, "csv": _CSV, "html": HTML}
_YEARS = re.compile(r"(?P<first>\d{1,4})|(?P<from>\d{0,4})\.\.(?P<to>\d{0,4})")

Id = Annotated[str, Field(description="The id of a publication.", examples=["hervas-oliver-2021"], max_length=1000)]
About = Annotated[
    str | None,
    Query(description="Only what is cited on this thing, by its id or IRI.", examples=["living-labs"], max_length=1000),
]
Limit = Annotated[int, Query(description="How many publications a page has.", ge=1, le=1000, examples=[100])]
Cursor = Annotated[
    str | None, Query(description="Where the page begins: what `next` of the page before has.", max_length=200)
]
ListFormat = Annotated[
    str | None, Query(alias="format", description="json, csv or html, in place of the Accept header.", examples=["csv"])
]
AFormat = Annotated[
    Format | None, Query(alias="format", description="The format; without it the header Accept counts.")
]
AStyle = Annotated[
    Style | None, Query(alias="style", description=f"The style of formatted references; without it {Style.APA}.")
]
InStyle = Annotated[
    Style | None, Query(alias="style", description="Each work also as a reference in this style.", examples=["apa"])
]
_LISTED = takes("about", "limit", "cursor", "style", "format")
_ITEMS = {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/CslItem"}}}
_TEXT = {"schema": {"type": "string"}}
_REFERENCES: dict[int | str, dict[str, Any]] = {
    200: {"content": {type_: _ITEMS if format_ is Format.CSL else _TEXT for format_, type_ in MEDIA_TYPES.items()}}
}
_PAGE: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": {"description": "The first page, and the next.", "schema": {"type": "string"}},
            "X-Total-Count": {"description": "How many there are on all pages.", "schema": {"type": "integer"}},
        },
        "content": {_CSV: _TEXT, HTML: _TEXT},
    }
}


@router.get(
    "/api/publications/{id}/references",
    operation_id="list_publication_references",
    summary="What a publication cites, and what for",
    response_model=CitedWorks,
    responses=_PAGE,
    dependencies=[_LISTED],
)
async def list_references(
    request: Request,
    id: Id,
    about: About = None,
    limit: Limit = 100,
    cursor: Cursor = None,
    style: InStyle = None,
    format_: ListFormat = None,
) -> Response:
    """Return the works that a publication cites, each with the places in its text that cite it."""
    work = await named(reader_of(request), id)
    return await _listed(request, "Cited by", Selection(cited_by=work, about=_about(about)), limit, style)


@router.get(
    "/api/publications/{id}/citations",
    operation_id="list_publication_citations",
    summary="Who cites a publication, and what for",
    response_model=CitedWorks,
    responses=_PAGE,
    dependencies=[_LISTED],
)
async def list_citations(
    request: Request,
    id: Id,
    about: About = None,
    limit: Limit = 100,
    cursor: Cursor = None,
    style: InStyle = None,
    format_: ListFormat = None,
) -> Response:
    """Return the publications that cite a work, each with the places in its text where it does."""
    work = await named(reader_of(request), id)
    return await _listed(request, "Citing", Selection(cites=work, about=_about(about)), limit, style)


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
    dependencies=[takes("ids", "cited_by", "cites", "about", "year", "author", "q", "format", "style")],
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
    about: About = None,
    year: Annotated[
        str | None, Query(description="Only of this year, or of a range of years.", examples=["2015..2018", "..1999"])
    ] = None,
    author: Annotated[str | None, Query(description="What the authors' names contain.", examples=["porter"])] = None,
    q: Annotated[
        str | None, Query(description="What names, label, title or venue contain.", examples=["industrial district"])
    ] = None,
    format_: AFormat = None,
    style: AStyle = None,
) -> Response:
    """Return the references to all publications, or some; by default in CSL-JSON. All conditions must hold.

    The answer is always whole.
    """
    reader = reader_of(request)
    selection = Selection(
        works=[await named(reader, name.strip()) for name in (ids or "").split(",") if name.strip()],
        cited_by=None if cited_by is None else await named(reader, cited_by),
        cites=None if cites is None else await named(reader, cites),
        about=_about(about),
        years=_years(year),
        author=author,
        text=q,
    )
    if ids is not None and not selection.works:
        raise ParameterError("'ids' names publications by id, separated by commas")
    return await _referred(request, selection, _format(request, format_, Format.CSL), style)


async def _listed(request: Request, title: str, selection: Selection, limit: int, style: Style | None) -> Response:
    sent = media_type_of(request, tuple(_OF_LIST.values()))
    pages = Pages(request.url.path, request.query_params)
    validator = Validator(request, sent)
    if known := await validator.known():
        return known
    page, answer = await cited_works(reader_of(request), selection, pages, limit, style)
    headers = {"Link": pages.links(page.next), "X-Total-Count": str(page.total)}
    if sent == _CSV:
        return validator.answer(cited_csv(page), answer.version, answer.release, headers)
    if sent == HTML:
        others = {
            name: f"?{urlencode({**request.query_params, 'format': name})}" for name in _OF_LIST if name != "html"
        }
        headers["Content-Security-Policy"] = PAGE_POLICY
        return validator.answer(cited_page(page, title, others), answer.version, answer.release, headers)
    return validator.answer(page.model_dump_json(by_alias=True).encode(), answer.version, answer.release, headers)


async def _referred(request: Request, selection: Selection, asked: tuple[Format, str], style: Style | None) -> Response:
    format_, sent = asked
    if style is not None and format_ not in STYLED:
        raise ParameterError(f"'style' is for {' and '.join(STYLED)}, not for {format_}")
    validator = Validator(request, sent)
    if known := await validator.known():
        return known
    reader = reader_of(request)
    found, answer = await works(reader, selection)
    chosen = style or Style.APA
    if format_ in STYLED:
        content = await formatted(reader, found, lambda: written(found, format_, chosen))
    else:
        content = written(found, format_, chosen)
    headers = {"X-Total-Count": str(len(found))}
    if format_ is Format.HTML:
        headers["Content-Security-Policy"] = PAGE_POLICY
    return validator.answer(content.encode(), answer.version, answer.release, headers)


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


def _years(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    found = _YEARS.fullmatch(text)
    if found is None or text == "..":
        raise ParameterError(f"'year' is a year or a range such as 2015..2018, ..1999 or 2010.., not {text[:50]!r}")
    first, last = (found["first"], found["first"]) if found["first"] else (found["from"], found["to"])
    return int(first) if first else None, int(last) if last else None
