"""The REST route of comparisons: cases side by side, with the evidence of each cell."""

import json
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ontology.nearest import did_you_mean
from service.comparison.asking import compare
from service.comparison.dimensions import dimensions
from service.comparison.document import comparison_document
from service.comparison.tables import Table
from service.errors import RequestParameterError
from service.http.answers import FORMATS, Validator, media_type_of, reader_of, resources_of
from service.sparql.openapi import problems
from service.templating import PAGE_POLICY
from service.things.naming import named_things

router = APIRouter(responses=problems(400, 401, 404, 405, 406, 414, 429, 503))

_OFFERED = ("application/json", "text/csv", "text/markdown", "application/x-latex", "text/html")
_PARAMETERS = ("items", "by", "format")
_MOST = 10


@router.get(
    "/api/compare",
    summary="Cases compared, with evidence",
    tags=["comparison"],
    operation_id="compare",
    responses={200: {"content": {media_type: {} for media_type in _OFFERED}}},
)
async def get_comparison(
    request: Request,
    items: str = Query(
        description="ids or labels of the cases, separated by commas", examples=["castellon,toy-valley"]
    ),
    by: str = Query("", description="rows, or any classes or properties; by default the rows that the ontology names"),
    format: str | None = Query(None, description="json, csv, md, latex or html, in place of the Accept header"),
) -> Response:
    """Compare cases: a row for each dimension, and in each cell what the graph has, how it has it, and where from."""
    for name in request.query_params:
        if name not in _PARAMETERS:
            near = did_you_mean(name, _PARAMETERS)
            raise RequestParameterError(
                f"there is no parameter {name[:50]!r}{near} (there are: {', '.join(_PARAMETERS)})"
            )
    sent = media_type_of(request, _OFFERED)
    model = await resources_of(request).model()
    rows = dimensions(model, by)
    names = list(dict.fromkeys(name.strip() for name in items.split(",")))
    if not all(names) or len(names) > _MOST:
        raise RequestParameterError(f"'items' names 1 to {_MOST} things, separated by commas")
    reader = reader_of(request)
    cases = await named_things(reader, names)
    validator = Validator(request, sent)
    if known := await validator.known():
        return known
    comparison = await compare(reader, cases, rows)
    if sent == "application/json":
        document = comparison_document(comparison, model.keys)
        content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return validator.answer(content, comparison.version, comparison.release, {})
    table = Table.of(comparison)
    if sent == "text/html":
        others = [
            (name, f"?{urlencode({'items': items, 'by': by, 'format': name})}")
            for name, type_ in FORMATS.items()
            if type_ in _OFFERED and type_ != sent
        ]
        headers = {"Content-Security-Policy": PAGE_POLICY}
        return validator.answer(table.html(others), comparison.version, comparison.release, headers)
    write = {"text/csv": table.csv, "text/markdown": table.markdown, "application/x-latex": table.latex}[sent]
    return validator.answer(write(), comparison.version, comparison.release, {})
