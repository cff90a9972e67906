"""The index of a release: made of its quads alone, with every text once, and words that are folded in one way."""

import shutil
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import run
from hypothesis import given
from hypothesis import strategies as st

from loaders.search_index import write_search_index
from loaders.search_stems import stems
from loaders.words import fold, folded_text, parts, parts_of_words, words

LATIN = st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cs"]))
PREFIXES = """@prefix dg: <https://w3id.org/districtgraph/ontology#> .
@prefix dgi: <https://w3id.org/districtgraph/id/> .
@prefix graph: <https://w3id.org/districtgraph/graph/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
DATASET = """
graph:ontology {
    dg:Technology a owl:Class ; rdfs:label "technology"@en ; skos:definition "What one can do with it."@en .
    dg:Robot a owl:Class ; rdfs:subClassOf dg:Technology ; skos:definition "No label, but a definition."@en .
    dgi:arm a dg:Robot ; skos:prefLabel "arm"@en , "brazo"@es .
}
graph:inferred { dgi:arm a dg:Technology ; rdfs:label "arm"@en , "brazo"@es , "inferred alone"@en . }
graph:ontology { dg:maker a owl:DatatypeProperty ; rdfs:label "made by"@en . dg:textDigest a owl:DatatypeProperty . }
graph:one { dgi:arm dg:maker "ACME" ; dg:textDigest "abc" ; dg:other "nothing" .
    dgi:arm skos:exactMatch <http://example.org/One> , <http://example.org/Two> .
    <http://example.org/One> rdfs:label "RobotArm" , "arm"@en . }
graph:two { <http://example.org/Two> rdfs:label "limb" . }
graph:one { dgi:arm skos:note "A robot."@en . dgi:unnamed skos:note "It has no label."@en . }
graph:two { dgi:arm skos:note "A robot."@en . [] rdfs:label "blank"@en . }
"""


def read(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "search.sqlite"
    write_search_index(path, ox.parse(PREFIXES + DATASET, format=ox.RdfFormat.TRIG))
    return path


@pytest.mark.slow
def test_the_index_is_a_function_of_the_quads(state: Path, tmp_path: Path) -> None:
    quads = list(ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))
    write_search_index(tmp_path / "again.sqlite", reversed(quads))
    assert (tmp_path / "again.sqlite").read_bytes() == (state / "current/search.sqlite").read_bytes()


def test_what_has_a_label_is_searched_and_so_are_the_terms_of_the_ontology(index: Path) -> None:
    things = {str(iri).rpartition("/")[2] for (iri,) in read(index, "SELECT iri FROM things")}
    assert things == {"arm", "One", "Two", "ontology#Technology", "ontology#Robot", "ontology#maker"}


def test_what_is_inferred_from_another_label_is_not_searched_twice(index: Path) -> None:
    told = read(
        index, "SELECT property, language, text FROM texts JOIN things ON things.id = thing WHERE iri LIKE '%/arm'"
    )
    assert told == [
        ("label", "en", "inferred alone"),
        ("prefLabel", "en", "arm"),
        ("prefLabel", "es", "brazo"),
        ("exactMatch", "", "RobotArm"),
        ("note", "en", "A robot."),
        ("maker", "", "ACME"),
    ]


def test_a_label_elsewhere_is_a_name_where_one_graph_states_match_and_label(index: Path) -> None:
    named = "SELECT graph FROM texts JOIN graphs USING (origin) WHERE property = 'exactMatch'"
    assert [str(graph).rpartition("/")[2] for (graph,) in read(index, named)] == ["one"]


def test_a_name_in_camel_case_is_found_by_its_parts(index: Path) -> None:
    for word in ("robotarm", "robot", "arm"):
        found = "SELECT text FROM texts WHERE id IN (SELECT rowid FROM found WHERE found MATCH ?)"
        with closing(sqlite3.connect(index)) as connection:
            assert ("RobotArm",) in connection.execute(found, (f"name : {word}",)).fetchall()


def test_what_is_spoken_of_comes_before_terms_and_what_is_elsewhere(index: Path) -> None:
    standing = {str(iri).rpartition("/")[2]: place for iri, place in read(index, "SELECT iri, standing FROM things")}
    assert (standing["arm"], standing["ontology#Robot"], standing["One"]) == (0, 1, 2)


def test_a_text_of_two_graphs_is_there_once_and_names_both(index: Path) -> None:
    named = "SELECT graph FROM texts JOIN graphs USING (origin) WHERE text = 'A robot.' ORDER BY graph"
    assert [str(graph).rpartition("/")[2] for (graph,) in read(index, named)] == ["one", "two"]


def test_stated_types_come_before_inferred_ones_and_narrow_before_wide(index: Path) -> None:
    statement = """SELECT classes.name FROM types JOIN classes ON classes.id = class JOIN things ON things.id = thing
        WHERE things.iri LIKE '%/arm' ORDER BY place"""
    assert read(index, statement) == [("Robot",), ("Technology",)]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Götz", "gotz"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Ærø, Œuvre", "aero oeuvre"),
        ("Castello\N{COMBINING ACUTE ACCENT} / Castelló", "castello castello"),
        ("I4.0 – CEBRA+", "i4 0 cebra"),
        ("d’Açò _x_", "d aco x"),
        ("it's IT’S firms' l'innovazione", "its its firms l innovazione"),
        ("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ"),
        ("¿?", ""),
    ],
)
def test_case_and_marks_do_not_count(written: str, folded: str) -> None:
    assert folded_text(written) == folded


@pytest.mark.parametrize(
    ("words_", "others"),
    [
        ("broker brokers brokering brokerage brokerages", "break"),
        ("organisation organization organisations", "ocean"),
        ("digitalisation digitalization digitalised digitalize", "digest"),
        ("labour labor", "laboratory"),
        ("centre centers", "century"),
        ("programme programs", "progress"),
    ],
)
def test_words_with_a_stem_differ_in_endings_and_spelling_alone(words_: str, others: str) -> None:
    assert len(set(stems(words_.split()).values())) == 1
    assert not set(stems(words_.split()).values()) & set(stems(others.split()).values())


@pytest.mark.parametrize(
    ("word", "cut"),
    [
        ("LivingLab", ["living", "lab"]),
        ("OstWestfalenLippe", ["ost", "westfalen", "lippe"]),
        *[(word, []) for word in ("IoT", "PhD", "McKinsey", "AIJU", "robot")],
    ],
)
def test_words_in_camel_case_are_cut(word: str, cut: list[str]) -> None:
    assert parts(word) == cut


@given(LATIN)
def test_a_word_is_cut_alike_composed_or_not(text: str) -> None:
    composed, decomposed = (parts_of_words(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert composed == decomposed


@given(LATIN)
def test_a_text_is_folded_alike_composed_or_not(text: str) -> None:
    composed, decomposed = (folded_text(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert composed == decomposed


@given(st.text())
def test_words_are_parts_of_the_text_in_their_order(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.folded == fold(text[word.start : word.end]) and word.folded.isalnum()
        end = word.end


@given(LATIN)
def test_what_is_folded_is_folded(text: str) -> None:
    assert folded_text(folded_text(text)) == folded_text(text)


@pytest.mark.slow
def test_a_release_without_an_index_or_with_a_damaged_one_gets_it_when_it_is_built_again(
    excerpt_state: Path, copied_project: Path
) -> None:
    state = shutil.copytree(excerpt_state, copied_project / "state", symlinks=True)
    index = state / "current/search.sqlite"
    whole = index.read_bytes()
    for damage in (index.unlink, lambda: index.write_bytes(whole[: len(whole) // 2])):
        damage()
        built = run("build", "--state", state, cwd=copied_project)
        assert (built.returncode, index.read_bytes() == whole) == (0, True), built.stderr
