"""A build that revises the current release makes the same as one from the sources, whatever was edited."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml
from conftest import copy_project, run
from hypothesis import given
from hypothesis import strategies as st

from loaders.facts import quads_of_document

CORPUS = "loaders/corpus"
ACTORS = ["aiju", "itc", "ivace", "colorker", "castellon-it-companies"]
Entries = list[dict[str, Any]]


def built(project: Path, state: str) -> tuple[int, list[str], list[str]]:
    """Build; return the status, what was done and what was found wrong."""
    ran = run("build", "--state", state, cwd=project)
    lines = ran.stderr.splitlines()
    return ran.returncode, [line for line in lines if line[:2] == "  "], [line for line in lines if line[:2] != "  "]


def released(project: Path, state: str) -> dict[str, object]:
    """Return all that a current release holds, but for when it was built."""
    folder = project / state / "current"
    held: dict[str, object] = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    store = ox.Store.read_only(str(folder / "index"))
    manifest = json.loads(held["manifest.json"])  # type: ignore[arg-type]
    return held | {
        "manifest.json": {key: value for key, value in manifest.items() if key != "built"},
        "index": sorted(map(str, store)),
        "graphs": sorted(map(str, store.named_graphs())),
    }


def is_same_from_sources(project: Path, state: str = "state") -> bool:
    """Build by revising what is in `state`, if that can be, and from the sources; tell whether one was revised."""
    revised = built(project, state)
    shutil.rmtree(project / "anew", ignore_errors=True)
    anew = built(project, "anew")
    assert (revised[0], revised[2]) == (anew[0], anew[2])
    assert not any(" revising" in step for step in anew[1])
    if anew[0] == 0:
        ours, theirs = released(project, state), released(project, "anew")
        assert ours.keys() == theirs.keys()
        for name, content in theirs.items():
            assert ours[name] == content, name
    assert not list((project / state / "releases").glob(".building*"))
    return revised[0] == 0 and not any("expanding" in step for step in revised[1])


def drop_entry(entries: Entries, chance: random.Random) -> None:
    entries.pop(chance.randrange(len(entries)))


def drop_key(entries: Entries, chance: random.Random) -> None:
    entry = chance.choice([entry for entry in entries if len(entry) > 1])
    del entry[chance.choice([key for key in entry if key not in ("id", "subject")])]


def rename(entries: Entries, chance: random.Random) -> None:
    entry = chance.choice([entry for entry in entries if "label" in entry])
    entry["label"] = f"Renamed {chance.randrange(1000)}"


def repeat(entries: Entries, chance: random.Random) -> None:
    """Say of a thing what is said of another."""
    one, other = chance.choice(entries), chance.choice(entries)
    said = {key: value for key, value in one.items() if key not in ("id", "subject", "label")}
    entries.append({"subject": other.get("id", other.get("subject")), **said})


def say(entries: Entries, chance: random.Random) -> None:
    """Say more of an actor."""
    broker = chance.choice(ACTORS)
    entries.append({"subject": broker, "website": f"https://example.org/{chance.randrange(1000)}", **supported(chance)})


def tie(entries: Entries, chance: random.Random) -> None:
    """Bring in a brokerage, which the networks and a chain of properties rest on."""
    broker, other = chance.sample(ACTORS, 2)
    id_ = f"brokerage-{chance.randrange(10**6)}"
    described = {"id": id_, "type": "Brokerage", "label": id_, "broker": broker, "beneficiary": other}
    entries.append(described | supported(chance))


def join(entries: Entries, chance: random.Random) -> None:
    """Make an actor a member of another, which reaches as far as memberships do."""
    member, other = chance.sample(ACTORS, 2)
    entries.append({"subject": member, "memberOf": other, **supported(chance)})


def supported(chance: random.Random) -> dict[str, Any]:
    start = 18300 + chance.randrange(100)
    return {"evidence": {"section": "3", "start": start, "end": start + 7, "digest": "0" * 64}}


EDITS: list[Callable[[Entries, random.Random], None]] = [drop_entry, drop_key, rename, repeat, say, tie, join]


@pytest.fixture
def released_project(excerpt_state: Path, tmp_path: Path) -> Path:
    """A copy of the project beside a state folder with its release."""
    copy_project(tmp_path)
    shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    return tmp_path


@pytest.mark.slow
def test_a_revised_release_is_what_the_sources_make(released_project: Path) -> None:
    chance = random.Random(7)
    files = sorted(file for file in (released_project / CORPUS).glob("*/*.yaml") if file.name != "paper.yaml")
    revised = 0
    for edit in chance.sample(EDITS, len(EDITS)):
        if revised == 3:
            return
        file = chance.choice(files)
        before = file.read_text()
        entries = yaml.safe_load(before)
        edit(entries, chance)
        file.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False))
        revised += is_same_from_sources(released_project)
        if not (released_project / "anew/current").exists():  # nothing is built of what is wrong
            file.write_text(before)
    pytest.fail("most edits were refused")


@pytest.mark.slow
def test_a_paper_that_goes_and_comes_back_is_revised(released_project: Path) -> None:
    """References to it have descriptions of their own while it is away."""
    paper = released_project / CORPUS / "anand-naegele-2021"
    shutil.move(paper, released_project / "away")
    assert is_same_from_sources(released_project)
    shutil.move(released_project / "away", paper)
    assert is_same_from_sources(released_project)
    asked = run("ask", "collective-actors", "--state", "state", "--format", "csv", cwd=released_project)
    assert (asked.returncode, "AIJU" in asked.stdout) == (0, True), asked.stderr


@given(st.from_regex(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", fullmatch=True))
def test_a_number_has_the_form_that_a_store_gives_it(text: str) -> None:
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    document = {"id": "x", "urn:value": {"@value": text, "@type": decimal}}
    (quad,) = quads_of_document("source", document, {"id": "@id", "@base": "https://w3id.org/districtgraph/id/"})
    store = ox.Store()
    store.add(quad)
    assert {quad} == set(store)


@pytest.mark.slow
def test_a_number_that_is_written_in_two_ways_is_one(released_project: Path) -> None:
    chance, file = random.Random(0), released_project / CORPUS / "hervas-oliver-2021/figures.yaml"
    figure = {"id": "figure", "type": "Statistic", "label": "Figure", "about": "aiju", "measure": "share", "unit": "%"}
    figure |= {"indicator": "share-of-firms", "maximumValue": "0.9"}
    forms: Entries = [{"subject": "figure", "minimumValue": form, **supported(chance)} for form in ("0.3", "0.30")]
    file.write_text(yaml.safe_dump([figure | supported(chance), *forms]))
    assert is_same_from_sources(released_project)
    file.write_text(yaml.safe_dump([figure | supported(chance), forms[0]]))
    assert is_same_from_sources(released_project)
    dataset = (released_project / "state/current/dataset.nq").read_text()
    assert '"0.3"^^' in dataset
    assert '"0.30"^^' not in dataset


@pytest.mark.slow
def test_an_ontology_that_a_release_is_not_made_of_is_checked(released_project: Path) -> None:
    """Two labels in a language are found by a check alone."""
    module = released_project / "ontology/technologies.ttl"
    sound = module.read_text()
    module.write_text(sound.replace('"drones"@en ,', '"drones"@en , "drone"@en ,'))
    assert module.read_text() != sound
    status, _, found = built(released_project, "state")
    assert status == 1
    assert any("ontology/technologies.ttl" in line and "dgi:drones" in line for line in found), found
    module.write_text(sound)
    assert is_same_from_sources(released_project)


@pytest.mark.slow
def test_what_is_damaged_or_made_otherwise_is_not_revised(released_project: Path) -> None:
    current = released_project / "state/current"
    manifest = json.loads((current / "manifest.json").read_text())

    def told() -> str:
        status, steps, found = built(released_project, "state")
        assert (status, found) == (0, [])
        return next((step.partition(": ")[2] for step in steps if "not revising" in step), "")

    (current / "manifest.json").write_text(json.dumps(manifest | {"code": "0" * 16}))
    assert told() == "other code or libraries made it"
    assert told() == ""
    checks = {name: check for name, check in manifest["checks"].items() if name != "reasoning"}
    (current / "manifest.json").write_text(json.dumps(manifest | {"checks": checks}))
    assert told() == "its manifest is damaged"
    query = released_project / "queries/networks/actor-network.rq"
    query.write_text(query.read_text() + "\n# as it was\n")
    assert told() == "a named query has changed"
    store = ox.Store(str(current / "index"))
    store.remove(next(iter(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))))
    store.flush()
    del store
    assert told() == "it is damaged"
