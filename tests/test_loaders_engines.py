"""The rules are SPARQL 1.1: they find the same in a Virtuoso as in the store that the build has."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from loaders.reasoning.closure import close, round_graph
from loaders.reasoning.compiling import rules_about_terms, rules_about_things
from loaders.reasoning.contradictions import contradictions
from loaders.reasoning.engines import KNOWN, Embedded, Engine
from loaders.reasoning.rules import Rule, Term
from loaders.reasoning.stated import axioms_in, named
from ontology.iris import TERM
from ontology.modules import module_triples
from service.bench.graph import NAMED_GRAPH, generate
from service.bench.servers.server import HOST, Site
from service.bench.servers.virtuoso import Virtuoso, _sql

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("virtuoso-t") is None, reason="needs Virtuoso (Debian: virtuoso-opensource-7)"),
]


class Remote:
    """A SPARQL endpoint that takes updates as an engine."""

    known = KNOWN

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def update(self, text: str) -> None:
        self._asked(text).query()

    def select(self, text: str) -> Iterator[tuple[Term, ...]]:
        asked = self._asked(text)
        asked.setReturnFormat(JSON)
        found = asked.query().convert()
        for row in found["results"]["bindings"]:
            yield tuple(term(row[name]) for name in found["head"]["vars"])

    def _asked(self, text: str) -> SPARQLWrapper:
        asked = SPARQLWrapper(self._endpoint)
        asked.setMethod(POST)
        asked.setQuery(text)
        asked.queryType = "INSERT" if not text.startswith("SELECT") else "SELECT"
        return asked


def term(cell: dict[str, str]) -> Term:
    if cell["type"] == "uri":
        return ox.NamedNode(cell["value"])
    if "xml:lang" in cell:
        return ox.Literal(cell["value"], language=cell["xml:lang"])
    return ox.Literal(cell["value"], datatype=ox.NamedNode(cell["datatype"]) if "datatype" in cell else None)


@pytest.fixture(scope="module")
def facts() -> bytes:
    """The ontology and generated facts, with names for blank nodes."""
    facts = ox.parse(generate(1500).n_triples(), format=ox.RdfFormat.N_TRIPLES)
    stated = {named(ox.Quad(t.subject, t.predicate, t.object), KNOWN).triple for t in [*module_triples(), *facts]}
    content = ox.serialize(stated, format=ox.RdfFormat.N_TRIPLES)
    assert content is not None
    return content


@pytest.fixture
def virtuoso(tmp_path: Path, facts: bytes) -> Iterator[Remote]:
    file = tmp_path / "facts/facts.nt"
    file.parent.mkdir()
    file.write_bytes(facts)
    with Virtuoso().serving(Site(tmp_path, file, 4)) as running:
        settings = (tmp_path / "virtuoso.ini").read_text()
        port = int(re.search(rf"^ServerPort = {HOST}:(\d+)$", settings, re.MULTILINE)[1])  # type: ignore[index]
        _sql(port, "GRANT SPARQL_UPDATE TO \"SPARQL\"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);", tmp_path)
        engine = Remote(running.endpoint)
        engine.update(f"MOVE GRAPH <{NAMED_GRAPH}> TO GRAPH {KNOWN}")
        yield engine


def followed(engine: Engine, rules: list[Rule], of_terms: list[Rule]) -> set[tuple[Term, ...]]:
    next_ = close(engine, of_terms, close(engine, rules))
    queries = (f"SELECT ?s ?p ?o WHERE {{ GRAPH {round_graph(number)} {{ ?s ?p ?o }} }}" for number in range(1, next_))
    return {row for query in queries for row in engine.select(query)}


def test_what_follows_in_a_virtuoso_is_what_follows_in_the_store_of_the_build(virtuoso: Remote, facts: bytes) -> None:
    store = ox.Store()
    store.load(facts, format=ox.RdfFormat.N_TRIPLES, to_graph=KNOWN)
    embedded = Embedded(store)
    rules, of_terms = rules_about_things(axioms_in(embedded, KNOWN)), rules_about_terms(axioms_in(embedded, KNOWN))
    ours = followed(embedded, rules, of_terms)
    theirs = followed(virtuoso, rules, of_terms)
    assert len(ours) > 1000
    assert theirs == ours
    impossible = f"<urn:x> a <{TERM}Place>, <{TERM}Actor> ; <{TERM}acquired> <urn:x> ; <{TERM}year> 1999, 2019"
    for engine in (embedded, virtuoso):
        engine.update(f"INSERT DATA {{ GRAPH {KNOWN} {{ {impossible} }} }}")
    told = [
        {(each.names, frozenset(each.facts)) for each in contradictions(engine, rules)}
        for engine in (embedded, virtuoso)
    ]
    assert told[0] == told[1]
    assert {names[-1] for names, _ in told[0]} == {"cax-adc", "prp-irp", "dt-diff"}
