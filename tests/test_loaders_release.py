"""Releases: the same inputs give the same id, and a build that dies leaves the last one serving."""

import fcntl
import hashlib
import json
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import COMMAND, PROJECT, run, serving

from loaders.canonical import canonical

COUNT = {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"}


def current(state: Path) -> str:
    return (state / "current").readlink().name


def build(state: Path, project: Path) -> str:
    built = run("build", "--state", state, cwd=project)
    assert built.returncode == 0, built.stderr
    return current(state)


def test_the_id_names_the_content(state: Path) -> None:
    content = (state / "current/dataset.nq").read_bytes()
    assert hashlib.sha256(content).hexdigest().startswith(current(state))
    lines = content.splitlines()
    assert lines == sorted(set(lines))


@pytest.mark.slow
def test_the_same_inputs_give_the_same_id_elsewhere(excerpt_state: Path, copied_project: Path) -> None:
    """Another folder, another day, another hash seed, another time zone."""
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    built = run("build", "--state", "state", cwd=copied_project, **environment)
    assert built.returncode == 0, built.stderr
    assert current(copied_project / "state") == current(excerpt_state)


@pytest.mark.slow
def test_another_input_gives_another_id(excerpt_state: Path, copied_project: Path) -> None:
    places = copied_project / "loaders/corpus/places.yaml"
    places.write_text(places.read_text() + "- {id: nowhere, type: Place, label: Nowhere}\n")
    run("build", "--state", "state", cwd=copied_project)
    assert current(copied_project / "state") != current(excerpt_state)


@pytest.mark.slow
def test_texts_change_the_manifest_and_not_the_id(papers: Path, copied_project: Path) -> None:
    state = copied_project / "state"
    without = build(state, copied_project)
    evidence = json.loads((state / "current/manifest.json").read_text())["checks"]["evidence"]
    assert (evidence["performed"], evidence["without_text"] > 100) == (0, True)
    run("build", "--state", state, "--papers", papers, cwd=copied_project)
    verified = json.loads((state / "current/manifest.json").read_text())["checks"]["evidence"]
    assert (current(state), verified["passed"]) == (without, evidence["without_text"])
    again = run("build", "--state", state, cwd=copied_project).stdout
    assert f"{verified['passed']} passed when the same release was built before" in again
    kept = json.loads((state / "current/manifest.json").read_text())["checks"]["evidence"]
    assert kept == verified


def test_the_manifest_says_what_the_release_is_made_of(state: Path) -> None:
    manifest = json.loads((state / "current/manifest.json").read_text())
    content = ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    assert manifest["counts"]["triples"] == sum(1 for _ in content)
    assert manifest["release"] == current(state)
    assert {"gotz-2019", "places", "ontology", "alignments"} <= set(manifest["sources"])
    for source in manifest["sources"].values():
        for name, digest in source["files"].items():
            assert hashlib.sha256((PROJECT / name).read_bytes()).hexdigest() == digest
    assert {"districtgraph", "pyoxigraph", "python"} <= set(manifest["versions"])


def test_the_release_describes_itself_in_the_graph(state: Path) -> None:
    store = ox.Store.read_only(str(state / "current/index"))
    answer = store.query(
        f"""PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?n WHERE {{ GRAPH <https://w3id.org/districtgraph/graph/release> {{
          <https://w3id.org/districtgraph/release/{current(state)}> void:triples ?n }} }}"""
    )
    (solution,) = answer
    assert int(solution["n"].value) == len((state / "current/dataset.nq").read_bytes().splitlines())


def test_no_blank_node_is_left_to_chance(state: Path) -> None:
    """Only class expressions and annotated axioms of the ontology have blank nodes, with canonical labels."""
    graphs = {
        quad.graph_name.value.rpartition("/")[2]
        for quad in ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
    }
    assert graphs == {"alignments", "ontology"}


def test_a_thing_has_each_publication_that_speaks_of_it_as_source(state: Path) -> None:
    store = ox.Store.read_only(str(state / "current/index"))
    spoken_of = """PREFIX dg: <https://w3id.org/districtgraph/ontology#>
        SELECT DISTINCT ?thing ?paper { ?fact dg:factSubject|dg:factObject ?thing ; dg:source ?paper
        FILTER(STRSTARTS(STR(?thing), "https://w3id.org/districtgraph/id/")) %s }"""
    assert len(list(store.query(spoken_of % ""))) > 1000
    assert list(store.query(spoken_of % "FILTER NOT EXISTS { ?thing dg:source ?paper }")) == []


@pytest.mark.slow
def test_quads_without_blank_nodes_need_no_canonical_names(state: Path) -> None:
    """The content is what RDFC-1.0 makes of the whole dataset."""
    content = (state / "current/dataset.nq").read_bytes()
    dataset = ox.Dataset(ox.parse(content, format=ox.RdfFormat.N_QUADS, rename_blank_nodes=True))
    assert canonical(dataset) == content
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    whole = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert whole is not None
    assert sorted(whole.splitlines()) == content.splitlines()


def test_two_builds_at_once_do_not_mix(tmp_path: Path) -> None:
    with (tmp_path / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = run("build", "--state", tmp_path)
    assert (second.returncode, "another build is at work" in second.stderr) == (2, True)


def test_a_state_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    built = run("build", "--state", tmp_path / "file/state")
    assert (built.returncode, "cannot be written" in built.stderr) == (2, True)
    assert "Traceback" not in built.stderr


@pytest.mark.slow
def test_what_a_killed_build_left_behind_is_cleared(copied_project: Path) -> None:
    state = copied_project / "state"
    (state / "releases/.building-0/index").mkdir(parents=True)
    build(state, copied_project)
    assert [folder.name for folder in (state / "releases").iterdir()] == [current(state)]


@pytest.mark.slow
def test_a_service_answers_through_builds_killed_at_ten_random_moments(copied_project: Path) -> None:
    """Each build would make a new release, since each is given one more place; at last one is let through."""
    state = copied_project / "state"
    started = time.monotonic()
    assert run("build", "--state", state, cwd=copied_project).returncode == 0
    seconds = time.monotonic() - started
    first = current(state)
    places = copied_project / "loaders/corpus/places.yaml"
    moments = random.Random(20191)
    with serving(state) as service:
        seen = {first}
        for number in range(10):
            with places.open("a") as file:
                file.write(f"- {{id: nowhere-{number}, type: Place, label: Nowhere}}\n")
            building = subprocess.Popen(
                [*COMMAND, "build", "--state", str(state)], cwd=copied_project, stderr=subprocess.DEVNULL
            )
            time.sleep(moments.uniform(0.05, seconds))
            building.send_signal(signal.SIGKILL)
            building.wait()
            answer = service.get("/sparql", params=COUNT, headers={"Accept": "text/csv"})
            assert answer.status_code == 200
            release = answer.headers["DistrictGraph-Release"]
            seen.add(current(state))
            assert release in seen  # one that came is taken up in a moment, on a busy machine after the next build
            content = (state / "releases" / release / "dataset.nq").read_bytes()
            assert hashlib.sha256(content).hexdigest().startswith(release)
            assert int(answer.text.split()[1]) > 5_000
        assert run("build", "--state", state, cwd=copied_project).returncode == 0
        deadline = time.monotonic() + 10
        while service.get("/sparql", params=COUNT).headers["DistrictGraph-Release"] != current(state):
            assert time.monotonic() < deadline
        assert current(state) != first
    left = [folder.name for folder in (state / "releases").iterdir() if folder.name.startswith(".")]
    assert left == []


@pytest.mark.parametrize(
    ("file", "content"), [("manifest.json", "{"), ("manifest.json", "{}"), ("dataset.nq", "{"), ("index/CURRENT", "{")]
)
@pytest.mark.slow
def test_a_damaged_release_is_built_again(file: str, content: str, excerpt_state: Path, copied_project: Path) -> None:
    state = copied_project / "state"
    shutil.copytree(excerpt_state, state, symlinks=True)
    (state / "current" / file).write_text(content)
    asked = run("query", "ASK {}", "--state", state)
    assert "Traceback" not in asked.stderr
    assert build(state, copied_project) == current(excerpt_state)
    assert (state / "current/dataset.nq").read_bytes() == (excerpt_state / "current/dataset.nq").read_bytes()
    json.loads((state / "current/manifest.json").read_text())
