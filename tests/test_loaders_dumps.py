"""The dumps of a release: every quad and no other, the same bytes each time, and made again by a build."""

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard
from conftest import PROJECT, run
from hypothesis import given
from hypothesis import strategies as st

from loaders.canonical import canonical
from loaders.dumps import DUMPS, trig_of, write_dumps

IRIS = st.sampled_from(["https://w3id.org/districtgraph/id/a", "https://w3id.org/districtgraph/ontology#B", "urn:c:d"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LITERALS = st.one_of(
    st.builds(ox.Literal, TEXTS),
    st.builds(lambda text: ox.Literal(text, language="en"), TEXTS),
    st.builds(lambda text: ox.Literal(text, datatype=ox.NamedNode("urn:datatype")), TEXTS),
)
BLANK_NODES = st.sampled_from([ox.BlankNode("a"), ox.BlankNode("b")])
NODES = st.builds(ox.NamedNode, IRIS)
QUADS = st.sets(
    st.builds(ox.Quad, st.one_of(NODES, BLANK_NODES), NODES, st.one_of(NODES, BLANK_NODES, LITERALS), NODES),
    max_size=12,
)


def unpacked(file: Path) -> bytes:
    with file.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as reader:
        return reader.read()


def test_the_nquads_are_those_that_the_id_names(state: Path) -> None:
    assert unpacked(state / "current/dataset.nq.zst") == (state / "current/dataset.nq").read_bytes()


@pytest.mark.slow
def test_the_trig_has_the_same_quads(state: Path) -> None:
    quads = ox.parse(unpacked(state / "current/dataset.trig.zst"), format=ox.RdfFormat.TRIG)
    expected = ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    assert set(quads) == set(expected)


def test_the_trig_goes_graph_by_graph(state: Path) -> None:
    lines = unpacked(state / "current/dataset.trig.zst").decode().splitlines()
    opened = [line for line in lines if line.endswith(" {") and not line.startswith("\t")]
    assert opened == sorted(set(opened))
    assert lines[0].startswith("@prefix dcterms: ")


def test_a_dump_is_a_small_part_of_its_quads(state: Path) -> None:
    whole = (state / "current/dataset.nq").stat().st_size
    assert all((state / "current" / name).stat().st_size < whole / 10 for name in DUMPS)


def test_a_dump_that_lost_a_byte_does_not_unpack(state: Path, tmp_path: Path) -> None:
    for name in DUMPS:
        content = bytearray((state / "current" / name).read_bytes())
        content[-1] ^= 1  # of the checksum that ends it
        (tmp_path / name).write_bytes(content)
        with pytest.raises(zstandard.ZstdError):
            unpacked(tmp_path / name)


@given(quads=QUADS)
def test_any_quads_come_back_from_trig(quads: set[ox.Quad]) -> None:
    content = canonical(quads)
    parsed = ox.parse(b"".join(trig_of(content)), format=ox.RdfFormat.TRIG)
    assert canonical(parsed) == content


def test_equal_quads_make_equal_dumps_in_every_process(state: Path, tmp_path: Path) -> None:
    write = """import sys, pathlib, loaders.dumps
folder = pathlib.Path(sys.argv[1])
loaders.dumps.write_dumps(folder, pathlib.Path(sys.argv[2]).read_bytes())"""
    content = tmp_path / "some.nq"
    content.write_bytes(b"".join((state / "current/dataset.nq").read_bytes().splitlines(keepends=True)[::40]))
    write_dumps(tmp_path, content.read_bytes())
    for seed in "12":
        again = tmp_path / seed
        again.mkdir()
        subprocess.run(
            [sys.executable, "-c", write, again, content], check=True, cwd=PROJECT, env={"PYTHONHASHSEED": seed}
        )
        for name in DUMPS:
            assert (again / name).read_bytes() == (tmp_path / name).read_bytes()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_building_again_makes_the_dumps_that_an_older_version_did_not(
    excerpt_state: Path, copied_project: Path
) -> None:
    assert run("build", "--state", "state", cwd=copied_project).returncode == 0
    release = copied_project / "state/current"
    made = {name: (release / name).read_bytes() for name in DUMPS}
    assert made == {name: (excerpt_state / "current" / name).read_bytes() for name in DUMPS}
    for name in DUMPS:
        (release / name).unlink()
    assert run("build", "--state", "state", cwd=copied_project).returncode == 0
    assert made == {name: (release / name).read_bytes() for name in DUMPS}
