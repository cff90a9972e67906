"""Puts the application together: the operations of SPARQL, and the REST routes and pages of the web framework."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from queries.named_query import NamedQuery
from service import api, api_comparison, api_literature, api_search, api_things
from service.front import Operation
from service.ontology_pages import ROUTES
from service.problems import PROBLEMS, on_error, on_http_error, on_invalid
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
    for routes in (api_search, api_literature, api_comparison, api, api_things):  # a collection may have any name
        app.include_router(routes.router)
    for class_ in PROBLEMS:
        app.add_exception_handler(class_, on_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with the operations that the framework does not know of."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)  # what is not valid is a problem with status 400
        for unused in ("HTTPValidationError", "ValidationError"):
            document.get("components", {}).get("schemas", {}).pop(unused, None)
        document["paths"] |= paths()
        document.setdefault("components", {})["securitySchemes"] = SECURITY
        app.openapi_schema = document
    return app.openapi_schema
