"""Puts the application together: the operations of SPARQL, and the REST routes and pages of the web framework."""

from collections.abc import Mapping
from importlib.metadata import version

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from service.api import router
from service.api_questions import router as questions
from service.front import Operation
from service.ontology_pages import ROUTES
from service.openapi import PATH, openapi
from service.problems import PROBLEMS, on_error, on_http_error
from service.sparql.graph_store import METHODS, graph_store
from service.sparql.operations import query, update

OPERATIONS: Mapping[str, Operation] = {
    "/sparql": Operation("query", ("GET", "HEAD", "POST"), query),
    "/update": Operation("update", ("POST",), update),
    "/graph-store": Operation("graph-store", METHODS, graph_store, is_below=True),
}


def create_app() -> FastAPI:
    """Return the part of the application that the web framework serves; a request's state holds the Resources."""
    app = FastAPI(
        title="districtgraph",
        summary="The evidence graph of Industry 4.0 in industrial districts and clusters",
        version=version("districtgraph"),
        openapi_url=None,  # the document depends on the release (openapi.py)
        docs_url=None,
        redoc_url=None,
    )
    for path, endpoint in (*ROUTES, (PATH, openapi)):
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    app.mount("/static", StaticFiles(packages=[("service", "static")]))
    app.include_router(router)
    app.include_router(questions)
    for class_ in PROBLEMS:
        app.add_exception_handler(class_, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    return app
