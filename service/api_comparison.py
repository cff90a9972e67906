"""The REST route of comparisons: cases side by side, with the evidence of each cell."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from ontology.nearest import did_you_mean
from service.comparison.asking import compare
from service.comparison.cells import Comparison
from service.comparison.dimensions import Dimension, dimensions
from service.comparison.document import Writer
from service.comparison.evidence import add_evidence, add_words
from service.comparison.latex import latex_of
from service.comparison.schema import ComparedCases
from service.comparison.table import table_of
from service.comparison.texts import csv_of, markdown_of, page_of_table
from service.comparison.words import Words
from service.errors import RequestParameterError
from service.http.answers import FORMATS, Validator, media_type_of, reader_of, resources_of, steadily_read, wording_of
from service.http.parameters import without_blanks
from service.literature.bibliography import Format, written
from service.literature.formatted import Style
from service.literature.turns import formatted
from service.reader import Reader
from service.sparql.openapi import problems
from service.templating import PAGE_POLICY
from service.things.model import Model
from service.things.naming import named_things
from service.things.wording import Wording

router = APIRouter(responses=problems(400, 401, 404, 405, 406, 414, 429, 503))

_JSON, _HTML = "application/json", "text/html"
_WRITERS = {"text/csv": csv_of, "text/markdown": markdown_of, "application/x-latex": latex_of}
_OFFERED = (_JSON, *_WRITERS, _HTML)
_ITEMS, _BY, _FORMAT = "items", "by", "format"
_PARAMETERS = (_ITEMS, _BY, _FORMAT)
_MOST = 10
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_AGAIN = "; what is given several times is taken together"


@router.get(
    "/api/compare",
    summary="Cases compared, with evidence",
    tags=["comparison"],
    operation_id="compare",
    response_model=ComparedCases,
    responses={200: {"content": {type_: _TEXT for type_ in _OFFERED if type_ != _JSON}}},
)
async def get_comparison(
    request: Request,
    items: str = Query(
        description=f"ids or labels of the cases, separated by commas{_AGAIN}", examples=["castellon,toy-valley"]
    ),
    by: str = Query(
        "", description=f"rows, or any classes or properties; by default the rows that the ontology names{_AGAIN}"
    ),
    format: str | None = Query(None, description="json, csv, md, latex or html, in place of the Accept header"),
) -> Response:
    """Compare cases: a row for each dimension, and in each cell what the graph has, how it has it, and where from."""
    _check(request)
    sent = media_type_of(request, _OFFERED)
    model = await resources_of(request).model()
    rows = dimensions(model, _names(request, _BY))
    is_one_named = any(name.strip() for name in request.query_params.getlist(_ITEMS))
    if sent == _HTML and is_one_named and (filled := without_blanks(request)):
        return RedirectResponse(filled, 303, {"Vary": "Accept"})
    names = _names(request, _ITEMS)
    if not 1 <= len(names) <= _MOST:
        raise RequestParameterError(f"{_ITEMS!r} names 1 to {_MOST} things, separated by commas, not {len(names)}")
    reader = reader_of(request)
    wording = wording_of(request, model)
    validator = Validator(request, sent, language=wording.language if sent == _HTML else None)
    if known := await validator.known():
        return known
    comparison = await steadily_read(request, model, lambda steady: _compared(steady, model, names, rows))
    await _add_references(reader, comparison)
    content, headers = _written_as(comparison, model, sent, request, wording), {}
    if sent == _HTML:
        headers = {"Content-Security-Policy": PAGE_POLICY}
    return validator.answer(content, comparison.version, comparison.release, headers)


async def _compared(reader: Reader, model: Model, names: Sequence[str], rows: Sequence[Dimension]) -> Comparison:
    cases = await named_things(reader, names)
    comparison = await compare(reader, model.vocabulary, cases, rows)
    await add_evidence(reader, comparison)
    await add_words(reader, comparison)
    return comparison


async def _add_references(reader: Reader, comparison: Comparison) -> None:
    if comparison.works:
        lines = await formatted(reader, comparison.works, lambda: written(comparison.works, Format.TEXT, Style.APA))
        iris = (work.iri for work in comparison.works)
        comparison.references = dict(zip(iris, lines.splitlines(), strict=True))


def _written_as(comparison: Comparison, model: Model, sent: str, request: Request, wording: Wording) -> bytes:
    words = Words(model.vocabulary)
    if sent == _JSON:
        return Writer(comparison, model.keys, words).document().json_bytes()
    table = table_of(comparison, words)
    if sent != _HTML:
        return _WRITERS[sent](table)
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != _FORMAT]
    formats = [name for name, type_ in FORMATS.items() if type_ in _OFFERED and type_ != sent]
    links = [(name, f"?{urlencode([*asked, (_FORMAT, name)])}") for name in formats]
    kept = [(name, value) for name, value in asked if name == _BY]
    return page_of_table(table, wording, links, _names(request, _ITEMS), kept)


def _check(request: Request) -> None:
    """Raise RequestParameterError where there is a parameter that is not, or two formats."""
    for name in request.query_params:
        if name not in _PARAMETERS:
            there = ", ".join(_PARAMETERS)
            raise RequestParameterError(
                f"there is no parameter {name[:50]!r}{did_you_mean(name, _PARAMETERS)} (there are: {there})"
            )
    if len(request.query_params.getlist(_FORMAT)) > 1:
        raise RequestParameterError(f"the parameter {_FORMAT!r} is given twice")


def _names(request: Request, parameter: str) -> list[str]:
    """Return the names that a parameter has, each once. Raises RequestParameterError."""
    given = request.query_params.getlist(parameter)
    names = [name.strip() for text in given if text or parameter == _ITEMS for name in text.split(",")]
    if not all(names):
        raise RequestParameterError(f"a name in {parameter!r} is empty; names are separated by commas")
    return list(dict.fromkeys(names))
