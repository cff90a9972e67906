"""Describes the named queries in OpenAPI: a path for each, with its own parameters, formats and schema."""

from collections.abc import Iterable
from typing import Any

from queries.binding import MAX_VALUE_LENGTH
from queries.columns import columns
from queries.named_query import ANY_CLASS, ANY_THING, NamedQuery, Parameter
from service.paging import MOST_OFFSET, MOST_ROWS
from service.question_formats import FORMATS, JSON
from service.sparql.openapi import problems
from service.store.html import HTML
from service.tables import shown_columns

_STATUSES = (400, 401, 404, 405, 406, 414, 429, 503)
_HOW_TO_NAME = "by its id, prefixed name, IRI or label"
_LARGEST = 10**18 - 1
_THING = {
    "type": "object",
    "description": "A thing or a term, with its label where the query gives one",
    "required": ["iri", "label"],
    "properties": {"iri": {"type": "string", "format": "iri"}, "label": {"type": ["string", "null"]}},
}
_CELL = {
    "description": "What stands in a column: a thing, a value, or nothing",
    "anyOf": [
        {"$ref": "#/components/schemas/ThingInCell"},
        *({"type": type_} for type_ in ("string", "number", "boolean", "null")),
    ],
}


def components() -> dict[str, dict[str, Any]]:
    """Return the schemas, parameters and responses that the paths of named queries have in common."""
    responses = {f"problem-{status}": response for status, response in problems(*_STATUSES).items()}
    responses["problem-400"]["content"][HTML] = {}  # a browser is shown the form again
    return {
        "schemas": {"ThingInCell": _THING, "Cell": _CELL},
        "parameters": {"limit": _limit(), "offset": _offset(), "format": _format()},
        "responses": responses,
    }


def question_paths(queries: Iterable[NamedQuery]) -> dict[str, Any]:
    """Return the path of each named query (OpenAPI 3.1, section 4.8.8). Raises QueryFileError."""
    return {f"/api/queries/{query.name}": {"get": _operation(query)} for query in queries}


def _operation(query: NamedQuery) -> dict[str, Any]:
    common = [{"$ref": f"#/components/parameters/{name}"} for name in ("limit", "offset", "format")]
    return {
        "operationId": f"query_{query.name.replace('-', '_')}",
        "summary": query.summary,
        "tags": [f"queries/{query.group}" if query.group else "queries"],
        "parameters": [*map(_parameter, query.parameters.values()), *common],
        "responses": {
            "200": {"description": "The answer", "headers": _headers(), "content": _content(query)},
            "303": {"description": "To the same question without the parameters that a form left empty"},
            "304": {"description": "The client has it already"},
            **{str(status): {"$ref": f"#/components/responses/problem-{status}"} for status in _STATUSES},
        },
        "security": [{}, {"token": []}],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    description, schema = parameter.summary, dict[str, Any](type="string", maxLength=MAX_VALUE_LENGTH)
    example = parameter.native(parameter.example)
    default = None if parameter.default is None else parameter.native(parameter.default)
    if parameter.type == "integer":
        schema = {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST}
    elif parameter.type != "string":
        what = {ANY_THING: "any thing", ANY_CLASS: "a class"}.get(parameter.type, f"a thing of {parameter.type}")
        description = f"{description} ({what}, {_HOW_TO_NAME})"
    if default is not None:
        schema["default"] = default
    return _in_query(parameter.name, schema, description) | {"example": example}


def _in_query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _limit() -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}
    return _in_query("limit", schema, "how many rows to send; all where it is not given")


def _offset() -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0, "maximum": MOST_OFFSET, "default": 0}
    return _in_query("offset", schema, "how many rows to leave out before the first")


def _format() -> dict[str, Any]:
    schema = {"type": "string", "enum": list(FORMATS)}
    return _in_query("format", schema, "the format of the answer, whatever the Accept header says")


def _headers() -> dict[str, Any]:
    link = {"description": "the next page and the one before (RFC 8288)", "schema": {"type": "string"}}
    total = {"description": "how many rows all pages have", "schema": {"type": "integer"}}
    return {
        "Link": link,
        "ETag": {"description": "its entity tag", "schema": {"type": "string"}},
        "X-Total-Count": total,
    }


def _content(query: NamedQuery) -> dict[str, Any]:
    return {type_: {"schema": _answer(query)} if type_ == JSON else {} for type_ in FORMATS.values()}


def _answer(query: NamedQuery) -> dict[str, Any]:
    """Return the schema of the answer in JSON, which names the columns of the query."""
    shown = shown_columns(columns(query))
    row = {
        "type": "object",
        "required": list(shown),
        "additionalProperties": False,
        "properties": {column: {"$ref": "#/components/schemas/Cell"} for column in shown},
    }
    text = {"type": "string"}
    given = {
        each.name: {"type": "integer" if each.type == "integer" else "string"} for each in query.parameters.values()
    }
    properties = {
        "query": {"const": query.name},
        "summary": text,
        "parameters": {"type": "object", "additionalProperties": False, "properties": given},
        "release": {"type": "string", "format": "iri"},
        "columns": {"type": "array", "items": {"type": "string", "enum": list(shown)}},
        "rows": {"type": "array", "items": row},
        "total": {"type": "integer", "minimum": 0},
        "next": {"type": ["string", "null"]},
        "sparql": text,
    }
    return {"type": "object", "required": list(properties), "properties": properties}
