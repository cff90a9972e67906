"""The OpenAPI document: the routes of the framework, the SPARQL operations, and the named queries of the release."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from queries.named_query import NamedQuery
from service.question_openapi import components, question_paths
from service.sparql.openapi import SECURITY, paths

PATH = "/api/openapi.json"


async def openapi(request: Request) -> Response:
    """Answer with the document as it is for the release that is served. Raises ReleaseError or BrokenQueriesError."""
    queries = await request.state.resources.queries.current()
    app: FastAPI = request.app
    described: tuple[Mapping[str, NamedQuery], dict[str, Any]] | None = getattr(app.state, "described", None)
    if described is None or described[0] is not queries:
        described = app.state.described = (queries, _document(app, queries))
    return JSONResponse(described[1])


def _document(app: FastAPI, queries: Mapping[str, NamedQuery]) -> dict[str, Any]:
    document = FastAPI.openapi(app)
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # what is not valid is a problem with status 400
    for unused in ("HTTPValidationError", "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(unused, None)
    named = document.get("components", {})
    of_both = {kind: named.get(kind, {}) | content for kind, content in components().items()}
    return document | {
        "paths": document["paths"] | question_paths(queries.values()) | paths(),
        "components": named | of_both | {"securitySchemes": SECURITY},
    }
