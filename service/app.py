"""Puts the application together: the operations of SPARQL, and the REST routes and pages of the web framework."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from queries.named_query import NamedQuery
from service.api import router
from service.api_evidence import router as evidence
from service.api_things import router as things
from service.front import Operation
from service.ontology_pages import ROUTES
from service.problems import PROBLEMS, on_error, on_http_error
from service.sparql.graph_store import METHODS, graph_store
from service.sparql.openapi import SECURITY, paths
from service.sparql.operations import query, update

OPERATIONS: Mapping[str, Operation] = {
    "/sparql": Operation("query", ("GET", "HEAD", "POST"), query),
    "/update": Operation("update", ("POST",), update),
    "/graph-store": Operation("graph-store", METHODS, graph_store, is_below=True),
}


def create_app(queries: Mapping[str, NamedQuery]) -> FastAPI:
    """Return the part of the application that the web framework serves; a request's state holds the Resources."""
    app = FastAPI(
        title="districtgraph",
        summary="The evidence graph of Industry 4.0 in industrial districts and clusters",
        version=version("districtgraph"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.queries = queries
    for path, endpoint in ROUTES:
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    app.mount("/static", StaticFiles(packages=[("service", "static")]))
    app.include_router(router)
    app.include_router(evidence)
    app.include_router(things)  # last, for a collection may have any name
    for class_ in PROBLEMS:
        app.add_exception_handler(class_, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with the operations that the framework does not know of."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        document["paths"] |= paths()
        document.setdefault("components", {})["securitySchemes"] = SECURITY
        app.openapi_schema = document
    return app.openapi_schema
