"""The OpenAPI document: the routes of the framework, SPARQL, and the named queries and collections of the release."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from ontology.collections import THINGS
from ontology.iris import TERM, THING, XSD
from queries.named_query import NamedQuery
from service.http.conditional import tagged_response
from service.http.parameters import check_parameters
from service.openapi_page import documentation_page
from service.question_openapi import components, question_paths
from service.reader import Reader
from service.sparql.openapi import PROBLEM, SECURITY, paths
from service.store.html import HTML
from service.store.selection import Selects
from service.templating import PAGE_POLICY
from service.things.asking import page, thing
from service.things.description import LABEL, TYPE, local_name
from service.things.document import Shown, quoted
from service.things.formats import list_json, thing_json
from service.things.model import Model
from service.things.openapi import thing_components, thing_paths
from service.things.parameters import Reading

PATH = "/api/openapi.json"
PAGE_PATH = "/api/docs"
_FIRST = f"""SELECT ?class (MIN(?one) AS ?thing) WHERE {{
    ?one <{TYPE}> ?class FILTER(STRSTARTS(STR(?one), "{THING}") && isIRI(?class))
    }} GROUP BY ?class"""
_VALUES = f"""SELECT ?property (MIN(?value) AS ?one) WHERE {{
    ?thing ?property ?value ; <{LABEL}> ?label FILTER(STRSTARTS(STR(?property), "{TERM}"))
    FILTER(isNumeric(?value) || STRSTARTS(STR(?value), "{THING}") || DATATYPE(?value) = <{XSD}boolean>)
    }} GROUP BY ?property"""


@dataclass(frozen=True)
class _Described:
    """The document and its page, and the queries and the model that they are about."""

    queries: Mapping[str, NamedQuery]
    model: Model
    document: bytes
    page: bytes


@dataclass(frozen=True)
class _Examples:
    """The id of a thing of each class that has any, and a value of each property that labelled things have, by IRI."""

    things: Mapping[str, str]
    values: Mapping[str, str]


async def openapi(request: Request) -> Response:
    """Answer with the document as it is for the release that is served. Raises ReleaseError or BrokenQueriesError."""
    check_parameters(request.query_params.multi_items())
    return tagged_response(request, (await _described(request)).document, "application/json")


async def documentation(request: Request) -> Response:
    """Answer with the same as a page. Raises ReleaseError or BrokenQueriesError."""
    check_parameters(request.query_params.multi_items())
    page = (await _described(request)).page
    return tagged_response(request, page, HTML, {"Content-Security-Policy": PAGE_POLICY})


async def _described(request: Request) -> _Described:
    resources = request.state.resources
    queries, model = await resources.queries.current(), await resources.model()
    app: FastAPI = request.app
    described: _Described | None = getattr(app.state, "described", None)
    if described is None or described.queries is not queries or described.model is not model:
        examples = await _examples(Reader(resources.engine))
        document = _document(app, queries, model, examples)
        await _show_answers(document, Reader(resources.engine), model, examples.things)
        content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        described = app.state.described = _Described(queries, model, content, documentation_page(document, model))
    return described


async def _examples(reader: Reader) -> _Examples:
    things, values = (await reader.answer(Selects((_FIRST, _VALUES)))).content
    return _Examples(
        {str(class_): local_name(str(thing)) for class_, thing in things},
        {
            str(property_): quoted(local_name(value)) if isinstance(value, str) else value[0]
            for property_, value in values
            if value is not None
        },
    )


async def _show_answers(document: dict[str, Any], reader: Reader, model: Model, examples: Mapping[str, str]) -> None:
    """Put into the document what the collection of all things answers, and one of them, where there are some."""
    if not examples:
        return
    name = next(iter(examples.values()))
    wanted = Reading(model.vocabulary, None).wanted([("id", quoted(name)), ("fields", "label,type")])
    listed = list_json(await page(reader, model, wanted, wanted.has_inferred), model.keys, wanted, None)
    one = thing_json(await thing(reader, THING + name, frozenset()), model.keys, Shown())
    asked = {
        f"/api/{THINGS}": (f"/api/{THINGS}?{urlencode({'id': quoted(name), 'fields': 'label,type'})}", listed),
        f"/api/{THINGS}/{{id}}": (f"/api/{THINGS}/{quote(name, safe='')}", one),
    }
    for path, (address, answer) in asked.items():
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        content["examples"] = {"answer": {"summary": f"GET {address}", "value": answer}}


def _document(app: FastAPI, queries: Mapping[str, NamedQuery], model: Model, examples: _Examples) -> dict[str, Any]:
    document = FastAPI.openapi(app)
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # what is not valid is a problem with status 400
            if operation is operations.get("get") and "health" not in operation["tags"]:
                operation["responses"].setdefault("304", {"description": "The client has it already"})
    for unused in ("HTTPValidationError", "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(unused, None)
    parts: dict[str, Any] = dict(document.get("components", {}))
    for more in ({"schemas": {"Problem": PROBLEM}}, components(), thing_components(model, examples.values)):
        parts |= {kind: parts.get(kind, {}) | content for kind, content in more.items()}
    named = question_paths(queries.values()) | thing_paths(model, examples.things)
    return document | {
        "paths": named | document["paths"] | paths(),  # some things have routes of their own
        "components": parts | {"securitySchemes": SECURITY},
    }
