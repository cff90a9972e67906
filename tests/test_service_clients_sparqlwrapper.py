"""SPARQLWrapper, as researchers use it: every return format, each way to send, the token of one who writes."""

import csv
import io
from collections.abc import Iterator

import pytest
import SPARQLWrapper as Sw
from clients import (
    CITY,
    EX,
    FIGURES,
    LABEL_VALUES,
    LABELS,
    NETWORK,
    NOTE,
    NOTES,
    PLACES,
    PREFIXES,
    TRIPLES_OF_FIGURES,
    TRIPLES_OF_PLACES,
    Writable,
    written,
)
from rdflib import RDF, Graph, URIRef
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

DISTRICT = URIRef(f"{EX}District")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

# SPARQLWrapper 2.0 makes ConjunctiveGraphs, which rdflib 7 calls deprecated.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:SPARQLWrapper", "ignore::DeprecationWarning:rdflib"),
]

Send = tuple[str, str]
SENDINGS = [(Sw.GET, Sw.URLENCODED), (Sw.POST, Sw.URLENCODED), (Sw.POST, Sw.POSTDIRECTLY)]


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with written(tmp_path_factory.mktemp("sparqlwrapper")) as running:
        yield running


def asked(writable: Writable, query: str, format_: str, send: Send = SENDINGS[0]) -> Sw.QueryResult:
    client = Sw.SPARQLWrapper(writable.sparql)
    client.setQuery(query)
    client.setReturnFormat(format_)
    client.setMethod(send[0])
    client.setRequestMethod(send[1])
    return client.query()


@pytest.mark.parametrize("send", SENDINGS)
def test_solutions_come_in_json_xml_csv_and_tsv(send: Send, writable: Writable) -> None:
    bindings = asked(writable, LABELS, Sw.JSON, send).convert()["results"]["bindings"]
    assert [row["label"]["value"] for row in bindings] == LABEL_VALUES
    assert [row["label"]["xml:lang"] for row in bindings] == ["es", "en", "es", "ca"]
    document = asked(writable, LABELS, Sw.XML, send).convert()
    assert [node.firstChild.data for node in document.getElementsByTagName("literal")] == LABEL_VALUES
    rows = asked(writable, LABELS, Sw.CSV, send).convert().decode()
    assert rows == "".join(f"{line}\r\n" for line in ["label", *LABEL_VALUES])
    table = asked(writable, LABELS, Sw.TSV, send).convert().decode()
    assert table.splitlines() == [
        "?label",
        '"Castellón"@es',
        '"Toy Valley"@en',
        '"Valle del Juguete"@es',
        f'"{CITY}"@ca',
    ]


@pytest.mark.parametrize("send", SENDINGS)
@pytest.mark.parametrize("format_", [Sw.TURTLE, Sw.N3, Sw.RDFXML, Sw.XML, Sw.JSONLD])
def test_graphs_come_in_turtle_n3_rdf_xml_and_json_ld(format_: str, send: Send, writable: Writable) -> None:
    answer = asked(writable, NETWORK, format_, send).convert()
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
    assert len(graph) == 7
    assert set(graph.subjects(RDF.type, DISTRICT)) == {URIRef(f"{EX}toy-valley"), URIRef(f"{EX}castellon")}


def test_a_description_comes_in_each_of_them_too(writable: Writable) -> None:
    for format_ in (Sw.TURTLE, Sw.N3, Sw.RDFXML, Sw.XML, Sw.JSONLD):
        answer = asked(writable, f"DESCRIBE <{EX}castellon>", format_).convert()
        graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
        assert NOTE in {str(value) for value in graph.objects()}, format_


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning", "ignore:Format requested:RuntimeWarning")
def test_what_fits_no_format_asked_for_is_in_the_default_one(writable: Writable) -> None:
    """SPARQLWrapper sends `*/*` where a return format does not fit the form of the query."""
    for format_ in (Sw.RDF, Sw.JSON, Sw.CSV, Sw.TSV):
        answer = asked(writable, NETWORK, format_)
        assert answer.info()["content-type"] == "text/turtle; charset=utf-8"
        assert len(Graph().parse(data=answer.convert(), format="turtle")) == 7
    for format_ in (Sw.TURTLE, Sw.N3, Sw.RDF, Sw.RDFXML, Sw.JSONLD):
        assert asked(writable, "ASK {}", format_).convert()["boolean"] is True
        assert len(asked(writable, LABELS, format_).convert()["results"]["bindings"]) == 4


@pytest.mark.parametrize("send", SENDINGS)
def test_a_yes_or_no_comes_in_json_xml_csv_and_tsv(send: Send, writable: Writable) -> None:
    for query, expected in ((f"ASK {{ ?place a <{EX}District> }}", "true"), (f"ASK {{ ?p a <{EX}Town> }}", "false")):
        assert asked(writable, query, Sw.JSON, send).convert()["boolean"] is (expected == "true")
        (node,) = asked(writable, query, Sw.XML, send).convert().getElementsByTagName("boolean")
        assert node.firstChild.data == expected
        for format_ in (Sw.CSV, Sw.TSV):
            assert asked(writable, query, format_, send).convert().decode().strip() == expected


def test_its_default_is_sparql_xml(writable: Writable) -> None:
    client = Sw.SPARQLWrapper(writable.sparql)
    answer = client.query()
    assert answer.info()["content-type"].startswith("application/sparql-results+xml")
    assert len(answer.convert().getElementsByTagName("result")) == TRIPLES_OF_PLACES + TRIPLES_OF_FIGURES


def test_only_by_accept_header_and_without_its_parameters(writable: Writable) -> None:
    client = Sw.SPARQLWrapper(writable.sparql, returnFormat=Sw.JSON)
    client.setOnlyConneg(True)
    client.setQuery(LABELS)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 4


def test_quotes_line_breaks_and_empty_cells_in_each_format(writable: Writable) -> None:
    by_place = {r["place"]["value"]: r for r in asked(writable, NOTES, Sw.JSON).convert()["results"]["bindings"]}
    assert by_place[f"{EX}castellon"]["note"]["value"] == NOTE
    assert "note" not in by_place[f"{EX}shenzhen"]
    nodes = asked(writable, NOTES, Sw.XML).convert().getElementsByTagName("literal")
    assert NOTE in {node.firstChild.data for node in nodes}
    rows = csv.DictReader(io.StringIO(asked(writable, NOTES, Sw.CSV).convert().decode(), newline=""))
    assert {row["place"]: row["note"] for row in rows} == {
        f"{EX}castellon": NOTE,
        f"{EX}shenzhen": "",
        f"{EX}toy-valley": "",
    }
    lines = asked(writable, NOTES, Sw.TSV).convert().decode().splitlines()
    escaped = NOTE.replace('"', r"\"").replace("\n", r"\n").replace("\t", r"\t")
    assert f'<{EX}castellon>\t"{escaped}"\t120' in lines
    assert f"<{EX}shenzhen>\t\t9" in lines


@pytest.mark.parametrize("send", SENDINGS)
def test_the_graphs_of_a_request(send: Send, writable: Writable) -> None:
    client = Sw.SPARQLWrapper(writable.sparql, defaultGraph=FIGURES, returnFormat=Sw.JSON)
    client.setMethod(send[0])
    client.setRequestMethod(send[1])
    client.setQuery(COUNT)
    (row,) = client.queryAndConvert()["results"]["bindings"]
    assert row["n"]["value"] == str(TRIPLES_OF_FIGURES)
    client.addParameter("named-graph-uri", PLACES)
    client.setQuery("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert [row["g"]["value"] for row in client.queryAndConvert()["results"]["bindings"]] == [PLACES]


def test_its_second_interface_gives_values(writable: Writable) -> None:
    client = Sw.SPARQLWrapper2(writable.sparql)
    client.setQuery(LABELS)
    assert [row["label"].value for row in client.query().bindings] == LABEL_VALUES


def test_a_query_that_is_wrong_tells_where(writable: Writable) -> None:
    with pytest.raises(QueryBadFormed, match="line 2"):
        asked(writable, "SELECT *\n{ ?s ?p", Sw.JSON)


@pytest.mark.parametrize("request_method", [Sw.URLENCODED, Sw.POSTDIRECTLY])
def test_an_update_takes_a_bearer_token(request_method: str, writable: Writable) -> None:
    client = Sw.SPARQLWrapper(writable.sparql, updateEndpoint=writable.update)
    client.setMethod(Sw.POST)
    client.setRequestMethod(request_method)
    triple = f'ex:new-{request_method} rdfs:label "Año 1 & more = 100 %"@es'
    client.setQuery(f"{PREFIXES}INSERT DATA {{ GRAPH ex:written {{ {triple} }} }}")
    with pytest.raises(Unauthorized, match="token"):
        client.query()
    assert not writable.holds(triple)
    client.addCustomHttpHeader("Authorization", writable.bearer)
    assert client.query().response.status in (200, 204)
    assert writable.holds(triple)
    client.setQuery(f"{PREFIXES}DROP GRAPH ex:written")
    client.query()
    assert not writable.holds(triple)
