"""The OpenAPI document, held against the service by schemathesis: whatever it allows is answered as it says."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from clients import written
from conftest import Service, serving

# One for each type of parameter and way of having a default: the paths of all others are made as theirs are.
QUESTIONS = "/brokerage|/claims-about-both|/instances|/policies-of-a-year"
SPARQL = f"sparql|update|graph-store|health|metrics|api/queries({QUESTIONS})?"
REST = (
    "api|problem(/.*)?|api/(context|bibliography|releases|prefixes|compare|explain).*"
    "|api/(facts|publications|industrial-districts)(/.*)?"
)
OPERATIONS = [
    "add_to_graph",
    "change_graph",
    "compare",
    "drop_graph",
    "explain",
    "export_bibliography",
    "get_fact",
    "get_index",
    "get_liveness",
    "get_metrics",
    "get_network",
    "get_network_brokerage",
    "get_prefixes",
    "get_problem_type",
    "get_readiness",
    "get_reference",
    "get_release",
    "get_rule",
    "get_statistics",
    "list_networks",
    "list_problem_types",
    "list_publication_citations",
    "list_publication_references",
    "list_queries",
    "list_releases",
    "list_rules",
    "query",
    "query_by_post",
    "read_graph",
    "replace_graph",
    "search",
    "suggest",
    "update",
]
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


def tried(service: Service, paths: str, folder: Path, *more: str, examples: int = 20) -> None:
    """Have schemathesis ask all that the document allows at `paths`, and find nothing that is not as it says."""
    # No schema tells SPARQL from other texts, nor which things there are: not all that it allows is accepted.
    command = [
        *(SCHEMATHESIS, "run", f"{service.url}/api/openapi.json", *more, "--include-path-regex", f"^/({paths})$"),
        *("--checks", "all", "--exclude-checks", "positive_data_acceptance"),
        *("--max-examples", str(examples), "--seed", "1"),
        *("--phases", "examples,coverage,fuzzing", "--request-timeout", "60", "--workers", "1", "--no-color"),
    ]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=folder, env=environment)
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]


@pytest.mark.slow
def test_every_request_that_the_document_allows_is_answered_as_it_says(tmp_path: Path) -> None:
    with written(tmp_path / "state") as writable:
        tried(writable.service, f"{SPARQL}|{REST}", tmp_path, "--header", f"Authorization: {writable.bearer}")


@pytest.mark.slow
def test_every_request_is_answered_as_the_document_says_about_a_release(excerpt_state: Path, tmp_path: Path) -> None:
    with serving(excerpt_state) as service:
        tried(
            service,
            f"api/((networks|rules)(/.*)?|search|suggest|stats|collective-actors(/.*)?|queries/(places-within|brokerage))|{REST}",
            tmp_path,
            examples=10,
        )


def examples(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield a request for each example of what can be read: a path, and its parameters.

    What all collections share is tried with one of them.
    """
    shared = document["components"]["parameters"]
    for path, operations in document["paths"].items():
        given = operations.get("get", {}).get("parameters", ())
        if path.startswith("/api/things"):
            given = [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in given]
        parameters = [one for one in given if "$ref" not in one and example(one) is not None]
        inside = {one["name"]: quote(str(example(one)), safe="") for one in parameters if one["in"] == "path"}
        if "get" not in operations or path.count("{") != len(inside):  # there is no thing of some classes
            continue
        required = {one["name"]: example(one) for one in parameters if one.get("required")}
        query = {name: value for name, value in required.items() if name not in inside}
        if path != "/graph-store":  # which takes one parameter of two
            yield path.format_map(inside), query
        for one in parameters:
            if one["name"] not in required:
                yield path.format_map(inside), query | {one["name"]: example(one)}


def example(parameter: Mapping[str, Any]) -> object:
    """Return the example of a parameter, which stands beside its schema or in it."""
    named = [one["value"] for one in parameter.get("examples", {}).values()]
    found = next(filter(None, (parameter.get("example"), *named, *parameter["schema"].get("examples", ()))), None)
    return ",".join(found) if isinstance(found, list) and parameter.get("explode") is False else found


@pytest.mark.slow
def test_every_example_is_true(service: Service) -> None:
    document = service.get("/api/openapi.json").json()
    asked = list(examples(document))
    assert len(asked) > 300
    for path, parameters in asked:
        answer = service.get(f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path)
        assert answer.status_code == 200, (path, parameters, answer.text[:300])
        assert path != "/api/things" or answer.headers["x-total-count"] != "0", parameters


def test_the_answers_that_the_document_shows_are_those_that_are_given(service: Service) -> None:
    paths = service.get("/api/openapi.json").json()["paths"]
    for path in ("/api/things", "/api/things/{id}"):
        content = paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        (shown,) = content["examples"].values()
        assert service.get(shown["summary"].removeprefix("GET ")).json() == shown["value"]


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs"])
def test_the_document_is_sent_once(path: str, service: Service) -> None:
    tag = service.get(path).headers["etag"]
    assert service.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_document_says_what_it_is_of_and_where(service: Service) -> None:
    document = service.get("/api/openapi.json").json()
    assert [server["url"] for server in document["servers"]] == ["/"]
    assert "within it" in document["info"]["description"]
    responses = document["components"].get("responses", {})
    for path, operations in document["paths"].items():
        for operation in operations.values():
            told = operation["responses"].get("404", {})
            told = responses[told["$ref"].rpartition("/")[2]] if "$ref" in told else told
            assert told.get("description", "no such thing").startswith(("no such", "There is no such thing")), path


def test_operations_are_called_the_same_in_every_version(service: Service) -> None:
    """A name that goes or changes breaks the clients that were generated: whoever means it says so here."""
    operations = [
        operation
        for operations in service.get("/api/openapi.json").json()["paths"].values()
        for operation in operations.values()
    ]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))
    made = [one for one in operations if {"things"} == set(one["tags"]) or one["tags"][0].startswith("queries/")]
    own = sorted(set(ids) - {one["operationId"] for one in made})
    assert own == OPERATIONS
