"""What the lexer takes a text for is what the engine takes it for: nothing gets past it that dials out or crashes."""

import re
from collections.abc import Callable, Iterator

import pytest
from conftest import SHARED, Service
from engine_alone import Engine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.errors import QueryRefusedError
from service.sparql.lexer import tokens, with_small_booleans
from service.sparql.query_form import Form, form_of, harmless, plain_form
from service.sparql.update_form import only_inserts, with_dataset
from service.store.rdf_dataset import DatasetClause

SUITES = SHARED / "data/w3c/sparql"
ANSWERS = {Form.SELECT: "solutions", Form.ASK: "boolean", Form.CONSTRUCT: "triples", Form.DESCRIBE: "triples"}
ELSEWHERE = "<http://127.0.0.1:9/>"


def suite_texts(pattern: str) -> list[str]:
    return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(SUITES.rglob(pattern))]


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


QUERIES, UPDATES = suite_texts("*.rq"), suite_texts("*.ru")
needs_suites = pytest.mark.skipif(not QUERIES, reason=f"the W3C's suites are not at hand: {SUITES} does not exist")


@needs_suites
def test_every_query_of_the_suites_has_the_form_that_the_engine_answers_in(engine: Engine) -> None:
    wrong = {}
    for text in QUERIES:
        answer = engine.read("query", with_small_booleans(text))
        if refused(form_of, text):
            if answer not in ("no SPARQL", "an error") and not engine.means("service", "query", text):
                wrong[text] = answer
        elif answer not in ("no SPARQL", "an error", ANSWERS[form_of(text)]):
            wrong[text] = answer
    # what the engine takes for SPARQL 1.2, and is not
    assert {" ".join(text.partition("{")[2].split()) for text in wrong} == {
        "FILTER (?x<?a&&?b>?y) }",
        "}",  # SELECT (COUNT(COUNT(*)) AS ?c)
        'BIND( <<( "literal" :q :z )>> AS ?X ) }',
        "BIND( <<( <<(:s :p :o )>> :q :z )>> AS ?X ) }",
    }


@needs_suites
def test_every_update_of_the_suites_is_read_as_the_engine_reads_it(engine: Engine) -> None:
    for text in UPDATES:
        is_refused = refused(only_inserts, text)
        assert is_refused or not engine.means("load(?! *silent)", "update", text), text
        assert not is_refused or not engine.parses("update", text) or engine.means("load", "update", text), text


PIECES = [
    *[
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "<<(",
        ")>>",
        "{|",
        "|}",
        ";",
        ".",
        ",",
        "'",
        '"',
        "'''",
        '"""',
        "\\",
        "#",
    ],
    *[
        "\n",
        " ",
        "\r",
        "\u00a0",
        "\u2028",
        "\\u0027",
        "\\u0053",
        "\\'",
        "@en",
        "@service",
        "?service",
        "$x",
        "_:b",
        "-1",
    ],
    *["1.5e3", "&&", "||", "!", "^", "/", "*", "a", "true", "FALSE", "^^", "<a'>", "<?x>", "<a#>", "<\\u0061'>", "'#'"],
    *["ex:SERVICE", "service:", "SERVICE:p", "ex:a.", "PREFIX : <http://127.0.0.1:9/>", "VALUES ?v {", "INSERT DATA {"],
    *[f"SERVICE {ELSEWHERE} {{}}", f"SERVICE{ELSEWHERE}{{}}", f"trueSERVICE{ELSEWHERE}{{}}", "SERVICE ?s {}"],
    *[
        "SERVICE SILENT",
        f"LOAD {ELSEWHERE}",
        f"LOAD{ELSEWHERE}",
        "LOAD:p",
        "LOAD SILENT",
        "SELECT * {",
        "ASK {",
        "FILTER(",
    ],
    *["EXISTS {", "OPTIONAL {", "CONSTRUCT {", "BIND(", "WHERE", "USING", "?x<'>'", "?x<?y#>", "?x<?y&&?z>", "'''a'"],
]
QUERY_FRAMES = [
    "ASK {%s}",
    "SELECT * {FILTER(%s)}",
    "PREFIX : <http://127.0.0.1:9/> ASK {OPTIONAL {?s ?p %s} FILTER(?x = 1) }",
    "SELECT (1 AS ?a) %s {}",
    "ASK {?s ?p (%s)}",
    "CONSTRUCT {%s} WHERE {}",
    "ASK { VALUES ?x {%s} }",
]


# A place for what is to be misread, one for what is to be hidden, and one for what makes an end of it.
HIDING = [
    "PREFIX : <http://127.0.0.1:9/> ASK {{FILTER({0}){1}{2}\n}}",
    "PREFIX : <http://127.0.0.1:9/> ASK {{OPTIONAL {{?s {0} ?o}} {1} {2}\n}}",
    "PREFIX : <http://127.0.0.1:9/> ASK {{?s ?p {0}{1}{2}\n}}",
    "PREFIX : <http://127.0.0.1:9/> SELECT ({0} AS ?x) {{{1}{2}\n}}",
    "PREFIX : <http://127.0.0.1:9/> SELECT * {{ VALUES ?x {{ {0} }} {1}{2}\n}}",
    "PREFIX : <http://127.0.0.1:9/> SELECT * {{ {{SELECT ?x {{}} GROUP BY ?x HAVING ({0}) }} {1}{2}\n}}",
]
MISREAD = [
    *["?x<'>'", "?x<?y#>'", "?x<?y#>'''\n", "1<2&&3>2", "<http://x/\\u0053'>", "<x'>", "?o.", "true", "1.", "'a'"],
    *[
        "'''a'''",
        "'a\\'",
        "'a\\u0027",
        '"',
        "?x-1<'>'",
        "'a'@en",
        "_:b",
        "ex:a",
        "#",
        "#\r",
        "\u2028",
        "(1)",
        "(?x)<'>'",
    ],
]
HIDDEN = [f"SERVICE{ELSEWHERE}{{}}", "SERVICE:p{}", f" service {ELSEWHERE} {{}}", f"SERVICE#\n{ELSEWHERE}{{}}"]
ENDS = ["", "#'", "#'''", "'", '#"', "#>'"]


def hiding() -> st.SearchStrategy[str]:
    """A query that has SERVICE in it where it might be overlooked."""
    parts = [st.sampled_from(each) for each in (HIDING, MISREAD, HIDDEN, ENDS)]
    return st.builds(lambda frame, *pieces: frame.format(*pieces), *parts)


def hiding_load() -> st.SearchStrategy[str]:
    """An update that has LOAD in it, or another operation, where it might be overlooked."""
    begun = ["", "INSERT DATA {} ;", "BASE <http://e/> ", "PREFIX ex: <a'>", "INSERT DATA { <a> <b'> '}' } ; ", "#\r"]
    told = [f"LOAD{ELSEWHERE}", "LOAD:p", "LOADSILENT:p INTO GRAPH:g", "DROPALL", "CLEAR ALL", "DELETEWHERE{?s ?p ?o}"]
    parts = [st.sampled_from(each) for each in (begun, told, ["", ";", "#'", "; INSERT DATA {}"])]
    return st.builds(lambda *pieces: "PREFIX : <http://127.0.0.1:9/> " + "".join(pieces), *parts)


@st.composite
def mutated(draw: st.DrawFn, texts: list[str], frames: list[str]) -> str:
    """A text of the suites with pieces put in, cut out and joined, or a frame with pieces in it."""
    pieces = st.one_of(st.sampled_from(PIECES), st.text(max_size=4))
    if not texts or draw(st.booleans()):
        return draw(st.sampled_from(frames)) % "".join(draw(st.lists(pieces, max_size=6)))
    text = draw(st.sampled_from(texts))[:1_500]
    for _ in range(draw(st.integers(0, 4))):
        begin = draw(st.integers(0, len(text)))
        end = begin + draw(st.sampled_from([0, 0, 0, 1, 1, 5, 40]))
        text = text[:begin] + draw(pieces) + text[end:]
    return text


def is_harmless(text: str, engine: Engine) -> bool:
    """Tell whether a query is let through, which then has to be what it is taken for, also at a glance."""
    at_a_glance = plain_form(text)
    if at_a_glance is not None:
        assert engine.read("query", text) in ("no SPARQL", "an error", ANSWERS[at_a_glance])
    if refused(form_of, text):
        return False
    answer = engine.read("query", text)
    assert answer != "ended the engine"
    if answer == "no SPARQL":
        return True
    assert answer in ("an error", ANSWERS[form_of(text)])
    kinds = [token.kind for token in harmless(text)]
    assert kinds.count("open") == kinds.count("close")
    assert not engine.means("service(?!\\s+silent)", "query", text)
    return True


THOROUGH = settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@THOROUGH
@given(st.one_of(hiding(), mutated(QUERIES, QUERY_FRAMES)))
def test_what_a_query_is_let_through_as_is_what_it_is(engine: Engine, text: str) -> None:
    is_harmless(text, engine)


@pytest.mark.slow
@THOROUGH
@given(st.one_of(hiding_load(), mutated(UPDATES, ["%s", "INSERT DATA {%s}", "INSERT {} WHERE {%s}", "CLEAR ALL; %s"])))
def test_what_an_update_is_let_through_as_is_what_it_is(engine: Engine, text: str) -> None:
    if refused(only_inserts, text):
        return
    answer = engine.read("update", text)
    assert answer != "ended the engine"
    if answer != "no SPARQL":
        assert not engine.means("load(?!\\s+silent)", "update", text)
        assert not engine.means("service(?!\\s+silent)", "update", text)
        if only_inserts(text):
            assert not any(engine.means(word, "update", text) for word in ("drop", "clear", "delete", "where"))


@given(st.text(alphabet=st.one_of(st.sampled_from("{}()[]<>'\"\\#\n;:.?@-1a"), st.characters())))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (form_of, only_inserts, lambda each: with_dataset(each, DatasetClause(("http://e/",)))):
        refused(read, text)


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{SERVICE {ELSEWHERE} {{}}}}",
        f"ASK {{service{ELSEWHERE}{{}}}}",
        "ASK {SERVICE ?s {}}",
        f"ASK {{SERVICE#\n{ELSEWHERE}{{}}}}",
        f"ASK {{#\rSERVICE{ELSEWHERE}{{}}\n}}",
        f"ASK {{?s ?p trueSERVICE{ELSEWHERE}{{}}}}",
        f"ASK {{?s ?p 1.SERVICE{ELSEWHERE}{{}}}}",
        "PREFIX : <http://127.0.0.1:9/> ASK {SERVICE:p{}}",
        "PREFIX : <http://127.0.0.1:9/> ASK {?s ?p true.SERVICE:p {}}",
        "PREFIX : <http://127.0.0.1:9/> ASK {SERVICESILENT:p{}}",
        f"ASK {{FILTER(?x<'>')SERVICE{ELSEWHERE}{{}}#'\n}}",
        f"ASK {{FILTER(?x<?y#>'''\n)SERVICE{ELSEWHERE}{{}}#'''\n}}",
        f"ASK {{OPTIONAL {{?s <http://x/\\u0053'> ?o}} SERVICE {ELSEWHERE} {{}} #'\n}}",
        f"SELECT (1<'>' AS ?x) {{SERVICE {ELSEWHERE} {{}} #'\n}}",
        f"ASK {{ {{SELECT ?a (1<'>' AS ?x) {{}}}} SERVICE {ELSEWHERE} {{}} #'\n}}",
        f"ASK {{FILTER STRSTARTS(?x-1<'>',1) SERVICE {ELSEWHERE} {{}} #'\n}}",
        f"ASK {{FILTER <f>(1<'>') SERVICE {ELSEWHERE} {{}} #'\n}}",
        f"ASK {{}} ORDER BY (1<'>') #'\nVALUES ?x {{}} SERVICE {ELSEWHERE} {{}}",
    ],
)
def test_no_way_of_writing_it_gets_service_past_the_lexer(query: str, engine: Engine) -> None:
    assert refused(form_of, query)


@pytest.mark.parametrize(
    "update",
    [
        f"LOAD {ELSEWHERE}",
        f"load{ELSEWHERE}",
        "LOAD <file:///etc/passwd>",
        f"INSERT DATA {{}};LOAD{ELSEWHERE}INTO GRAPH <a>",
        f"PREFIX a:<b>LOAD{ELSEWHERE}",
        "PREFIX : <http://127.0.0.1:9/> LOAD:p",
        "PREFIX : <http://127.0.0.1:9/> LOADSILENT:p",
        f"INSERT DATA {{ <a> <b> '{{' }} ; LOAD {ELSEWHERE}",
        f"INSERT {{}} WHERE {{SERVICE {ELSEWHERE} {{}}}}",
        f"DELETE {{}} WHERE {{FILTER(1<'>')SERVICE{ELSEWHERE}{{}}#'\n}}",
    ],
)
def test_no_way_of_writing_it_gets_load_past_the_lexer(update: str) -> None:
    assert refused(only_inserts, update)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX ex: <http://e/> ASK { ex:SERVICE ex:LOAD ?service . ?a ?b 'SERVICE <x> {}'@service } # SERVICE <x> {}",
        "PREFIX service: <http://e/> ASK { GRAPH service:g { ?service service:p service:o } }",
        "PREFIX service: <http://e/> SELECT * FROM service:g { ?s ?p <http://e/SERVICE> }",
        "ASK { ?s ?p 'x'@en-service . ?s ?p ?x\u00b7service . ?s ?p <a'> , <b#> FILTER(?x < 1 && 2 > ?x) }",
        "ASK { ?s ?p ('a' <b'> <c#>) , <<( ?a <b'> ?c )>> ; <p'> (<x'> <y>) FILTER(?s IN (<a'>, <b'>)) }",
        "ASK { VALUES (?x ?y) { (<a'> <b'>) (UNDEF 1) } ?s (<p'>|<q>)/<r'> ?o FILTER <f'>(<g'>, <h>) }",
        "SELECT (COUNT(DISTINCT <a'>) AS ?n) { { SELECT (1 AS ?x) { ?s ?p <a'> } GROUP BY ?s } ?s a (1 <b'>) }",
        "DESCRIBE <a'> <b'> <c#d>",
        "CONSTRUCT { ?s ?p 'SERVICE' , (1 <a'>) } WHERE { ?s ?p ?o }",
    ],
)
def test_what_only_looks_like_it_is_let_through(query: str, engine: Engine) -> None:
    assert is_harmless(query, engine)
    assert engine.read("query", query) in ("an error", ANSWERS[form_of(query)])


def test_service_is_refused_over_http_however_it_is_written(service: Service) -> None:
    for query in (f"ASK {{FILTER(?x<'>')SERVICE{ELSEWHERE}{{}}#'\n}}", "PREFIX : <http://a/> ASK {SERVICE:p{}}"):
        assert 400 <= service.get("/sparql", params={"query": query}).status_code < 500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT DATA {}", True),
        ("PREFIX a: <b> BASE <c> INSERT DATA { a:b a:c 'x } ; DROP ALL' } ; INSERT DATA {} ;", True),
        ("", True),
        ("INSERT DATA {} ; DROP ALL", False),
        ("DROPALL", False),
        ("DELETEDATA {}", False),
        ("INSERT DATA {} ; PREFIX : <http://a/> DROPSILENTGRAPH:a", False),
        ("DELETE DATA {}", False),
        ("INSERT {} WHERE {}", False),
    ],
)
def test_only_what_does_nothing_but_insert_data_is_taken_for_that(text: str, expected: bool) -> None:
    assert only_inserts(text) is expected


def test_the_graphs_of_a_request_are_those_of_every_operation() -> None:
    dataset = DatasetClause(("http://e/g",), ("http://e/n",))
    clauses = "USING <http://e/g> USING NAMED <http://e/n>"
    for update, expected in [
        ("INSERT {} WHERE {}", f"INSERT {{}} {clauses} WHERE {{}}"),
        ("DELETE WHERE { ?s <WHERE> 'x}' }", f"DELETE {{ ?s <WHERE> 'x}}' }} {clauses} WHERE {{ ?s <WHERE> 'x}}' }}"),
        ("INSERT DATA {} ; DELETE {} WHERE {}", f"INSERT DATA {{}} ; DELETE {{}} {clauses} WHERE {{}}"),
    ]:
        assert re.sub(r"\s+", " ", with_dataset(update, dataset)) == expected
    for update in ("WITH <a> DELETE {} WHERE {}", "DELETE {} USING <a> WHERE {}", "DELETE {}USINGNAMED<a>WHERE {}"):
        assert refused(lambda each: with_dataset(each, dataset), update)


def test_true_and_false_may_be_written_in_capitals(engine: Engine) -> None:
    text = "SELECT (TRUE AS ?TRUE) ('TRUE' AS ?x) { VALUES ?y { FALSE True } <TRUE> <p> ?z } # TRUE"
    assert engine.read("query", text) == "no SPARQL"
    written = with_small_booleans(text)
    assert written == "SELECT (true AS ?TRUE) ('TRUE' AS ?x) { VALUES ?y { false true } <TRUE> <p> ?z } # TRUE"
    assert engine.read("query", written) == "solutions"


def test_a_place_that_is_no_sparql_is_named() -> None:
    with pytest.raises(QueryRefusedError, match=r"line 2, column 12: .*; write a space after <"):
        form_of("ASK {\n  FILTER(?a<?b&&?c>?d) }")


def test_tokens_are_where_they_stand() -> None:
    text = "SELECT*{?s ex:a.b-c ?o.FILTER(?x-1<2||'a'@en=?y)}#x"
    assert all(text[t.start : t.start + len(t.text)].upper() == t.text.upper() for t in tokens(text))
