"""Named queries over REST: pages for browsers, formats, paging, OpenAPI, and new ones without a restart."""

import csv
import gzip
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import httpx
import jsonschema_rs
import pytest
import rdflib
from conftest import Service, run, serving

FORMATS = ["json", "csv", "tsv", "ttl", "md", "srj", "xml", "html", "rq"]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FIRMS = "#+ summary: How many firms?\nSELECT (COUNT(DISTINCT ?f) AS ?firms) WHERE { ?f a dg:Firm }\n"
RESULTS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
AIJU = "https://w3id.org/districtgraph/id/aiju"


class Links(HTMLParser):
    """The targets of the links of a page, the names of the fields of its form, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fields: list[str] = []
        self.elements: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.add(tag)
        if tag == "a":
            self.links.append(attributes["href"] or "")
        if tag == "input":
            self.fields.append(attributes["name"] or "")


def rows(service: Service, path: str, **parameters: str) -> list[dict[str, Any]]:
    answer = service.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def openapi(service: Service) -> dict[str, Any]:
    return service.get("/api/openapi.json").json()  # type: ignore[no-any-return]


def test_a_browser_finds_every_question_in_the_list(service: Service) -> None:
    page = service.get("/api/queries", headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text == service.get("/api/queries?format=html").text
    names = {query["href"] for query in service.get("/api/queries?format=json", headers=BROWSER).json()["queries"]}
    assert names == {link for link in Links(page.text).links if link.startswith("/api/queries/")}


def test_a_browser_gets_a_form_the_answer_and_the_sparql_text_that_answers_it(service: Service) -> None:
    page = service.get("/api/queries/brokerage?actor=aiju", headers=BROWSER)
    found = Links(page.text)
    assert found.fields == ["q", "actor", "technology", "place"]
    assert "/page/aiju" in found.links
    assert "style" not in found.elements
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    (at_sparql,) = (link for link in found.links if link.startswith("/sparql?"))
    answer = service.get(at_sparql, headers={"Accept": "text/csv"})
    assert answer.text == service.get("/api/queries/brokerage?actor=aiju&format=csv").text
    others = {link.rpartition("format=")[2] for link in found.links if "format=" in link}
    assert others == set(FORMATS) - {"html"}
    (shown,) = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page.text, re.DOTALL)
    document = service.get("/api/queries/brokerage?actor=aiju").json()
    assert unescape(shown) == document["sparql"]
    assert AIJU in shown


def test_columns_have_the_words_of_the_ontology_or_their_own(service: Service) -> None:
    page = service.get("/api/queries/computed-roles", headers=BROWSER).text
    heads = re.findall(r"<th scope=\"col\">(.*?)</th>", page)
    assert {"actor", "z-score", "expected count"} <= {*heads}
    assert not [head for head in heads if re.search(r"[a-z][A-Z]|_", head)]
    assert re.search(r'<td class="number">-?[\d.]+</td>', page)


def test_in_turtle_an_answer_is_a_result_set(service: Service) -> None:
    answer = service.get("/api/queries/brokerage?actor=aiju&format=ttl").content
    graph = rdflib.Graph().parse(data=answer, format="turtle")
    table = service.get("/api/queries/brokerage?actor=aiju&format=srj").json()
    assert len([*graph.subjects(RESULTS["index"])]) == len(table["results"]["bindings"])
    assert {str(name) for name in graph.objects(None, RESULTS.resultVariable)} == {*table["head"]["vars"]}
    values = {cell["value"] for row in table["results"]["bindings"] for cell in row.values()}
    assert {str(value) for value in graph.objects(None, RESULTS.value)} == values


def test_a_form_that_is_sent_half_empty_leads_to_what_was_filled_in(service: Service) -> None:
    sent = service.get("/api/queries/brokerage?actor=aiju&technology=&place=", headers=BROWSER)
    assert (sent.status_code, sent.headers["location"]) == (303, "/api/queries/brokerage?actor=aiju")
    empty = service.get("/api/queries/brokerage?actor=&technology=&place=", headers=BROWSER)
    assert (empty.status_code, empty.headers["location"]) == (303, "/api/queries/brokerage")


def test_a_value_that_does_not_fit_is_told_above_the_form(service: Service) -> None:
    hostile = '"><script>alert(1)</script>'
    page = service.get("/api/queries/brokerage", params={"actor": hostile}, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "no CollectiveActor" in page.text and "alert" in page.text
    assert hostile not in page.text and "<script>" not in page.text
    assert Links(page.text).fields == ["q", "actor", "technology", "place"]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_format_of_the_address_counts_more_than_the_accept_header(format_: str, service: Service) -> None:
    for accept in ("*/*", "text/csv", "image/png"):
        answer = service.get(f"/api/queries/skills?format={format_}", headers={"Accept": accept})
        assert answer.status_code == 200
        by_accept = {"Accept": answer.headers["content-type"].partition(";")[0]}
        same = service.get("/api/queries/skills", headers=by_accept)
        assert same.headers["content-type"] == answer.headers["content-type"]
        if format_ != "html":  # whose links say which format they lead to
            assert same.content == answer.content


def test_the_text_of_a_question_is_to_be_had_with_its_values(service: Service) -> None:
    text = service.get("/api/queries/brokerage.rq?actor=AIJU")
    assert text.headers["content-type"].partition(";")[0] == "application/sparql-query"
    assert f"VALUES ?actor {{ <{AIJU}> }}" in text.text
    assert text.text == service.get("/api/queries/brokerage?actor=aiju").json()["sparql"]
    answer = service.get("/sparql", params={"query": text.text}, headers={"Accept": "text/csv"})
    assert answer.text == service.get("/api/queries/brokerage?actor=aiju&format=csv").text


@pytest.mark.parametrize(("name", "limit"), [("brokerage", 7), ("claims", 200), ("works-cited-by-several", 3)])
def test_pages_make_up_the_whole(name: str, limit: int, service: Service) -> None:
    whole = service.get(f"/api/queries/{name}").json()
    assert (whole["total"], whole["next"]) == (len(whole["rows"]), None)
    found, path = [], f"/api/queries/{name}?limit={limit}"
    while path:
        answer = service.get(path)
        document = answer.json()
        assert len(document["rows"]) <= limit
        assert document["total"] == whole["total"]
        links = answer.links
        assert links.get("next", {}).get("url") == document["next"]
        assert ("prev" in links) == bool(found)
        if found:
            before = service.get(links["prev"]["url"]).json()
            assert before["rows"] == found[-limit:]
        found += document["rows"]
        path = document["next"]
    assert found == whole["rows"]


def test_pages_of_a_table_are_the_rows_of_its_lines(service: Service) -> None:
    whole = list(csv.reader(service.get("/api/queries/claims?format=csv").text.splitlines()))
    page = service.get("/api/queries/claims?format=csv&limit=5&offset=10")
    assert list(csv.reader(page.text.splitlines())) == [whole[0], *whole[11:16]]
    assert page.links["next"]["url"] == "/api/queries/claims?limit=5&offset=15&format=csv"
    beyond = service.get("/api/queries/claims?limit=5&offset=999999")
    assert beyond.json()["rows"] == []
    last = service.get(beyond.links["prev"]["url"])
    assert len(last.json()["rows"]) == 5 and "next" not in last.links


def test_a_page_for_a_browser_says_which_rows_it_shows(service: Service) -> None:
    page = service.get("/api/queries/claims", headers=BROWSER)
    total = service.get("/api/queries/claims?limit=1").json()["total"]
    assert f"Rows 1 to 500 of {total}" in page.text
    assert page.text.count("<tr>") == 501
    (following,) = (link for link in Links(page.text).links if "offset" in link)
    assert "Rows 501 to 1000" in service.get(following, headers=BROWSER).text
    (table,) = (link for link in Links(page.text).links if link.endswith("format=csv"))
    assert len(list(csv.reader(service.get(table).text.splitlines()))) == total + 1


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/queries/skills?limit=0", "'limit' wants a whole number from 1 to 10000"),
        ("/api/queries/skills?limit=10001", "'limit' wants"),
        ("/api/queries/skills?limit=-1", "'limit' wants"),
        ("/api/queries/skills?limit=", "'limit' wants"),
        ("/api/queries/skills?limit=%D9%A1", "'limit' wants"),
        ("/api/queries/skills?offset=x", "'offset' wants a whole number from 0"),
        ("/api/queries/skills?offset=1000000000", "'offset' wants"),
        ("/api/queries/skills?limit=1&limit=2", "given twice"),
        ("/api/queries/skills?format=pdf", "no format 'pdf' (there are json, csv, tsv, ttl, md, srj, xml, html, rq)"),
        ("/api/queries?format=csv", "there are json, html"),
        ("/api/queries?group=actors", "'group'"),
        ("/api/queries/skills?skillset=", "no SkillSet ''"),
    ],
)
def test_what_cannot_be_sent_is_explained(path: str, detail: str, service: Service) -> None:
    answer = service.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "defaults"),
    [("instances", {"of": "Gatekeeper"}), ("claims-about-both", {"first": "industry-4-0", "second": "clusters"})],
)
def test_a_default_counts_where_no_value_is_given(
    name: str, defaults: dict[str, str], service: Service, openapi: dict[str, Any]
) -> None:
    path = f"/api/queries/{name}"
    without, given = service.get(path).json(), service.get(path, params=defaults).json()
    assert without["rows"] == given["rows"] != []
    assert without["parameters"] == given["parameters"] == defaults
    listed = next(query for query in service.get("/api/queries").json()["queries"] if query["name"] == name)
    assert {parameter["name"]: parameter["default"] for parameter in listed["parameters"]} == defaults
    own = openapi["paths"][path]["get"]["parameters"]
    assert {p["name"]: p["schema"]["default"] for p in own if "$ref" not in p} == defaults


def test_two_values_of_one_class_may_be_an_id_and_a_label(service: Service) -> None:
    by_id = rows(service, "/api/queries/claims-about-both", first="exploration", second="exploitation")
    mixed = rows(service, "/api/queries/claims-about-both", first="dgi:exploration", second="Exploitation")
    assert by_id == mixed != []


def test_a_question_is_known_by_its_entity_tag_and_head_tells_the_same(service: Service) -> None:
    first = service.get("/api/queries/skills?limit=3")
    known = {"If-None-Match": first.headers["etag"]}
    assert service.get("/api/queries/skills?limit=3", headers=known).status_code == 304
    for other in ("?limit=4", "?limit=3&offset=1", "?limit=3&format=csv", "?skillset=skillset-engineer-4-0&limit=3"):
        assert service.get(f"/api/queries/skills{other}", headers=known).status_code == 200
    head = httpx.head(f"{service.url}/api/queries/skills?limit=3")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"] and head.headers["link"] == first.headers["link"]
    assert "Accept" in first.headers["vary"]


def test_a_long_answer_is_compressed_for_who_likes_that(service: Service) -> None:
    sizes, tags = set(), set()
    for coding in ("identity", "gzip"):
        headers = {"Accept-Encoding": coding}
        with httpx.stream("GET", f"{service.url}/api/queries/brokerage", headers=headers) as answer:
            content = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding", "identity") == coding
        sizes.add(len(gzip.decompress(content) if coding == "gzip" else content))
        tags.add(answer.headers["etag"])
    assert (len(sizes), len(tags)) == (1, 2)


def test_the_list_and_the_text_of_a_question_are_tagged_and_compressed(service: Service) -> None:
    for path in ("/api/queries", "/api/queries?format=html", "/api/queries/brokerage.rq", "/api/queries/brokerage"):
        answer = service.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip" and answer.headers["cache-control"] == "no-cache"
        assert answer.headers["vary"] == "Accept, Accept-Encoding, Authorization"
        assert answer.headers["districtgraph-release"] == (service.state / "current").readlink().name
        known = {"Accept-Encoding": "gzip", "If-None-Match": answer.headers["etag"]}
        assert service.get(path, headers=known).status_code == 304
        assert service.get(path, headers=known | {"Accept-Encoding": "identity"}).status_code == 200
    anything = {"If-None-Match": "*"}
    assert service.get("/api/queries/brokerage", headers=anything).status_code == 304
    assert service.get("/api/queries/brokerage?actor=nobody", headers=anything).status_code == 400


def test_a_number_that_is_given_is_told_as_a_number(service: Service, openapi: dict[str, Any]) -> None:
    answer = service.get("/api/queries/policies-of-a-year?year=2018").json()
    assert answer["parameters"] == {"year": 2018}
    listed = next(each for each in service.get("/api/queries").json()["queries"] if each["name"] == answer["query"])
    assert [each["example"] for each in listed["parameters"]] == [2018]
    content = openapi["paths"]["/api/queries/policies-of-a-year"]["get"]["responses"]["200"]["content"]
    told = content["application/json"]["schema"]["properties"]["parameters"]
    assert told["properties"] == {"year": {"type": "integer"}}


@pytest.mark.parametrize("format_", ["json", "csv", "tsv", "md", "html"])
def test_every_format_tells_how_many_rows_there_are(format_: str, service: Service) -> None:
    total = service.get("/api/queries/claims?limit=1").json()["total"]
    assert service.get(f"/api/queries/claims?limit=1&format={format_}").headers["x-total-count"] == str(total)


def test_openapi_has_a_path_for_each_question_with_its_parameters(service: Service, openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.1")
    queries = {query["name"]: query for query in service.get("/api/queries").json()["queries"]}
    paths = {path: of for path, of in openapi["paths"].items() if path.startswith("/api/queries/")}
    assert set(paths) == {query["href"] for query in queries.values()}
    for name, query in queries.items():
        operation = paths[query["href"]]["get"]
        assert operation["operationId"] == f"query_{name.replace('-', '_')}"
        assert operation["tags"] == [f"queries/{query['group']}"]
        own = [parameter for parameter in operation["parameters"] if "$ref" not in parameter]
        assert [parameter["name"] for parameter in own] == [parameter["name"] for parameter in query["parameters"]]
        common = [parameter["$ref"].rpartition("/")[2] for parameter in operation["parameters"] if "$ref" in parameter]
        assert common == ["limit", "offset", "format"]
    identities = [of["operationId"] for path in openapi["paths"].values() for of in path.values()]
    assert len(set(identities)) == len(identities)
    (year,) = paths["/api/queries/policies-of-a-year"]["get"]["parameters"][:1]
    assert (year["schema"]["type"], year["example"]) == ("integer", 2018)
    actor = paths["/api/queries/brokerage"]["get"]["parameters"][0]
    assert "CollectiveActor" in actor["description"] and "label" in actor["description"]


@pytest.mark.parametrize("name", ["brokerage", "instances", "figures", "citations", "claims-by-claimant", "policies"])
def test_an_answer_is_as_its_schema_says(name: str, service: Service, openapi: dict[str, Any]) -> None:
    content = openapi["paths"][f"/api/queries/{name}"]["get"]["responses"]["200"]["content"]
    sent = {service.get(f"/api/queries/{name}?limit=1&format={format_}").headers["content-type"] for format_ in FORMATS}
    assert {type_.partition(";")[0] for type_ in sent} == set(content)
    schema = content["application/json"]["schema"] | {"components": openapi["components"]}
    document = service.get(f"/api/queries/{name}?limit=50").json()
    jsonschema_rs.validate(schema, document)
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, document | {"rows": [{"other": None}]})


@pytest.mark.slow
def test_every_link_of_a_page_to_the_service_leads_somewhere(service: Service) -> None:
    path = "/api/queries/brokerage"
    links = {urljoin(path, link) for link in Links(service.get(path, headers=BROWSER).text).links}
    ours = {link for link in links if urlsplit(link).netloc == "" and not link.startswith("/page/")}
    assert len(ours) > 10
    for link in ours:
        assert service.get(link, headers=BROWSER).status_code == 200, link


@pytest.fixture
def own_state(excerpt_state: Path, tmp_path: Path) -> Path:
    return shutil.copytree(excerpt_state, tmp_path / "own", symlinks=True)


def names_of(service: Service) -> set[str]:
    return {query["name"] for query in service.get("/api/queries").json()["queries"]}


@pytest.mark.slow
def test_a_new_file_is_a_question_of_a_running_service_once_it_is_built(copied_project: Path, own_state: Path) -> None:
    with serving(own_state) as service:
        before = names_of(service)
        assert service.get("/api/queries/how-many").status_code == 404
        (copied_project / "queries/more").mkdir()
        (copied_project / "queries/more/how-many.rq").write_text(FIRMS)
        (copied_project / "queries/actors/names.rq").unlink()
        release = (own_state / "current").readlink()
        built = run("build", "--state", own_state, cwd=copied_project)
        assert built.returncode == 0, built.stderr
        assert (own_state / "current").readlink() == release  # no triple is another
        assert names_of(service) == before - {"names"} | {"how-many"}
        (row,) = rows(service, "/api/queries/how-many")
        assert row["firms"] > 0
        assert service.get("/api/queries/names").status_code == 404
        paths = service.get("/api/openapi.json").json()["paths"]
        assert paths["/api/queries/how-many"]["get"]["tags"] == ["queries/more"]
        assert "/api/queries/names" not in paths
        assert "How many firms?" in service.get("/api/queries", headers=BROWSER).text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#+ summary: s\n\nSELECT ?x WHERE {\n  ?x a dg:Firm ;; ] }\n", "broken.rq:4: not SPARQL: ?x a dg:Firm ;; ]"),
        ("#+ summary: [\nSELECT ?x {}\n", "broken.rq:1: the header is not YAML"),
    ],
)
def test_a_broken_question_is_refused_by_the_build(
    text: str, message: str, copied_project: Path, own_state: Path
) -> None:
    was = (own_state / "current/queries.zip").read_bytes()
    (copied_project / "queries/broken.rq").write_text(text)
    built = run("build", "--state", own_state, cwd=copied_project)
    assert built.returncode == 2
    assert message in built.stderr and "Traceback" not in built.stderr
    assert (own_state / "current/queries.zip").read_bytes() == was


@pytest.mark.slow
def test_questions_that_cannot_be_read_are_told_and_all_else_goes_on(own_state: Path) -> None:
    packed = own_state / "current/queries.zip"
    whole = packed.read_bytes()
    with serving(own_state) as service:
        packed.write_bytes(whole[: len(whole) // 2])
        damaged = service.get("/api/queries/skills")
        assert (damaged.status_code, damaged.json()["type"].rpartition("/")[2]) == (503, "broken-queries")
        assert "build again" in damaged.json()["detail"] and str(own_state) not in damaged.text
        assert service.get("/sparql?query=ASK%7B%7D").status_code == 200
        with ZipFile(packed, "w") as archive:
            archive.writestr("actors/odd.rq", "#+ summary: odd\nSELECT ?x WHERE { ?x\n")
        for path in ("/api/queries", "/api/openapi.json"):
            broken = service.get(path)
            assert broken.status_code == 503 and "odd.rq:2: not SPARQL" in broken.json()["detail"]
        packed.unlink()  # as in a release that an older version built
        assert {"brokerage", "names"} <= names_of(service)
        packed.write_bytes(whole)
        assert service.get("/api/queries/skills").status_code == 200


@pytest.mark.slow
def test_a_dataset_without_a_release_is_asked_the_questions_of_the_package(tmp_path: Path) -> None:
    with serving(tmp_path, DISTRICTGRAPH_EMPTY="true") as service:
        assert {"brokerage", "names"} <= names_of(service)
        assert rows(service, "/api/queries/brokerage") == []


@pytest.mark.slow
def test_no_format_and_no_value_shows_what_is_in_a_closed_graph(state: Path, service: Service) -> None:
    graph = "https://w3id.org/districtgraph/graph/hervas-oliver-2021"
    shown = {"html": "/page/vicedo-marti", "md": "Vicedo Martí"}
    with serving(state, DISTRICTGRAPH_CLOSED_GRAPHS=f'["{graph}"]') as closed:
        for format_ in (format_ for format_ in FORMATS if format_ != "rq"):
            path, text = f"/api/queries/names?format={format_}", shown.get(format_, "id/vicedo-marti")
            assert (text in service.get(path).text, text in closed.get(path).text) == (True, False), format_
        for value in ("vicedo-marti", "Vicedo Martí"):
            for format_ in FORMATS:
                parameters = {"thing": value, "format": format_}
                assert service.get("/api/queries/names", params=parameters).status_code == 200
                assert closed.get("/api/queries/names", params=parameters).status_code == 400
