"""The store of a release with loaded sources: made from the one before where only the papers say something else."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from loaders.canonical import release_id
from loaders.loading.source import LoadedSource
from loaders.progress import Progress
from loaders.release import Release
from loaders.releases import Releases
from service.bench.titles import load_titles

pytestmark = pytest.mark.slow

ID, GRAPH = "https://w3id.org/districtgraph/id/", "https://w3id.org/districtgraph/graph/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# The source says it, too: of the merge it must not leave when the papers say it no more.
SAID_TWICE = f"<{ID}bench-work-0-1> <{TYPE}> <https://w3id.org/districtgraph/ontology#Publication> <{GRAPH}paper> .\n"
ALWAYS = f'<{ID}a> <{ID}says> "always" <{GRAPH}paper> .\n'
AT_FIRST = f"<{ID}a> <{ID}says> <{ID}b> <{GRAPH}gone> .\n<{ID}a> <{ID}says> _:c14n0 <{GRAPH}paper> .\n{SAID_TWICE}"
THEN = f'<{ID}a> <{ID}says> "something else" <{GRAPH}new> .\n_:c14n0 <{ID}says> "it" <{GRAPH}paper> .\n'


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> LoadedSource:
    """Some works and people."""
    return load_titles(tmp_path_factory.mktemp("loaded"), 1000, 1, Progress(lambda _: None))


def publish(state: Path, content: str, loaded: Sequence[LoadedSource]) -> Release:
    lines = "".join(sorted((ALWAYS + content).splitlines(keepends=True))).encode()
    id_ = release_id(lines, [source.identity for source in loaded])
    described = ox.Quad(
        ox.NamedNode(ID + id_), ox.NamedNode(TYPE), ox.NamedNode(ID + "R"), ox.NamedNode(GRAPH + "release")
    )
    releases = Releases(state)
    with releases.building():
        return releases.publish(
            lines,
            [described],
            {"checks": {"evidence": {"passed": 0}}, "built": ""},
            ontology=b"",
            queries=b"",
            loaded=loaded,
        )


def quads(release: Release) -> set[ox.Quad]:
    return set(ox.Store.read_only(str(release.store)))


def graphs(release: Release) -> set[object]:
    return set(ox.Store.read_only(str(release.store)).named_graphs())


def files(release: Release) -> set[int]:
    return {path.stat().st_ino for path in release.store.glob("*.sst")}


def test_a_store_that_is_made_from_the_one_before_is_as_one_made_anew(tmp_path: Path, source: LoadedSource) -> None:
    first = publish(tmp_path / "state", AT_FIRST, [source])
    revised = publish(tmp_path / "state", THEN, [source])
    anew = publish(tmp_path / "other", THEN, [source])
    assert quads(revised) == quads(anew) and graphs(revised) == graphs(anew)
    assert files(first) & files(revised)
    assert revised.is_whole() and first.is_whole()
    again = publish(tmp_path / "state", AT_FIRST + THEN, [source])
    assert quads(again) == quads(publish(tmp_path / "other", AT_FIRST + THEN, [source]))


def test_a_store_before_that_is_damaged_is_not_built_upon(tmp_path: Path, source: LoadedSource) -> None:
    first = publish(tmp_path / "state", AT_FIRST, [source])
    store = ox.Store(str(first.store))
    store.remove(next(store.quads_for_pattern(None, None, None, source.graph)))
    del store
    anew = quads(publish(tmp_path / "other", THEN, [source]))
    assert quads(publish(tmp_path / "state", THEN, [source])) == anew
    (tmp_path / "state/current/manifest.json").write_text("{")
    with_more = publish(tmp_path / "state", THEN + SAID_TWICE, [source])
    assert quads(with_more) == quads(publish(tmp_path / "other", THEN + SAID_TWICE, [source]))


def test_a_store_before_with_other_sources_is_not_built_upon(tmp_path: Path, source: LoadedSource) -> None:
    publish(tmp_path / "state", AT_FIRST, [source])
    assert quads(publish(tmp_path / "state", THEN, [])) == quads(publish(tmp_path / "other", THEN, []))
