"""Releases over HTTP: descriptions that agree in every format, whole files, and what is closed stays closed."""

import hashlib
import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import html5lib
import httpx
import pyoxigraph as ox
import pytest
import yaml
from browser import Browser
from conftest import PROJECT, Service, run, serving
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string
from rdflib import DCAT, DCTERMS, PROV, RDF, VOID, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from loaders.dumps import DUMPS
from ontology.iris import PREFIXES
from service.errors import RangeError
from service.http.ranges import range_in

BASE = "https://w3id.org/districtgraph/"
SPDX = Namespace("http://spdx.org/rdf/terms#")
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORMATS = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
FORMATS |= {"rdf": "application/rdf+xml"}
PARSERS = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}
FILES = (*DUMPS, "ontology.zip", "manifest.json")
CITATIONS = ("CITATION.cff", "CITATION.bib", "CITATION.json")
CORPUS = PROJECT / "loaders/corpus"
CLOSED = f"{BASE}graph/gotz-2019"


def current(state: Path) -> str:
    return (state / "current").readlink().name


def parsed(content: bytes, suffix: str) -> Graph:
    if suffix == "jsonld":  # rdflib's own parser of it warns of what rdflib will no longer have
        triples = ox.parse(content, format=ox.RdfFormat.JSON_LD)
        content = ox.serialize((quad.triple for quad in triples), format=ox.RdfFormat.N_TRIPLES) or b""
        suffix = "nt"
    return Graph().parse(data=content, format=PARSERS[suffix])


def described(service: Service, path: str, suffix: str = "ttl") -> Graph:
    answer = service.get(path, headers={"Accept": FORMATS[suffix]})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, FORMATS[suffix])
    return parsed(answer.content, suffix)


@pytest.fixture
def own_state(state: Path, tmp_path: Path) -> Path:
    """A state folder of the test's own, with the same release."""
    return shutil.copytree(state, tmp_path / "state", symlinks=True)


@pytest.fixture(scope="module")
def iri(state: Path) -> URIRef:
    return URIRef(f"{BASE}release/{current(state)}")


@pytest.fixture(scope="module")
def description(service: Service) -> Graph:
    return described(service, "/release/current")


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_says_the_same(suffix: str, service: Service, description: Graph) -> None:
    assert isomorphic(described(service, "/release/current", suffix), description)
    by_suffix = service.get(f"/release/current.{suffix}", headers=HTML)
    assert isomorphic(parsed(by_suffix.content, suffix), description)


def test_who_names_no_format_gets_turtle_and_a_browser_a_page(service: Service) -> None:
    assert service.get("/release/current").headers["content-type"].startswith("text/turtle")
    assert service.get("/release/current", headers=HTML).headers["content-type"].startswith("text/html")
    refused = service.get("/release/current", headers={"Accept": "image/png"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (406, "not-acceptable")


def test_the_description_is_that_of_the_release(service: Service, description: Graph, iri: URIRef) -> None:
    manifest = json.loads((service.state / "current/manifest.json").read_text())
    assert {DCAT.Dataset, VOID.Dataset} <= set(description.objects(iri, RDF.type))
    assert description.value(iri, VOID.triples) == Literal(manifest["counts"]["triples"])
    assert description.value(iri, DCTERMS.issued) == Literal(
        manifest["built"], datatype=URIRef(PREFIXES["xsd"] + "dateTime")
    )
    subsets = {str(part): description.value(part, VOID.triples) for part in description.objects(iri, VOID.subset)}
    assert {part: int(count) for part, count in subsets.items()} == manifest["counts"]["triples_by_graph"]
    origins = {str(paper) for paper in description.objects(iri, PROV.wasDerivedFrom)}
    assert origins == {f"{BASE}id/{folder.name}" for folder in CORPUS.iterdir() if folder.is_dir()}
    for origin in origins:
        graph = URIRef(origin.replace("/id/", "/graph/"))
        assert (graph, DCTERMS.source, URIRef(origin)) in description
        assert description.value(graph, DCTERMS.title)
        assert service.get(f"/api/things/{origin.rpartition('/')[2]}").status_code == 200
    for graph in description.objects(iri, VOID.subset):
        assert description.value(graph, DCTERMS.description)
    assert description.value(iri, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")


def test_classes_properties_and_vocabularies_are_those_of_the_quads(
    service: Service, description: Graph, iri: URIRef
) -> None:
    def answer(query: str) -> list[str]:
        return service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()[1:]

    everywhere = f"GRAPH ?g {{ %s }} FILTER(?g != <{BASE}graph/release>)"
    properties = answer(f"SELECT DISTINCT ?p {{ {everywhere % '?s ?p ?o'} }}")
    classes = answer(f"SELECT DISTINCT ?c {{ {everywhere % '?s a ?c'} FILTER(isIRI(?c)) }}")
    assert description.value(iri, VOID.properties) == Literal(len(properties))
    assert description.value(iri, VOID.classes) == Literal(len(classes))
    vocabularies = tuple(map(str, description.objects(iri, VOID.vocabulary)))
    assert all(term.startswith(vocabularies) for term in (*properties, *classes))


def test_a_download_is_what_the_description_promises(service: Service, description: Graph, iri: URIRef) -> None:
    dumps = [each for each in description.objects(iri, DCAT.distribution) if description.value(each, DCAT.downloadURL)]
    assert len(dumps) == len(DUMPS)
    for dump in dumps:
        url = str(description.value(dump, DCAT.downloadURL))
        answer = service.get("/" + url.removeprefix(BASE))
        checksum = description.value(dump, SPDX.checksum)
        digest = str(description.value(checksum, SPDX.checksumValue))
        assert hashlib.sha256(answer.content).hexdigest() == digest
        assert len(answer.content) == int(description.value(dump, DCAT.byteSize))
        assert str(description.value(dump, DCAT.compressFormat)).endswith(answer.headers["content-type"])
        assert str(description.value(dump, DCAT.mediaType)).endswith(DUMPS[url.rpartition("/")[2]])


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_sent_as_it_is(name: str, service: Service) -> None:
    release = current(service.state)
    answer = service.get(f"/release/{release}/{name}")
    assert answer.content == (service.state / "current" / name).read_bytes()
    assert f'filename="districtgraph-{release}-{name}"' in answer.headers["content-disposition"]
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    asked = httpx.head(f"{service.url}/release/{release}/{name}")
    assert (asked.status_code, asked.content, asked.headers["content-length"]) == (200, b"", str(len(answer.content)))
    known = service.get(f"/release/{release}/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_sha256sum_finds_every_file_whole(service: Service, tmp_path: Path) -> None:
    for name in (*FILES, *CITATIONS, "SHA256SUMS"):
        (tmp_path / name).write_bytes(service.get(f"/release/current/{name}").content)
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (checked.returncode, checked.stdout.count(": OK")) == (0, len(FILES) + len(CITATIONS)), checked.stderr


@pytest.mark.parametrize(("asked", "first", "last"), [("0-9", 0, 9), ("1000-", 1000, None), ("-7", -7, None)])
def test_a_part_of_a_dump_is_sent_alone(asked: str, first: int, last: int | None, service: Service) -> None:
    whole = (service.state / "current/dataset.nq.zst").read_bytes()
    answer = service.get("/release/current/dataset.nq.zst", headers={"Range": f"bytes={asked}"})
    assert answer.status_code == 206
    assert answer.content == whole[first : None if last is None else last + 1]
    start = first % len(whole)
    end = start + len(answer.content) - 1
    assert answer.headers["content-range"] == f"bytes {start}-{end}/{len(whole)}"


def test_a_broken_download_goes_on_only_where_the_file_is_the_same(service: Service) -> None:
    path, size = "/release/current/dataset.nq.zst", (service.state / "current/dataset.nq.zst").stat().st_size
    tag = service.get(path).headers["etag"]
    for if_range, status in ((tag, 206), ('"another"', 200)):
        assert service.get(path, headers={"Range": "bytes=5-", "If-Range": if_range}).status_code == status
    beyond = service.get(path, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert beyond.json()["type"].endswith("/problem/range")
    for header in ("bytes=0-1,4-5", "lines=1-2", "bytes=9-1", "nonsense"):
        assert len(service.get(path, headers={"Range": header}).content) == size


@given(size=st.integers(1, 1000), first=st.integers(0, 1200), length=st.integers(1, 1200))
def test_a_range_is_within_the_file_or_refused(size: int, first: int, length: int) -> None:
    last = first + length - 1
    if first >= size:
        for header in (f"bytes={first}-{last}", f"bytes={first}-"):
            with pytest.raises(RangeError):
                range_in(header, size)
    else:
        assert range_in(f"bytes={first}-{last}", size) == range(first, min(last + 1, size))
        assert range_in(f"BYTES={first}-", size) == range(first, size)
    assert range_in(f"bytes=-{length}", size) == range(max(0, size - length), size)


@given(header=st.text(max_size=40) | st.from_regex(r"bytes=[0-9,\- ]{0,30}"), size=st.integers(1, 100))
def test_no_header_gets_more_than_there_is(header: str, size: int) -> None:
    try:
        found = range_in(header, size)
    except RangeError as error:
        assert error.size == size
    else:
        assert found is None or 0 <= found.start < found.stop <= size


def test_a_release_goes_by_its_id_the_beginning_of_it_or_as_current(service: Service) -> None:
    release = current(service.state)
    for name in (release, release[:6], "current"):
        answer = service.get(f"/release/{name}")
        assert httpx.URL(f"{service.url}/release/{name}").join(answer.headers["content-location"]).path == (
            f"/release/{release}"
        )
        assert f'<{BASE}release/{release}>; rel="canonical"' in answer.headers["link"]
        assert service.get(f"/release/{name}/CITATION.cff").status_code == 200
        assert service.get(f"/api/releases/{name}").json()["release"] == release
    for path in ("/release", "/release/"):
        assert service.get(path, follow_redirects=True).headers["districtgraph-release"] == release


@pytest.mark.parametrize(
    "name", ["0123456789abcdef", "%2e%2e", "%2e%2e%2fcurrent", "a" * 5000, "%00", "%C3%A9", "%FF", "*"]
)
def test_what_is_no_release_is_not_found(name: str, service: Service) -> None:
    for path in (f"/release/{name}", f"/release/{name}/dataset.nq.zst", f"/api/releases/{name}"):
        answer = httpx.get(httpx.URL(service.url).copy_with(raw_path=path.encode()))
        assert answer.status_code in (400, 404), path
        assert str(service.state) not in answer.text
        assert len(answer.text) < 1000


@pytest.mark.parametrize("name", ["dataset.nq", "index/CURRENT", "%2e%2e/current", "..%2f..%2fcurrent/manifest.json"])
def test_no_other_file_is_handed_out(name: str, service: Service) -> None:
    raw = f"/release/{current(service.state)}/{name}".encode()
    answer = httpx.get(httpx.URL(service.url).copy_with(raw_path=raw))
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "unknown-file")
    assert "dataset.nq.zst" in answer.json()["detail"]


def test_the_citation_is_one_of_the_citation_file_format(service: Service, iri: URIRef) -> None:
    """The required keys, and those that a dataset is cited by, of the schema of CFF 1.2.0."""
    answer = service.get("/release/current/CITATION.cff")
    cited = yaml.safe_load(answer.text)
    assert set(cited) >= {"cff-version", "message", "title", "authors"}
    assert (cited["cff-version"], cited["type"], cited["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    assert cited["authors"] == [{"name": "the districtgraph project"}]
    assert (cited["version"], cited["url"]) == (current(service.state), str(iri))
    built = json.loads((service.state / "current/manifest.json").read_text())["built"]
    assert date.fromisoformat(cited["date-released"]).isoformat() == built[:10]
    lists = {"authors", "keywords", "references"}
    assert {type(value) for key, value in cited.items() if key not in lists} == {str}
    assert "industrial district" in cited["keywords"]
    papers = {one["title"]: one for one in cited["references"]}
    assert len(papers) == len([folder for folder in CORPUS.iterdir() if folder.is_dir()]) == 5
    assert all(one.keys() >= {"type", "title", "authors"} for one in papers.values())
    assert papers["The Industry 4.0 Induced Agility and New Skills in Clusters"] == {
        "type": "article",
        "title": "The Industry 4.0 Induced Agility and New Skills in Clusters",
        "authors": [{"family-names": "Götz", "given-names": "Marta"}],
        "year": 2019,
        "journal": "Foresight and STI Governance",
        "volume": "13",
        "issue": "2",
        "doi": "10.17323/2500-2597.2019.2.72.83",
        "start": "72",
        "end": "83",
    }


def test_a_release_is_cited_by_reference_managers_too(service: Service, iri: URIRef) -> None:
    answer = service.get("/release/current/CITATION.json")
    assert answer.headers["content-type"] == "application/vnd.citationstyles.csl+json"
    [item] = answer.json()
    assert (item["type"], item["version"], item["URL"]) == ("dataset", current(service.state), str(iri))
    answer = service.get("/release/current/CITATION.bib")
    assert answer.headers["content-type"] == "application/x-bibtex"
    [entry] = parse_string(answer.text, "bibtex").entries.values()
    assert (entry.fields["url"], entry.fields["note"]) == (str(iri), f"Release {current(service.state)}")
    assert entry.fields["title"].replace("{", "").replace("}", "") == item["title"]


def test_catalog_and_dataset_have_what_dcat_ap_asks_for(service: Service, iri: URIRef) -> None:
    graph = described(service, "/.well-known/void")
    for node in (URIRef(BASE), iri):
        for wanted in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.keyword, DCAT.theme):
            assert graph.value(node, wanted), (node, wanted)
    assert set(graph.objects(iri, DCAT.keyword)) <= set(graph.objects(URIRef(BASE), DCAT.keyword))


def page_of(service: Service, path: str) -> tuple[httpx.Response, str]:
    """Return a page, which must be HTML without a single error, and the description that is in it."""
    answer = service.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.content, transport_encoding="utf-8")
    (embedded,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    return answer, embedded


def test_the_page_tells_people_and_machines_the_same(service: Service, description: Graph, iri: URIRef) -> None:
    answer, embedded = page_of(service, "/release/current")
    assert isomorphic(parsed(embedded.encode(), "jsonld"), description)
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for digest in re.findall(r"<code class=\"digest\">(\w+)</code>", answer.text):
        assert digest in service.get("/release/current/SHA256SUMS").text
    assert f"Release {current(service.state)}. {iri}" in answer.text
    assert not re.search(r"<script(?! type=\"application/ld\+json\"| type=\"module\" src)|style=|\son\w+=", answer.text)


def test_every_link_of_the_page_leads_somewhere_here(service: Service) -> None:
    answer, _ = page_of(service, "/release/current")
    for href in set(re.findall(r'href="(?!https?://)([^"]+)"', answer.text)):
        assert service.get(str(httpx.URL("/release/current").join(href)), headers=HTML).status_code == 200, href


def test_the_page_fits_a_telephone_and_runs_nothing(service: Service, chromium: Browser) -> None:
    tab = chromium.page()
    tab.open(f"{service.url}/release/current", 390)
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")
    assert tab.value("getComputedStyle(document.querySelector('dl')).display") == "grid"
    assert {httpx.URL(url).host for url in tab.requests} == {httpx.URL(service.url).host}
    assert tab.complaints == []


@pytest.mark.slow
def test_every_release_and_graph_of_the_graph_dereferences(service: Service) -> None:
    query = f"""SELECT DISTINCT ?iri {{ GRAPH ?g {{ ?s ?p ?o }} VALUES ?place {{ 1 2 3 4 }}
        BIND(IF(?place = 1, ?s, IF(?place = 2, ?p, IF(?place = 3, ?o, ?g))) AS ?iri) FILTER(isIRI(?iri))
        FILTER(STRSTARTS(STR(?iri), "{BASE}release/") || STRSTARTS(STR(?iri), "{BASE}graph/")) }}"""
    rows = service.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()[1:]
    assert len(rows) >= 11
    for iri in rows:
        for accept in (HTML["Accept"], "text/turtle", "application/ld+json"):
            answer = service.get("/" + iri.removeprefix(BASE), headers={"Accept": accept}, follow_redirects=True)
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
                200,
                accept[:20].split(",")[0],
            )


@pytest.mark.slow
def test_an_older_release_is_still_to_be_had(own_state: Path, excerpt_state: Path) -> None:
    older = current(excerpt_state)
    shutil.copytree(excerpt_state / "releases" / older, own_state / "releases" / older)
    newer = current(own_state)
    with serving(own_state) as service:
        graph, iri = described(service, f"/release/{older}"), URIRef(f"{BASE}release/{older}")
        assert graph.value(iri, VOID.sparqlEndpoint) is None
        assert described(service, f"/release/{newer}").value(URIRef(f"{BASE}release/{newer}"), VOID.sparqlEndpoint)
        dump = service.get(f"/release/{older}/dataset.trig.zst").content
        assert dump == (excerpt_state / "current/dataset.trig.zst").read_bytes()
        listed = {each["id"]: each for each in service.get("/api/releases").json()["releases"]}
        assert {id_: each["current"] for id_, each in listed.items()} == {older: False, newer: True}
        for each in listed.values():
            assert service.get(each["manifest"]).json()["counts"]["triples"] == each["triples"]
            for dump in each["dumps"]:
                answer = httpx.head(service.url + dump["href"])
                assert (answer.headers["content-length"], answer.headers["etag"]) == (
                    str(dump["bytes"]),
                    f'"{dump["sha256"]}"',
                )
        page, _ = page_of(service, f"/release/{older}")
        assert f"release/{newer}" in page.text
        assert "another release" in page.text


@pytest.mark.slow
def test_a_release_of_an_older_version_says_how_it_gets_its_dumps(own_state: Path) -> None:
    for name in DUMPS:
        (own_state / "current" / name).unlink()
    manifest = json.loads((own_state / "current/manifest.json").read_text())
    for name in ("classes", "properties", "vocabularies"):
        del manifest["counts"][name]
    (own_state / "current/manifest.json").write_text(json.dumps(manifest))
    with serving(own_state) as service:
        for name in DUMPS:
            answer = service.get(f"/release/current/{name}")
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "unknown-file")
            assert "building again" in answer.json()["detail"]
        assert service.get("/api/releases").json()["releases"][0]["dumps"] == []
        assert "zst" not in service.get("/release/current/SHA256SUMS").text
        assert len(described(service, "/release/current")) > 20
        assert described(service, "/.well-known/void").value(None, VOID.dataDump) is None
        page_of(service, "/release/current")


@pytest.mark.slow
@pytest.mark.parametrize("content", [None, "{", "{}", '{"built": "today"}'])
def test_a_damaged_release_keeps_nobody_from_the_others(content: str | None, own_state: Path) -> None:
    damaged = own_state / "releases/0123456789abcdef"
    damaged.mkdir()
    if content is not None:
        (damaged / "manifest.json").write_text(content)
    with serving(own_state) as service:
        assert len(service.get("/api/releases").json()["releases"]) == 1
        page_of(service, "/release/current")
        for path in ("/release/012345", "/api/releases/012345", "/release/012345/manifest.json"):
            answer = service.get(path)
            assert (answer.status_code, str(own_state) in answer.text) == (503, False)


@pytest.fixture(scope="module")
def closed(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, dict[str, str]]]:
    """A service with a closed graph, and the headers of who may read it."""
    own = shutil.copytree(state, tmp_path_factory.mktemp("closed") / "state", symlinks=True)
    token = run("token", "create", "--role", "reader", "--state", own).stdout.strip()
    with serving(own, DISTRICTGRAPH_CLOSED_GRAPHS=json.dumps([CLOSED])) as service:
        yield service, {"Authorization": f"Bearer {token}"}


@pytest.mark.slow
def test_files_that_hold_a_closed_graph_are_refused(closed: tuple[Service, dict[str, str]]) -> None:
    service, bearer = closed
    for name in FILES:
        refused, allowed = (service.get(f"/release/current/{name}", headers=headers) for headers in ({}, bearer))
        assert (refused.status_code, allowed.status_code) == (200 if name == "ontology.zip" else 403, 200), name
        assert allowed.content == (service.state / "current" / name).read_bytes()
        if refused.status_code == 403:
            assert "token" in refused.json()["detail"]
            ranged = service.get(f"/release/current/{name}", headers={"Range": "bytes=0-1"})
            known = service.get(f"/release/current/{name}", headers={"If-None-Match": allowed.headers["etag"]})
            assert (ranged.status_code, known.status_code) == (403, 403)
    listed = {
        headers == {}: service.get("/release/current/SHA256SUMS", headers=headers).text for headers in ({}, bearer)
    }
    assert (listed[True].count("\n"), listed[False].count("\n")) == (4, 7)


@pytest.mark.slow
def test_no_description_tells_of_a_closed_graph(closed: tuple[Service, dict[str, str]]) -> None:
    service, bearer = closed
    paths = ("/release/current", "/.well-known/void", "/api/releases", "/api/releases/current")
    for path in (*paths, "/release/current.jsonld", "/graph/places"):
        for accept in ("*/*", HTML["Accept"], "application/json"):
            answer = service.get(path, headers={"Accept": accept})
            assert answer.status_code == 200, answer.text
            assert "gotz" not in answer.text, (path, accept)
            assert "Authorization" in answer.headers["vary"]
    manifest, of_all = (service.get("/api/releases/current", headers=headers).json() for headers in ({}, bearer))
    assert manifest["counts"]["triples"] == sum(manifest["counts"]["triples_by_graph"].values())
    assert of_all == json.loads((service.state / "current/manifest.json").read_text())
    assert "gotz" in service.get("/release/current", headers=bearer).text


@pytest.mark.slow
def test_a_closed_ontology_is_in_no_file(own_state: Path) -> None:
    with serving(own_state, DISTRICTGRAPH_CLOSED_GRAPHS=json.dumps([f"{BASE}graph/ontology"])) as service:
        refused = service.get("/release/current/ontology.zip")
        assert refused.status_code == 403
        paths = ("", ".ttl", ".jsonld", "/picture.svg", "/actors", "/actors.rdf", "/9.9.9")
        for path in paths:
            for headers in ({}, HTML, {"If-None-Match": "*"}):
                answer = service.get(f"/ontology{path}", headers=headers)
                assert (answer.status_code, refused.json()["title"] in answer.text) == (403, True), path
            assert answer.json()["detail"] == refused.json()["detail"].replace("ontology.zip", "the ontology")
        token = run("token", "create", "--role", "reader", "--state", own_state).stdout.strip()
        for path in paths[:-1]:
            allowed = service.get(f"/ontology{path}", headers={"Authorization": f"Bearer {token}"})
            assert allowed.status_code == 200, path
            assert "Authorization" in allowed.headers["vary"]
        for path in ("/api/context.jsonld", "/api/openapi.json", "/api"):
            assert service.get(path).status_code == 200, path


@pytest.mark.slow
def test_closed_reads_need_a_token(own_state: Path) -> None:
    token = run("token", "create", "--role", "reader", "--state", own_state).stdout.strip()
    with serving(own_state, DISTRICTGRAPH_READS="closed") as service:
        paths = ("/release/current", "/release/current/dataset.nq.zst", "/release/current/SHA256SUMS", "/release")
        for path in (*paths, "/graph/places", "/.well-known/void", "/api/releases", "/api/prefixes"):
            assert service.get(path).status_code == 401, path
            allowed = service.get(path, headers={"Authorization": f"Bearer {token}"}, follow_redirects=True)
            assert allowed.status_code == 200, path


@pytest.mark.slow
def test_a_large_dump_is_never_held_whole(own_state: Path) -> None:
    size = 600_000_000
    with (own_state / "current/dataset.nq.zst").open("wb") as file:
        file.truncate(size)

    def peak() -> int:
        status = Path(f"/proc/{service.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1000

    with serving(own_state) as service:
        service.get("/release/current")
        before, received = peak(), 0
        with httpx.stream("GET", f"{service.url}/release/current/dataset.nq.zst", timeout=60) as answer:
            for piece in answer.iter_raw():
                received += len(piece)
        assert received == size
        assert peak() - before < 100_000_000


def test_the_service_describes_itself_where_machines_look(service: Service, iri: URIRef) -> None:
    graph, catalog = described(service, "/.well-known/void"), URIRef(BASE)
    assert (catalog, RDF.type, DCAT.Catalog) in graph
    assert (catalog, DCAT.dataset, iri) in graph
    assert (iri, VOID.sparqlEndpoint, URIRef(f"{BASE}sparql")) in graph
    assert (iri, VOID.uriSpace, Literal(f"{BASE}id/")) in graph
    examples = list(graph.objects(iri, VOID.exampleResource))
    assert examples
    for example in examples:
        asked = service.get("/sparql", params={"query": f"ASK {{ <{example}> ?p ?o }}"}, headers={"Accept": "text/csv"})
        assert asked.text.strip() == "true"
    for suffix in FORMATS:
        assert isomorphic(described(service, "/.well-known/void", suffix), graph)
    assert service.get("/.well-known/void", headers=HTML).headers["content-type"].startswith("text/turtle")
    assert service.get("/.well-known/other").status_code == 404
    tag = service.get("/.well-known/void").headers["etag"]
    assert service.get("/.well-known/void", headers={"If-None-Match": tag}).status_code == 304


def test_the_iris_of_catalog_and_services_answer_in_rdf(service: Service) -> None:
    graph = described(service, "/.well-known/void")
    named = {*graph.subjects(RDF.type, DCAT.Catalog), *graph.subjects(RDF.type, DCAT.DataService)}
    assert len(named) == 3
    for iri in map(str, named):
        for accept in FORMATS.values():
            path = iri.removeprefix(BASE[:-1]).partition("#")[0]
            answer = service.get(path, headers={"Accept": accept}, follow_redirects=True)
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, accept), iri
    assert service.get("/", headers={"Accept": "text/turtle"}).status_code == 303


def test_a_browser_gets_a_page_that_leads_on(service: Service, chromium: Browser) -> None:
    document = service.get("/").json()
    paths = {path for path in document.values() if path.startswith("/")}
    assert {"/api", "/api/search", "/api/queries", "/api/compare", "/api/publications", "/sparql", "/ontology"} <= paths
    page = service.get("/", headers=HTML)
    hrefs = {html.unescape(href) for href in re.findall(r'href="([^"]+)"', page.text)}
    assert paths <= {href.partition("?")[0] for href in hrefs}
    for href in hrefs:
        assert service.get(f"/{href.lstrip('/')}", follow_redirects=True).status_code == 200, href
    tab = chromium.page()
    tab.open(f"{service.url}/", 390)
    assert tab.value("document.documentElement.scrollWidth <= innerWidth")
    assert tab.complaints == []


def test_prefixes_come_as_json_turtle_and_sparql(service: Service) -> None:
    assert service.get("/api/prefixes").json() == {"prefixes": PREFIXES}
    turtle = service.get("/api/prefixes", headers={"Accept": "text/turtle"})
    bound = {prefix: str(namespace) for prefix, namespace in Graph().parse(data=turtle.text).namespaces()}
    assert PREFIXES.items() <= bound.items()
    lines = service.get("/api/prefixes", headers={"Accept": "application/sparql-query"}).text
    query = f"{lines}SELECT (COUNT(*) AS ?n) {{ ?s a dg:Fact }}"
    assert service.get("/sparql", params={"query": query}).status_code == 200
    assert service.get("/api/prefixes", headers={"Accept": "image/png"}).status_code == 406


def test_the_rest_routes_are_in_the_openapi_document(service: Service) -> None:
    paths = service.get("/api/openapi.json").json()["paths"]
    names = {path: operations["get"]["operationId"] for path, operations in paths.items() if "get" in operations}
    expected = {"/api/releases": "list_releases", "/api/releases/{id}": "get_release", "/api/prefixes": "get_prefixes"}
    assert expected.items() <= names.items()
    assert not any(path.startswith(("/release", "/graph/", "/.well-known")) for path in paths)
