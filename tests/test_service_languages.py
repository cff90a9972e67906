"""Names in the language of who reads: which is chosen, that it is marked, and that caches can tell."""

import json
from pathlib import Path

import pytest
from conftest import Service, serving

HTML = "text/html"


def page(service: Service, path: str, languages: str) -> str:
    answer = service.get(path, headers={"Accept": HTML, "Accept-Language": languages})
    assert answer.status_code == 200, answer.text
    assert "Accept-Language" in answer.headers["Vary"]
    return answer.text


@pytest.mark.parametrize(
    ("languages", "heading"),
    [
        ("de", '<span lang="de">Drohnen</span>'),
        ("de-CH, en;q=0.5", '<span lang="de">Drohnen</span>'),
        ("en;q=0.5, PL-pl;q=0.9", '<span lang="pl">drony</span>'),
        ("no", '<span lang="nb">droner</span>'),
        ("fr, it;q=0.1", '<span lang="it">droni</span>'),
        ("fr, en, de;q=0.9", "drones"),
        ("de;q=0", "drones"),
        ("*", "drones"),
        ('x;;q=,"<script>', "drones"),
        ("", "drones"),
    ],
)
def test_the_first_language_that_there_is_names_a_thing(languages: str, heading: str, service: Service) -> None:
    assert f"<h1>{heading}</h1>" in page(service, "/page/drones", languages)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/page/aiju", '/ontology/term/CollectiveActor"><span lang="de">kollektiver Akteur</span>'),
        ("/page/aiju", '/page/drones"><span lang="de">Drohnen</span>'),
        ("/api/technologies?facets=broader", '<h1><span lang="de">Technologie</span></h1>'),
        ("/api/technologies", '/page/drones"><span lang="de">Drohnen</span>'),
        ("/api", '/api/collective-actors"><span lang="de">kollektiver Akteur</span>'),
        ("/api/search?q=drones", '"><span lang="de">Drohnen</span>'),
        ("/", '</strong> <span lang="de">Fakt</span>'),
        ("/ontology", 'ontology/term/id/drones" lang="de">Drohnen<'),
        ("/ontology/term/id/drones", '<span lang="de">Drohnen</span> <small>concept</small>'),
        ("/api/explain?subject=aiju&property=brokers&object=drones", '/page/drones"><span lang="de">Drohnen</span>'),
        ("/api/compare?items=castellon,toy-valley", '/page/drones"><span lang="de">Drohnen</span>'),
    ],
)
def test_each_page_has_names_in_the_language_of_who_reads_and_a_tag_of_its_own(
    path: str, name: str, service: Service
) -> None:
    assert name in page(service, path, "de")
    assert 'lang="de">Drohnen</span></a>' not in page(service, path, "en")
    tags = []
    for language in ("de", "en"):
        headers = {"Accept": HTML, "Accept-Language": language}
        tags.append(service.get(path, headers=headers).headers["ETag"])
        again = service.get(path, headers=headers | {"If-None-Match": tags[-1]})
        assert (again.status_code, "Accept-Language" in again.headers["Vary"]) == (304, True)
    assert len({*tags}) == 2
    stale = service.get(path, headers={"Accept": HTML, "Accept-Language": "de", "If-None-Match": tags[1]})
    assert stale.status_code == 200


@pytest.mark.parametrize("path", ["/api/things/drones", "/api/technologies", "/api/search?q=drones", "/api"])
def test_what_is_for_machines_is_the_same_in_every_language(path: str, service: Service) -> None:
    one, other = (
        service.get(path, headers={"Accept": "application/json", "Accept-Language": language})
        for language in ("de", "en")
    )
    assert (one.content, one.headers["ETag"]) == (other.content, other.headers["ETag"])
    assert "Accept-Language" not in one.headers["Vary"]


def test_who_may_not_read_the_ontology_gets_english_names(state: Path) -> None:
    graph = "https://w3id.org/districtgraph/graph/ontology"
    with serving(state, DISTRICTGRAPH_CLOSED_GRAPHS=json.dumps([graph])) as closed:
        assert 'lang="de"' not in page(closed, "/page/aiju", "de")
