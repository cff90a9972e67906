"""Graphs at their IRIs: the triples in every format, a page that tells what they are, and nothing of what is closed."""

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import html5lib
import httpx
import pyoxigraph as ox
import pytest
from browser import Browser
from conftest import Service, run, serving

GRAPH = "https://w3id.org/districtgraph/graph/"
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORMATS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
NAMES = ("gotz-2019", "ontology", "alignments", "inferred", "places", "release")
HOSTILE = """<https://w3id.org/districtgraph/id/%s> <http://www.w3.org/2000/01/rdf-schema#label> "<script>1</script>" ;
  <https://w3id.org/districtgraph/ontology#title> "</script><img src=x onerror=alert(1)>" ;
  <https://w3id.org/districtgraph/ontology#doi> "\\"><b>" ; a <javascript:alert(2)> , <urn:x:class> ."""


def triples(content: bytes, media_type: str) -> set[str]:
    """Return what RDF says, with canonical blank nodes; of quads what their graph says."""
    format_ = ox.RdfFormat.from_media_type(media_type)
    dataset = ox.Dataset(ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(content, format=format_))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def page_of(service: Service, path: str) -> httpx.Response:
    """Return a page, which must be HTML without a single error."""
    answer = service.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.content, transport_encoding="utf-8")
    return answer


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_graph_is_the_same_in_every_format_and_at_the_graph_store(suffix: str, service: Service) -> None:
    media_type = FORMATS[suffix]
    stored = service.get("/graph-store", params={"graph": f"{GRAPH}places"}, headers={"Accept": media_type})
    for path, headers in (("/graph/places", {"Accept": media_type}), (f"/graph/places.{suffix}", HTML)):
        answer = service.get(path, headers=headers)
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert triples(answer.content, media_type) == triples(stored.content, media_type)
        assert len(triples(answer.content, media_type)) > 100
        assert answer.headers["etag"] == stored.headers["etag"]
        known = service.get(path, headers=headers | {"If-None-Match": answer.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")


def test_the_graphs_are_listed(service: Service) -> None:
    manifest = service.get("/api/releases/current").json()
    expected = {**manifest["counts"]["triples_by_graph"]}
    for path in ("/graph", "/graph/"):
        page = page_of(service, path)
        for graph, count in expected.items():
            assert f'graph/{graph.rpartition("/")[2]}">' in page.text
            assert f"{count:,}" in page.text
    for accept in ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"):
        answer = service.get("/graph", headers={"Accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == accept
        assert all(graph in answer.text or graph.rpartition("/")[2] in answer.text for graph in expected)


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf", "json", "html"])
def test_a_thing_has_a_document_for_each_suffix(suffix: str, service: Service) -> None:
    sent = service.get(f"/id/aiju.{suffix}")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/api/things/aiju?format={suffix}")
    assert service.get(f"/id/aiju.{suffix}", follow_redirects=True).status_code == 200
    near = service.get(f"/id/aiju2.{suffix}").json()
    assert (near["status"], "aiju" in near["detail"]) == (404, True)


def test_the_quads_of_a_graph_name_it(service: Service) -> None:
    answer = service.get("/graph/places", headers={"Accept": "application/n-quads"})
    graphs = {quad.graph_name for quad in ox.parse(answer.content, format=ox.RdfFormat.N_QUADS)}
    assert graphs == {ox.NamedNode(f"{GRAPH}places")}


def test_what_is_asked_for_decides_and_turtle_is_the_default(service: Service) -> None:
    assert service.get("/graph/places").headers["content-type"].startswith("text/turtle")
    assert service.get("/graph/places", headers=HTML).headers["content-type"].startswith("text/html")
    assert service.get("/graph/places", headers={"Accept": "image/png"}).status_code == 406
    assert service.get("/graph/places.nt", headers={"Accept": "image/png"}).status_code == 200
    assert httpx.head(f"{service.url}/graph/places").headers["content-length"] != "0"
    assert httpx.put(f"{service.url}/graph/places", content=b"").status_code == 405


@pytest.mark.parametrize("name", NAMES)
def test_a_page_tells_what_a_graph_is(name: str, service: Service) -> None:
    answer = page_of(service, f"/graph/{name}")
    manifest = json.loads((service.state / "current/manifest.json").read_text())
    stored = service.get(f"/graph/{name}.nt").text.count("\n")
    assert f"<dd>{stored:,}</dd>" in answer.text
    assert manifest["counts"]["triples_by_graph"].get(GRAPH + name, stored) == stored
    assert f'<{GRAPH}{name}>; rel="canonical"' in answer.headers["link"]
    assert f'<../graph/{name}.ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]
    assert f'<../graph/{name}>; rel="alternate"; type="text/html"' in service.get(f"/graph/{name}").headers["link"]
    for file in manifest["sources"].get(name, {"files": {}})["files"]:
        assert f"<code>{file}</code>" in answer.text
    assert manifest["release"] in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    (embedded,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert f"<{GRAPH}{name}> <http://rdfs.org/ns/void#triples>" in "".join(
        triples(embedded.encode(), "application/ld+json")
    )


def test_the_page_of_a_paper_names_it(service: Service) -> None:
    text = page_of(service, "/graph/gotz-2019").text
    assert "Götz (2019)" in text
    assert "The Industry 4.0 Induced Agility and New Skills in Clusters" in text
    assert "https://doi.org/10.17323/2500-2597.2019.2.72.83" in text
    assert re.search(r'<a href="\.\./ontology#Claim">claim</a></td><td class="number">\d+', text)
    assert "it follows from the others" in page_of(service, "/graph/inferred").text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gotz-2019", "inferred"])
def test_the_links_of_a_page_lead_somewhere_here(name: str, service: Service) -> None:
    hrefs = set(re.findall(r'href="(?!https?://)([^"]+)"', page_of(service, f"/graph/{name}").text))
    assert len(hrefs) > 15
    for href in hrefs:
        target = httpx.URL(f"/graph/{name}").join(href.replace("&amp;", "&"))
        if not target.path.startswith("/id/"):
            assert service.get(str(target), headers=HTML).status_code == 200, href


@pytest.mark.parametrize(("name", "told"), [("gotz2019", "did you mean 'gotz-2019'?"), ("x y", "inferred")])
def test_an_unknown_graph_is_answered_with_those_that_are_near(name: str, told: str, service: Service) -> None:
    page = service.get(f"/graph/{name}", headers=HTML)
    assert (page.status_code, told in html.unescape(page.text)) == (404, True)
    for accept in ("*/*", "application/ld+json"):
        answer = service.get(f"/graph/{name}", headers={"Accept": accept})
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "unknown-graph")
        assert told in answer.json()["detail"]


@pytest.mark.parametrize("path", ["%2e%2e", "a" * 5000, "%00", "%FF", "<>", "a%0d%0ab", "{}", "?graph=x", "//", "%25"])
def test_what_is_no_iri_is_no_graph(path: str, service: Service) -> None:
    answer = httpx.get(httpx.URL(f"{service.url}/graph/").copy_with(raw_path=f"/graph/{path}".encode()))
    assert answer.status_code in (400, 404)
    assert len(answer.text) < 2000


def test_a_page_fits_a_telephone_and_runs_nothing(service: Service, chromium: Browser) -> None:
    tab = chromium.page()
    tab.open(f"{service.url}/graph/gotz-2019", 390)
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")
    assert {httpx.URL(url).host for url in tab.requests} == {httpx.URL(service.url).host}
    assert tab.complaints == []


@pytest.fixture(scope="module")
def writable(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, dict[str, str]]]:
    """A service with a closed graph, and the headers of who may read and write."""
    own = shutil.copytree(excerpt_state, tmp_path_factory.mktemp("writable") / "state", symlinks=True)
    token = run("token", "create", "--role", "curator", "--state", own).stdout.strip()
    with serving(own, DISTRICTGRAPH_CLOSED_GRAPHS=json.dumps([f"{GRAPH}places", f"{GRAPH}secret"])) as service:
        yield service, {"Authorization": f"Bearer {token}"}


def put(writable: tuple[Service, dict[str, str]], iri: str, turtle: str) -> None:
    service, bearer = writable
    headers = bearer | {"Content-Type": "text/turtle"}
    answer = httpx.put(f"{service.url}/graph-store", params={"graph": iri}, content=turtle.encode(), headers=headers)
    assert answer.status_code in (201, 204), answer.text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mine", "a/b/c", "caf\u00e9", "a%20b", "notes.ttl", "v1.0", "x:y", "it's"])
def test_a_graph_that_was_written_is_at_its_iri(name: str, writable: tuple[Service, dict[str, str]]) -> None:
    service, _ = writable
    put(writable, GRAPH + name, f'<urn:a> <urn:b> "{name}" .')
    answer = service.get(f"/graph/{name}", headers={"Accept": "application/n-triples"})
    assert answer.text == f'<urn:a> <urn:b> "{name}" .\n', answer.text
    page = page_of(service, f"/graph/{name}")
    assert "written through this service" in page.text
    assert "CC BY" not in page.text
    for href in set(re.findall(r'href="(\.\./[^"]+)"', page.text)):
        target = httpx.URL(f"{service.url}/graph/{name}").join(href.replace("&amp;", "&").replace("&#39;", "'"))
        assert httpx.get(target, headers=HTML, timeout=60).status_code == 200, href
    assert f'"@value":"{name}"' in service.get(f"/graph/{name}.jsonld").text


@pytest.mark.slow
def test_a_written_graph_is_told_of_to_machines(writable: tuple[Service, dict[str, str]]) -> None:
    put(writable, f"{GRAPH}told", "<urn:a> <urn:b> 1 , 2 , 3 .")
    void = writable[0].get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    catalog = f"<https://w3id.org/districtgraph/> <http://www.w3.org/ns/dcat#dataset> <{GRAPH}told> ."
    assert catalog in void
    assert re.search(rf'<{GRAPH}told> <http://rdfs.org/ns/void#triples> "3"', void)


@pytest.mark.slow
def test_hostile_words_are_shown_as_they_are(writable: tuple[Service, dict[str, str]], chromium: Browser) -> None:
    service, _ = writable
    put(writable, f"{GRAPH}hostile", HOSTILE % "hostile")
    text = page_of(service, "/graph/hostile").text
    assert "&lt;script&gt;1&lt;/script&gt;" in text
    assert "<img src=x" not in text
    assert 'href="javascript:' not in text
    assert text.count("</script>") == 2  # ours, and what describes the page
    tab = chromium.page()
    tab.open(f"{service.url}/graph/hostile", 390)
    assert tab.complaints == []
    assert "<img src=x" in tab.value("document.querySelector('cite').textContent")


@pytest.mark.slow
def test_a_closed_graph_is_not_found_and_not_named(writable: tuple[Service, dict[str, str]]) -> None:
    service, bearer = writable
    put(writable, f"{GRAPH}secret", "<urn:a> <urn:b> <urn:c> .")
    for name in ("places", "secret"):
        for path in (f"/graph/{name}", f"/graph/{name}.ttl", f"/graph/{name}.nq"):
            for accept in ("*/*", HTML["Accept"], "application/trig"):
                answer = service.get(path, headers={"Accept": accept})
                assert answer.status_code == 404
                assert name not in answer.text.partition("(")[2]
                assert service.get(path, headers={"Accept": accept} | bearer).status_code == 200
    assert "secret" not in service.get("/.well-known/void").text
    assert "secret" in service.get("/.well-known/void", headers=bearer).text
    assert "did you mean" not in service.get("/graph/secre").json()["detail"]


@pytest.mark.slow
def test_without_a_release_there_are_the_graphs_that_were_written(tmp_path: Path) -> None:
    token = run("token", "create", "--role", "curator", "--state", tmp_path).stdout.strip()
    with serving(tmp_path, DISTRICTGRAPH_EMPTY="1") as service:
        put((service, {"Authorization": f"Bearer {token}"}), f"{GRAPH}mine", "<urn:a> <urn:b> <urn:c> .")
        assert "written through this service" in page_of(service, "/graph/mine").text
        assert f"{GRAPH}mine" in service.get("/.well-known/void").text
        assert service.get("/api/releases").json() == {"releases": []}
        for path in ("/release/current", "/release/0123456789", "/api/releases/current"):
            answer = service.get(path)
            assert (answer.status_code, str(tmp_path) in answer.text) == (404, False)
