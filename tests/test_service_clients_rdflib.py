"""rdflib's SPARQLStore and SPARQLUpdateStore: a graph that is elsewhere, read and written as one that is here."""

from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
from clients import (
    CITY,
    DATE,
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
from rdflib import RDF, RDFS, ConjunctiveGraph, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

pytestmark = pytest.mark.slow

NS = Namespace(EX)
DRAFTS = URIRef(f"{EX}graph/drafts")


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with written(tmp_path_factory.mktemp("rdflib")) as running:
        yield running


@pytest.fixture
def store(writable: Writable) -> Iterator[SPARQLUpdateStore]:
    headers = {"Authorization": writable.bearer}
    store = SPARQLUpdateStore(writable.sparql, writable.update, headers=headers)
    yield store
    store.update(f"DROP SILENT GRAPH <{DRAFTS}>")


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format_", ["xml", "json", "csv", "tsv"])
def test_a_query_in_every_format_by_every_method(format_: str, method: str, writable: Writable) -> None:
    store = SPARQLStore(writable.sparql, returnFormat=format_, method=method)
    assert [str(row.label) for row in store.query(LABELS)] == LABEL_VALUES
    notes = {row.place: (row.note, row.firms) for row in store.query(NOTES)}
    note, firms = notes[URIRef(NS.castellon) if format_ != "csv" else next(p for p in notes if "castellon" in str(p))]
    assert str(note) == NOTE
    assert int(firms) == 120
    if format_ != "csv":
        assert firms == Literal(120)
        assert notes[NS.shenzhen] == (None, Literal(9))


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_a_graph_and_a_yes_or_no(method: str, writable: Writable) -> None:
    store = SPARQLStore(writable.sparql, method=method)
    graph = store.query(NETWORK).graph
    assert graph is not None
    assert len(graph) == 7
    assert store.query(f"ASK {{ <{NS.castellon}> a <{NS.District}> }}").askAnswer is True
    assert store.query(f"ASK {{ <{NS.castellon}> a <{NS.City}> }}").askAnswer is False


def test_its_triples_are_those_of_the_service_to_the_letter(writable: Writable) -> None:
    graph = Graph(SPARQLStore(writable.sparql))
    assert set(graph.triples((NS["toy-valley"], None, None))) == {
        (NS["toy-valley"], RDF.type, NS.District),
        (NS["toy-valley"], RDFS.label, Literal("Toy Valley", lang="en")),
        (NS["toy-valley"], RDFS.label, Literal("Valle del Juguete", lang="es")),
        (NS["toy-valley"], NS.firms, Literal(400)),
        (NS["toy-valley"], NS.share, Literal("2.5", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal"))),
        (NS["toy-valley"], NS.growth, Literal(1000.0)),
        (NS["toy-valley"], NS.open, Literal(True)),
    }
    assert graph.value(NS.shenzhen, NS.founded) == DATE
    assert (NS.shenzhen, RDFS.label, Literal(CITY, lang="ca")) in graph
    assert (NS.shenzhen, RDFS.label, Literal(CITY, lang="en")) not in graph
    assert len(graph) == TRIPLES_OF_PLACES + TRIPLES_OF_FIGURES


def test_a_graph_by_its_name_is_that_graph_alone(writable: Writable) -> None:
    graph = Graph(SPARQLStore(writable.sparql), identifier=URIRef(FIGURES))
    assert len(graph) == TRIPLES_OF_FIGURES
    assert set(graph.subjects(RDF.type)) == set()
    assert {int(row.n) for row in graph.query("SELECT ?n { ?s <http://example.org/firms> ?n }")} == {400, 120, 9}


def test_some_of_the_triples_in_an_order(writable: Writable) -> None:
    graph = Graph(SPARQLStore(writable.sparql), identifier=URIRef(FIGURES))
    graph.LIMIT, graph.OFFSET = 1, 1
    assert [o for _, _, o in graph.triples((None, NS.firms, None))] == [Literal(9)]  # ordered by subject
    assert len(list(graph)) == 1


def test_values_are_bound_in_a_query(writable: Writable) -> None:
    graph = Graph(SPARQLStore(writable.sparql))
    query = "SELECT ?firms { ?place ex:firms ?firms ; rdfs:label ?label }"
    prefixes = {"ex": NS, "rdfs": RDFS}
    for label in (Literal("Castellón", lang="es"), Literal("Toy Valley", lang="en"), Literal('"} #', lang="es")):
        rows = graph.query(query, initNs=prefixes, initBindings={"label": label})
        expected = {"Castellón": [120], "Toy Valley": [400]}.get(str(label), [])
        assert [int(row.firms) for row in rows] == expected


def test_the_graphs_that_there_are_and_those_that_have_a_triple(writable: Writable) -> None:
    store = SPARQLStore(writable.sparql)
    assert set(store.contexts()) == {URIRef(PLACES), URIRef(FIGURES)}
    assert list(store.contexts((NS.castellon, NS.firms, Literal(120)))) == [URIRef(FIGURES)]
    assert list(store.contexts((NS.castellon, NS.firms, Literal(121)))) == []


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_a_dataset_has_the_graphs_and_the_merge_of_them(writable: Writable) -> None:
    dataset = Dataset(SPARQLStore(writable.sparql), default_union=True)  # else it asks for a graph that rdflib makes up
    assert len(dataset.get_context(URIRef(PLACES))) == TRIPLES_OF_PLACES
    assert set(dataset.get_context(URIRef(FIGURES)).objects(NS.castellon, NS.firms)) == {Literal(120)}
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert {row.g for row in dataset.query(query)} == {URIRef(PLACES), URIRef(FIGURES)}
    joined = f"{PREFIXES}SELECT ?label {{ ?p rdfs:label ?label ; ex:firms 400 }}"
    assert {str(row.label) for row in dataset.query(joined)} == {"Toy Valley", "Valle del Juguete"}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_a_conjunctive_graph_is_the_merge(writable: Writable) -> None:
    graph = ConjunctiveGraph(SPARQLStore(writable.sparql))
    assert len(graph) == TRIPLES_OF_PLACES + TRIPLES_OF_FIGURES
    assert graph.value(NS.castellon, NS.note) == Literal(NOTE)
    assert {str(row.label) for row in graph.query(LABELS)} == set(LABEL_VALUES)


def test_writing_without_a_token_is_refused(writable: Writable) -> None:
    graph = Graph(SPARQLUpdateStore(writable.sparql, writable.update), identifier=DRAFTS)
    with pytest.raises(HTTPError, match="401") as refused:
        graph.add((NS.a, NS.b, NS.c))
    refused.value.close()
    assert not writable.holds("ex:a ex:b ex:c")


def test_triples_are_added_and_removed(store: SPARQLUpdateStore, writable: Writable) -> None:
    graph = Graph(store, identifier=DRAFTS)
    awkward = [Literal(NOTE), Literal(CITY, lang="ca"), DATE, Literal(2.5), Literal("}; DROP ALL #"), Literal("\\")]
    for value in awkward:
        graph.add((NS.thing, NS.value, value))
    assert set(graph.objects(NS.thing, NS.value)) == set(awkward)
    assert len(graph) == len(awkward)
    graph.remove((NS.thing, NS.value, DATE))
    assert DATE not in set(graph.objects(NS.thing, NS.value))
    graph.remove((None, NS.value, None))
    assert len(graph) == 0
    assert len(Graph(store, identifier=URIRef(PLACES))) == TRIPLES_OF_PLACES


def test_quads_are_added_to_several_graphs_at_once(store: SPARQLUpdateStore, writable: Writable) -> None:
    dataset = Dataset(store)
    drafts, other = dataset.graph(DRAFTS), dataset.graph(URIRef(f"{EX}graph/other"))
    dataset.addN([(NS.a, NS.p, Literal(n), graph) for graph in (drafts, other) for n in range(50)])
    assert len(drafts) == len(other) == 50
    assert set(store.contexts()) == {URIRef(PLACES), URIRef(FIGURES), DRAFTS, other.identifier}
    store.update(f"DROP GRAPH <{other.identifier}>")
    assert set(store.contexts()) == {URIRef(PLACES), URIRef(FIGURES), DRAFTS}


def test_an_update_is_about_the_graph_that_it_is_sent_through(store: SPARQLUpdateStore, writable: Writable) -> None:
    graph = Graph(store, identifier=DRAFTS)
    graph.update("INSERT DATA { ex:a ex:n 1 . ex:b ex:n 2 }", initNs={"ex": NS})
    graph.update(
        "DELETE { ?s ex:n ?n } INSERT { ?s ex:n ?more } WHERE { ?s ex:n ?n BIND(?n + 10 AS ?more) }",
        initNs={"ex": NS},
        initBindings={"s": NS.a},
    )
    assert set(graph) == {(NS.a, NS.n, Literal(11)), (NS.b, NS.n, Literal(2))}
    assert writable.holds(f"GRAPH <{DRAFTS}> {{ ex:a ex:n 11 }}")


def test_a_transaction_is_one_request_and_is_not_sent_when_rolled_back(writable: Writable) -> None:
    headers = {"Authorization": writable.bearer}
    store = SPARQLUpdateStore(
        writable.sparql, writable.update, autocommit=False, dirty_reads=True, headers=headers, method="POST"
    )
    graph = Graph(store, identifier=DRAFTS)
    for n in range(1, 21):
        graph.add((NS.a, NS.n, Literal(n)))
    assert len(graph) == 0
    graph.remove((NS.a, NS.n, Literal(1)))
    store.commit()
    assert len(graph) == 19
    assert store._updates == 1
    graph.remove((None, None, None))
    store.rollback()
    store.commit()
    assert len(graph) == 19
    store.update(f"DROP GRAPH <{DRAFTS}>")
    store.commit()
    assert len(graph) == 0


def test_an_update_that_is_wrong_changes_nothing(store: SPARQLUpdateStore, writable: Writable) -> None:
    with pytest.raises(HTTPError, match="400") as refused:
        store.update(f"INSERT DATA {{ GRAPH <{DRAFTS}> {{ <{EX}a> <{EX}b> 1 }} }} ; INSERT DATA {{ oops")
    assert b"line 1" in refused.value.read()
    refused.value.close()
    assert not writable.holds("ex:a ex:b 1")
    store.rollback()
