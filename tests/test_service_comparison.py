"""Cases compared: the rows of the ontology, how each value is joined, true evidence, gaps as gaps."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from conftest import Service, copy_project, run, serving

DG = "https://w3id.org/districtgraph/ontology#"
DGI = "https://w3id.org/districtgraph/id/"
CASES = "castellon,toy-valley,its-owl"
PREFIXES = f"""PREFIX dg: <{DG}> PREFIX dgi: <{DGI}> PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX owl: <http://www.w3.org/2002/07/owl#> """
INFERRED = "<https://w3id.org/districtgraph/graph/inferred>"

Document = dict[str, Any]


def document_of(service: Service, query: str) -> Document:
    answer = service.get(f"/api/compare?{query}")
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    return document


def compared(service: Service, query: str) -> dict[str, dict[str, list[Document]]]:
    """The values by row and case."""
    return {
        row["dimension"]: {cell["item"].removeprefix(DGI): cell["values"] for cell in row["cells"]}
        for row in document_of(service, query)["rows"]
    }


def values_of(document: Document) -> Iterator[Document]:
    for row in document["rows"]:
        for cell in row["cells"]:
            yield from cell["values"]


def relations_of(document: Document) -> Iterator[Document]:
    for value in values_of(document):
        yield from value["relations"]


def labels(values: list[Document], *bases: str) -> set[str]:
    return {str(value["label"]) for value in values if value["basis"] in bases}


def solutions(service: Service, query: str) -> list[dict[str, str]]:
    asked, headers = {"query": PREFIXES + query}, {"Accept": "application/json"}
    answer = httpx.post(f"{service.url}/sparql", data=asked, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return [{name: term["value"] for name, term in row.items()} for row in answer.json()["results"]["bindings"]]


def property_of(relation: Mapping[str, str]) -> str:
    name = relation["property"]
    return f"<{name}>" if ":" in name else f"dg:{name}"


def triple_of(relation: Mapping[str, Any]) -> str:
    """The triple of a relation between things."""
    return f"(<{relation['subject']}> {property_of(relation)} <{relation['object']}>)"


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


@pytest.mark.parametrize("query", [f"items={CASES}", "items=aiju,vicedo-marti,spain&by=barriers,policies"])
def test_each_relation_is_a_triple_of_the_graph_by_a_property_of_that_label(query: str, service: Service) -> None:
    document = document_of(service, query)
    parts = {part["id"] for part in document["parts"]}
    relations = list(relations_of(document))
    triples = {triple_of(one) for one in relations}
    there = solutions(service, f"SELECT ?s ?p ?o {{ VALUES (?s ?p ?o) {{ {' '.join(triples)} }} ?s ?p ?o }}")
    assert len(there) == len(triples) > 10
    names = {one["property"]: one["label"] for one in relations}
    for row in solutions(service, 'SELECT ?p ?l { ?p a owl:ObjectProperty ; rdfs:label ?l FILTER(LANG(?l) = "en") }'):
        name = row["p"].removeprefix(DG)
        assert names.get(name, row["l"]) == row["l"]
    for one in relations:
        assert one.get("via") in {None, one["subject"], one["object"]}
        assert "via" not in one or one["via"] in parts


def test_what_was_considered_is_told_to_be_so_in_every_format(service: Service) -> None:
    path = "/api/compare?items=toy-valley&by=policies"
    for name in ("Digitaliza-CV", "Technical simulators through technology transfer offices"):
        iri = solutions(service, f'SELECT ?x {{ ?x rdfs:label "{name}"@en }}')[0]["x"]
        (value,) = [
            one
            for one in compared(service, "items=toy-valley&by=policies")["policies"]["toy-valley"]
            if one["id"] == iri
        ]
        told = {one["label"] for one in value["relations"] if one["basis"] == "stated"}
        assert told == {"considered", "did not choose"}
        for form in ("md", "latex"):
            assert f"{name} (considered, did not choose) " in service.get(f"{path}&format={form}").text
        page = service.get(f"{path}&format=html").text
        assert f"{name}</a> <em>(considered, did not choose)</em>" in " ".join(page.split())
        csv = service.get(f"{path}&format=csv").text
        assert f'Toy Valley,{name},{iri},stated,"considered, did not choose",,' in csv


def test_what_a_policy_overcomes_is_not_told_of_whoever_is_joined_to_it(service: Service) -> None:
    query = "items=aiju,vicedo-marti,spain&by=barriers"
    lab, lab_name = f"{DGI}toy-valley-living-lab", "Industry 4.0 living lab of the Toy Valley"
    overcome = solutions(service, f"SELECT ?l {{ <{lab}> dg:overcomes/rdfs:label ?l FILTER(LANG(?l) = 'en') }}")
    assert overcome
    for case, values in compared(service, query)["barriers"].items():
        found = {one["label"]: one for one in values}
        for row in overcome:
            relations = [one for one in found[row["l"]]["relations"] if one["basis"] != "mentioned"]
            assert {one["via"] for one in relations} == {lab}, case
    for form in ("md", "latex", "html"):
        text = " ".join(service.get(f"/api/compare?{query}&format={form}").text.split())
        assert text.count(f"(overcomes; {lab_name})") >= 3 * len(overcome)
    assert service.get(f"/api/compare?{query}&format=csv").text.count(f"stated,overcomes,{lab_name},") == 3 * len(
        overcome
    )


def test_the_word_is_left_out_where_the_row_says_it(service: Service) -> None:
    text = service.get(f"/api/compare?items={CASES}&by=technologies,industries,figures,hosted_by&format=md").text
    assert "3D printing [" in text, "`technology` of Technology"
    assert "intelligent technical systems (focuses on) [" in text
    assert "thermoses [" in text, "`industry` of Industry"
    assert "automotive industry (market) [" in text
    assert "Export share of Castellon in 2018: 70% [" in text, "a figure is about whatever it is about"
    assert "(← about; QUALICER)" in text
    assert "(hosted by; CEBRA+" in text, "hosted by is said by the row, but not through what"


@pytest.mark.parametrize("name", ["description", "aim", "keyword"])
def test_a_literal_is_of_the_case_itself_only(name: str, service: Service) -> None:
    cases = ("aiju", "cebra-plus", "toy-valley", "toy-valley-living-lab")
    rows = compared(service, f"items={','.join(cases)}&by={name}")[name]
    property_ = "<http://purl.org/dc/terms/description>" if name == "description" else f"dg:{name}"
    for case in cases:
        expected = {row["v"] for row in solutions(service, f"SELECT ?v {{ dgi:{case} {property_} ?v }}")}
        assert {one["label"] for one in rows[case]} == expected


def test_a_literal_has_the_evidence_of_its_facts(service: Service) -> None:
    (row,) = document_of(service, "items=cebra-plus&by=aim")["rows"]
    (cell,) = row["cells"]
    assert cell["values"]
    for value in cell["values"]:
        (relation,) = value["relations"]
        assert (value["basis"], relation["object"]) == ("stated", value["value"])
        evidence = {one["id"] for one in relation["evidence"]}
        facts = "?f dg:factSubject dgi:cebra-plus ; dg:factProperty dg:aim ; dg:factObject ?v ; dg:evidence ?e"
        found = solutions(service, f"SELECT DISTINCT ?v ?e {{ {facts} }}")
        assert evidence == {one["e"] for one in found if one["v"] == value["value"]} != set()
        explained = service.get(relation["explanation"]).json()
        assert explained["stated"] and explained["facts"]


def test_what_is_only_mentioned_beside_a_case_is_called_so(service: Service) -> None:
    document = document_of(service, f"items={CASES}")
    assert "claim" in document["bases"]["mentioned"]
    mentions = [one for one in relations_of(document) if one["basis"] == "mentioned"]
    parts = " ".join({f"<{one['via']}>" for one in mentions})
    said = solutions(service, f"SELECT ?x ?c {{ VALUES ?x {{ {parts} }} ?x dg:about ?c }}")
    about: dict[str, set[str]] = {}
    for row in said:
        about.setdefault(row["x"], set()).add(row["c"])
    for row in document["rows"]:
        for cell in row["cells"]:
            for value in cell["values"]:
                mentioned = [one for one in value["relations"] if one["basis"] == "mentioned"]
                assert all({cell["item"], value["id"]} <= about[one["via"]] for one in mentioned)
                assert (value["basis"] == "mentioned") == (len(mentioned) == len(value["relations"]))
    rows = compared(service, f"items={CASES}")
    assert "lock-in" in labels(rows["mechanisms"]["castellon"], "mentioned")
    assert "Manufacturing target of the EU" in labels(rows["figures"]["toy-valley"], "mentioned")
    assert "Frit firms of Castellon in 2014: 26" in labels(rows["figures"]["castellon"], "mentioned"), "a citation"
    for form in ("md", "latex", "html"):
        text = " ".join(service.get(f"/api/compare?items=castellon&by=mechanisms&format={form}").text.split())
        assert "(mentioned)" in text and "mentioned: a claim or a citation is about both" in text


def test_peers_of_a_case_are_not_mentioned(service: Service) -> None:
    """A claim that names four clusters as examples does not join them."""
    query = "items=its-owl,castellon,augmented-reality&by=collective-actors,agglomerations,technologies"
    document = document_of(service, query)
    peers = {
        (row["c"], row["x"])
        for row in solutions(
            service,
            f"""SELECT DISTINCT ?c ?x {{ VALUES ?c {{ dgi:its-owl dgi:castellon dgi:augmented-reality }}
            GRAPH ?g {{ ?c a ?k }} GRAPH ?h {{ ?x a ?k }}
            FILTER(?k != owl:NamedIndividual && ?g != {INFERRED} && ?h != {INFERRED}) }}""",
        )
    }
    assert (f"{DGI}its-owl", f"{DGI}clib2021") in peers
    seen = 0
    for row in document["rows"]:
        for cell in row["cells"]:
            for value in cell["values"]:
                seen += 1
                mentioned = any(one["basis"] == "mentioned" for one in value["relations"])
                assert not (mentioned and (cell["item"], value["id"]) in peers)
    assert seen > 5
    assert compared(service, query)["collective-actors"]["its-owl"] == []


@pytest.mark.slow
def test_basis_and_evidence_of_a_relation_are_those_that_its_explanation_tells(service: Service) -> None:
    document = document_of(service, f"items={CASES}&by=technologies,instruments,policies,host,barriers,figures")
    checked = set()
    for one in list(relations_of(document))[::4]:
        explained = service.get(one["explanation"])
        assert explained.status_code == 200, one["explanation"]
        told = explained.json()
        ends = (told["subject"]["id"], told["object"]["id"])
        assert ends == (one["subject"], one["object"])
        if one["basis"] != "mentioned":
            assert told["stated"] == (one["basis"] == "stated")
        places = {(e["source"]["id"], e["section"], e["start"], e["end"]) for f in told["facts"] for e in f["evidence"]}
        assert {(e["source"], e["section"], e["start"], e["end"]) for e in one["evidence"]} == places
        checked.add(one["basis"])
    assert checked == {"stated", "inferred", "mentioned"}


def test_what_is_inferred_cites_nothing_and_leads_to_its_explanation(service: Service) -> None:
    query = "items=castellon&by=instruments"
    (value,) = [one for one in compared(service, query)["instruments"]["castellon"] if one["label"] == "simulator"]
    assert value["basis"] == "inferred"
    assert any(one["evidence"] for one in value["relations"]), "of the claims that mention it"
    assert not any(one["evidence"] for one in value["relations"] if one["basis"] == "inferred")
    (line,) = [
        part
        for part in service.get(f"/api/compare?{query}&format=md").text.replace(" |", "<br>").split("<br>")
        if part.startswith("simulator")
    ]
    assert line.startswith("simulator (inferred: kind of instrument; ") and "[" not in line
    page = service.get(f"/api/compare?{query}&format=html").text
    (told,) = [one["explanation"] for one in value["relations"] if one["basis"] == "inferred"]
    assert f'<a href="{told.replace("&", "&amp;")}">inferred: kind of instrument' in page
    assert service.get(told).json()["inferred"]


def test_what_a_graph_without_evidence_states_is_stated(service: Service) -> None:
    """The gazetteer is a graph of the release, and no source."""
    values = compared(service, "items=valencia-region&by=locatedIn")["locatedIn"]["valencia-region"]
    found = {one["id"]: one["basis"] for one in values if any("via" not in each for each in one["relations"])}
    stated = solutions(
        service, f"SELECT ?o {{ GRAPH ?g {{ dgi:valencia-region dg:locatedIn ?o }} FILTER(?g != {INFERRED}) }}"
    )
    everywhere = solutions(service, "SELECT DISTINCT ?o { dgi:valencia-region dg:locatedIn ?o }")
    assert {row["o"] for row in stated} < {row["o"] for row in everywhere} == found.keys()
    assert {iri for iri, basis in found.items() if basis == "stated"} == {row["o"] for row in stated}


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
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "request-parameter")
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
