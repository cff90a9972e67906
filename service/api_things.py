"""The REST routes of things: the collections that the classes make, and each thing in them."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json
from starlette.responses import RedirectResponse

from loaders.citation import citation
from ontology.collections import THINGS
from ontology.vocabulary import Term
from service.errors import RequestParameterError, UnknownThingError
from service.http.answers import Validator, media_type_of, reader_of, resources_of, steadily_read, wording_of
from service.http.links import canonical_link
from service.http.parameters import check_parameters
from service.reader import Reader
from service.sparql.openapi import problems
from service.store.selection import Selects
from service.templating import PAGE_POLICY
from service.things.asking import Found, page, thing
from service.things.beside import Beside, beside
from service.things.deprecation import deprecation_day, deprecation_links
from service.things.description import TYPE, is_there_query
from service.things.document import CONTEXT, Shown
from service.things.formats import list_csv, list_json, narrowed, only, rdf, thing_json
from service.things.model import Model
from service.things.pages import collection_page, collections_page
from service.things.parameters import Reading
from service.things.thing_page import thing_page
from service.things.unknown import near_things
from service.things.values import iri_of
from service.things.wanted import Wanted, cursor

router = APIRouter(responses=problems(400, 401, 404, 405, 406, 414, 429, 503))

JSON, JSON_LD, CSV, HTML = "application/json", "application/ld+json", "text/csv", "text/html"
_RDF = ("text/turtle", "application/n-triples", "application/rdf+xml")
_OF_THING = (JSON, JSON_LD, *_RDF, HTML)
_OF_LIST = (JSON, JSON_LD, CSV, *_RDF, HTML)


@router.get(
    "/api",
    summary="The collections",
    tags=["things"],
    operation_id="list_collections",
    response_class=Response,
    responses={200: {"content": {JSON: {"schema": {"type": "object"}}, HTML: {"schema": {"type": "string"}}}}},
)
async def list_collections(request: Request) -> Response:
    """Return the collections that the classes of the ontology make, each with how many things are in it.

    As RDF there is the description of the service, to which this leads.
    """
    model, sent = await resources_of(request).model(), media_type_of(request, (JSON, HTML, *_RDF))
    check_parameters(request.query_params.multi_items(), ("format",))
    if sent in _RDF:
        return RedirectResponse("/.well-known/void", 303, {"Vary": "Accept"})
    wording = wording_of(request, model)
    validator = Validator(request, sent, language=wording.language if sent == HTML else None)
    if known := await validator.known():
        return known
    answer = await reader_of(request).answer(Selects((_COUNTS,)))
    counts = {str(class_): int(count[0]) for class_, count in answer.content[0] if isinstance(count, tuple)}
    listed = [
        {
            "name": name,
            "class": class_.name,
            "label": class_.label,
            "definition": class_.definition,
            "total": counts.get(class_.iri, 0),
            "href": f"/api/{name}",
        }
        for name, class_ in sorted(model.collections.items())
    ]
    if sent == HTML:
        headers = {"Content-Security-Policy": PAGE_POLICY}
        return validator.answer(collections_page(listed, model, wording), answer.version, answer.release, headers)
    return _json(validator, {"collections": listed}, answer.version, answer.release)


@router.get(
    CONTEXT,
    summary="The JSON-LD context of things",
    tags=["things"],
    operation_id="get_context",
    response_class=Response,
    responses={200: {"content": {JSON_LD: {"schema": {"type": "object"}}}}},
)
async def get_context(request: Request) -> Response:
    """Return the context in which the JSON of things is JSON-LD."""
    model = await resources_of(request).model()
    check_parameters(request.query_params.multi_items(), ("format",))
    validator = Validator(request, JSON_LD)
    if known := await validator.known():
        return known
    content = json.dumps({"@context": model.keys.context}, ensure_ascii=False, indent=1).encode()
    state = await reader_of(request).answer(Selects(()))
    return validator.answer(content, state.version, state.release, {"Cache-Control": "max-age=300"})


@router.get("/api/{collection}", include_in_schema=False)
async def list_things(collection: str, request: Request) -> Response:
    """Return a page of a collection."""
    model = await resources_of(request).model()
    class_ = model.class_of(collection)
    sent = media_type_of(request, _OF_LIST)
    parameters = request.query_params.multi_items()
    wanted = Reading(model.vocabulary, class_).wanted(parameters)
    wording = wording_of(request, model)
    validator = Validator(request, sent, language=wording.language if sent == HTML else None)
    if known := await validator.known():
        return known
    if sent == CSV and (left_out := sorted(wanted.include - {"inferred"})):
        raise RequestParameterError(f"CSV has no place for {', '.join(left_out)}; ask for JSON")
    with_inferred = sent in _RDF or wanted.has_inferred
    found = await steadily_read(
        request, model, lambda reader: page(reader, model, wanted, with_inferred, with_predicates=sent == CSV)
    )
    next_ = _next(request, found)
    links = {"Link": ", ".join(_links(request, next_) + deprecation_links(wanted.terms))}
    links |= {"X-Total-Count": str(found.total)} | deprecation_day(wanted.terms)
    if sent == CSV:
        return validator.answer(list_csv(found, model.keys, wanted), found.version, found.release, links)
    if sent in _RDF:
        content = rdf(narrowed(found, wanted.fields, model.keys), sent)
        return validator.answer(content, found.version, found.release, links)
    document = list_json(found, model.keys, wanted, next_)
    if sent == HTML:
        content = collection_page(collection, class_, document, parameters, wording)
        return validator.answer(content, found.version, found.release, links | {"Content-Security-Policy": PAGE_POLICY})
    return _json(validator, document, found.version, found.release, links)


@router.get("/api/{collection}/{name:path}", include_in_schema=False)
async def get_thing(collection: str, name: str, request: Request) -> Response:
    """Return a thing of a collection."""
    if not name:
        return RedirectResponse(quote(f"/api/{collection}") + _query(request), 308)
    model = await resources_of(request).model()
    class_ = model.class_of(collection)
    return await _thing(request, model, name, class_, media_type_of(request, _OF_THING))


@router.get("/page/{name:path}", include_in_schema=False)
async def get_page(name: str, request: Request) -> Response:
    """Return the page of a thing."""
    return await _thing(request, await resources_of(request).model(), name, None, HTML)


@router.get("/id/{name:path}", include_in_schema=False)
async def dereference(name: str, request: Request) -> Response:
    """Send who asks for the IRI of a thing to its page or to a document about it (Cool URIs, section 4.2)."""
    is_page = media_type_of(request, _OF_THING) == HTML
    reader, iri = reader_of(request), iri_of(name)
    if iri is None or not (await reader.answer(Selects((is_there_query(iri),)))).content[0]:
        raise await near_things(reader, name, None)
    path = quote(f"/page/{name}" if is_page else f"/api/{THINGS}/{name}")
    return RedirectResponse(path + _query(request), 303, {"Vary": "Accept"})


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


async def _thing(request: Request, model: Model, name: str, class_: Term | None, sent: str) -> Response:
    wanted = Reading(model.vocabulary, class_).of_thing(request.query_params.multi_items())
    wording = wording_of(request, model)
    validator = Validator(request, sent, language=wording.language if sent == HTML else None)
    if known := await validator.known():
        return known
    reader, iri = reader_of(request), iri_of(name)
    try:
        if iri is None:
            raise UnknownThingError("no IRI has such characters")
        found, around = await steadily_read(
            request, model, lambda reader: _with_what_is_beside(reader, request, iri, wanted, is_page=sent == HTML)
        )
    except UnknownThingError as error:
        raise await near_things(reader, name, class_.iri if class_ else None) from error
    if class_ and class_.iri not in found.things[0].iris(TYPE):
        kinds = ", ".join(sorted(model.keys.of(type_) for type_ in found.things[0].iris(TYPE)))
        raise UnknownThingError(f"{name[:100]!r} is none of these, but is at /api/things/{name[:100]} ({kinds})")
    links = {"Link": ", ".join([canonical_link(iri), *deprecation_links(wanted.terms)])}
    links |= deprecation_day(wanted.terms)
    if sent in _RDF:
        content = rdf(narrowed(found, wanted.fields, model.keys), sent)
        return validator.answer(content, found.version, found.release, links)
    document = only(thing_json(found, model.keys, Shown(wanted.fields)), wanted)
    if sent == HTML:
        content = thing_page(document, model, wording, around, await _citation(request))
        return validator.answer(content, found.version, found.release, links | {"Content-Security-Policy": PAGE_POLICY})
    return _json(validator, document, found.version, found.release, links)


async def _with_what_is_beside(
    reader: Reader, request: Request, iri: str, wanted: Wanted, *, is_page: bool
) -> tuple[Found, Beside]:
    """Return a thing, and for its page what is shown beside it."""
    found = await thing(reader, iri, wanted.include)
    if not is_page:
        return found, Beside()
    queries = await resources_of(request).queries.current()
    around = [other.iri for others in found.things[0].incoming.values() for other in others]
    return found, await beside(reader, queries, iri, found.things[0].iris(TYPE), around)


async def _citation(request: Request) -> str | None:
    """Return how the release that is served is cited, None where there is none."""
    if resources_of(request).settings.empty:
        return None
    release = await reader_of(request).release()
    return citation(release.id, await asyncio.to_thread(release.manifest))


def _json(
    validator: Validator,
    document: Mapping[str, Any],
    version: str,
    release: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return validator.answer(to_json(document), version, release, headers or {})


def _next(request: Request, found: Found) -> str | None:
    if found.next is None:
        return None
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    sort = request.query_params.get("sort", "label")
    return f"{request.url.path}?{urlencode([*given, ('cursor', cursor(sort, found.next))])}"


def _links(request: Request, next_: str | None) -> list[str]:
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    first = f"{request.url.path}?{urlencode(given)}" if given else request.url.path
    return [f'<{first}>; rel="first"', *([f'<{next_}>; rel="next"'] if next_ else [])]


_COUNTS = f"""SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) WHERE {{
    ?thing <{TYPE}> ?class FILTER(isIRI(?thing) && isIRI(?class)) }} GROUP BY ?class"""
