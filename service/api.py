"""The REST routes beside all others: where things are, what the release holds, and health."""

import json

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse

from loaders.errors import ReleaseError
from service.errors import EngineError
from service.home_page import DISTRICTS, home_page
from service.http.answers import Validator, hidden_from, reader_of, resources_of, wording_of
from service.http.conditional import tagged_response
from service.http.languages import VARY_BY_LANGUAGE
from service.http.metrics import MEDIA_TYPE
from service.http.parameters import takes
from service.http.validators import RELEASE_HEADER
from service.linked_data.lookup import all_published
from service.linked_data.void import PATH as VOID
from service.problem_types import NOT_READY
from service.problems import problem
from service.questions import SOLUTIONS_JSON, ask
from service.sparql.negotiation import choose
from service.sparql.openapi import problems
from service.statistics import statistics
from service.store.html import HTML
from service.store.selection import Selects
from service.tables import Table
from service.templating import PAGE_POLICY

_JSON = "application/json"
_RDF = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")
PLACES = (
    ("/api", "Collections", "the things of the graph, by the classes of the ontology"),
    ("/api/search", "Search", "names, titles and summaries in all languages, by words"),
    ("/api/queries", "Queries", "questions with a name, each with its SPARQL"),
    ("/api/compare", "Compare", "cases in a table, each cell with its evidence"),
    ("/api/publications", "Publications", "what is cited, by whom and what for"),
    ("/api/bibliography", "Bibliography", "references as BibTeX, RIS, CSL-JSON and text"),
    ("/sparql", "SPARQL", "any question"),
    ("/ontology", "Ontology", "what the terms mean"),
    ("/api/rules", "Rules", "by which more follows than is stated"),
    ("/api/releases", "Releases", "what is served, to be downloaded and cited"),
    ("/api/stats", "Statistics", "how much of what is in the graph"),
    ("/api/prefixes", "Prefixes", "what the names in answers begin with"),
    (VOID, "VoID", "the catalog for machines, by DCAT and VoID"),
    ("/api/openapi.json", "OpenAPI", "every operation for machines"),
    ("/api/docs", "Documentation", "every operation, with examples"),
    ("/problem", "Problems", "what can go wrong, and what to do about it"),
    ("/health/ready", "Health", "whether questions can be answered"),
)
"""Where things are: path, name and what is there."""
# What wants a parameter is shown by an example.
_EXAMPLES = {"/api/search": "?q=living+lab", "/api/compare": "?items=castellon,toy-valley"}

router = APIRouter(responses=problems(400, 401, 404, 405, 406, 414, 429, 503))


@router.get(
    "/",
    summary="Where things are",
    tags=["service"],
    operation_id="get_index",
    response_class=Response,
    responses={200: {"content": {_JSON: {"schema": {"type": "object"}}, HTML: {}}}},
    dependencies=[takes()],
)
async def index(request: Request) -> Response:
    """Return the release that is served and the paths to go on with.

    Who wants RDF is sent to the description of the catalog, which is what `/` is the IRI of.
    """
    media_type = choose(",".join(request.headers.getlist("accept")), (_JSON, HTML, *_RDF))
    if media_type in _RDF:
        return RedirectResponse(VOID, 303, {"Vary": "Accept"})
    release = (await reader_of(request).answer(Selects(()))).release
    headers = {RELEASE_HEADER: release, "Link": f'<{VOID}>; rel="describedby"'}
    if media_type == HTML:
        headers |= {"Content-Security-Policy": PAGE_POLICY, "Vary": VARY_BY_LANGUAGE}
        return tagged_response(request, await _home(request), HTML, headers)
    paths = {name.replace(" ", "_").lower(): path for path, name, _ in PLACES}
    document = {"name": request.app.title, "release": release, **paths}
    return tagged_response(request, json.dumps(document).encode(), _JSON, headers)


async def _home(request: Request) -> bytes:
    """Return the home page: of the release and the one before it, or of a dataset without any."""
    resources, reader = resources_of(request), reader_of(request)
    queries = await resources.queries.current()
    districts = None
    if DISTRICTS in queries:  # a release may be older than the question
        districts = Table.parse((await ask(reader, queries[DISTRICTS], {}, SOLUTIONS_JSON)).content)
    found = [] if resources.settings.empty else await all_published(hidden_from(request), resources)
    served = [place for place, each in enumerate(found) if each.is_served]
    places = [(path + _EXAMPLES.get(path, ""), name, text) for path, name, text in PLACES]
    model = await resources.model()
    return home_page(
        request.app.summary,
        model,
        queries.values(),
        districts,
        found[served[0] : served[0] + 2] if served else [],
        places,
        wording_of(request, model),
    )


@router.get(
    "/api/stats",
    summary="What the release holds",
    tags=["service"],
    operation_id="get_statistics",
    dependencies=[takes()],
)
async def count(request: Request) -> Response:
    """Return the facts by source, the things by class, the claims by modality, and how much evidence was verified."""
    validator = Validator(request, choose(",".join(request.headers.getlist("accept")), (_JSON,)))
    if known := await validator.known():
        return known
    counted = await statistics(reader_of(request), await resources_of(request).queries.current())
    document = counted.document()
    if hidden_from(request):
        del document["evidence"]  # which the build counted in all graphs together
    return validator.answer(json.dumps(document).encode(), counted.version, counted.release, {})


@router.get("/health/live", summary="Is the process up?", tags=["health"], operation_id="get_liveness")
async def live() -> dict[str, str]:
    """Answer as long as the process runs."""
    return {"status": "live"}


@router.get("/health/ready", summary="Can it answer queries?", tags=["health"], operation_id="get_readiness")
async def ready(request: Request) -> Response:
    """Answer 200 when the current release is loaded and workers can be had, and 503 otherwise."""
    try:
        if request.state.resources.is_ending:
            raise EngineError("the service is ending")
        release = await reader_of(request).engine.ready()
    except (ReleaseError, EngineError):
        return problem(NOT_READY)
    return JSONResponse({"status": "ready", "release": release}, headers={RELEASE_HEADER: release})


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    tags=["health"],
    operation_id="get_metrics",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {}}}},
)
async def metrics(request: Request) -> Response:
    """Return what was asked, how it came out and how long it took, and what is going on now."""
    return Response(request.state.resources.metrics.text(), headers={"Content-Type": MEDIA_TYPE})
