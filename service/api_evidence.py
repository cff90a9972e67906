"""The REST routes of evidence: why a triple is in the graph, and each fact that states one."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic_core import to_json

from service.errors import UnknownThingError
from service.explanation.asking import FACT, Explained, explain, triple_of_fact
from service.explanation.document import Writer
from service.explanation.page import explanation_page
from service.explanation.picture import explanation_picture
from service.explanation.reading import LONGEST_VALUE, asked, given
from service.explanation.resolving import resolve
from service.explanation.schema import Explanation
from service.http.answers import FORMATS, Validator, media_type_of, reader_of, resources_of, steadily_read, wording_of
from service.http.links import canonical_link
from service.http.parameters import check_parameters
from service.reader import Reader
from service.show_explanation import explanation_text
from service.sparql.openapi import problems
from service.templating import PAGE_POLICY, PICTURE_POLICY
from service.things.asking import Found, thing
from service.things.description import TYPE
from service.things.document import Shown
from service.things.formats import rdf, thing_json
from service.things.unknown import near_things
from service.things.values import iri_of
from service.things.wording import Wording

router = APIRouter(responses=problems(400, 401, 404, 405, 406, 414, 429, 503), tags=["evidence"])

_JSON, _JSON_LD, _HTML = "application/json", "application/ld+json", "text/html"
_TEXT, _SVG = "text/plain", "image/svg+xml"
_RDF = ("text/turtle", "application/n-triples", "application/rdf+xml")
_POLICIES = {_HTML: PAGE_POLICY, _SVG: PICTURE_POLICY}
_OF_TRIPLE = (_JSON, _HTML, _TEXT, _SVG)
_OF_FACT = (_JSON, _JSON_LD, *_RDF, _HTML, _TEXT, _SVG)


def _parameter(name: str, text: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE}
    return {"name": name, "in": "query", "required": True, "schema": schema, "description": text, "example": example}


def _format(media_types: tuple[str, ...]) -> dict[str, Any]:
    names = [name for name, media_type in FORMATS.items() if media_type in media_types]
    text = "the format, for those who cannot send an Accept header"
    return {"name": "format", "in": "query", "schema": {"type": "string", "enum": names}, "description": text}


def _answers(what: str, media_types: tuple[str, ...]) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {type_: {} for type_ in media_types if type_ != _JSON}
    known = {"description": "The client has it already"}
    return {200: {"description": what, "model": Explanation, "content": content}, 304: known}


_FactName = Annotated[
    str, Path(alias="id", description="a fact, by its id, prefixed name or IRI", examples=["fact-f9fe70adf167ff6e"])
]
_TRIPLE_PARAMETERS = [
    _parameter("subject", "a thing, by its id, prefixed name, IRI or label", "toy-valley-living-lab"),
    _parameter("property", "a property of the ontology, by its name, prefixed name, IRI or label", "hostedBy"),
    _parameter("object", "a thing as the subject, or the value of a literal", "vicedo-marti"),
    _format(_OF_TRIPLE),
]


@router.get(
    "/api/explain",
    summary="Why a triple is in the graph",
    operation_id="explain",
    responses=_answers(
        "Which facts, proofs and claims there are for it, with source, section and position", _OF_TRIPLE
    ),
    openapi_extra={"parameters": _TRIPLE_PARAMETERS},
)
async def explain_triple(request: Request) -> Response:
    """Return which sources state a triple, in which section and position, what is claimed of it, and how sure.

    One that follows from others (`inferred`) comes with its `proofs`, down to what is stated. What no graph has may be
    said by a situation that joins its ends.
    """
    resources, reader = resources_of(request), reader_of(request)
    model = await resources.model()
    triple = asked(given(request.query_params.multi_items()), model.vocabulary)
    sent = media_type_of(request, _OF_TRIPLE)
    wording = wording_of(request, model)
    language = wording.language if sent == _HTML else None
    validator = Validator(request, sent, await resources.passages.state(reader), language)
    if known := await validator.known():
        return known

    reasoning = await resources.reasoning()

    async def explained(steady: Reader) -> Explained:
        return await explain(await resolve(triple, steady, model), steady, resources.passages, reasoning)

    found = await steadily_read(request, model, explained)
    document = Writer(found, model.keys).explanation()
    return _answer(validator, document, wording, sent, found.version, found.release, {})


@router.get(
    "/api/facts/{id:path}",
    summary="A fact, with its evidence",
    operation_id="get_fact",
    responses=_answers("The fact and what bears on its triple; in RDF, the fact as it stands in the graph", _OF_FACT),
    openapi_extra={"parameters": [_format(_OF_FACT)]},
)
async def get_fact(name: _FactName, request: Request) -> Response:
    """Return the explanation of the triple that a fact states; as JSON-LD or RDF the fact itself with its evidence."""
    check_parameters(request.query_params.multi_items(), ("format",))
    resources, reader = resources_of(request), reader_of(request)
    model = await resources.model()
    sent = media_type_of(request, _OF_FACT)
    wording = wording_of(request, model)
    language = wording.language if sent == _HTML else None
    validator = Validator(request, sent, await resources.passages.state(reader), language)
    if known := await validator.known():
        return known
    iri, reasoning = iri_of(name), await resources.reasoning()

    async def read(steady: Reader) -> tuple[Found, Explained | None]:
        stated = await _fact(steady, name, iri)
        triple = triple_of_fact(stated.things[0])
        if triple is None or sent not in _OF_TRIPLE:
            return stated, None
        return stated, await explain(triple, steady, resources.passages, reasoning)

    stated, found = await steadily_read(request, model, read)
    links = {"Link": canonical_link(stated.things[0].iri)}
    if sent in _RDF:
        return validator.answer(rdf(stated, sent), stated.version, stated.release, links)
    if sent == _JSON_LD:
        content = to_json(thing_json(stated, model.keys, Shown()))
        return validator.answer(content, stated.version, stated.release, links)
    if found is None:
        raise UnknownThingError(f"{name[:100]!r} is a fact that lacks its subject, its property or its object")
    document = Writer(found, model.keys).explanation(iri)
    return _answer(validator, document, wording, sent, found.version, found.release, links)


async def _fact(reader: Reader, name: str, iri: str | None) -> Found:
    """Return a fact with its evidence. Raises UnknownThingError, which names near ones."""
    try:
        if iri is None:
            raise UnknownThingError("no IRI has such characters")
        found = await thing(reader, iri, frozenset({"evidence"}))
    except UnknownThingError as error:
        raise await near_things(reader, name, FACT) from error
    if FACT not in found.things[0].iris(TYPE):
        raise UnknownThingError(f"{name[:100]!r} is no fact, but is at /api/things/{name[:100]}")
    return found


def _answer(
    validator: Validator,
    document: Explanation,
    wording: Wording,
    sent: str,
    version: str,
    release: str,
    headers: Mapping[str, str],
) -> Response:
    if sent in _POLICIES:
        headers = {**headers, "Content-Security-Policy": _POLICIES[sent]}
    if sent == _HTML:
        return validator.answer(explanation_page(document, wording), version, release, headers)
    if sent == _SVG:
        return validator.answer(explanation_picture(document), version, release, headers)
    if sent == _TEXT:
        return validator.answer(explanation_text(document).encode(), version, release, headers)
    return validator.answer(document.json_bytes(), version, release, headers)
