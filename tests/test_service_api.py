"""REST: the named queries in every format, health, and errors in one shape."""

import json

import pytest
from conftest import Service, serving


def test_the_queries_are_listed_with_what_they_take(service: Service) -> None:
    queries = {query["name"]: query for query in service.get("/api/queries").json()["queries"]}
    assert len(queries) >= 15
    brokerage = queries["brokerage"]
    assert [p["name"] for p in brokerage["parameters"]] == ["actor", "technology", "place"]
    assert brokerage["summary"].startswith("Which collective actors brokered which technologies")
    answer = service.get("/sparql", params={"query": brokerage["sparql"]}, headers={"Accept": "text/csv"})
    assert answer.text == service.get(brokerage["href"], headers={"Accept": "text/csv"}).text


@pytest.mark.slow
def test_every_example_of_a_parameter_has_answers(service: Service) -> None:
    for query in service.get("/api/queries").json()["queries"]:
        everything = service.get(query["href"]).json()["rows"]
        for parameter in query["parameters"]:
            answer = service.get(query["href"], params={parameter["name"]: parameter["example"]})
            assert answer.status_code == 200, answer.text
            rows = answer.json()["rows"]
            assert 0 < len(rows) <= len(everything), (query["name"], parameter["name"])
        examples = {parameter["name"]: parameter["example"] for parameter in query["parameters"]}
        assert service.get(query["href"], params=examples | {"limit": 1}).json()["total"] > 0, query["name"]


def test_things_come_with_iri_and_label_and_figures_as_numbers(service: Service) -> None:
    document = service.get("/api/queries/figures", params={"thing": "castellon"}).json()
    assert document["release"].endswith((service.state / "current").readlink().name)
    assert "thing" in document["columns"]
    assert "thingLabel" not in document["columns"]
    thing = {"iri": "https://w3id.org/districtgraph/id/castellon", "label": "Castellon ceramic tile district"}
    assert all(row["thing"] == thing for row in document["rows"])
    assert 20000 in [row["value"] for row in document["rows"]]


@pytest.mark.parametrize(
    ("accept", "sent", "start"),
    [
        ("*/*", "application/json", '{"query":"skills"'),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "text/html", "<!DOCTYPE html>"),
        ("text/csv", "text/csv", "skillset,skillsetLabel,skill,skillLabel"),
        ("text/markdown", "text/markdown", "| skillset | skill | source | sections |\n| --- |"),
        ("application/sparql-results+json", "application/sparql-results+json", '{"head"'),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        ("text/tab-separated-values", "text/tab-separated-values", "?skillset\t"),
    ],
)
def test_an_answer_in_every_format(accept: str, sent: str, start: str, service: Service) -> None:
    answer = service.get("/api/queries/skills", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == sent
    assert answer.text.startswith(start)
    known = {"Accept": accept, "If-None-Match": answer.headers["ETag"]}
    assert service.get("/api/queries/skills", headers=known).status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "type_", "detail"),
    [
        ("/api/queries/brokrage", 404, "unknown-query", "no named query 'brokrage'; did you mean 'brokerage'"),
        ("/api/queries/brokerage?actr=aiju", 400, "parameter", "did you mean 'actor'? (it has: actor"),
        ("/api/queries/brokerage?actor=ajiu", 400, "parameter", "no CollectiveActor 'ajiu'"),
        ("/api/queries/brokerage?actor=sensors", 400, "parameter", "no CollectiveActor 'sensors'"),
        ("/api/queries/policies?kind=livinglab", 400, "parameter", "did you mean 'LivingLab'"),
        ("/api/queries/brokerage?actor=aiju&actor=itc", 400, "parameter", "given twice"),
        ("/api/queries/brokerage?actor=%3Chttp%3A%2F%2Fx%3E%20%7D", 400, "parameter", "no CollectiveActor"),
        ("/api/nothing", 404, "unknown-thing", "there is no collection 'nothing'"),
    ],
)  # fmt: skip
def test_a_bad_request_is_explained(path: str, status: int, type_: str, detail: str | None, service: Service) -> None:
    answer = service.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["type"].rpartition("/")[2]) == (status, type_)
    assert detail is None or detail in problem["detail"]


def test_health_and_manifest(service: Service) -> None:
    release = (service.state / "current").readlink().name
    assert service.get("/health/live").json() == {"status": "live"}
    assert service.get("/health/ready").json() == {"status": "ready", "release": release}
    assert service.get("/").json()["release"] == release
    assert service.get("/api/releases/current").json() == json.loads(
        (service.state / "current/manifest.json").read_text()
    )
    assert "/api/queries/brokerage" in service.get("/api/openapi.json").json()["paths"]


@pytest.mark.slow
def test_a_service_that_lost_its_release_says_so_and_names_no_folder(state, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "releases").symlink_to(state / "releases")
    (tmp_path / "current").symlink_to((state / "current").readlink())
    with serving(tmp_path) as service:
        (tmp_path / "current").unlink()
        for path in ("/health/ready", "/sparql?query=ASK%7B%7D", "/api/queries/skills", "/api/releases/current", "/"):
            answer = service.get(path)
            assert answer.status_code == 503
            assert str(tmp_path) not in answer.text
        assert service.get("/health/live").status_code == 200
