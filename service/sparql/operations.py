"""The query and update operations of the SPARQL 1.1 Protocol, outside the web framework."""

import json

from loaders.code import SERVING, code_digest
from loaders.errors import ReleaseError
from service.engine.engine import Answer
from service.engine.worker import Job
from service.errors import NotOfferedError, ServiceError
from service.http.access import Client
from service.http.exchange import Headers, Reply, Request
from service.http.validators import RELEASE_HEADER, VARY, entity_tag, is_known
from service.problem_types import type_of
from service.problems import problem_reply, wants_page
from service.resources import Resources
from service.sparql.asked import Asked, Serialised
from service.sparql.negotiation import GRAPHS, accept_of, choose, content_type
from service.sparql.protocol import Operation, query_in, query_of, update_of
from service.sparql.query_form import form_at_head
from service.sparql.service_description import describe
from service.sparql.update_form import only_inserts, with_dataset
from service.store.html import HTML, editor
from service.store.patch import Rows
from service.store.writing import RefusedUpdate, Update
from service.templating import PAGE_POLICY

_PAGE_HEADERS = [("content-type", content_type(HTML)), ("content-security-policy", PAGE_POLICY)]


async def query(request: Request, client: Client, resources: Resources) -> Reply:
    """Answer a query; a GET that asks for nothing gets the service description, or for a browser the editor.

    What goes wrong is told to a browser on the page where the query can be edited. Raises ServiceError.
    """
    operation = Operation("", None)
    try:
        resources.access.require_reader(client)
        is_post = request.method == "POST"
        if not is_post and not request.query_string:
            return await _nothing_asked(request, client, resources)
        operation = await query_of(request) if is_post else query_in(request.query_string)
        return await _answered(operation, request, client, resources)
    except (ServiceError, ReleaseError) as error:
        if not wants_page(request.header("accept")):
            raise
        return _told_in_editor(operation, error)


async def _nothing_asked(request: Request, client: Client, resources: Resources) -> Reply:
    accept = request.header("accept")
    if choose(accept, (*GRAPHS,)) == HTML:
        return Reply(200, [*_PAGE_HEADERS, ("vary", "Accept"), ("cache-control", "no-cache")], editor())
    return await describe(accept, client.view, resources)


def _told_in_editor(operation: Operation, error: Exception) -> Reply:
    """Return the page of a query with the problem document of what is wrong with it."""
    problem = problem_reply(error, "")
    kept = [(name, value) for name, value in problem.headers if name not in ("content-type", "content-length")]
    page = editor(operation.text, operation.dataset, json.loads(problem.body))
    return Reply(problem.status, [*kept, *_PAGE_HEADERS, ("vary", VARY)], page)


async def _answered(operation: Operation, request: Request, client: Client, resources: Resources) -> Reply:
    settings, is_post = resources.settings, request.method == "POST"
    header, accept_encoding = request.header("accept"), request.header("accept-encoding")
    accept = accept_of(header, operation.format) if operation.format else header
    asked = Asked(operation.text, accept, accept_encoding, operation.dataset, settings.base_iri, resources.reach)
    digest = asked.digest(code_digest(SERVING))
    version = resources.engine.version or await resources.engine.loaded()
    reply = resources.cache.get((version, client.view, digest))
    if_none_match = "" if is_post else request.header("if-none-match")
    tag = entity_tag(version, client.view, digest)
    if is_known(if_none_match, tag):
        return Reply(304, [("etag", tag), ("vary", VARY), ("cache-control", "no-cache")])
    if reply is None:
        answer = await _evaluated(asked, operation.seconds, request, client, resources)
        reply = _reply(answer, entity_tag(answer.version, client.view, digest))
        if answer.content.stays:
            resources.cache.put((answer.version, client.view, digest), reply)
    else:
        resources.metrics.query(reply.form, "cached")
        reply.is_known = True
    return reply


async def update(request: Request, client: Client, resources: Resources) -> Reply:
    """Carry out an update. Raises ServiceError."""
    client.require_writer()
    told = await update_of(request)
    text = with_dataset(told.text, told.dataset)
    base_iri = resources.settings.base_iri
    try:
        inserts = only_inserts(text, resources.reach)
    except NotOfferedError as refusal:
        job: Job[Rows] = RefusedUpdate(text, refusal, base_iri)
    else:
        job = Update(text, inserts, base_iri, may_dial=_may_load(text, resources))
    await resources.write(job, client, "POST /update")
    return Reply(204)


def _may_load(text: str, resources: Resources) -> bool:
    """Tell whether an update asks another server, and one may be asked."""
    return bool(resources.reach.allowed) and any(word in text.lower() for word in ("load", "service"))


async def _evaluated(
    asked: Asked, seconds: float | None, request: Request, client: Client, resources: Resources
) -> Answer[Serialised]:
    settings = resources.settings
    most = min(seconds or settings.query_seconds, settings.most_query_seconds)
    try:
        answer = await resources.reader(request, client).answer(asked, most)
    except ServiceError as error:
        resources.metrics.query(form_at_head(asked.text), type_of(error).name)
        raise
    resources.metrics.query(answer.content.form, "answered", answer.seconds)
    return answer


def _reply(answer: Answer[Serialised], tag: str) -> Reply:
    sent = answer.content
    headers: Headers = [
        ("content-type", content_type(sent.media_type)),
        ("vary", VARY),
        (RELEASE_HEADER, answer.release),
        *([("etag", tag), ("cache-control", "no-cache")] if sent.stays else [("cache-control", "no-store")]),
    ]
    if sent.coding:
        headers.append(("content-encoding", sent.coding))
    if sent.media_type == HTML:
        headers.append(("content-security-policy", PAGE_POLICY))
    return Reply(200, headers, sent.content, form=sent.form)
