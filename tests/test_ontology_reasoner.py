"""What only a reasoner finds is told with the terms and entries to blame, and HermiT never outstays the check."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import COMMAND, PROJECT, copy_project, run
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import ReasonerError
from ontology.reasoner import find_reasoner, narrow

MODULE = (PROJECT / "ontology/relations.ttl").read_text()
IMPOSSIBLE = """
dg:Za a owl:Class ; rdfs:label "za"@en ; skos:definition "What za is."@en ; dcterms:source <https://example.org/> ;
    rdfs:subClassOf dg:Organisation ,
        [ a owl:Restriction ; owl:onProperty dg:locatedIn ; owl:someValuesFrom dg:Country ] ,
        [ a owl:Restriction ; owl:onProperty dg:locatedIn ; owl:allValuesFrom dg:Municipality ] .
dg:Zb a owl:Class ; rdfs:label "zb"@en ; skos:definition "What zb is."@en ; dcterms:source <https://example.org/> ;
    rdfs:subClassOf dg:Za .
"""
EVIDENCE = 'evidence: {section: "3", start: 18214, end: 18294, digest: %s}' % ("0" * 64)
ENTRIES = "loaders/corpus/hervas-oliver-2021/planted.yaml"


def check(project: Path, *files: Path, **environment: str) -> tuple[int, list[Mapping[str, Any]]]:
    ran = run("check", "ontology", "--format", "json", *files, cwd=project, **environment)
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode, json.loads(ran.stdout)["findings"]


def fake_java(folder: Path, script: str) -> str:
    """Return a PATH with a `java` that does what `script` says."""
    executable = folder / "java"
    executable.write_text(f"#!/bin/sh\n{script}\n")
    executable.chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


@pytest.mark.slow
def test_the_ontology_as_it_stands_has_neither_errors_nor_warnings(java: str) -> None:
    checked = run("check", "ontology")
    assert checked.returncode == 0
    assert re.search(r"^0 errors, 0 warnings, \d+ notes? in \d+ modules$", checked.stdout, re.MULTILINE), checked.stdout
    assert len(re.findall(r": note: .*has no label in", checked.stdout)) == 3
    assert re.search(r"^note: \d+ more of the kind 'untranslated'; --format json", checked.stdout, re.MULTILINE)
    assert "the reasoner HermiT about the ontology with the things and situations of the corpus" in checked.stderr
    assert "not searched" not in checked.stdout


@pytest.mark.slow
def test_impossible_classes_are_told_with_the_terms_that_make_them_so(tmp_path: Path, java: str) -> None:
    (tmp_path / "relations.ttl").write_text(MODULE + IMPOSSIBLE)
    status, findings = check(PROJECT, tmp_path / "relations.ttl")
    found = {f["term"]: f for f in findings if f["check"] == "impossible"}
    assert (status, set(found)) == (1, {"dg:Za", "dg:Zb"})
    blamed = re.fullmatch(r"can have no instances, by what is said of (.*)", found["dg:Za"]["message"])
    assert blamed
    assert "dg:Za" in blamed[1]
    assert len(re.findall(r"dg:\w+|https:", blamed[1])) <= 4
    assert found["dg:Zb"]["message"] == "can have no instances: it is below dg:Za, which can have none"
    assert found["dg:Za"]["line"] == (MODULE + IMPOSSIBLE).splitlines().index(IMPOSSIBLE.splitlines()[1]) + 1


@pytest.mark.slow
def test_entries_that_contradict_the_ontology_are_narrowed_down(copied_project: Path, java: str) -> None:
    """A thing that is only within municipalities lies in a country; the rest of the corpus is not to blame."""
    module = copied_project / "ontology/relations.ttl"
    module.write_text(MODULE + IMPOSSIBLE.replace("owl:someValuesFrom dg:Country", "owl:someValuesFrom dg:Place"))
    for paper in ("gotz-2019", "hervas-oliver-2019", "hervas-oliver-2021", "norway-two-clusters"):
        shutil.rmtree(copied_project / "loaders/corpus" / paper)
    for file in (copied_project / "loaders/corpus/anand-naegele-2021").glob("*.yaml"):
        if file.name != "paper.yaml":
            file.unlink()
    shutil.rmtree(copied_project / "ontology/alignments")
    places = copied_project / "loaders/corpus/places.yaml"
    places.write_text("".join(re.findall(r"^- {id: (?:europe|norway),.*\n", places.read_text(), re.MULTILINE)))
    entries = "- {id: za, type: Za, label: za, %s}\n- {subject: za, locatedIn: norway, %s}\n"
    planted, evidence = "loaders/corpus/anand-naegele-2021/planted.yaml", EVIDENCE.replace('"3"', '"Abstract"')
    evidence = evidence.replace("18214", "615").replace("18294", "806")
    (copied_project / planted).write_text(entries % (evidence, evidence))
    status, findings = check(copied_project)
    found = {(f["file"], f["line"]): f["message"] for f in findings if f["check"] == "contradiction"}
    assert [f["message"] for f in findings if f["severity"] == "error" and f["check"] != "contradiction"] == []
    assert (status, {(planted, 1), (planted, 2)} <= set(found), len(found) <= 4) == (1, True, True), findings
    assert f"{planted}:2" in found[planted, 1]


CONTRADICTIONS = {
    "thing in two disjoint classes": (
        ["{subject: aiju, type: Municipality, %s}"],
        "dgi:aiju",
        "says dgi:aiju a dg:Municipality, against loaders/corpus/.*yaml:[0-9]+ .*: dg:Actor and dg:Place are disjoint",
    ),
    "disjoint properties": (
        ["{subject: decision-toy-valley-host, chose: toy-valley-larger-firms, %s}"],
        "dgi:decision-toy-valley-host",
        "against loaders/corpus/hervas-oliver-2021/decisions.yaml:[0-9]+ .*: dg:chose and dg:didNotChoose are disjoint",
    ),
    "joined to itself": (
        ["{subject: aiju, acquired: aiju, %s}"],
        "dgi:aiju",
        "says dgi:aiju dg:acquired dgi:aiju: dg:acquired joins nothing to itself",
    ),
    "two values where there is one": (
        ["{subject: hervas-oliver-2019, year: 1999, %s}"],
        "dgi:hervas-oliver-2019",
        "says .* dg:year '(1999|2019)', against .*yaml:[0-9]+ .* dg:year '(2019|1999)'.: it has one dg:year at most",
    ),
}


@pytest.fixture(scope="module")
def contradicting(tmp_path_factory: pytest.TempPathFactory) -> list[Mapping[str, Any]]:
    """What is found, without Java, in a project whose corpus has all of CONTRADICTIONS."""
    project = tmp_path_factory.mktemp("contradicting")
    copy_project(project)
    lines = [f"- {line}\n" % EVIDENCE for entries, _, _ in CONTRADICTIONS.values() for line in entries]
    (project / ENTRIES).write_text("".join(lines))
    return check(project, PATH="/nonexistent")[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_told_without_java(name: str, contradicting: list[Mapping[str, Any]]) -> None:
    _, term, message = CONTRADICTIONS[name]
    found = [f["message"] for f in contradicting if (f["check"], f["term"]) == ("contradiction", term)]
    assert any(re.search(message, said) for said in found), contradicting


@pytest.mark.slow
def test_a_build_names_both_facts_of_a_contradiction_and_makes_nothing(copied_project: Path) -> None:
    """AIJU is no municipality: that it is an organisation follows from what is said of it, which is named.

    A shape refuses the line, so that it is told once, in the words of the shape.
    """
    (copied_project / ENTRIES).write_text(f"- {{subject: aiju, type: Municipality, {EVIDENCE}}}\n")
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 1
    (told,) = [line for line in built.stderr.splitlines() if line.startswith(f"{ENTRIES}:1: 'aiju': it is both")]
    assert re.search("; against loaders/corpus/[^ ]*:[0-9]+ \\(dgi:aiju a dg:CollectiveActor\\)$", told)
    assert "says dgi:aiju" not in built.stderr
    assert not list(copied_project.glob("state/releases/*/manifest.json"))


@pytest.mark.slow
def test_without_java_a_note_says_what_was_not_looked_for(excerpt_state: Path) -> None:
    status, findings = check(excerpt_state.parent, PATH="/nonexistent")
    (note,) = [f for f in findings if f["check"] == "reasoner"]
    assert (status, note["severity"]) == (0, "note")
    assert "not searched for what only a reasoner finds" in note["message"]
    assert note["way_out"] == "install Java (Debian: default-jre-headless)"


@pytest.mark.slow
def test_what_java_complains_of_is_told(excerpt_state: Path, tmp_path: Path) -> None:
    script = 'echo "Error: Could not reserve enough space"; echo "    at nowhere"; exit 1'
    status, findings = check(excerpt_state.parent, PATH=fake_java(tmp_path, script))
    (warning,) = [f for f in findings if f["check"] == "reasoner"]
    assert (status, warning["severity"]) == (0, "warning")
    assert warning["message"] == "HermiT ended with: Error: Could not reserve enough space"


def test_a_reasoner_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", fake_java(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60"))
    reasoner = find_reasoner(0.5)
    assert reasoner is not None
    started = time.monotonic()
    with pytest.raises(ReasonerError, match="took too long"):
        reasoner.is_possible([])
    assert time.monotonic() - started < 10
    assert not Path("/proc", (tmp_path / "pid").read_text().strip()).exists()


@pytest.mark.slow
def test_nothing_is_left_behind_when_the_librarian_has_enough(excerpt_state: Path, tmp_path: Path) -> None:
    path = fake_java(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    process = subprocess.Popen(
        [*COMMAND, "check", "ontology"],
        cwd=excerpt_state.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PATH": path},
    )
    assert process.stderr is not None
    waiting = time.monotonic() + 60
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < waiting
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert b"Traceback" not in said
    stat, until = Path("/proc", (tmp_path / "pid").read_text().strip(), "stat"), time.monotonic() + 10
    while not has_ended(stat):
        assert time.monotonic() < until
        time.sleep(0.1)


def has_ended(stat: Path) -> bool:
    """Tell whether a process has ended, be it that nobody took note of it yet."""
    try:
        return stat.read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@given(st.sets(st.integers(0, 40), min_size=1, max_size=41), st.data())
def test_narrowing_keeps_what_contradicts_and_nothing_else(numbers: set[int], data: st.DataObject) -> None:
    culprits = data.draw(st.sets(st.sampled_from(sorted(numbers)), min_size=1, max_size=4))
    groups = [(str(number), ()) for number in sorted(numbers)]
    kept = narrow(groups, lambda some: {str(c) for c in culprits} <= {name for name, _ in some})
    assert {name for name, _ in kept} == {str(c) for c in culprits}
