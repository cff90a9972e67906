"""Networks over REST: what they say is what the graph says, in every format, and it is told what is not there."""

import csv
import io
import json
import re

import networkx as nx
import pytest
from conftest import Service

DG = """PREFIX dg: <https://w3id.org/districtgraph/ontology#> PREFIX dgi: <https://w3id.org/districtgraph/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
CASTELLON = "/api/networks/castellon"


def rows(service: Service, query: str) -> list[list[str]]:
    answer = service.get("/sparql", params={"query": DG + query}, headers={"Accept": "text/csv"})
    return [line.split(",") for line in answer.text.splitlines()[1:]]


def test_the_list_leads_to_every_network(service: Service) -> None:
    listed = service.get("/api/networks").json()["networks"]
    assert listed[0]["name"] == "all"
    assert {"castellon", "toy-valley", "cebra-plus"} <= {network["name"] for network in listed}
    for network in listed:
        found = service.get(network["href"]).json()
        assert found["network"] == network
        assert len(found["elements"]["nodes"]) == network["actorCount"]
        arcs = {(e["data"]["source"], e["data"]["target"]) for e in found["elements"]["edges"]}
        arcs |= {
            (e["data"]["target"], e["data"]["source"]) for e in found["elements"]["edges"] if not e["data"]["directed"]
        }
        assert len(arcs) == network["tieCount"]


def test_ties_are_those_of_the_graph(service: Service) -> None:
    query = """SELECT ?from ?to ?basis { ?tie dg:tieFrom ?from ; dg:tieTo ?to ; dg:basis ?basis ;
        dg:inNetwork <https://w3id.org/districtgraph/id/computed--network--castellon> }"""
    expected = {tuple(row) for row in rows(service, query)}
    edges = service.get(CASTELLON).json()["elements"]["edges"]
    dgi = "https://w3id.org/districtgraph/id/"
    found = {(dgi + e["data"]["source"], dgi + e["data"]["target"], b) for e in edges for b in e["data"]["basis"]}
    assert found == expected


def test_what_the_ontology_has_a_property_for_has_its_name(service: Service) -> None:
    listed = service.get("/api/networks").json()["networks"]
    elements = service.get(CASTELLON).json()["elements"]
    scores = service.get(f"{CASTELLON}/brokerage").json()
    tables = {
        "networks": listed,
        "nodes": [node["data"] for node in elements["nodes"]],
        "edges": [edge["data"] for edge in elements["edges"]],
        "scores": scores["actors"] + scores["whole"],
        "CSV of ties": csv.DictReader(io.StringIO(service.get(f"{CASTELLON}?format=csv").text)),
        "CSV of scores": csv.DictReader(io.StringIO(service.get(f"{CASTELLON}/brokerage?format=csv").text)),
        "GraphML": [dict(node) for _, node in graphml(service).nodes(data=True)],
        "GraphML of ties": [tie for _, _, tie in graphml(service).edges(data=True)],
    }
    envelope = {"id", "iri", "name", "label", "href", "source", "target", "computedRole"}
    terms = {row[0].rpartition("#")[2] for row in rows(service, "SELECT ?p { ?p rdfs:domain ?class }")}
    for name, table in tables.items():
        keys = {key for row in table for key in row}
        assert keys, name
        assert keys - envelope <= terms | {"tieRelation"}, name


def graphml(service: Service) -> "nx.MultiDiGraph[str]":
    answer = service.get(CASTELLON, params={"format": "graphml"})
    return nx.read_graphml(io.BytesIO(answer.content))


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_network_programs_read_the_same(service: Service, form: str) -> None:
    answer = service.get(CASTELLON, params={"format": form})
    assert answer.headers["content-type"].startswith(f"application/{form}+xml")
    reader = nx.read_graphml if form == "graphml" else nx.read_gexf
    graph = reader(io.BytesIO(answer.content))
    document = service.get(CASTELLON).json()["elements"]
    assert set(graph) == {node["data"]["id"] for node in document["nodes"]}
    assert graph.nodes["itc"]["label" if form == "graphml" else "actorKind"] in ("ITC", "technology institutes")
    arcs = {(tail, head) for tail, head in graph.edges()}
    assert ("castellon-it-companies", "itc") in arcs
    assert ("itc", "castellon-it-companies") in arcs
    assert ("itc", "castellon-local-competitors") in arcs
    assert ("castellon-local-competitors", "itc") not in arcs


def test_csv_has_a_row_for_each_tie(service: Service) -> None:
    answer = service.get(CASTELLON, headers={"Accept": "text/csv"})
    found = list(csv.DictReader(io.StringIO(answer.text)))
    edges = service.get(CASTELLON).json()["elements"]["edges"]
    assert [row["id"] for row in found] == [edge["data"]["id"] for edge in edges]
    assert {row["directed"] for row in found} == {"true", "false"}


def test_filters_leave_what_they_name(service: Service) -> None:
    def edges(**filters: str) -> list[dict[str, object]]:
        answer = service.get("/api/networks/all", params=filters)
        assert answer.status_code == 200, answer.text
        elements = answer.json()["elements"]
        ends = {e["data"][end] for e in elements["edges"] for end in ("source", "target")}
        assert {node["data"]["id"] for node in elements["nodes"]} == ends
        return [edge["data"] for edge in elements["edges"]]

    every = edges()
    assert {edge["tieRelation"] for edge in edges(tieRelation="brokersFor")} == {"brokersFor"}
    assert 0 < len(edges(technology="drones")) < len(every)
    assert 0 < len(edges(source="gotz-2019")) < len(every)
    assert edges(technology="nothing-of-the-kind") == []
    refused = service.get("/api/networks/all", params={"tieRelation": "broker"})
    assert refused.status_code == 400
    assert "brokersFor" in refused.json()["detail"]


def test_ties_are_chosen_by_the_years_that_are_stated_of_what_they_rest_on(service: Service) -> None:
    def ties(**filters: int) -> dict[str, dict[str, object]]:
        elements = service.get(CASTELLON, params=filters).json()["elements"]
        return {edge["data"]["id"]: edge["data"] for edge in elements["edges"]}

    stated = """SELECT DISTINCT ?tie ?year { ?tie dg:inNetwork dgi:computed--network--castellon ; dg:basis ?basis .
        ?basis (dg:activity|dg:policy)? ?dated . ?dated dg:fromYear ?year }"""
    of_tie: dict[str, set[int]] = {}
    for iri, year in rows(service, stated):
        of_tie.setdefault(iri.rpartition("/")[2], set()).add(int(year))
    first, every = {id_: min(years) for id_, years in of_tie.items()}, ties()
    assert set[int]().union(*of_tie.values()) == {2017, 2019}
    assert {id_: tie["fromYear"] for id_, tie in every.items() if tie["fromYear"]} == first
    assert ties(fromYear=2019).keys() == {id_ for id_, years in of_tie.items() if 2019 in years}
    assert ties(toYear=2018).keys() == {id_ for id_, years in of_tie.items() if 2017 in years}
    assert ties(fromYear=2016, toYear=2030).keys() == first.keys()
    assert ties(fromYear=2020) == {}
    years = service.get(CASTELLON, params={"fromYear": 2019}).json()["years"]
    assert years == {"fromYear": 2017, "toYear": 2019, "tiesWithoutYear": len(every) - len(first)}
    table = csv.DictReader(io.StringIO(service.get(CASTELLON, params={"format": "csv", "fromYear": 2019}).text))
    assert {row["fromYear"] for row in table} == {"2019"}


def test_the_page_offers_years_where_ties_have_some(service: Service) -> None:
    browser = {"Accept": "text/html"}
    page, years = service.get(CASTELLON, headers=browser).text, service.get(CASTELLON).json()["years"]
    assert 'name="fromYear"' in page and f"{years['tiesWithoutYear']} ties have no year, and are shown" in page
    chosen = service.get(CASTELLON, params={"fromYear": 2019}, headers=browser).text
    assert 'name="fromYear" value="2019"' in chosen and "are left out as long as years are chosen" in chosen
    without = service.get("/api/networks/norway-cluster-a", headers=browser).text
    assert 'name="fromYear"' not in without and "No source states a year of these ties." in without


def test_brokerage_is_what_was_computed(service: Service) -> None:
    document = service.get(f"{CASTELLON}/brokerage", params={"partition": "inside"}).json()
    assert document["partitions"] == ["inside", "kind"]
    (itc,) = [s for s in document["actors"] if s["measuredActor"] == "itc" and s["brokerageRole"] == "gatekeeper"]
    score = "<https://w3id.org/districtgraph/id/computed--score--castellon--inside--gatekeeper--itc>"
    counts = ("rawCount", "expectedCount", "countDeviation", "zScore")
    names = (*counts, "expectedCountGivenTies", "countDeviationGivenTies", "zScoreGivenTies")
    asked = " ; ".join(f"dg:{name} ?{name}" for name in names)
    (figures,) = rows(service, f"SELECT {' '.join('?' + name for name in names)} {{ {score} {asked} }}")
    assert [itc[name] for name in names] == [float(figure) for figure in figures]
    assert not itc["computedRole"]
    for found in document["actors"]:
        assert found["computedRole"] == ((found["zScoreGivenTies"] or 0) >= 1.96)
    assert {found["zScoreGivenTies"] for found in document["whole"]} == {None}
    assert {score["brokerageRole"] for score in document["whole"]} == {
        "coordinator", "itinerant", "gatekeeper", "representative", "liaison",
    }  # fmt: skip
    for role in document["whole"]:
        assert role["rawCount"] == sum(
            s["rawCount"] for s in document["actors"] if s["brokerageRole"] == role["brokerageRole"]
        )
    table = csv.DictReader(io.StringIO(service.get(f"{CASTELLON}/brokerage?format=csv&partition=inside").text))
    assert len(list(table)) == len(document["whole"]) + len(document["actors"])


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/api/networks/nowhere", 404, "there are: all, "),
        ("/api/networks/nowhere/brokerage", 404, "there are: all, "),
        ("/api/networks/a%22%3E%20%7D", 404, "there is no network"),
        (f"{CASTELLON}/brokerage?partition=size", 400, "there are: inside, kind"),
        (f"{CASTELLON}?technologie=drones", 400, "no parameter 'technologie' here; did you mean 'technology'"),
        (f"{CASTELLON}?technology=a%20%3E%20b", 400, "neither an id nor an IRI"),
        (f"{CASTELLON}?fromYear=2020&toYear=2018", 400, "fromYear is 2020, which is after toYear, 2018"),
        (f"{CASTELLON}?format=xlsx", 400, "json, csv, html, graphml, gexf"),
    ],
)
def test_what_is_not_there_is_told(service: Service, path: str, status: int, told: str) -> None:
    answer = service.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert told in json.loads(answer.text)["detail"]


@pytest.mark.parametrize("path", ["/api/networks", CASTELLON, f"{CASTELLON}?format=gexf", f"{CASTELLON}/brokerage"])
def test_who_has_an_answer_is_told_so(service: Service, path: str) -> None:
    first = service.get(path)
    assert first.status_code == 200
    again = service.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["etag"] == first.headers["etag"]
    assert service.get(path).content == first.content


def test_a_format_that_there_is_not_is_not_acceptable(service: Service) -> None:
    assert service.get(CASTELLON, headers={"Accept": "image/png"}).status_code == 406


def test_the_page_of_a_network_is_the_network(service: Service) -> None:
    page = service.get(CASTELLON, headers={"Accept": "text/html"}).text
    (embedded,) = re.findall(r'<script type="application/json" id="elements">(.*?)</script>', page, re.DOTALL)
    document = service.get(CASTELLON).json()
    shown = json.loads(embedded)
    roles = {node["data"]["id"]: node["data"].pop("roles") for node in shown["nodes"]}
    assert shown == document["elements"]
    scores = service.get(f"{CASTELLON}/brokerage").json()["actors"]
    computed = {(score["measuredActor"], score["brokerageRole"]) for score in scores if score["computedRole"]}
    assert {(actor, role) for actor, each in roles.items() for role in each} == computed != set()
    listed = service.get("/api/networks", headers={"Accept": "text/html"}).text
    assert CASTELLON in listed
    blank = service.get(f"{CASTELLON}?technology=&source=hervas-oliver-2019", headers={"Accept": "text/html"})
    assert (blank.status_code, blank.headers["location"]) == (303, f"{CASTELLON}?source=hervas-oliver-2019")


def test_openapi_describes_the_routes(service: Service) -> None:
    document = service.get("/api/openapi.json").json()
    operation = document["paths"]["/api/networks/{name}"]["get"]
    content = operation["responses"]["200"]["content"]
    data = {"application/json", "application/graphml+xml", "application/gexf+xml", "text/csv"}
    assert set(content) == data | {"text/html"}
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/NetworkDocument"}
    assert {parameter["name"] for parameter in operation["parameters"]} == {
        "name", "technology", "source", "tieRelation", "fromYear", "toYear", "format",
    }  # fmt: skip
