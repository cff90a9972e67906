"""Cases compared: the rows of the ontology, what a request may ask, gaps as gaps."""

import pytest
from compared import CASES, DGI, compared, labels, solutions
from conftest import Service, copy_project, run, serving


def test_the_rows_are_those_of_the_ontology_and_gaps_are_gaps(service: Service) -> None:
    rows = compared(service, f"items={CASES}")
    expected = {"collective-actors", "instruments", "technologies", "funding", "host", "mechanisms", "figures"}
    assert expected <= rows.keys()
    assert labels(rows["host"]["castellon"], "stated") == {"Colorker"}
    assert labels(rows["host"]["toy-valley"], "stated") == {"Vicedo Martí"}
    assert rows["host"]["its-owl"] == []
    assert {"ITC", "ASCER"} <= labels(rows["collective-actors"]["castellon"], "stated")


@pytest.mark.parametrize("case", ["castellon", "toy-valley"])
def test_what_was_brokered_in_a_district_is_among_its_technologies(case: str, service: Service) -> None:
    brokered = service.get(f"/api/queries/brokerage?place={case}").json()["rows"]
    named = {row["brokered"]["label"] for row in brokered if row["district"]["iri"] == DGI + case}
    assert named <= labels(compared(service, f"items={case}&by=technologies")["technologies"][case], "stated")


@pytest.mark.parametrize("name", ["description", "aim", "keyword"])
def test_a_literal_is_of_the_case_itself_only(name: str, service: Service) -> None:
    cases = ("aiju", "cebra-plus", "toy-valley", "toy-valley-living-lab")
    rows = compared(service, f"items={','.join(cases)}&by={name}")[name]
    property_ = "<http://purl.org/dc/terms/description>" if name == "description" else f"dg:{name}"
    for case in cases:
        expected = {row["v"] for row in solutions(service, f"SELECT ?v {{ dgi:{case} {property_} ?v }}")}
        assert {one["label"] for one in rows[case]} == expected


@pytest.mark.parametrize(
    "query",
    [
        "items=castellon&items=toy-valley,castellon&by=host&by=located_in",
        "items=castellon,toy-valley&by=host,locatedIn",
        "items=castellon,toy-valley&by=host,dg:locatedIn",
    ],
)
def test_repeated_parameters_are_taken_together_and_names_may_be_written_as_in_filters(
    query: str, service: Service
) -> None:
    assert compared(service, query) == compared(service, "items=castellon,toy-valley&by=host,locatedIn")


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("items=castelon", 404, "did you mean 'castellon'"),
        ("items=castellon,,x", 400, "separated by commas"),
        ("items=" + ",".join(f"x{n}" for n in range(11)), 400, "1 to 10 things"),
        ("items=castellon&by=tecnologies", 400, "did you mean 'technologies'"),
        ("items=castellon&by=claimant.year", 400, "cannot be compared by"),
        ("items=castellon&bye=host", 400, "did you mean 'by'"),
        ("items=castellon&format=pdf", 400, "there are: json"),
        ("items=castellon&format=md&format=csv", 400, "given twice"),
        ("by=host", 400, "items"),
        ("items=Castellon%20MID&by=firms,industry,hostedBy", 200, ""),
    ],
)
def test_a_slip_is_told(query: str, status: int, detail: str, service: Service) -> None:
    answer = service.get(f"/api/compare?{query}")
    assert answer.status_code == status, answer.text
    assert detail in answer.text


@pytest.mark.slow
def test_what_is_too_much_is_refused_and_not_cut(service: Service) -> None:
    items = (
        "spain,castellon,toy-valley,hervas-oliver-2021,hervas-oliver-2019,gotz-2019,living-labs,germany,industry-4-0"
    )
    answer = service.get(f"/api/compare?items={items}&by=citations,publications,claims,actors,concepts,statements")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "parameter")
    assert "compare fewer cases, or fewer rows" in answer.json()["detail"]


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
