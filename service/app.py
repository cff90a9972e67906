"""Puts the HTTP application together: routes, errors, cross-origin access and the engine behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from queries.named_query import load_queries
from service.api import router
from service.edition import Editions
from service.engine import Engine
from service.ontology_pages import ROUTES
from service.problems import PROBLEMS, on_error, on_http_error
from service.settings import Settings
from service.sparql import RELEASE_HEADER, sparql


def create_app(settings: Settings) -> FastAPI:
    """Return the application over the releases in `settings.state`. Raises QueryFileError."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = Engine(settings)
        app.state.editions = Editions(app.state.engine)
        yield
        app.state.engine.close()

    app = FastAPI(
        title="districtgraph",
        summary="The evidence graph of Industry 4.0 in industrial districts and clusters",
        version=version("districtgraph"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.queries = load_queries()
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["ETag", RELEASE_HEADER],
    )
    app.add_route("/sparql", sparql, methods=["GET", "POST"], include_in_schema=False)
    for path, endpoint in ROUTES:
        app.add_route(path, endpoint, methods=["GET"], include_in_schema=False)
    app.mount("/static", StaticFiles(packages=[("service", "static")]))
    app.include_router(router)
    for class_ in PROBLEMS:
        app.add_exception_handler(class_, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_error)
    return app
