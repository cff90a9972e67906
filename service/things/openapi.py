"""Describes the collections in OpenAPI: a path for each class of the ontology, with the filters of its things."""

from collections.abc import Iterator, Mapping
from typing import Any

import inflection

from ontology.collections import THINGS
from ontology.iris import XSD
from ontology.vocabulary import Kind, Property, Term
from service.http.validators import RELEASE_HEADER
from service.things.deprecation import deprecation_remark
from service.things.model import Model
from service.things.parameters import INCLUDABLE
from service.things.ways import Ways

_FORMATS = ("application/json", "application/ld+json", "text/turtle", "application/n-triples", "application/rdf+xml")
_ERRORS = (400, 401, 404, 405, 406, 414, 429, 503)
_OF_A_LIST = ("q", "id", "type", "sort", "limit", "cursor", "fields", "facets", "include", "format")


def thing_paths(model: Model, examples: Mapping[str, str]) -> dict[str, Any]:
    """Return the paths of all collections and of the things in them; `examples` are ids of things by class IRI."""
    found: dict[str, Any] = {}
    for name, class_ in [*sorted(model.collections.items()), (THINGS, None)]:
        filters = [_ref("parameters", one) for one in _filters(model, class_)]
        found[f"/api/{name}"] = {"get": _listing(name, class_, filters)}
        example = examples.get(class_.iri) if class_ else next(iter(examples.values()), None)
        found[f"/api/{name}/{{id}}"] = {"get": _single(name, class_, example)}
    return found


def thing_components(model: Model, examples: Mapping[str, str]) -> dict[str, Any]:
    """Return the schemas and parameters that the paths refer to; `examples` are values by the IRIs of properties."""
    properties = model.vocabulary.properties
    filters = {_filter_name(name): _filter(name, properties[name], examples) for name in properties}
    used = {one for class_ in [*model.collections.values(), None] for one in _filters(model, class_)}
    return {
        "schemas": _SCHEMAS,
        "parameters": {**_PARAMETERS, **{name: one for name, one in filters.items() if name in used}},
    }


def _listing(name: str, class_: Term | None, filters: list[Any]) -> dict[str, Any]:
    return {
        "operationId": f"list_{name.replace('-', '_')}",
        "summary": f"The things of {class_.label!r}" if class_ else "Everything that has a name",
        "description": class_.definition if class_ else "Things of every class.",
        "tags": ["things"],
        "parameters": [_ref("parameters", f"list-{one}") for one in _OF_A_LIST] + filters,
        "responses": _responses("ThingList", ("text/csv", "text/html")),
        **_deprecated(class_),
    }


def _single(name: str, class_: Term | None, example: str | None) -> dict[str, Any]:
    singular = inflection.underscore(class_.name) if class_ else "thing"
    return {
        "operationId": f"get_{singular}",
        "summary": f"One thing of {class_.label!r}" if class_ else "One thing",
        "tags": ["things"],
        "parameters": [
            {**_ID, **({"example": example} if example else {})},
            *(_ref("parameters", f"list-{one}") for one in ("fields", "include")),
            _FORMAT_OF_THING,
        ],
        "responses": _responses("Thing", ("text/html",)),
        **_deprecated(class_),
    }


def _deprecated(class_: Term | None) -> dict[str, bool]:
    return {"deprecated": True} if class_ and class_.deprecation else {}


def _responses(schema: str, others: tuple[str, ...]) -> dict[str, Any]:
    described = {"schema": _ref("schemas", schema)}
    content: dict[str, Any] = {media_type: dict(described) for media_type in _FORMATS[:2]}
    content |= {media_type: {"schema": {"type": "string"}} for media_type in (*_FORMATS[2:], *others)}
    refused = {str(status): _ref("responses", f"problem-{status}") for status in _ERRORS}
    known = {"description": "The client has it already", "headers": {"ETag": _HEADERS["ETag"]}}
    headers = dict(_HEADERS) if schema == "ThingList" else {name: _HEADERS[name] for name in _OF_EVERY_ANSWER}
    asked = {"description": "What was asked for", "headers": headers, "content": content}
    return {"200": asked, "304": known, **refused}


def _filters(model: Model, class_: Term | None) -> Iterator[str]:
    """Yield the names of the parameters that filter a collection by what its things have, or are joined with.

    What there is by a longer way is left out: nobody reads a document of such a length.
    """
    ways = Ways(model.vocabulary, class_)
    for name in ways.names():
        property_ = model.vocabulary.properties[name]
        is_relation = property_.kind is Kind.OBJECT
        if property_.kind is not Kind.ANNOTATION and (is_relation or not ways.reach(name, "parameter").is_joined):
            yield _filter_name(name)


def _filter_name(property_: str) -> str:
    return f"by-{property_}"


def _filter(name: str, property_: Property, examples: Mapping[str, str]) -> dict[str, Any]:
    example = examples.get(property_.iri)
    if property_.kind is Kind.OBJECT:
        how = "A thing by id, prefixed name, IRI or label; several, separated by commas, are alternatives."
    elif property_.datatype in (XSD + "integer", XSD + "decimal"):
        how = "A number, or a range as in 2015..2018, 2015.. or ..2018."
    elif property_.datatype == XSD + "boolean":
        how = "true or false."
    else:
        how = "A text, in upper or lower case."
    described = _parameter(name, f"{property_.definition} {how}{deprecation_remark(property_)}".strip())
    described |= {"example": example} if example else {}
    return described | ({"deprecated": True} if property_.deprecation else {})


def _parameter(name: str, description: str, schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": dict(schema or {"type": "string"})}


def _common(name: str, description: str, example: str) -> dict[str, Any]:
    return _parameter(name, description) | {"example": example}


def _format(*names: str) -> dict[str, Any]:
    schema = {"type": "string", "enum": [*names]}
    return _parameter("format", "In place of the Accept header.", schema) | {"example": names[0]}


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


_ID: Mapping[str, Any] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The end of the IRI below …/id/, or a whole IRI.",
    "schema": {"type": "string"},
}
_PARAMETERS: Mapping[str, Any] = {
    "list-q": _common("q", "Words, or parts of words, that one name contains; case and accents do not count.", "a"),
    "list-id": _parameter("id", "Only these things: ids, prefixed names, IRIs or labels, separated by commas."),
    "list-type": _common(
        "type", "Classes by name or collection, of which a thing has one; given twice, it has one of each.", "Actor"
    ),
    "list-sort": _common(
        "sort", "label, id, or a property with values; with - before it from the last to the first.", "-label"
    ),
    "list-limit": {
        **_parameter("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}),
        "example": 10,
    },
    "list-cursor": _parameter("cursor", "Where a page begins, as `next` or the Link header tells."),
    "list-fields": _common("fields", "The properties to send, separated by commas.", "label,type"),
    "list-facets": _common(
        "facets", "Properties, or `type`, of which the values are counted, separated by commas.", "type"
    ),
    "list-include": {
        **_parameter("include", f"What comes too, separated by commas: {', '.join(INCLUDABLE)}."),
        "schema": {"type": "array", "items": {"type": "string", "enum": [*INCLUDABLE]}},
        "style": "form",
        "explode": False,
        "example": ["inferred", "claims"],
    },
    "list-format": _format("json", "jsonld", "csv", "ttl", "nt", "rdf", "html"),
}
_FORMAT_OF_THING = _format("json", "jsonld", "ttl", "nt", "rdf", "html")
_OF_EVERY_ANSWER = ("ETag", RELEASE_HEADER, "Link", "Deprecation")


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


_HEADERS: Mapping[str, Any] = {
    "ETag": _header("To be sent back as If-None-Match: 304 where nothing has changed"),
    RELEASE_HEADER: _header("The release that the answer is from"),
    "Link": _header("Where the first page and the next are (RFC 8288), the IRI of a thing, deprecated terms"),
    "Deprecation": _header("Since when a term that was asked by is deprecated (RFC 9745)"),
    "X-Total-Count": _header("How many things there are on all pages"),
}
_LINKS = {"type": "object", "additionalProperties": {"type": "array", "items": {}}}
_SCHEMAS: Mapping[str, Any] = {
    "Reference": {
        "type": "object",
        "description": "A thing as others mention it: its IRI, its label, and where it is found here.",
        "required": ["id", "label"],
        "properties": {"id": {"type": "string"}, "label": {"type": "string"}, "href": {"type": "string"}},
    },
    "Thing": {
        "type": "object",
        "description": "A thing as JSON-LD: beside these keys each property of the ontology has its own, with a list "
        "of things and values, or of texts by language.",
        "required": ["id", "href"],
        "properties": {
            "@context": {"type": "string"},
            "id": {"type": "string", "description": "The IRI"},
            "type": {"type": "array", "items": {"type": "string"}, "description": "Names of classes"},
            "label": {"type": "string", "description": "For reading"},
            "href": {"type": "string"},
            "inferred": {**_LINKS, "description": "What follows from what is stated"} | {"additionalProperties": True},
            "inverse": {**_LINKS, "description": "The things that have this one as a value, by property"},
            "more": {"type": "object", "additionalProperties": True, "description": "Where all of a long list are"},
        },
        "additionalProperties": True,
    },
    "Facet": {
        "type": "object",
        "required": ["total", "values"],
        "properties": {
            "total": {"type": "integer", "description": "How many values there are"},
            "values": {"type": "array", "description": "The most common", "items": _ref("schemas", "Counted")},
        },
    },
    "Counted": {
        "type": "object",
        "description": "A value, a thing or a class, and how many things have it.",
        "required": ["count"],
        "properties": {
            "count": {"type": "integer"},
            "id": {"type": "string"},
            "label": {"type": "string"},
            "href": {"type": "string"},
            "value": {},
        },
    },
    "ThingList": {
        "type": "object",
        "required": ["@context", "total", "next", "items"],
        "properties": {
            "@context": {"type": "string"},
            "total": {"type": "integer"},
            "next": {"type": ["string", "null"], "description": "Where the next page is"},
            "items": {"type": "array", "items": _ref("schemas", "Thing")},
            "facets": {"type": "object", "additionalProperties": _ref("schemas", "Facet")},
        },
    },
}
