"""What is exported is what is served, or what was published, in any format and compressed."""

import gzip
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard
from conftest import run
from load import write
from running import ending, start

from loaders.releases import Releases

pytestmark = pytest.mark.slow

GRAPH = "https://w3id.org/districtgraph/graph/"


@pytest.fixture(scope="module")
def state(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a release, a graph that was written, and a triple of the default graph."""
    state = shutil.copytree(excerpt_state, tmp_path_factory.mktemp("export") / "state", symlinks=True)
    token = run("token", "create", "--role", "curator", "--state", state).stdout.strip()
    with ending(start(state)) as service:
        triples = "GRAPH <urn:g> { <urn:a> <urn:b> _:x . _:x <urn:b> 'c' }"
        removal = "DELETE WHERE { GRAPH <urn:g> { ?s ?p 'c' } }"
        for text in (f"INSERT DATA {{ {triples} <urn:own> <urn:b> 1 }}", removal):
            assert write(service.url, token, text).status_code == 204
    return state


def test_everything_is_what_is_served_and_a_release_what_was_published(state: Path, tmp_path: Path) -> None:
    exported = run("export", tmp_path / "all.nq.zst", "--state", state)
    assert exported.returncode == 0, exported.stderr
    content = zstandard.ZstdDecompressor().stream_reader((tmp_path / "all.nq.zst").read_bytes()).read()
    quads = set(ox.parse(content, format=ox.RdfFormat.N_QUADS))
    assert len(quads) == len(content.splitlines())
    release = Releases(state).require_current()
    names = {getattr(quad.graph_name, "value", "") for quad in quads}
    assert {"", "urn:g", GRAPH + "inferred", GRAPH + "release"} <= names
    written = {q for q in quads if getattr(q.graph_name, "value", "") in ("", "urn:g")}
    assert {q.subject.value for q in written} == {"urn:a", "urn:own"}
    alone = run("export", "--release", "current", "--state", state)
    described = [line for line in alone.stdout.splitlines() if line.endswith(f"<{GRAPH}release> .")]
    assert sorted({*alone.stdout.splitlines()} - {*described}) == release.content().decode().splitlines()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert not list((state / "snapshots").iterdir())


@pytest.mark.parametrize(
    ("name", "format_"),
    [("i.ttl.gz", ox.RdfFormat.TURTLE), ("i.nt", ox.RdfFormat.N_TRIPLES), ("i.trig", ox.RdfFormat.TRIG)],
)
def test_a_graph_is_the_same_in_each_format(name: str, format_: ox.RdfFormat, state: Path, tmp_path: Path) -> None:
    iri = GRAPH + "inferred" if name.endswith("nt") else "inferred"
    exported = run("export", iri, tmp_path / name, "--state", state)
    assert exported.returncode == 0, exported.stderr
    content = (tmp_path / name).read_bytes()
    content = gzip.decompress(content) if name.endswith("gz") else content
    quads = Releases(state).require_current().quads()
    expected = {quad.triple for quad in quads if quad.graph_name == ox.NamedNode(GRAPH + "inferred")}
    assert {quad.triple for quad in ox.parse(content, format=format_)} == expected
    assert f"{len(expected)} triples" in exported.stderr
    assert run("export", iri, tmp_path / name, "--state", state).returncode == 1  # it is there, and nobody confirms


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("infered",), "did you mean 'inferred'"),
        (("--format", "turtle"), "name a GRAPH"),
        (("--release", "nosuch"), "no release 'nosuch'"),
        (("inferred", "/nowhere/x.nt"), "cannot be written"),
    ],
)
def test_what_goes_wrong_is_explained(arguments: tuple[str, ...], message: str, state: Path) -> None:
    exported = run("export", *arguments, "--state", state)
    assert (exported.returncode, exported.stdout, message in exported.stderr) == (2, "", True), exported.stderr
    assert "Traceback" not in exported.stderr
