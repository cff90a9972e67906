"""A state folder that an older version left is served, backed up and built upon: releases, journal and tokens of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, copy_project, excerpt, run
from load import insertion, numbers, write
from running import ending, start, wait_until

from loaders.releases import Releases

pytestmark = pytest.mark.slow

# The last commit before networks, proofs and revised builds.
OLDER = "56a2b42267409bff62319d3d6bc492dfa04c92d6"
# What that version wrote, and what versions before it lacked.
LACKING = ("search.sqlite", "queries.zip", "ontology.zip", "dataset.nq.zst", "dataset.trig.zst")
JOURNAL = """H id <urn:uuid:6b0d0cf4-59c6-4a0e-9f3c-0d2c1c3f0d51> .
H when "2026-11-21T15:20:00.000+00:00" .
H who "alice" .
H what "POST /update" .
H digest "{digest}" .
TX .
{rows}TC .
"""


def older(state: Path, folder: Path) -> str | None:
    """Have the older version build a release and make a token; return that, None where the clone has no history."""
    archive = subprocess.run(
        ["git", "archive", OLDER, "ontology", "queries", "loaders", "service"], cwd=PROJECT, capture_output=True
    )
    if archive.returncode:
        return None
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    excerpt(folder / "loaders/corpus")
    command = [sys.executable, "-c", "from service.cli import main; main()"]
    built = subprocess.run([*command, "build", "--state", state], cwd=folder, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    token = [*command, "token", "create", "--role", "curator", "--state", state]
    return subprocess.run(token, cwd=folder, capture_output=True, text=True).stdout.strip()


def test_what_the_version_before_left_is_served_and_built_upon(tmp_path: Path) -> None:
    state = tmp_path / "state"
    token = older(state, tmp_path / "older")
    if token is None:
        pytest.skip(f"this clone has no history back to {OLDER}")
    before = Releases(state).require_current()
    write_journal(state)
    with ending(start(state)) as service:
        wait_until(lambda: service.get("/health/ready").status_code == 200, 30)
        assert numbers(service.url) == {7}
        assert write(service.url, token, insertion(8)).status_code == 204
        for path in ("/", "/ontology", "/id/aiju", "/api/networks", "/release/current"):
            assert service.get(path, follow_redirects=True).status_code == 200, path
        search = service.get("/api/search?q=aiju")
        assert (search.status_code, "build again" in search.text) == (503, True), search.text
        assert run("backup", tmp_path / "backup", "--state", state).returncode == 0
        copy_project(tmp_path / "project")
        built = run("build", "--state", state, cwd=tmp_path / "project")
        assert built.returncode == 0, built.stderr
        now = Releases(state).require_current()
        assert now != before
        ask = "/sparql?query=ASK%7B%7D"
        wait_until(lambda: service.get(ask).headers["DistrictGraph-Release"] == now.id, 30)
        assert service.get("/api/search?q=aiju").status_code == 200
        assert run("releases", "rollback", "--state", state).returncode == 0
        wait_until(lambda: service.get(ask).headers["DistrictGraph-Release"] == before.id, 30)
        assert numbers(service.url) == {7, 8}


def write_journal(state: Path) -> None:
    """Write the journal of an older version."""
    import hashlib

    rows = "A <urn:n:7> <urn:is> <urn:written> <urn:load> .\n"
    (state / "journal").mkdir()
    content = JOURNAL.format(rows=rows, digest=hashlib.sha256(rows.encode()).hexdigest())
    (state / "journal/000001.rdfp").write_text(content)


def test_what_a_release_of_an_older_version_lacks_is_told(excerpt_state: Path, tmp_path: Path) -> None:
    """The same for releases without what was added to them since, as a test wrote them."""
    state = shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    for name in LACKING:
        (state / "current" / name).unlink()
    with ending(start(state)) as service:
        wait_until(lambda: service.get("/health/ready").status_code == 200, 30)
        assert service.get("/sparql?query=ASK%7B%7D").status_code == 200
        assert service.get("/api/queries/brokerage?format=json").status_code == 200
        for path in ("/", "/api/search?q=aiju", "/ontology", "/id/aiju", "/release/current"):
            answer = service.get(path, follow_redirects=True)
            assert answer.status_code in (200, 503), (path, answer.status_code, answer.text[:300])
            assert "Traceback" not in answer.text and str(state) not in answer.text
        assert "Traceback" not in service.log.read_text()
        assert run("build", "--state", state, cwd=excerpt_state.parent).returncode == 0
        for path in ("/", "/api/search?q=aiju", "/ontology", "/id/aiju", "/release/current"):
            wait_until(lambda path=path: service.get(path, follow_redirects=True).status_code == 200, 10)
