"""Describes the SPARQL operations in OpenAPI, beside the REST routes that the web framework describes itself."""

from typing import Any

from service.sparql.negotiation import FORMATS, GRAPHS, SOLUTIONS
from service.store.html import HTML
from service.store.uploads import UPLOADS

_EXAMPLE = "SELECT ?type (COUNT(?thing) AS ?things) { ?thing a ?type } GROUP BY ?type ORDER BY DESC(?things) LIMIT 5"
_UPDATE = "INSERT DATA { GRAPH <https://example.org/mine> { <https://example.org/a> <https://example.org/b> 1 } }"
_PROBLEMS = {
    400: "What was sent cannot be answered as it stands",
    401: "A token is needed, or is not known",
    403: "The token does not allow it",
    404: "There is no such thing: graph, publication, release …; the detail names what is near",
    405: "The path has other methods",
    406: "No format fits",
    412: "The graph is not as expected: read it again",
    413: "It is too long",
    414: "The address is too long: POST what is longer",
    415: "The body is of a kind that is not read here",
    429: "Too much has been asked for; Retry-After says when to come back",
    503: "The query was ended, or the service is busy",
}
_TOKEN: list[dict[str, Any]] = [{"token": []}]
_PROBLEM_SCHEMA = "#/components/schemas/Problem"
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong, and what to do (RFC 9457)",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "An IRI of the kind of problem"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def paths() -> dict[str, Any]:
    """Return the paths of the SPARQL operations (OpenAPI 3.1, section 4.8.8)."""
    return {
        "/sparql": {
            "get": _operation("query", "Answer a SPARQL query", _query_parameters(), _results()),
            "post": _operation("query_by_post", "Answer a SPARQL query", [], _results(), _texts("query", _EXAMPLE)),
        },
        "/update": {
            "post": _operation("update", "Carry out a SPARQL update", [], _done(), _texts("update", _UPDATE), _TOKEN),
        },
        "/graph-store": {
            "get": _operation("read_graph", "Read a graph", _graph_parameters(), _graph()),
            "put": _operation("replace_graph", "Replace a graph", _graph_parameters(), _done(), _triples(), _TOKEN),
            "post": _operation("add_to_graph", "Add to a graph", _graph_parameters(), _done(), _triples(), _TOKEN),
            "patch": _operation(
                "change_graph",
                "Change a graph by a SPARQL update",
                _graph_parameters(),
                _done(),
                _body({"application/sparql-update": _text("INSERT DATA { <a> <b> 1 }")}),
                _TOKEN,
            ),
            "delete": _operation("drop_graph", "Drop a graph", _graph_parameters(), _done(), None, _TOKEN),
        },
    }


SECURITY = {"token": {"type": "http", "scheme": "bearer", "description": "made by 'districtgraph token create'"}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses for problems, all or those of some statuses."""
    return {
        status: {"description": text, "content": {"application/problem+json": {"schema": {"$ref": _PROBLEM_SCHEMA}}}}
        for status, text in _PROBLEMS.items()
        if not statuses or status in statuses
    }


def _operation(
    name: str,
    summary: str,
    parameters: list[dict[str, Any]],
    responses: dict[str, Any],
    body: dict[str, Any] | None = None,
    security: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    operation = {
        "operationId": name,
        "summary": summary,
        "tags": ["sparql"],
        "parameters": parameters,
        "responses": {str(status): response for status, response in problems().items()} | responses,
        "security": [{}, *_TOKEN] if security is None else security,
    }
    return operation if body is None else operation | {"requestBody": body}


def _query_parameters() -> list[dict[str, Any]]:
    return [
        _parameter(
            "query",
            {"type": "string"},
            "the query; without one, the service description",
            _EXAMPLE,
        ),
        _parameter(
            "default-graph-uri", {"type": "array", "items": {"type": "string"}}, "graphs merged as the default graph"
        ),
        _parameter("named-graph-uri", {"type": "array", "items": {"type": "string"}}, "graphs that GRAPH finds"),
        _parameter(
            "format",
            {"type": "string", "enum": [*FORMATS]},
            "the format, for a link that a browser follows; any other Accept header goes before it",
        ),
        _parameter("timeout", {"type": "number", "exclusiveMinimum": 0}, "seconds that it may take"),
    ]


def _graph_parameters() -> list[dict[str, Any]]:
    return [
        _parameter(
            "graph", {"type": "string"}, "the IRI of the graph", "https://w3id.org/districtgraph/graph/ontology"
        ),
        _parameter("default", {"type": "string"}, "the default graph, in place of one with an IRI")
        | {"allowEmptyValue": True},
    ]


def _parameter(name: str, schema: dict[str, Any], text: str, example: str | None = None) -> dict[str, Any]:
    parameter = {"name": name, "in": "query", "required": False, "schema": schema, "description": text}
    return parameter if example is None else parameter | {"example": example}


def _text(example: str) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "example": example}


def _texts(name: str, example: str) -> dict[str, Any]:
    form = {"type": "object", "properties": {name: {"type": "string"}}, "required": [name]}
    return _body(
        {
            f"application/sparql-{name}": _text(example),
            "application/x-www-form-urlencoded": {"schema": form, "example": {name: example}},
        }
    )


def _triples() -> dict[str, Any]:
    return _body({media_type: {"schema": {"type": "string"}} for media_type in UPLOADS})


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": content}


def _results() -> dict[str, Any]:
    types = dict.fromkeys([*SOLUTIONS.values(), *GRAPHS.values(), HTML])
    return {
        "200": {"description": "The answer, or the service description", "content": {type_: {} for type_ in types}},
        "304": {"description": "The client has it already"},
    }


def _graph() -> dict[str, Any]:
    types = dict.fromkeys(sent for sent in GRAPHS.values() if sent != HTML)
    return {
        "200": {"description": "The graph", "content": {type_: {} for type_ in types}},
        "304": {"description": "The client has it already"},
    }


def _done() -> dict[str, Any]:
    return {"201": {"description": "Done, and the graph is new"}, "204": {"description": "Done"}}
