"""Bounds on queries: what would end the engine is refused with the limit named, and read in no time."""

import time
from collections.abc import Callable, Iterator

import pytest
from engine_alone import Engine

from service.errors import QueryRefusedError
from service.sparql.lexer import with_small_booleans
from service.sparql.query_form import Form, form_of
from service.sparql.update_form import only_inserts


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    alone = Engine()
    yield alone
    alone.end()


def refused(read: Callable[[str], object], text: str) -> bool:
    """Tell whether a text is refused; any other error fails the test."""
    try:
        read(text)
    except QueryRefusedError:
        return True
    return False


def where(pattern: str) -> str:
    return f"SELECT * {{ {pattern} }}"


SHAPES: dict[str, Callable[[int], str]] = {
    "{": lambda n: where("{" * n + "?s ?p ?o" + "}" * n),
    "(": lambda n: where("FILTER(" + "(" * n + "?s = 1" + ")" * n + ")"),
    "STR(": lambda n: where("FILTER(" + "STR(" * n + "?s" + ")" * n + ")"),
    "IF(": lambda n: where("FILTER(" + "IF(1,2," * n + "?s" + ")" * n + ")"),
    "EXISTS {": lambda n: where("?s ?p ?o " + "FILTER EXISTS {?s ?p ?o " * n + "}" * n),
    "{SELECT": lambda n: where("{SELECT * WHERE " * n + "{?s ?p ?o}" + "}" * n),
    "GRAPH {": lambda n: where("GRAPH ?g {" * n + "?s ?p ?o" + "}" * n),
    "<<(": lambda n: where("?a ?b " + "<<( ?s ?p " * n + "?o" + ")>>" * n),
    "TRIPLE(": lambda n: where("BIND(" + "TRIPLE(?s,?p," * n + "?o" + ")" * n + " AS ?x)"),
    "(…)*": lambda n: where("?s " + "(" * n + "<p>" + ")*" * n + " ?o"),
    "^(": lambda n: where("?s " + "^(" * n + "<p>" + ")" * n + " ?o"),
    "!": lambda n: where("FILTER(" + "!" * n + "?s)"),
    "||": lambda n: where("FILTER(" + "||".join(["?s=1"] * n) + ")"),
    "&&": lambda n: where("FILTER(" + "&&".join(["?s=1"] * n) + ")"),
    "+": lambda n: where("FILTER(" + "+".join(["?s"] * n) + ")"),
    "-1": lambda n: where("FILTER(1" + " -1" * n + ")"),
    "+1": lambda n: where("FILTER(1" + "+1" * n + ")"),
    "*": lambda n: where("FILTER(" + "*".join(["?s"] * n) + ")"),
    "path |": lambda n: where("?s " + "|".join(["<p>"] * n) + " ?o"),
    "path /": lambda n: where("?s " + "/".join(["<p>"] * n) + " ?o"),
    "path / in brackets": lambda n: where("?s " + "/".join(["(<p>/<q>)"] * (n // 2)) + " ?o"),
    "path + of /": lambda n: where("?s (" + "/".join(["<p>"] * n) + ")+ ?o"),
    "UNION": lambda n: where(" UNION ".join(["{}"] * n)),
    "MINUS": lambda n: where("?s ?p ?o " + "MINUS{?s ?p ?o}" * n),
    "FILTER": lambda n: where("?s ?p ?o " + "FILTER(?s=1)" * n),
    "NOT EXISTS": lambda n: where("?s ?p ?o " + "FILTER NOT EXISTS{?s ?p ?o}" * n),
    "BIND": lambda n: where("".join(f"BIND(1 AS ?b{i})" for i in range(n))),
    "SELECT (1 AS ?x)": lambda n: "SELECT " + "".join(f"(1 AS ?b{i})" for i in range(n)) + "{}",
    "COUNT": lambda n: "SELECT " + "".join(f"(COUNT(?s) AS ?b{i})" for i in range(n)) + "{?s ?p ?o}",
    "HAVING": lambda n: "SELECT ?s {?s ?p ?o} GROUP BY ?s HAVING " + "(COUNT(*)>1)" * n,
    "DESCRIBE": lambda n: "DESCRIBE " + "<a> " * n,
    "triples without variables": lambda n: where("".join(f"<a> <p{i}> <b> ." for i in range(n))),
    "objects without variables": lambda n: where("<a> <p> <b>" + ", <b>" * n),
    "properties without variables": lambda n: where("<a> <p> <b>" + "; <p> <b>" * n),
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_the_most_of_a_shape_that_is_let_through_does_not_end_the_engine(shape: str, engine: Engine) -> None:
    write, least, most = SHAPES[shape], 10, 20_000
    assert not refused(form_of, write(least))
    assert refused(form_of, write(most))
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if refused(form_of, write(middle)) else (middle, most)
    assert engine.read("query", write(least)) in ("solutions", "triples")


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        (where("{" * 101 + "}" * 101), "nested deeper than 100 levels"),
        (where("?s " + "/".join(["<p>"] * 400) + " ?o"), "more than 200 steps"),
        (where("FILTER(" + "||".join(["?s=1"] * 2_000) + ")"), "more than 1000 patterns, brackets and operators"),
        (where("FILTER(?s IN (" + ",".join(["1"] * 30_000) + "))"), "more than 25000 terms"),
    ],
)
def test_the_limit_that_a_query_goes_beyond_is_named(query: str, limit: str) -> None:
    with pytest.raises(QueryRefusedError, match=limit):
        form_of(query)


def test_data_values_and_templates_may_be_as_long_as_a_request() -> None:
    triples = "<http://e/a> <http://e/b> -1 , 'SERVICE' , ( 1 2 ) ; <c> [ <d> 'e' ] . " * 10_000
    assert only_inserts(f"INSERT DATA {{ {triples} }}")
    assert not only_inserts(f"INSERT {{ {triples} }} WHERE {{}}")
    assert form_of(f"CONSTRUCT {{ {triples} }} WHERE {{}}") is Form.CONSTRUCT
    assert form_of("SELECT * { VALUES (?x ?y) { " + "(-1 <http://e/>)" * 50_000 + " } }") is Form.SELECT
    assert form_of("ASK { FILTER(?x IN (" + ", ".join(["-1"] * 5_000) + ")) }") is Form.ASK


NASTY = [
    *["a.", "a", "-", "a-", ".", "(", ")", "()", "{", "{}", "[(1)]", "''", '"a" ', "<a>", "<a", "<", "#\n", "#", "\\"],
    *[
        "\\u0041",
        "?a ",
        "? ",
        "a:",
        "a:b.",
        ":",
        "%41",
        "a:%",
        "a:..",
        "'''a'''",
        "''' ",
        "\u00aa",
        "@a-",
        "1e5 ",
        "1.",
    ],
    *["((1 ", "VALUES?a{", "VALUES ?x {(1", "<<", "<a'>", "TRUE ", "\u2028", "\x00", "-1:", "a..b", "_:a.", "SERVICE:"],
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", NASTY)
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    for opening in ("", "INSERT DATA {"):
        text = opening + (piece * 1_000_000)[:1_000_000]
        started = time.monotonic()
        refused(only_inserts, text)
        with_small_booleans(text)
        assert time.monotonic() - started < 10
