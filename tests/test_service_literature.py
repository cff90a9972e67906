"""What publications cite and are cited by over REST, with what for; what is hidden or written counts accordingly."""

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from clients import Writable, written
from conftest import Service, run, serving

from loaders.corpus import read_corpus
from loaders.located import plain

ID = "https://w3id.org/districtgraph/id/"
PAPER = "/api/publications/hervas-oliver-2021"
TURTLE = """@prefix dg: <https://w3id.org/districtgraph/ontology#> .
@prefix dgi: <https://w3id.org/districtgraph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def stated(type_: str, source: str) -> list[dict[str, object]]:
    """Return the entries of one type in the fact files of a source."""
    faults: list[object] = []
    entries = read_corpus(faults).entries  # type: ignore[arg-type]
    values = [plain(entry.values) | {"id": entry.subject} for entry in entries if entry.source == source]
    return [value for value in values if value.get("type") == type_]


def test_references_are_what_the_reference_list_and_the_text_have(service: Service) -> None:
    document = service.get(f"{PAPER}/references", params={"limit": 1000}).json()
    works = {work["id"].removeprefix(ID): work for work in document["works"]}
    listed = {plain(item)["id"] for file, item in read_corpus([]).references if file.source == "hervas-oliver-2021"}
    cited = {citation["citedWork"] for citation in stated("Citation", "hervas-oliver-2021")}
    assert works.keys() == listed | cited
    assert document["total"] == len(works)
    assert {id_ for id_, work in works.items() if work["citedInText"]} == cited
    assert all(bool(work["citations"]) is work["citedInText"] for work in works.values())
    assert works["cooke-2001"] | {"citations": []} == {
        "id": f"{ID}cooke-2001",
        "label": "Cooke (2001)",
        "href": "/api/publications/cooke-2001",
        "title": "Regional innovation systems, clusters, and the knowledge economy",
        "year": 2001,
        "byline": "Cooke, P.",
        "doi": "10.1093/icc/10.4.945",
        "citedInText": True,
        "reference": None,
        "citations": [],
    }


def test_each_citation_says_where_what_for_and_what_about(service: Service) -> None:
    works = service.get("/api/publications/gotz-2019/references", params={"limit": 1000}).json()["works"]
    shown = {citation["id"].removeprefix(ID): (work, citation) for work in works for citation in work["citations"]}
    facts = {str(fact["id"]): fact for fact in stated("Citation", "gotz-2019")}
    assert shown.keys() == facts.keys()
    for id_, fact in facts.items():
        work, citation = shown[id_]
        about = fact.get("about", [])
        assert work["id"] == f"{ID}{fact['citedWork']}"
        assert (citation["label"], citation["citedAs"]) == (fact["label"], fact["citedAs"])
        assert citation["purpose"] == fact["purpose"]
        assert {thing["id"].removeprefix(ID) for thing in citation["about"]} == {
            *(about if isinstance(about, list) else [about])
        }
        evidence = fact["evidence"]
        passages = evidence if isinstance(evidence, list) else [evidence]
        assert [(p["section"], p["start"], p["end"]) for p in citation["evidence"]] == sorted(
            ((p["section"], int(p["start"]), int(p["end"])) for p in passages), key=lambda passage: passage[1:]
        )
    assert shown["citation-gotz-001-schuh-et-al-2014"][1]["about"][-1]["label"]


def test_citations_are_the_references_of_the_others(service: Service) -> None:
    document = service.get("/api/publications/porter-2015/citations").json()
    assert document["publication"]["id"] == f"{ID}porter-2015"
    citing = {work["id"].removeprefix(ID) for work in document["works"]}
    assert "hervas-oliver-2021" in citing
    for work in document["works"]:
        references = service.get(f"{work['href']}/references", params={"limit": 1000}).json()["works"]
        [back] = [reference for reference in references if reference["id"] == f"{ID}porter-2015"]
        assert back["citations"] == work["citations"]


def test_about_leaves_what_is_cited_on_a_thing(service: Service) -> None:
    everything = service.get(f"{PAPER}/references", params={"limit": 1000}).json()["works"]
    about = service.get(f"{PAPER}/references", params={"limit": 1000, "about": "living-labs"}).json()
    expected = {
        citation["id"]
        for work in everything
        for citation in work["citations"]
        if f"{ID}living-labs" in (thing["id"] for thing in citation["about"])
    }
    assert expected
    assert {citation["id"] for work in about["works"] for citation in work["citations"]} == expected
    assert about["total"] == len(about["works"])
    assert service.get(f"{PAPER}/references", params={"about": f"{ID}living-labs"}).json()["total"] == about["total"]
    assert service.get(f"{PAPER}/references", params={"about": "aiju"}).json()["total"] == 0


def test_pages_follow_each_other_without_gap_or_overlap(service: Service) -> None:
    whole = [work["id"] for work in service.get(f"{PAPER}/references", params={"limit": 1000}).json()["works"]]
    path, ids, pages = f"{PAPER}/references?limit=20", list[str](), 0
    while path:
        answer = service.get(path)
        ids += [work["id"] for work in answer.json()["works"]]
        links = {relation: url for url, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])}
        assert answer.headers["x-total-count"] == str(len(whole))
        assert links.get("next") == answer.json()["next"]
        path, pages = links.get("next", ""), pages + 1
    assert ids == whole
    assert pages == -(-len(whole) // 20)
    bylines = [work["byline"].casefold() for work in service.get(links["first"]).json()["works"] if work["byline"]]
    assert bylines == sorted(bylines)
    cursor = service.get(f"{PAPER}/references?limit=1").json()["next"].partition("cursor=")[2]
    assert service.get(f"{PAPER}/references?limit=2&cursor={cursor}").json()["works"][0]["id"] == whole[1]
    of_another = service.get(f"/api/publications/gotz-2019/references?cursor={cursor}").json()
    assert (of_another["status"], "of another list" in of_another["detail"]) == (400, True)
    damaged = service.get(f"{PAPER}/references?cursor=x").json()
    assert (damaged["status"], "not one that a page gave" in damaged["detail"]) == (400, True)


def test_each_work_comes_with_its_reference_in_a_style(service: Service) -> None:
    works = service.get(f"{PAPER}/references?limit=12&style=ieee").json()["works"]
    for work in works:
        alone = service.get(f"{work['href']}/reference?style=ieee&format=text").text
        assert work["reference"] == alone.removesuffix("\n")


def test_what_is_cited_for_what_is_a_table_for_readers_and_spreadsheets(service: Service) -> None:
    for path in (f"{PAPER}/references", "/api/publications/porter-2015/citations"):
        document = service.get(f"{path}?limit=15").json()
        rows = list(csv.DictReader(service.get(f"{path}?limit=15&format=csv").text.splitlines()))
        told = [
            (work["id"], citation["purpose"] or "", place.get("section") or "")
            for work in document["works"]
            for citation in work["citations"] or [{"purpose": "", "evidence": []}]
            for place in citation["evidence"] or [{}]
        ]
        assert [(row["id"], row["purpose"], row["section"]) for row in rows] == told
        page = service.get(f"{path}?limit=15", headers={"Accept": "text/html"})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        text = html.unescape(page.text)
        for work in document["works"]:
            assert f'<a href="/id/{work["id"].removeprefix(ID)}">{work["label"]}</a>' in text
            for citation in work["citations"]:
                assert (citation["purpose"] or "") in text
                assert all(f'">{thing["label"]}</a>' in text for thing in citation["about"])
        assert (document["next"] is not None) is ('rel="next"' in page.text)
    styled = service.get(f"{PAPER}/references?limit=5&format=csv&style=apa").text
    assert "reference" in styled.splitlines()[0].split(",")


@pytest.mark.parametrize(
    ("path", "status", "type_", "detail"),
    [
        ("/api/publications/gotz-2018/references", 404, "unknown-publication", "'gotz-2017' or 'gotz-2019'"),
        ("/api/publications/aiju/citations", 404, "unknown-publication", "no publication 'aiju'"),
        ("/api/publications/%3Cx%3E%20%7D/citations", 404, "unknown-publication", "no publication '<x> }'"),
        (f"{PAPER}/references?limit=0", 400, "parameter", "greater than or equal to 1, not '0'"),
        (f"{PAPER}/references?limit=ten", 400, "parameter", "'limit': Input should be a valid integer"),
        (f"{PAPER}/references?offset=1", 400, "parameter", "no parameter 'offset' here"),
        (f"{PAPER}/references?limt=5", 400, "parameter", "did you mean 'limit'? (it has: about, limit, cursor"),
        (f"{PAPER}/references?format=xml", 400, "parameter", "'xml' of this (there are: json, csv, html)"),
        ("/api/bibliography?year=15-18", 400, "parameter", "a range such as 2015..2018"),
        ("/api/bibliography?ids=,", 400, "parameter", "'ids' names publications"),
        ("/api/bibliography?about=living-lab", 400, "parameter", "did you mean 'living-labs'"),
        (f"{PAPER}/references?limit=5&limit=6", 400, "parameter", "given twice"),
        (f"{PAPER}/references?about=living-lab", 400, "parameter", "did you mean 'living-labs'"),
        (f"{PAPER}/references?about=a%20b", 400, "parameter", "neither an id nor an IRI"),
        (f"{PAPER}/reference?format=bibtx", 400, "parameter", "'csl', 'bibtex', 'ris', 'text' or 'html', not 'bibtx'"),
        (f"{PAPER}/reference?style=ap", 400, "parameter", "'apa', 'chicago-author-date'"),
        (f"{PAPER}/reference?format=ris&style=apa", 400, "parameter", "'style' is for text and html, not for ris"),
        ("/api/publications/gotz-2018/reference", 404, "unknown-publication", "'gotz-2019'"),
        ("/api/bibliography?ids=gotz-2019,cook-2001", 404, "unknown-publication", "did you mean 'cooke-2001'"),
        ("/api/bibliography?cited_by=cook-2001", 404, "unknown-publication", "did you mean 'cooke-2001'"),
        ("/api/bibliography?cites=cook-2001", 404, "unknown-publication", "did you mean 'cooke-2001'"),
        ("/api/bibliography?cite=cook-2001", 400, "parameter", "did you mean 'cited_by' or 'cites'"),
    ],
)  # fmt: skip
def test_a_bad_request_is_explained(path: str, status: int, type_: str, detail: str, service: Service) -> None:
    problem = service.get(path).json()
    assert (problem["status"], problem["type"].rpartition("/")[2]) == (status, type_), problem
    assert detail in problem["detail"]


@pytest.mark.parametrize("path", [f"{PAPER}/references", f"{PAPER}/reference", "/api/bibliography"])
def test_who_has_an_answer_need_not_get_it_again(path: str, service: Service) -> None:
    answer = service.get(path)
    assert answer.headers["vary"] == "Accept, Accept-Encoding, Authorization"
    assert answer.headers["districtgraph-release"] == (service.state / "current").readlink().name
    known = {"If-None-Match": answer.headers["etag"]}
    assert service.get(path, headers=known).status_code == 304
    assert service.get(f"{PAPER}/citations", headers=known).status_code == 200
    assert service.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_openapi_describes_the_routes_and_its_examples_are_true(service: Service) -> None:
    document = service.get("/api/openapi.json").json()
    operations = {
        operation["operationId"]: (path, operation)
        for path, of_path in document["paths"].items()
        for operation in of_path.values()
    }
    for name in ("list_publication_references", "list_publication_citations", "get_reference", "export_bibliography"):
        path, operation = operations[name]
        assert "422" not in operation["responses"]
        for parameter in operation["parameters"]:
            assert parameter["description"]
            for example in parameter["schema"].get("examples", parameter.get("examples", [])):
                values = {"id": "hervas-oliver-2021"} | {parameter["name"]: example}
                answer = service.get(path.replace("{id}", str(values.pop("id"))), params=values)
                assert answer.status_code == 200, answer.text
                assert answer.text not in ("", "[]\n")
    schema = document["components"]["schemas"]["CitedWork"]["properties"]
    known = {"id", "label", "href", "title", "year", "byline", "doi", "citedInText", "reference", "citations"}
    assert known == schema.keys()


@pytest.mark.slow
def test_a_closed_source_cites_nothing(state: Path, tmp_path: Path) -> None:
    (tmp_path / "releases").symlink_to(state / "releases")
    (tmp_path / "current").symlink_to((state / "current").readlink())
    made = run("token", "create", "--role", "reader", "--name", "reader", "--state", tmp_path)
    assert made.returncode == 0, made.stderr
    graphs = [f"https://w3id.org/districtgraph/graph/{name}" for name in ("hervas-oliver-2021", "inferred")]
    token = {"Authorization": f"Bearer {made.stdout.strip()}"}
    with serving(tmp_path, DISTRICTGRAPH_CLOSED_GRAPHS=str(graphs).replace("'", '"')) as service:
        for path in (f"{PAPER}/references", f"{PAPER}/reference", "/api/bibliography?ids=hervas-oliver-2021"):
            with_token = service.get(path, headers=token)
            assert with_token.status_code == 200
            known = {"If-None-Match": with_token.headers["etag"]}
            assert service.get(path, headers=known).status_code == 404
        assert "Regional Studies" not in service.get("/api/bibliography").text
        assert "Regional Studies" in service.get("/api/bibliography", headers=token).text


WRITTEN = f"""{TURTLE}
dgi:here a dg:Publication ; rdfs:label "Here (2020)"@en .
dgi:there a dg:Publication ; dg:title "The\\nthere" ; dg:byline "Doe, J." ; dg:year 2021 .
<http://example.org/works/1> a dg:Publication ; dg:title "Elsewhere" .
dgi:one a dg:Citation ; dg:citingWork dgi:here ; dg:citedWork dgi:there ; dg:about dgi:thing .
dgi:two a dg:Citation ; dg:citingWork dgi:here ; dg:citedWork <http://example.org/works/1> ;
  dg:purpose "To go there."@en .
dgi:深圳 a dg:Publication ; dg:title "<script>alert(1)</script> & more" ; dg:byline "深圳" ;
  dg:cites dgi:here , dgi:there .
dgi:thing rdfs:label "cosa"@es , "thing"@en .
"""


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with written(tmp_path_factory.mktemp("literature") / "state") as writable:
        writable.put("http://example.org/graph/literature", WRITTEN)
        yield writable


def test_what_is_written_counts_without_inference(writable: Writable) -> None:
    document = writable.service.get("/api/publications/here/references").json()
    elsewhere, there = sorted(document["works"], key=lambda work: work["id"])
    assert (elsewhere["id"], elsewhere["href"], elsewhere["label"]) == (
        "http://example.org/works/1",
        None,
        "http://example.org/works/1",
    )
    assert (there["id"], there["title"], there["year"]) == (f"{ID}there", "The there", 2021)
    assert there["citations"][0]["about"] == [{"id": f"{ID}thing", "label": "thing"}]
    assert there["citations"][0]["evidence"] == []
    assert elsewhere["citations"][0]["purpose"] == "To go there."
    cited = writable.service.get("/api/publications/there/citations").json()
    assert [work["label"] for work in cited["works"]] == ["Here (2020)", "深圳"]


def test_whatever_is_written_is_shown_and_does_no_harm(writable: Writable) -> None:
    answer = writable.service.get("/api/publications/深圳/references", params={"limit": 1})
    [work] = answer.json()["works"]
    assert work["citedInText"] is False
    following = re.findall(r'<([^>]+)>; rel="next"', answer.headers["link"])[0]
    assert writable.service.get(following).json()["works"][0]["id"] != work["id"]
    for path in ("深圳/reference", "there/citations"):
        page = writable.service.get(f"/api/publications/{path}?format=html").text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
        assert page.count("<script") == 1  # ours
    [back] = writable.service.get("/api/publications/there/citations").json()["works"][1:]
    assert back["href"] == "/api/publications/%E6%B7%B1%E5%9C%B3"
    assert writable.service.get(f"{back['href']}/reference?format=bibtex").text.startswith("@misc{_E6_B7_B1_E5_9C_B3,")
