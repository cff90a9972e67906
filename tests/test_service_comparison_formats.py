"""A comparison in each format: figures, numbered references, what a paper needs, and the schema of the JSON."""

import asyncio
import csv
import html
import io
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from clients import Writable, written
from conftest import Service

from service.comparison.figures import figure_text
from service.comparison.schema import ComparedCases
from service.store.selection import Literal

DG = "https://w3id.org/districtgraph/ontology#"
DGI = "https://w3id.org/districtgraph/id/"
CASES = "castellon,toy-valley,its-owl"
INTEGER, DECIMAL = "http://www.w3.org/2001/XMLSchema#integer", "http://www.w3.org/2001/XMLSchema#decimal"
TEXT = "http://www.w3.org/2001/XMLSchema#string"


def answer(service: Service, query: str, form: str) -> str:
    got = service.get(f"/api/compare?{query}&format={form}")
    assert got.status_code == 200, got.text
    return got.text


def tidy(service: Service, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer(service, query, "csv"), newline="")))


def markdown_cells(text: str) -> list[list[list[str]]]:
    """The values of the cells of each row, without the heads."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")][2:]
    return [[re.sub(r"\\(.)", r"\1", cell).split("<br>") for cell in line[1:]] for line in lines]


def references(text: str) -> dict[int, str]:
    return {int(number): line for number, line in re.findall(r"^(\d+)\. (.+)$", text, re.MULTILINE)}


def test_the_formats_have_the_same_values(service: Service) -> None:
    query = f"items={CASES}&by=host,technologies,mechanisms"
    document = service.get(f"/api/compare?{query}").json()
    expected = [
        (row["dimension"], item["label"], value["label"], value["basis"])
        for row in document["rows"]
        for item, cell in zip(document["items"], row["cells"], strict=True)
        for value in cell["values"] or [{"label": "", "basis": ""}]
    ]
    rows = tidy(service, query)
    assert [(row["dimension"], row["item"], row["value"], row["basis"]) for row in rows] == expected
    cells = markdown_cells(answer(service, query, "md"))
    flat = [value for row in cells for cell in row for value in cell]
    assert len(flat) == len(expected)
    assert all(text.startswith(value or "\N{EN DASH}") for text, (_, _, value, _) in zip(flat, expected, strict=True))
    page = answer(service, query, "html")
    (shown,) = re.findall(r'<table class="comparison">.*?</table>', page, re.DOTALL)
    shown = re.sub(r'<a class="why".*?</a>', "", shown)
    found = [" ".join(re.sub("<[^>]*>", "", one).split()) for one in re.findall(r"<li>(.*?)</li>", shown, re.DOTALL)]
    assert list(map(html.unescape, found)) == [text for text in flat if text != "\N{EN DASH}"]
    latex = answer(service, query, "latex")
    assert all(latex.count(value) >= 1 for _, _, value, _ in expected if value.isascii())


def test_sources_are_full_references_and_only_those_that_are_cited(service: Service) -> None:
    query = f"items={CASES}&by=host,technologies"
    text = answer(service, query, "md")
    listed = references(text)
    assert {int(number) for number in re.findall(r"\[(\d+): ", text)} == set(listed)
    document = service.get(f"/api/compare?{query}").json()
    works = {one["id"]: one for one in document["sources"]}
    for source in works.values():
        plain = service.get(f"/api/publications/{source['id'].removeprefix(DGI)}/reference?style=apa").text.strip()
        assert source["reference"] == plain
        assert "https://doi.org/10." in plain
    assert {line.replace("\\", "") for line in listed.values()} <= {one["reference"] for one in works.values()}
    for row in tidy(service, query):
        assert bool(row["sources"]) == bool(row["references"])
        assert row["release"] == document["release"]
        assert row["references"] in {"", *(one["reference"] for one in works.values())}
    page = answer(service, query, "html")
    assert set(re.findall(r'href="#(source-\d+)"', page)) == set(re.findall(r'<li id="(source-\d+)"', page)) != set()
    assert '<th scope="col"><a href="/page/castellon">' in page
    assert 'href="https://doi.org/10.' in page


def test_csv_has_a_row_a_value_with_its_figure(service: Service) -> None:
    rows = tidy(service, "items=castellon,its-owl&by=figures,host")
    assert list(rows[0]) == [
        *("dimension", "item", "value", "id", "basis", "relation", "via"),
        *("figure.value", "figure.minimumValue", "figure.maximumValue", "figure.unit"),
        *("figure.fromYear", "figure.toYear", "figure.approximation", "sources", "references", "release"),
    ]
    (firms,) = [row for row in rows if row["id"] == f"{DGI}stat-castellon-tile-firms-2018"]
    told = {name.removeprefix("figure."): text for name, text in firms.items() if name.startswith("figure.") and text}
    assert told == {"value": "120", "unit": "firms", "fromYear": "2018", "toYear": "2018", "approximation": "about"}
    (gap,) = [row for row in rows if row["item"] == "ITS OWL" and row["dimension"] == "host"]
    assert {name for name, text in gap.items() if text} == {"dimension", "item", "release"}


def test_figures_come_with_value_unit_years_and_how_close_they_are(service: Service) -> None:
    document = service.get("/api/compare?items=castellon,toy-valley&by=figures").json()
    found = {one["id"].removeprefix(DGI): one for cell in document["rows"][0]["cells"] for one in cell["values"]}
    assert found["stat-castellon-tile-firms-2018"]["figure"] == {
        **{"fromYear": 2018, "toYear": 2018, "unit": "firms", "value": 120},
        "approximation": "about",
    }
    text = answer(service, "items=castellon,toy-valley&by=figures", "md")
    assert "Firms in the Toy Valley: about 400 firms" in text
    assert "Firms waiting for industrial plots in the Toy Valley: more than 100 firms" in text
    assert "1.2 billion euros (mentioned) [" in text, "said once"
    assert "1200000000" not in text and "1,200,000,000" not in text
    assert "in 2018: exactly 1 rank (2018)" in text, "1 is no number of 2018"


@pytest.mark.parametrize(
    ("label", "figure", "text"),
    [
        ("Firms", {"value": "400"}, ": about 400 firms (2014–2018)"),
        ("400 firms", {"value": "400"}, " (2014–2018)"),
        ("400 firms in 2014 to 2018", {"value": "400"}, ""),
        ("Area 4000", {"value": "400"}, ": about 400 firms (2014–2018)"),
        ("Workers: 3,400", {"value": "3400"}, " (2014–2018)"),
        ("1.2 billion", {"value": "1200000000"}, " (2014–2018)"),
        ("Industry 4.0", {"value": "4"}, ": about 4 firms (2014–2018)"),
        ("Around 4.5", {"value": "4.5"}, " (2014–2018)"),
        ("5 or 7", {"minimumValue": "5", "maximumValue": "7"}, " (2014–2018)"),
        ("5 firms", {"minimumValue": "5", "maximumValue": "7"}, ": about 5 to 7 firms (2014–2018)"),
        ("Sales", {"value": "1234567.5"}, ": about 1,234,567.5 firms (2014–2018)"),
        ("Sales", {"value": "a lot"}, ": about a lot firms (2014–2018)"),
    ],
)
def test_a_figure_is_left_out_only_where_the_label_has_its_number(
    label: str, figure: dict[str, str], text: str
) -> None:
    literals: dict[str, Literal] = {name: (value, DECIMAL, None) for name, value in figure.items()}
    literals |= {"unit": ("firms", TEXT, None), "approximation": ("about", TEXT, "en")}
    literals |= {"fromYear": ("2014", INTEGER, None), "toYear": ("2018", INTEGER, None)}
    assert figure_text(literals, label) == text


def test_latex_is_a_long_table_that_has_what_is_shared_on_one_line(service: Service) -> None:
    text = answer(service, f"items={CASES}&by=mechanisms,host", "latex")
    assert text.startswith("% \\usepackage{longtable,booktabs,array}\n")
    assert r"\label{tab:castellon-toy-valley-its-owl}" in text
    assert "Comparison of Castellon ceramic tile district, Toy Valley and ITS OWL" in text
    body = text.partition(r"\endfoot")[2].partition(r"\end{longtable}")[0]
    lines = [
        [cell.strip() for cell in line.removesuffix(r"\\").split(" & ")] for line in body.splitlines() if "&" in line
    ]
    assert all(len(line) == 4 for line in lines)
    named = [[cell.partition(" (")[0] for cell in line[1:]] for line in lines[: len(lines) - 1]]
    shared = [line for line in named if len(set(filter(None, line))) < len(list(filter(None, line)))]
    assert ["", "technology transfer", "technology transfer"] in shared
    assert named[: len(shared)] == shared, "what is shared comes first"
    columns = [[line[place] for line in named if line[place]] for place in range(3)]
    assert all(len(set(column)) == len(column) for column in columns)
    assert lines[-1][0] == "{host}" and lines[-1][3] == "--"
    listed = text.partition(r"\end{longtable}")[2]
    assert listed.count(r"\item") == len(set(re.findall(r"\[(\d+): ", body)))
    assert "https://doi.org/10." in listed and "7baa" not in body
    assert r"\ensuremath{\leftarrow}" in listed and "\N{LEFTWARDS ARROW}" not in text


def test_the_json_is_as_openapi_says_and_says_nothing_twice(service: Service) -> None:
    got = service.get(f"/api/compare?items={CASES}")
    ComparedCases.model_validate(got.json())
    document = service.get("/api/openapi.json").json()
    schema = document["paths"]["/api/compare"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/ComparedCases"}
    relations = [
        relation
        for row in got.json()["rows"]
        for cell in row["cells"]
        for value in cell["values"]
        for relation in value["relations"]
    ]
    evidence = [one for relation in relations for one in relation["evidence"]]
    assert all(one.keys() == {"id", "href", "source", "section", "start", "end"} for one in evidence)
    assert {one["source"] for one in evidence} == {one["id"] for one in got.json()["sources"]}
    assert {one["via"] for one in relations if "via" in one} == {one["id"] for one in got.json()["parts"]}
    known = document["components"]["schemas"]
    for name, told in (("ComparedRelation", relations), ("ComparedEvidence", evidence)):
        assert set().union(*told) <= known[name]["properties"].keys()


def test_a_page_of_a_comparison_leads_to_its_other_formats(service: Service) -> None:
    page = answer(service, "items=castellon&items=toy-valley&by=host", "html")
    for form in ("json", "csv", "md", "latex"):
        (href,) = re.findall(rf'href="(\?[^"]*format={form})"', page)
        assert service.get(f"/api/compare{html.unescape(href)}").status_code == 200


def test_blanks_of_the_form_that_are_left_count_for_nothing(service: Service) -> None:
    query = "/api/compare?items=castellon&items=&items=toy-valley&items=+"
    page = service.get(query, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/api/compare?items=castellon&items=toy-valley")
    assert service.get(query).status_code == 400


def state_of(number: int) -> str:
    """A case whose only value, its label and the figure of its label all belong to one state."""
    return f"""@prefix dg: <{DG}> . @prefix ex: <http://example.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ex:case rdfs:label "Case {number}"@en ; dg:locatedIn ex:place-{number} .
        ex:place-{number} rdfs:label "Place {number}"@en . """


@pytest.mark.slow
def test_a_comparison_is_of_one_state_while_others_write(tmp_path: Path) -> None:
    with written(tmp_path / "state") as writable:
        writable.put("http://example.org/graph/states", state_of(0))
        seen = asyncio.run(compared_while_written(writable))
    assert seen[200] and set(seen) <= {200, 503}
    for document in filter(None, seen[200]):
        ((cell,),) = [row["cells"] for row in document["rows"]]
        (value,) = cell["values"]
        (item,) = document["items"]
        assert item["label"].removeprefix("Case ") == value["label"].removeprefix("Place ")


async def compared_while_written(writable: Writable) -> dict[int, list[Any]]:
    """What comparisons answer, by status, while another client replaces a graph again and again."""
    seen: dict[int, list[Any]] = {200: []}
    ended = asyncio.Event()

    async def write(client: httpx.AsyncClient) -> None:
        number = 0
        while not ended.is_set():
            number += 1
            headers = {"Authorization": writable.bearer, "Content-Type": "text/turtle"}
            graph = {"graph": "http://example.org/graph/states"}
            put = await client.put(writable.graph_store, params=graph, content=state_of(number), headers=headers)
            assert put.status_code == 204, put.text
            await asyncio.sleep(0.02)

    async def read(client: httpx.AsyncClient) -> None:
        for _ in range(40):
            path = f"{writable.service.url}/api/compare?items=http://example.org/case&by=locatedIn"
            got = await client.get(path, headers={"Authorization": writable.bearer})
            seen.setdefault(got.status_code, []).append(got.json() if got.status_code == 200 else None)
        ended.set()

    async with httpx.AsyncClient(timeout=60) as client:
        await asyncio.gather(write(client), read(client))
    return seen
