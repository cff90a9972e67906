"""The OpenAPI document: the routes of the framework, SPARQL, and the named queries and collections of the release."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from queries.named_query import NamedQuery
from service.question_openapi import components, question_paths
from service.sparql.openapi import PROBLEM, SECURITY, paths
from service.store.coding import coded, coding_for
from service.things.model import Model
from service.things.openapi import thing_components, thing_paths

PATH = "/api/openapi.json"


async def openapi(request: Request) -> Response:
    """Answer with the document as it is for the release that is served. Raises ReleaseError or BrokenQueriesError."""
    resources = request.state.resources
    queries, model = await resources.queries.current(), await resources.model()
    app: FastAPI = request.app
    described: tuple[object, object, bytes] | None = getattr(app.state, "described", None)
    if described is None or described[0] is not queries or described[1] is not model:
        document = json.dumps(_document(app, queries, model), ensure_ascii=False, separators=(",", ":"))
        described = app.state.described = (queries, model, document.encode())
    content, coding = coded(described[2], coding_for(request.headers.get("accept-encoding", "")))
    headers = {"Content-Type": "application/json", "Vary": "Accept-Encoding"}
    return Response(content, headers=headers | ({"Content-Encoding": coding} if coding else {}))


def _document(app: FastAPI, queries: Mapping[str, NamedQuery], model: Model) -> dict[str, Any]:
    document = FastAPI.openapi(app)
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # what is not valid is a problem with status 400
    for unused in ("HTTPValidationError", "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(unused, None)
    parts: dict[str, Any] = dict(document.get("components", {}))
    for more in ({"schemas": {"Problem": PROBLEM}}, components(), thing_components(model)):
        parts |= {kind: parts.get(kind, {}) | content for kind, content in more.items()}
    named = question_paths(queries.values()) | thing_paths(model)
    return document | {
        "paths": named | document["paths"] | paths(),  # some things have routes of their own
        "components": parts | {"securitySchemes": SECURITY},
    }
