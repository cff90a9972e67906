"""Puts the application together: the operations of SPARQL, and the REST routes and pages of the web framework."""

from collections.abc import Mapping
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from loaders.citation import DESCRIPTION
from service import (
    api,
    api_comparison,
    api_evidence,
    api_literature,
    api_networks,
    api_prefixes,
    api_problems,
    api_questions,
    api_releases,
    api_rules,
    api_search,
    api_suffixes,
    api_things,
)
from service.front import Operation
from service.linked_data.graphs import graph
from service.linked_data.releases import release
from service.linked_data.void import well_known
from service.openapi import PAGE_PATH, PATH, documentation, openapi
from service.problem_types import PROBLEMS
from service.problems import on_error, on_http_error, on_invalid
from service.sparql.graph_store import METHODS, graph_store
from service.sparql.operations import query, update
from service.terms.routes import ROUTES

_READING = ("GET", "HEAD")
_DESCRIPTION = f"""\
{DESCRIPTION}

Each class of the ontology is a collection, each question a named query. Everything may be read without an account,
unless whoever runs the service has closed it.

Answers name the release that they are from (`DistrictGraph-Release`) and have an `ETag`. Errors are
`application/problem+json` (RFC 9457), whose `detail` says what to do; `/problem` lists their types.

The version is that of districtgraph: paths and keys that are described here stay as they are within it. The paths of
collections and named queries come from the release that is served. A term of the ontology that is to go is marked as
deprecated and goes on answering; who asks by it gets a `Deprecation` header (RFC 9745).
"""

OPERATIONS: Mapping[str, Operation] = {
    "/sparql": Operation("query", ("GET", "HEAD", "POST"), query),
    "/update": Operation("update", ("POST",), update),
    "/graph-store": Operation("graph-store", METHODS, graph_store, is_below=True),
    "/.well-known": Operation("void", _READING, well_known, is_below=True),
    "/graph": Operation("graph", _READING, graph, is_below=True),
    "/release": Operation("release", _READING, release, is_below=True),
}


def create_app() -> FastAPI:
    """Return the part of the application that the web framework serves; a request's state holds the Resources."""
    app = FastAPI(
        title="districtgraph",
        summary="The evidence graph of Industry 4.0 in industrial districts and clusters",
        version=version("districtgraph"),
        description=_DESCRIPTION,
        servers=[{"url": "/", "description": "where this document is from"}],
        openapi_url=None,  # the document depends on the release (openapi.py)
        docs_url=None,
        redoc_url=None,
    )
    for path, endpoint in (*ROUTES, (PATH, openapi), (PAGE_PATH, documentation)):
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    app.mount("/static", StaticFiles(packages=[("service", "static")]))
    # A collection may have any name, so things come last.
    before = (api, api_questions, api_search, api_literature, api_comparison, api_networks, api_evidence)
    for routes in (*before, api_releases, api_rules, api_prefixes, api_problems, api_suffixes, api_things):
        app.include_router(routes.router)
    for class_ in PROBLEMS:
        app.add_exception_handler(class_, on_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    return app
