"""The routes of the types of problems: what `type` of a problem document leads to."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.exceptions import HTTPException

from ontology.nearest import did_you_mean
from service.http.answers import media_type_of
from service.http.conditional import tagged_response
from service.http.parameters import takes
from service.linked_data.pages import page
from service.problem_types import BY_NAME, PATH, ProblemType
from service.sparql.openapi import problems
from service.store.html import HTML
from service.templating import PAGE_POLICY

_JSON = "application/json"
_RESPONSES: dict[int | str, dict[str, Any]] = {200: {"content": {_JSON: {"schema": {"type": "object"}}, HTML: {}}}}

router = APIRouter(
    tags=["service"],
    responses=problems(400, 401, 404, 405, 406, 414),
    dependencies=[takes("format")],
    default_response_class=Response,
)


@router.get(PATH, summary="The types of problems", operation_id="list_problem_types", responses=_RESPONSES)
async def list_problem_types(request: Request) -> Response:
    """Return each type of problem, with its status and what to do about it."""
    documents = [_document(type_) for type_ in BY_NAME.values()]
    return _answer(request, documents, {"problem_types": documents})


@router.get(PATH + "/{type}", summary="A type of problem", operation_id="get_problem_type", responses=_RESPONSES)
async def get_problem_type(
    request: Request, name: Annotated[str, Path(alias="type", description="its name", examples=["parameter"])]
) -> Response:
    """Return a type of problem: its status, its title, and what to do about it."""
    if name not in BY_NAME:
        raise HTTPException(404, f"no type of problem {name[:100]!r}{did_you_mean(name[:100], BY_NAME)}; see {PATH}")
    document = _document(BY_NAME[name])
    return _answer(request, [document], document)


def _answer(request: Request, listed: list[dict[str, Any]], document: dict[str, Any]) -> Response:
    if media_type_of(request, (_JSON, HTML)) == HTML:
        content = page("problems.html", request.url.path, listed=listed)
        return tagged_response(request, content, HTML, {"content-security-policy": PAGE_POLICY})
    return tagged_response(request, json.dumps(document).encode(), _JSON)


def _document(type_: ProblemType) -> dict[str, Any]:
    status = {} if type_.status is None else {"status": type_.status}
    return {"type": type_.iri, "name": type_.name, "title": type_.title, **status, "advice": type_.advice}
