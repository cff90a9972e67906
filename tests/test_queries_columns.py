"""The total order of rows, and the file that the queries are packed into."""

import itertools
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.iris import THING
from queries.archive import pack_queries, unpack_queries
from queries.columns import columns, in_total_order
from queries.errors import QueryFileError
from queries.named_query import askable, load_queries, parse_query

HEADER = "#+ summary: s\n"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("SELECT ?x ?y { ?x a ?y }", "ORDER BY ?x ?y"),
        ("SELECT ?x ?y { ?x a ?y } ORDER BY ?y", "ORDER BY ?y ?x"),
        ("SELECT ?x ?y { ?x a ?y } ORDER BY DESC(?y) ASC( ?x )", "ORDER BY DESC(?y) ASC( ?x )"),
        ("SELECT ?x ?y { ?x a ?y } ORDER BY ABS(?y) STR( ?x )", "ORDER BY ABS(?y) STR( ?x ) ?x ?y"),
        ("SELECT ?x { ?x a ?y } order by ?y # ORDER BY ?x\n", "order by ?y ?x # ORDER BY ?x"),
        ("SELECT ?x { ?x a ?y } LIMIT 3 OFFSET 1", "ORDER BY ?x LIMIT 3 OFFSET 1"),
        ("SELECT ?x { { SELECT ?x { ?x a ?y } ORDER BY ?x LIMIT 2 } }", "} }\nORDER BY ?x"),
        ("SELECT ?x { ?x a ?y } VALUES ?y { dg:Firm }", "ORDER BY ?x VALUES ?y { dg:Firm }"),
        ("SELECT ?limit { ?limit a '} ORDER BY ?x' } ORDER BY ?values", "ORDER BY ?values ?limit"),
        (
            "SELECT (COUNT(*) AS ?n) ?y { ?x a ?y } GROUP BY ?y HAVING(COUNT(*) > 1)",
            "HAVING(COUNT(*) > 1)\nORDER BY ?n ?y",
        ),
        ("SELECT * { }", "SELECT * { }"),
    ],
)
def test_what_does_not_order_the_rows_yet_comes_last(text: str, order: str) -> None:
    ordered = in_total_order(parse_query("question.rq", HEADER + text))
    assert order in ordered.text
    assert columns(ordered) == columns(parse_query("question.rq", HEADER + text))
    assert in_total_order(ordered) == ordered


@given(st.permutations(list(itertools.product("ab", "cd", "ef"))))
def test_equal_questions_have_their_rows_in_the_same_order(triples: list[tuple[str, str, str]]) -> None:
    store = ox.Store()
    for triple in triples:
        store.add(ox.Quad(*(ox.NamedNode(THING + name) for name in triple)))
    query = in_total_order(parse_query("question.rq", HEADER + "SELECT ?p ?s ?o { ?s ?p ?o } ORDER BY DESC(?o)"))
    found = [tuple(term.value[-1] for term in solution) for solution in store.query(query.sparql({}))]
    expected = sorted(((p, s, o) for s, p, o in triples), key=lambda row: (-ord(row[2]), row[0], row[1]))
    assert found == expected


def test_every_packaged_question_is_in_total_order_once_it_is_packed() -> None:
    packed = pack_queries()
    assert packed == pack_queries()
    unpacked = unpack_queries(packed)
    assert [*unpacked] == [*askable(load_queries(), ())]
    assert all(in_total_order(query) == query for query in unpacked.values())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("#+ summary: s\n#+\n\nSELECT ?x {\n  ?x a }\n", ":5: not SPARQL: ?x a }"),
        ("#+ summary: s\nSELECT ?x ?y { ?x a dg:Firm, skos:Concept } GROUP BY ?x\n", ":2: not SPARQL"),
        ("#+ summary: s\nSELECT ?x { ?x a nobody:Firm }\n", ":2: not SPARQL"),
    ],
)
def test_what_is_not_sparql_is_named_with_its_line(text: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "odd.rq").write_text(text)
    with pytest.raises(QueryFileError, match=r"odd\.rq") as told:
        pack_queries(tmp_path)
    assert place in str(told.value)
