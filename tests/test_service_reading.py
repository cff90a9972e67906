"""What every path that reads has in common: entity tags, compression, HEAD, and parameters that are all understood."""

import gzip
import shutil
from pathlib import Path

import httpx
import pytest
from conftest import PROJECT, Service, serving

PAPER = "/api/publications/hervas-oliver-2021"
# Each path, what is asked for, and whether the answer is long enough to be compressed.
READ = [
    (f"{PAPER}/references", "application/json", True),
    (f"{PAPER}/citations", "application/json", False),
    (f"{PAPER}/reference", "text/plain", False),
    ("/api/bibliography", "application/x-bibtex", True),
    ("/api/stats", "application/json", True),
    ("/api/prefixes", "text/turtle", False),
    ("/api/rules", "application/json", True),
    ("/", "text/html", True),
    ("/", "application/json", False),
    ("/api/releases", "application/json", False),
    ("/api/releases/current", "application/json", True),
    ("/api/openapi.json", "application/json", True),
    ("/api/docs", "text/html", True),
    ("/release/current", "text/html", True),
    ("/release/current", "text/turtle", True),
    ("/graph/places", "text/html", True),
    ("/graph/places", "text/turtle", True),
    ("/.well-known/void", "text/turtle", True),
    ("/ontology", "text/html", True),
    ("/ontology/picture.svg", "image/svg+xml", True),
]
KEPT = ("etag", "vary", "cache-control", "content-location")  # RFC 9110, section 15.4.5


@pytest.mark.parametrize(("path", "accept", "is_long"), READ)
def test_an_answer_is_tagged_compressed_and_not_sent_twice(
    path: str, accept: str, is_long: bool, service: Service
) -> None:
    plain = service.get(path, headers={"Accept": accept, "Accept-Encoding": "identity"})
    assert (plain.status_code, plain.headers["content-type"].partition(";")[0]) == (200, accept)
    assert "content-encoding" not in plain.headers
    asked = {"Accept": accept, "Accept-Encoding": "gzip"}
    with httpx.stream("GET", service.url + path, headers=asked) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == ("gzip" if is_long else None)
    assert (gzip.decompress(raw) if is_long else raw) == plain.content
    assert not is_long or answer.headers["etag"] != plain.headers["etag"]
    assert {"Accept", "Accept-Encoding", "Authorization"} <= {*answer.headers["vary"].split(", ")}
    assert answer.headers["cache-control"] == "no-cache"
    for known in ({"If-None-Match": '"other", ' + answer.headers["etag"]}, {"If-None-Match": "*"}):
        again = service.get(path, headers=asked | known)
        assert (again.status_code, again.content) == (304, b"")
        assert [again.headers.get(name) for name in KEPT] == [answer.headers.get(name) for name in KEPT]
    lines = [*asked.items(), ("If-None-Match", '"other"'), ("If-None-Match", answer.headers["etag"])]
    assert httpx.get(service.url + path, headers=lines).status_code == 304
    assert service.get(path, headers=asked | {"If-None-Match": '"other"'}).status_code == 200
    head = httpx.head(service.url + path, headers=asked, timeout=60)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])


@pytest.mark.parametrize("path", [*dict.fromkeys(path for path, _, _ in READ), "/release", "/ontology.ttl"])
def test_a_parameter_that_a_path_does_not_have_is_refused(path: str, service: Service) -> None:
    answer = service.get(path, params={"foo": "1"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["type"].endswith("/problem/parameter")
    assert "no parameter 'foo' here (it has" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("ids=", "the parameter 'ids' is empty"),
        ("cited_by=%20", "the parameter 'cited_by' is empty"),
        ("ids=gotz-2019&ids=cooke-2001", "the parameter 'ids' is given twice"),
        (
            "cited-by=gotz-2019",
            "no parameter 'cited-by' here; did you mean 'cited_by' or 'cites'? (it has: ids, cited_by",
        ),
    ],
)
def test_a_parameter_that_says_nothing_is_refused(query: str, detail: str, service: Service) -> None:
    problem = service.get(f"/api/bibliography?{query}").json()
    assert (problem["status"], detail in problem["detail"]) == (400, True), problem


@pytest.mark.parametrize("path", ["/graph/nosuch", "/release/nosuch", "/api/publications/nosuch/references", "/nosuch"])
def test_who_asks_for_anything_new_is_told_that_there_is_nothing(path: str, service: Service) -> None:
    assert service.get(path, headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.slow
def test_the_tag_of_an_answer_tells_the_code_that_made_it(service: Service, tmp_path: Path) -> None:
    for package in ("ontology", "queries", "loaders", "service"):
        shutil.copytree(PROJECT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    tags = {service.get("/api/things/aiju").headers["etag"]}
    with serving(service.state, PYTHONPATH=str(tmp_path), PYTHONSAFEPATH="1") as same:
        tags.add(same.get("/api/things/aiju").headers["etag"])
    assert len(tags) == 1
    with (tmp_path / "service/templates/thing.html").open("a") as template:
        template.write("<p>more</p>")
    with serving(service.state, PYTHONPATH=str(tmp_path), PYTHONSAFEPATH="1") as other:
        assert other.get("/api/things/aiju").headers["etag"] not in tags
