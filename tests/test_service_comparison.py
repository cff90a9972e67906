"""Cases compared: the rows of the ontology, cells with true evidence, gaps as gaps, and the same in every format."""

import csv
import html
import re

import pytest
from conftest import Service, copy_project, run, serving

DG = "https://w3id.org/districtgraph/ontology#"
DGI = "https://w3id.org/districtgraph/id/"
CASES = "castellon,toy-valley,its-owl"
PREFIXES = f"PREFIX dg: <{DG}> PREFIX oa: <http://www.w3.org/ns/oa#> "


def compared(service: Service, query: str) -> dict[str, dict[str, list[dict[str, object]]]]:
    """The values by row and case."""
    answer = service.get(f"/api/compare?{query}")
    assert answer.status_code == 200, answer.text
    return {
        row["dimension"]: {cell["item"].removeprefix(DGI): cell["values"] for cell in row["cells"]}
        for row in answer.json()["rows"]
    }


def labels(values: list[dict[str, object]], *bases: str) -> set[str]:
    return {str(value["label"]) for value in values if value["basis"] in bases}


def test_the_rows_are_those_of_the_ontology_and_gaps_are_gaps(service: Service) -> None:
    rows = compared(service, f"items={CASES}")
    assert {
        "collective-actors",
        "instruments",
        "technologies",
        "funding",
        "host",
        "mechanisms",
        "figures",
    } <= rows.keys()
    assert labels(rows["host"]["castellon"], "stated") == {"Colorker"}
    assert labels(rows["host"]["toy-valley"], "stated") == {"Vicedo Martí"}
    assert rows["host"]["its-owl"] == []
    assert {"ITC", "ASCER"} <= labels(rows["collective-actors"]["castellon"], "stated")
    assert "lock-in" in labels(rows["mechanisms"]["castellon"], "claimed")


@pytest.mark.parametrize("case", ["castellon", "toy-valley"])
def test_what_was_brokered_in_a_district_is_among_its_technologies(case: str, service: Service) -> None:
    brokered = service.get(f"/api/queries/brokerage?place={case}").json()["rows"]
    named = {row["brokered"]["label"] for row in brokered if row["district"]["iri"] == DGI + case}
    assert named <= labels(compared(service, f"items={case}&by=technologies")["technologies"][case], "stated")


@pytest.mark.slow
def test_every_passage_of_a_cell_is_the_evidence_of_its_triple(service: Service) -> None:
    checked = 0
    for row in compared(service, f"items={CASES}").values():
        for values in row.values():
            for value in values[:8]:
                for relation in value["relations"][:2]:  # type: ignore[index]
                    expected = evidence_of(service, relation)
                    assert {
                        (p["source"]["id"], p["section"], p["start"], p["end"]) for p in relation["evidence"]
                    } == expected
                    checked += 1
                stated = any(one["evidence"] and not is_claim(one) for one in value["relations"])  # type: ignore[attr-defined]
                assert (value["basis"] == "stated") == stated
    assert checked > 100


def is_claim(relation: dict[str, object]) -> bool:
    return "modality" in relation.get("via", {})  # type: ignore[operator]


def evidence_of(service: Service, relation: dict[str, str]) -> set[tuple[str, str, int, int]]:
    property_ = DG + relation["property"] if ":" not in relation["property"] else relation["property"]
    query = f"""{PREFIXES} SELECT DISTINCT ?source ?section ?start ?end {{
        ?fact dg:factSubject <{relation["subject"]}> ; dg:factProperty <{property_}> ;
            dg:factObject <{relation["object"]}> ; dg:evidence ?e .
        ?e dg:source ?source ; dg:section ?section ; oa:start ?start ; oa:end ?end }}"""
    rows = service.get("/sparql", params={"query": query}, headers={"Accept": "application/json"}).json()["results"][
        "bindings"
    ]
    return {
        (row["source"]["value"], row["section"]["value"], int(row["start"]["value"]), int(row["end"]["value"]))
        for row in rows
    }


def test_figures_come_with_value_unit_and_years(service: Service) -> None:
    figures = compared(service, "items=castellon&by=figures")["figures"]["castellon"]
    (firms,) = [one for one in figures if one["id"] == f"{DGI}stat-castellon-tile-firms-2018"]
    assert firms["figure"] == {"fromYear": 2018, "toYear": 2018, "unit": "firms", "value": 120}


def test_the_formats_have_the_same_cells(service: Service) -> None:
    path = f"/api/compare?items={CASES}&by=host,technologies,mechanisms"
    rows = list(csv.reader(service.get(f"{path}&format=csv").text.splitlines()))
    assert rows[0] == ["", "Castellon ceramic tile district", "Toy Valley", "ITS OWL"]
    assert [row[0] for row in rows[1:]] == ["host", "technologies", "mechanisms"]
    assert rows[1][3] == ""
    markdown = service.get(path, headers={"Accept": "text/markdown"}).text
    lines = [line.strip("| ").split(" | ") for line in markdown.splitlines() if line.startswith("|")]
    assert [[cell or "\N{EN DASH}" for cell in row] for row in rows[1:]] == lines[2:]
    latex = service.get(path, headers={"Accept": "application/x-latex"}).text
    assert latex.count(r" \\") == 4
    assert r"Vicedo Martí [" in latex and r"\begin{tabularx}" in latex
    page = service.get(path, headers={"Accept": "text/html"}).text
    cells = re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    found = [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", cell)).strip() for cell in cells]
    assert len(found) == 10, "the corner, and nine cells"
    for value in rows[1][1:3]:
        assert any(html.unescape(cell).startswith(value.partition(" [")[0]) for cell in found)
    numbers = set(re.findall(r"\[(\d+):", markdown))
    assert numbers == set(re.findall(r"^(\d+)\. ", markdown, re.MULTILINE)), "each source that is cited is listed"


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("items=castelon", 404, "did you mean 'castellon'"),
        ("items=castellon,,x", 400, "separated by commas"),
        ("items=" + ",".join(f"x{n}" for n in range(11)), 400, "1 to 10 things"),
        ("items=castellon&by=tecnologies", 400, "did you mean 'technologies'"),
        ("items=castellon&bye=host", 400, "did you mean 'by'"),
        ("items=castellon&format=pdf", 400, "there are: json"),
        ("by=host", 400, "items"),
        ("items=Castellon%20MID&by=firms,industry,hostedBy", 200, ""),
    ],
)
def test_a_slip_is_told(query: str, status: int, detail: str, service: Service) -> None:
    answer = service.get(f"/api/compare?{query}")
    assert answer.status_code == status, answer.text
    assert detail in answer.text


@pytest.mark.slow
def test_a_row_that_a_librarian_adds_is_in_the_table(tmp_path) -> None:  # type: ignore[no-untyped-def]
    copy_project(tmp_path)
    actors = tmp_path / "ontology/actors.ttl"
    text = actors.read_text()
    assert "dg:Firm rdf:type owl:Class" in text
    actors.write_text(
        text.replace("dg:Firm rdf:type owl:Class", 'dg:Firm dg:comparedAs "firms"@en ; rdf:type owl:Class', 1)
    )
    built = run("build", "--state", "state", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    with serving(tmp_path / "state") as service:
        assert "Colorker" in labels(compared(service, "items=castellon")["firms"]["castellon"], "stated")
