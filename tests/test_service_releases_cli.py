"""Releases are listed, pruned and rolled back on the command line; one that is used stays."""

import shutil
from pathlib import Path

import pytest
from conftest import run
from running import ending, start, wait_until

from loaders.release import Release
from loaders.releases import Releases


@pytest.fixture(scope="module")
def three(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with three releases, of which the last one built is current; their ids are in no order."""
    state = shutil.copytree(excerpt_state, tmp_path_factory.mktemp("three") / "state", symlinks=True)
    releases = Releases(state)
    first = releases.require_current()
    for year in (2097, 2098):
        more = f"<urn:{year}> <urn:more> <urn:thing> <https://w3id.org/districtgraph/graph/places> .\n".encode()
        content = b"".join(sorted([*first.content().splitlines(keepends=True), more]))
        packed = {"ontology": first.ontology.read_bytes(), "queries": first.queries.read_bytes()}
        with releases.building():
            releases.publish(content, [], first.manifest() | {"built": f"{year}-01-01T00:00:00+00:00"}, **packed)
    return state


@pytest.fixture
def state(three: Path, tmp_path: Path) -> Path:
    return shutil.copytree(three, tmp_path / "state", symlinks=True)


def by_time(state: Path) -> list[Release]:
    return sorted(Releases(state).all(), key=lambda release: str(release.manifest()["built"]), reverse=True)


def test_the_last_one_built_is_listed_first(state: Path, tmp_path: Path) -> None:
    lines = run("releases", "--state", state).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["release", *(release.id for release in by_time(state))]
    assert [line.endswith("current") for line in lines] == [False, True, False, False]
    (by_time(state)[2].folder / "manifest.json").unlink()
    assert run("releases", "--state", state).stdout.splitlines()[3].split()[1:3] == ["unknown", "damaged"]
    nothing = run("releases", "--state", tmp_path / "none")
    assert (nothing.returncode, nothing.stdout, "districtgraph build" in nothing.stderr) == (0, "", True)


def test_rollback_goes_to_the_one_before_and_back(state: Path) -> None:
    last, middle, first = by_time(state)
    for expected in (middle, last):
        assert expected.id in run("releases", "--state", state, "rollback").stdout
        assert Releases(state).require_current() == expected
    assert run("releases", "rollback", first.id[:8], "--state", state).returncode == 0
    assert Releases(state).require_current() == first
    again = run("releases", "rollback", first.id, "--state", state)
    assert (again.returncode, "current one already" in again.stderr) == (2, True)
    unknown = run("releases", "rollback", "nosuch", "--state", state)
    assert (unknown.returncode, last.id in unknown.stderr) == (2, True)
    with (middle.folder / "dataset.nq").open("ab") as file:
        file.write(b"more")
    damaged = run("releases", "rollback", middle.id, "--state", state)
    assert (damaged.returncode, "is damaged" in damaged.stderr) == (2, True)
    assert Releases(state).require_current() == first


def test_where_no_link_tells_rollback_goes_to_the_one_built_before(state: Path) -> None:
    last, middle, first = by_time(state)
    (state / "before").unlink()  # as in a state folder of an older version
    assert middle.id in run("releases", "rollback", "--state", state).stdout
    (state / "before").unlink()
    assert first.id in run("releases", "rollback", "--state", state).stdout
    (state / "before").unlink()
    none = run("releases", "rollback", "--state", state)
    assert (none.returncode, "there is none before it" in none.stderr) == (2, True)
    assert last.folder.is_dir()


def test_prune_asks_and_leaves_the_current_one_and_tells_what_it_frees(state: Path) -> None:
    last, middle, first = by_time(state)
    assert run("releases", "rollback", first.id, "--state", state).returncode == 0
    asked = run("releases", "prune", "--keep", "1", "--state", state)
    assert (asked.returncode, len(Releases(state).all())) == (1, 3)
    assert "Remove 1 and free" in asked.stdout
    pruned = run("releases", "prune", "--keep", "1", "--yes", "--state", state)
    assert (pruned.returncode, pruned.stdout.startswith("1 removed, ")) == (0, True), pruned.stderr
    assert {release.id for release in Releases(state).all()} == {last.id, first.id}
    assert not middle.folder.exists()
    assert run("releases", "prune", "--keep", "1", "--yes", "--state", state).stdout == "nothing to remove\n"


@pytest.mark.slow
def test_a_release_that_a_service_answers_from_stays(state: Path) -> None:
    last, middle, first = by_time(state)
    with ending(start(state)) as service:
        wait_until(lambda: service.get("/health/ready").status_code == 200, 20)
        (state / "current").unlink()  # it answers from what it has until there is another
        pruned = run("releases", "rollback", "--state", state)
        assert pruned.returncode == 2
        manifest = last.folder / "manifest.json"
        manifest.write_text(manifest.read_text().replace("2098-", "1998-"))  # of the three, it is the first to go
        pruned = run("releases", "prune", "--keep", "1", "--yes", "--state", state)
        assert f"{last.id} stays" in pruned.stderr
    assert {release.id for release in Releases(state).all()} == {middle.id, last.id}
    assert not first.folder.exists()
