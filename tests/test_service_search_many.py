"""Search among the titles of a loaded source: where words are in very many texts, the best come first as ever."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.loading.source import LoadedSource
from loaders.progress import Progress
from loaders.release import Release
from loaders.search_index import write_search_index
from service.bench.titles import load_titles
from service.search import candidates
from service.search.index import Page, Question, SearchIndex

WORKS = 3000
ONTOLOGY = """@prefix dg: <https://w3id.org/districtgraph/ontology#> .
@prefix dgi: <https://w3id.org/districtgraph/id/> . @prefix graph: <https://w3id.org/districtgraph/graph/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
graph:ontology {{ dg:Publication a owl:Class ; rdfs:label "publication"@en . dg:Person a owl:Class . }}
graph:paper {{ <{both}> a dg:Publication ; rdfs:label "A work that both name"@en . dgi:alone rdfs:label "{label}" . }}
"""
BOTH = "https://w3id.org/districtgraph/id/bench-work-0-7"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> LoadedSource:
    """Some works and people."""
    return load_titles(tmp_path_factory.mktemp("loaded"), WORKS, 1, Progress(lambda _: None))


@pytest.fixture(scope="module")
def folder(source: LoadedSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of them and of what a paper says."""
    folder = tmp_path_factory.mktemp("index")
    write(folder, source, "alone")
    return folder


def write(folder: Path, source: LoadedSource, label: str) -> None:
    quads = ox.parse(ONTOLOGY.format(both=BOTH, label=label), format=ox.RdfFormat.TRIG)
    write_search_index(folder / "search.sqlite", quads, [source], folder / "sources.sqlite")


@pytest.fixture
def index(folder: Path) -> SearchIndex:
    return SearchIndex(Release("any", folder))


@pytest.fixture(scope="module")
def common(folder: Path) -> list[str]:
    """The words of the most texts."""
    found = """SELECT word FROM words WHERE length(word) > 4 AND word <> 'between' GROUP BY word
        ORDER BY sum(texts) DESC, word LIMIT 12"""
    with closing(sqlite3.connect(folder / "search.sqlite")) as connection:
        return [word for (word,) in connection.execute(found)]


def asked(index: SearchIndex, text: str, **bounds: object) -> Page:
    return index.find(Question(text, **{"hidden": frozenset(), **bounds}))  # type: ignore[arg-type]


def questions(common: list[str]) -> Iterator[tuple[str, bool]]:
    pairs = list(zip(common[::2], common[1::2], strict=True))
    for first, second in pairs:
        yield from ((first, False), (f"{first} {second}", False), (f"{first} {second[:3]}", True), (first[:2], True))
    yield f'"{pairs[0][0]} {pairs[0][1]}"', False
    yield f"{pairs[0][0]} -{pairs[1][0]}", False


def test_the_best_are_the_same_where_not_all_are_ranked(
    index: SearchIndex, common: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    is_bounded = set()
    for text, is_suggestion in questions(common):
        whole = asked(index, text, is_suggestion=is_suggestion, limit=10)
        with monkeypatch.context() as few:
            few.setattr(candidates, "_MOST_TEXTS", 20)
            few.setattr(candidates, "_MOST_OF_RANGE", 40)
            some = asked(index, text, is_suggestion=is_suggestion, limit=10)
        assert whole.is_all
        assert [result.id for result in some.results] == [result.id for result in whole.results], text
        assert some.total == whole.total if some.is_all else min(10, whole.total) <= some.total <= whole.total
        is_bounded.add(some.is_all)
    assert False in is_bounded


def test_words_together_in_no_text_find_those_with_the_rarest(
    index: SearchIndex, common: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_MOST_TEXTS", 20)
    page = asked(index, " ".join(common))
    assert page.results and not page.is_all
    assert all(result.missing for result in page.results)


def test_the_graph_of_a_source_that_is_closed_hides_all_that_it_says(
    index: SearchIndex, common: list[str], source: LoadedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = frozenset({source.graph.value})
    for most in (20, 100_000):
        monkeypatch.setattr(candidates, "_MOST_TEXTS", most)
        for text in (common[0], f"{common[0]} {common[1]}"):
            page = asked(index, text, hidden=hidden)
            assert (page.total, page.corrected, page.missing) == (0, {}, text.split())
        assert [result.id for result in asked(index, "both name", hidden=hidden).results] == [BOTH]


def test_what_a_paper_and_a_source_name_is_one_thing(index: SearchIndex, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "search.sqlite")) as connection:
        texts = connection.execute("SELECT text FROM texts JOIN things ON things.id = thing WHERE iri = ?", (BOTH,))
        (named, other) = sorted((text for (text,) in texts), key=lambda text: text != "A work that both name")
    for text in (named, other):
        (first, *_) = asked(index, f'"{text}"').results
        assert (first.id, first.label, first.types) == (BOTH, named, ["Publication"])


def test_a_class_and_a_language_are_those_of_what_is_found(
    index: SearchIndex, common: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_MOST_TEXTS", 20)
    assert asked(index, common[0], types=("Person",)).total == 0
    page = asked(index, common[0], types=("Publication",), language="en")
    assert page.total >= 20 and {(result.type, result.language) for result in page.results} == {("Publication", "en")}


def test_the_index_of_the_sources_is_kept_where_a_paper_says_something_else(
    folder: Path, source: LoadedSource, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "sources.sqlite").stat().st_mtime_ns
    write(tmp_path, source, "quite another label")
    assert (tmp_path / "sources.sqlite").stat().st_mtime_ns == before
    assert asked(SearchIndex(Release("other", tmp_path)), "quite another").total == 1
    (tmp_path / "sources.sqlite").write_bytes(b"damaged")
    kept = (tmp_path / "search.sqlite").read_bytes()
    write(tmp_path, source, "quite another label")
    assert (tmp_path / "search.sqlite").read_bytes() == kept
