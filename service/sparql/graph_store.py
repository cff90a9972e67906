"""The SPARQL 1.1 Graph Store HTTP Protocol: a graph is read, replaced, added to, changed and dropped as a resource."""

import uuid
from urllib.parse import parse_qs

import pyoxigraph as ox

from service.engine.worker import Job
from service.errors import MediaTypeError, NotOfferedError, QueryRefusedError
from service.http.access import Client
from service.http.exchange import Headers, Reply, Request
from service.http.validators import RELEASE_HEADER, VARY, is_known
from service.resources import Resources
from service.sparql.lexer import with_small_booleans
from service.sparql.negotiation import choose, content_type
from service.sparql.protocol import absolute_iri, media_type_of, text_of
from service.sparql.query_form import MAX_QUERY_BYTES
from service.sparql.update_form import only_inserts
from service.store.coding import coding_for
from service.store.dataset import Graph
from service.store.patch import Rows
from service.store.reading import Reading
from service.store.uploads import MULTIPART, UPLOADS, Upload
from service.store.writing import GraphUpdate, RefusedUpdate, Replacement

PATH = "/graph-store"
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH")
_SENT = (*UPLOADS, "application/trig", "application/n-quads")
_SUFFIXES = dict(zip(_SENT, ("ttl", "nt", "rdf", "jsonld", "trig", "nq"), strict=True))
_UPDATE = "application/sparql-update"


async def graph_store(request: Request, client: Client, resources: Resources) -> Reply:
    """Answer a request about the graph that is named by `?graph=`, by `?default`, or by the path itself."""
    base = f"{resources.settings.base_iri}{PATH[1:]}"
    if request.method in ("GET", "HEAD"):
        resources.access.require_reader(client)
        media_type = choose(request.header("accept"), _SENT)
        return await read_graph(request, _required(_graph_of(request, base)), media_type, client, resources)
    client.require_writer()
    graph = _graph_of(request, base)
    if request.method == "PATCH":
        return await _patch(request, _required(graph), client, resources)
    if request.method == "DELETE":
        job = Replacement(_required(graph), None, if_match=_if_match(request))
        await _write(request, job, client, resources)
        return Reply(204)
    minted = None
    if graph is None and request.method == "POST":
        minted = graph = ox.NamedNode(f"{base}/{uuid.uuid4()}")
    graph = _required(graph)
    upload = await _upload(request, graph, base, resources.settings.upload_megabytes * 1_000_000)
    job = Replacement(graph, upload, request.method == "POST", _if_match(request))
    is_new = await _write(request, job, client, resources)
    return Reply(201 if is_new else 204, [("location", minted.value)] if minted else [])


async def read_graph(request: Request, graph: Graph, media_type: str, client: Client, resources: Resources) -> Reply:
    """Reply to a GET of a graph, with its triples as `media_type`. Raises UnknownGraphError or EngineError."""
    job = Reading(graph, media_type, coding_for(request.header("accept-encoding")))
    answer = await resources.reader(request, client).answer(job)
    content, coding, tag = answer.content
    headers: Headers = [
        ("content-type", content_type(media_type)),
        ("etag", f'"{tag}.{_SUFFIXES[media_type]}{f".{coding}" if coding else ""}"'),
        ("vary", VARY),
        ("cache-control", "no-cache"),
        (RELEASE_HEADER, answer.release),
    ]
    if is_known(request.header("if-none-match"), headers[1][1]):
        return Reply(304, headers[1:])
    return Reply(200, headers + ([("content-encoding", coding)] if coding else []), content)


async def _patch(request: Request, graph: Graph, client: Client, resources: Resources) -> Reply:
    if media_type_of(request) != _UPDATE:
        raise MediaTypeError(f"PATCH a graph with {_UPDATE}")
    text = with_small_booleans(text_of(await request.body(MAX_QUERY_BYTES)))
    base_iri = resources.settings.base_iri
    try:
        only_inserts(text)
    except NotOfferedError as refusal:
        job: Job[Rows] = RefusedUpdate(text, refusal, base_iri)
    else:
        job = GraphUpdate(text, graph, _if_match(request), base_iri)
    await _write(request, job, client, resources)
    return Reply(204)


async def _upload(request: Request, graph: Graph, base: str, max_bytes: int) -> Upload:
    media_type = media_type_of(request)
    if media_type not in (*UPLOADS, MULTIPART):
        raise MediaTypeError(f"send triples as {', '.join(UPLOADS)} or {MULTIPART}, not as {media_type[:100]!r}")
    content = await request.body(max_bytes)
    return Upload(content, request.header("content-type"), graph.value if isinstance(graph, ox.NamedNode) else base)


async def _write(request: Request, job: Job[Rows], client: Client, resources: Resources) -> bool:
    """Carry out a write, and tell whether it made a graph that was not there."""
    what = f"{request.method} {request.path}?{request.query_string}"[:500]
    return bool((await resources.write(job, client, what)).created)


def _graph_of(request: Request, base: str) -> Graph | None:
    """Return the graph that a request names (section 4), None where it names none. Raises QueryRefusedError."""
    path = request.path.removeprefix(PATH).removeprefix("/")
    try:
        parameters = parse_qs(request.query_string, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise QueryRefusedError("the parameters are not percent-encoded UTF-8") from error
    graphs, defaults = parameters.get("graph", []), parameters.get("default", [])
    if path and not graphs and not defaults:
        return ox.NamedNode(absolute_iri(f"{base}/{path}", "the path"))
    if len(graphs) + len(defaults) > 1:
        raise QueryRefusedError("name one graph, by ?graph=IRI or by ?default")
    if graphs:
        return ox.NamedNode(absolute_iri(graphs[0], "graph"))
    return ox.DefaultGraph() if defaults else None


def _required(graph: Graph | None) -> Graph:
    if graph is None:
        raise QueryRefusedError("name the graph: ?graph=IRI, ?default, or by the path")
    return graph


def _if_match(request: Request) -> tuple[str, ...] | None:
    """Return the tags of If-Match without what tells the formats apart; `*` is any state of a graph that is there."""
    if not request.has_header("if-match"):
        return None
    given = request.header("if-match")
    return tuple(tag.strip().strip('"').partition(".")[0] for tag in given.split(","))
