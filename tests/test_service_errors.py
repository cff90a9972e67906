"""Each floor's tree of errors is drawn whole in its module, and every error has its problem document."""

import importlib
import re
from types import ModuleType

import httpx
import pytest
from conftest import Service

from service.problem_types import BY_NAME, PROBLEMS

FLOORS = ("ontology", "queries", "loaders", "service")


def errors_of(module: ModuleType) -> dict[str, type[Exception]]:
    found = {name: value for name, value in vars(module).items() if isinstance(value, type)}
    return {n: v for n, v in found.items() if issubclass(v, Exception) and not n.startswith("_")}


@pytest.mark.parametrize("floor", FLOORS)
def test_the_tree_in_the_docstring_is_the_tree_of_the_classes(floor: str) -> None:
    module = importlib.import_module(f"{floor}.errors")
    drawn: dict[str, str | None] = {}
    above: list[str] = []
    for line in (module.__doc__ or "").splitlines():
        if match := re.match(r"^(?P<indent>[│├└─ ]*)(?P<name>[A-Z]\w+Error)\b", line):
            depth = len(match["indent"]) // 4
            above[depth:] = [match["name"]]
            drawn[match["name"]] = above[depth - 1] if depth else None
    classes = errors_of(module)
    assert set(drawn) == set(classes)
    for name, class_ in classes.items():
        parents = [base.__name__ for base in class_.__mro__[1:] if base.__name__ in classes]
        assert drawn[name] == (parents[0] if parents else None)


@pytest.mark.parametrize("floor", FLOORS)
def test_every_error_has_a_problem_document(floor: str) -> None:
    for class_ in errors_of(importlib.import_module(f"{floor}.errors")).values():
        assert any(base in PROBLEMS for base in class_.__mro__)


def test_problems_of_a_type_have_one_status_and_title() -> None:
    assert {*PROBLEMS.values()} <= {*BY_NAME.values()}


def test_the_type_of_a_problem_leads_to_what_to_do(service: Service) -> None:
    listed = {one["name"]: one for one in service.get("/problem").json()["problem_types"]}
    assert listed.keys() == BY_NAME.keys()
    problem = service.get("/api/things/nosuch").json()
    told = service.get(problem["type"].removeprefix("https://w3id.org/districtgraph")).json()
    assert (told["type"], told["title"], told["status"]) == (problem["type"], problem["title"], problem["status"])
    assert told == listed["unknown-thing"]
    assert told["advice"]
    for path in ("/problem", *(f"/problem/{name}" for name in listed)):
        page = service.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "What to do" in page.text
    near = service.get("/problem/paramter").json()
    assert (near["status"], "did you mean 'parameter'" in near["detail"]) == (404, True)


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/nosuch", 404, "nothing answers at /nosuch; /api/docs lists what does"),
        ("GET", "/page/aiju%0A", 404, "nothing answers at /page/aiju"),
        ("GET", "/api/things/%0A", 404, "nothing answers at /api/things/"),
        ("GET", "/static/nosuch.css", 404, "nothing answers at /static/nosuch.css"),
        ("POST", "/api/stats", 405, "POST is not for this path, which takes GET, HEAD, OPTIONS"),
        ("GET", "/update", 405, "GET is not for this path, which takes POST, OPTIONS"),
        ("GET", "/.well-known/nosuch", 404, "what is well known here is /.well-known/void"),
        ("GET", "/api/compare", 400, "the parameter 'items' is missing"),
    ],
)
def test_every_problem_says_what_to_do(method: str, path: str, status: int, detail: str, service: Service) -> None:
    answer = httpx.request(method, service.url + path)
    problem = answer.json()
    assert (answer.status_code, problem["status"], answer.headers["content-type"]) == (
        *(status, status),
        "application/problem+json",
    )
    assert detail in problem["detail"]
    assert problem["title"] != problem["detail"]
    told = service.get(problem["type"].removeprefix("https://w3id.org/districtgraph"))
    assert told.status_code == 200


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs", "/ontology", "/api/stats", "/sparql", "/graph"])
def test_each_method_is_allowed_once(path: str, service: Service) -> None:
    for method in ("PUT", "OPTIONS"):
        allowed = httpx.request(method, service.url + path).headers["allow"].split(", ")
        assert len(allowed) == len(set(allowed))
        assert {"GET", "HEAD", "OPTIONS"} <= set(allowed)
