"""Named queries as files: broken ones are named, and no value of a parameter can change a query."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import run
from hypothesis import given
from hypothesis import strategies as st

from ontology.iris import TERM, THING
from ontology.vocabulary import load_vocabulary
from queries.binding import Candidate, bind
from queries.errors import ParameterError, QueryFileError
from queries.named_query import ANY_CLASS, ANY_THING, LITERAL_TYPES, NamedQuery, askable, load_queries, parse_query

Edit = Callable[[str, str, str], None]
HEADER = "#+ summary: a question\n#+ parameters:\n#+   {name}: {{type: {type}, summary: one, example: 1}}\n"
DEFAULT = HEADER.replace("example: 1", "example: 1, default: {default}")
SLOT = "SELECT ?x WHERE { VALUES ?x { UNDEF } }"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def question(type_: str, text: str = SLOT) -> NamedQuery:
    return parse_query("question.rq", HEADER.format(name="x", type=type_) + text)


@given(ANY_TEXT)
def test_a_string_comes_back_as_it_was_given(value: str) -> None:
    text = bind(question("string"), {"x": value}, lambda _: [])
    (solution,) = ox.Store().query(text)
    assert solution["x"] == ox.Literal(value)


@given(ANY_TEXT)
def test_a_thing_is_known_or_refused(value: str) -> None:
    known = [Candidate(THING + "aiju", "AIJU")]
    try:
        text = bind(question("Actor"), {"x": value}, lambda _: known)
    except ParameterError:
        return
    (solution,) = ox.Store().query(text)
    assert solution["x"] == ox.NamedNode(THING + "aiju")


@pytest.mark.parametrize("value", ["aiju", "dgi:aiju", THING + "aiju", "AIJU", "aiju".upper()])
def test_a_thing_goes_by_id_prefixed_name_iri_or_label(value: str) -> None:
    assert f"<{THING}aiju>" in bind(question("Actor"), {"x": value}, lambda _: [Candidate(THING + "aiju", "AIJU")])


@pytest.mark.parametrize(
    ("type_", "default", "term"),
    [
        ("Actor", "aiju", ox.NamedNode(THING + "aiju")),
        ("Actor", "dgi:aiju", ox.NamedNode(THING + "aiju")),
        ("thing", "http://example.org/x", ox.NamedNode("http://example.org/x")),
        ("class", "Firm", ox.NamedNode(TERM + "Firm")),
        ("integer", "2018", ox.Literal(2018)),
        ("string", "'a } b'", ox.Literal("a } b")),
    ],
)
def test_a_default_is_bound_where_no_value_is_given(type_: str, default: str, term: ox.NamedNode | ox.Literal) -> None:
    query = parse_query("question.rq", DEFAULT.format(name="x", type=type_, default=default) + SLOT)
    (solution,) = ox.Store().query(query.sparql({}))
    assert solution["x"] == term
    (solution,) = ox.Store().query(query.sparql({"x": "<urn:other>"}))
    assert solution["x"] == ox.NamedNode("urn:other")


@pytest.mark.parametrize(
    ("type_", "values", "message"),
    [
        ("Actor", {"x": "aju"}, "no Actor 'aju' for 'x' in this release; did you mean .*'aiju'"),
        ("Actor", {"y": "aiju"}, "has no parameter 'y'"),
        ("Actor", {"x": "Both"}, "names several things; use one of the ids a, b"),
        ("integer", {"x": "1.5"}, "wants a whole number"),
        ("string", {"x": "a" * 1001}, "longer than 1000 characters"),
    ],
)
def test_a_value_that_does_not_fit_is_explained(type_: str, values: dict[str, str], message: str) -> None:
    known = [Candidate(THING + "aiju", "AIJU"), Candidate(THING + "a", "Both"), Candidate(THING + "b", "Both")]
    with pytest.raises(ParameterError, match=message):
        bind(question(type_), values, lambda _: known)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("Big.rq", "", "the name must be lower-case"),
        ("a.rq", "SELECT * {}", "needs '#\\+ summary"),
        ("a.rq", "#+ summary: [", "header is not YAML"),
        ("a.rq", "#+ summary: s\n#+ sumary: s\n", "no key 'sumary'.*'summary'"),
        ("a.rq", "#+ summary: s\n#+ parameters: [x]\nSELECT * {}", "must be a mapping"),
        ("a.rq", "#+ summary: s\n#+ sentence: [x]\nSELECT * {}", "'sentence' must be a text"),
        ("a.rq", "#+ summary: s\n#+ sentence: What?\nSELECT * {}", "needs a blank"),
        ("a.rq", "#+ summary: s\n#+ sentence: What of {x}?\nSELECT * {}", "blank {x}, which is no parameter"),
        ("a.rq", HEADER.format(name="x", type="Actor") + "#+ sentence: Of {x} and {x}?\n" + SLOT, "at most once"),
        (
            "a.rq",
            "#+ summary: s\n#+ parameters:\n#+   x: {type: Actor}\nSELECT * {}",
            "'x' needs type, summary, example",
        ),
        ("a.rq", "#+ summary: 2020-13-45\nASK {}", "a named query is a SELECT"),
        ("a.rq", "#+ summary: a\u0007b\nSELECT * {}", "header is not YAML"),
        ("a.rq", HEADER.format(name="x", type="a b") + "SELECT * {}", "the type of 'x' must be"),
        ("a.rq", HEADER.format(name="x", type="Actor") + "SELECT * {}", "each parameter needs one"),
        ("a.rq", "#+ summary: s\nSELECT * { VALUES ?x { UNDEF } }", "each parameter needs one"),
        *(
            ("a.rq", HEADER.format(name=name, type="string") + SLOT.replace("?x", f"?{name}"), "rename it")
            for name in ("limit", "offset", "format")
        ),
        (
            "a.rq",
            DEFAULT.format(name="x", type="integer", default="many") + SLOT,
            "default of 'x' must be of type integer",
        ),
        (
            "a.rq",
            DEFAULT.format(name="x", type="Actor", default="a b") + SLOT,
            "must be an id, a prefixed name or an IRI",
        ),
        (
            "a.rq",
            DEFAULT.format(name="x", type="class", default="a>b") + SLOT,
            "must be an id, a prefixed name or an IRI",
        ),
        (
            "a.rq",
            DEFAULT.format(name="x", type="Actor", default="a").replace("default", "defalt") + SLOT,
            "may have default",
        ),
    ],
)
def test_a_broken_file_is_named(name: str, content: str, message: str) -> None:
    with pytest.raises(QueryFileError, match=f"{name}:\\d+: .*{message}"):
        parse_query(name, content)


def test_a_new_file_is_a_question_without_code(copied_project: Path, state: Path) -> None:
    content = "#+ summary: How many firms?\nSELECT (COUNT(DISTINCT ?f) AS ?firms) WHERE { ?f a dg:Firm }\n"
    (copied_project / "queries/more").mkdir()
    (copied_project / "queries/more/how-many.rq").write_text(content)
    asked = run("ask", "how-many", "--format", "csv", "--state", state, cwd=copied_project)
    assert asked.stdout.split()[0] == "firms"
    assert int(asked.stdout.split()[1]) > 10


def test_every_type_of_a_parameter_is_a_class() -> None:
    known = {*load_vocabulary().classes, *LITERAL_TYPES, ANY_THING, ANY_CLASS}
    types = {parameter.type for query in load_queries().values() for parameter in query.parameters.values()}
    assert types <= known


@pytest.mark.slow
def test_every_query_runs_as_it_stands(state: Path) -> None:
    store = ox.Store.read_only(str(state / "current/index"))
    queries = askable(load_queries(), ())
    assert len(queries) >= 15
    for query in queries.values():
        assert any(True for _ in store.query(query.sparql({}))), query.name
