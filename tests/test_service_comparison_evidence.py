"""How a value of a comparison is joined to its case, and on what evidence, held against the graph."""

import re

import pytest
from compared import CASES, DG, DGI, INFERRED, compared, document_of, labels, relations_of, solutions, triple_of
from conftest import Service


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
    assert "(inferred: kind of instrument; " in page
    assert f'<a class="why" href="{told.replace("&", "&amp;")}">why?' in page
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


def test_a_peer_in_the_same_situation_is_told_to_be_joined_through_it(service: Service) -> None:
    """AIJU brokers six technologies: five of them are not technologies of the sixth."""
    text = service.get("/api/compare?items=augmented-reality&by=technologies&format=md").text
    (situation,) = solutions(
        service,
        """SELECT DISTINCT ?l { ?s dg:technology dgi:augmented-reality, dgi:3d-printing ; dg:broker dgi:aiju ;
        rdfs:label ?l FILTER(LANG(?l) = "en") }""",
    )
    assert re.search(rf"3D printing \(technology; [^)]*{re.escape(situation['l'])}", text)
