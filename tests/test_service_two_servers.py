"""Two services over one state folder: both answer through every release, and each has what the other wrote."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from conftest import Edit, run
from load import COUNTED, INCREMENT, insertion, journaled, numbers, rows, under_load, write
from running import Running, ending, start, wait_until

from loaders.releases import Releases

pytestmark = pytest.mark.slow


@pytest.fixture
def state(excerpt_state: Path, tmp_path: Path) -> Path:
    """A state folder with two releases, the second of which has one statement more and was built later."""
    state = shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    releases = Releases(state)
    first = releases.require_current()
    more = b"<urn:one> <urn:more> <urn:thing> <https://w3id.org/districtgraph/graph/places> .\n"
    content = b"".join(sorted([*first.content().splitlines(keepends=True), more]))
    manifest = first.manifest() | {"built": "2099-01-01T00:00:00+00:00"}
    with releases.building():
        packed = {"ontology": first.ontology.read_bytes(), "queries": first.queries.read_bytes()}
        releases.publish(content, [], manifest, **packed)
    return state


@pytest.fixture
def both(state: Path, request: pytest.FixtureRequest) -> Iterator[list[Running]]:
    settings = getattr(request, "param", {})
    with ExitStack() as stack:
        yield [stack.enter_context(ending(start(state, **settings))) for _ in range(2)]


@pytest.fixture
def token(state: Path) -> str:
    return run("token", "create", "--role", "curator", "--state", state).stdout.strip()


def serves(service: Running) -> str:
    return httpx.get(f"{service.url}/sparql?query=ASK%7B%7D", timeout=60).headers["DistrictGraph-Release"]


def test_releases_switch_both_without_a_failed_request(
    state: Path, both: list[Running], copied_project: Path, edit: Edit
) -> None:
    edit("loaders/corpus/places.yaml", "label: Europe}", "label: Old Europe}")
    second, first = Releases(state).require_current(), Releases(state).before()
    assert first is not None
    with ExitStack() as stack:
        loads = [stack.enter_context(under_load(service.url, "", writes=False)) for service in both]
        for release in (first, second, first):
            rolled = run("releases", "rollback", "--state", state)
            assert (rolled.returncode, release.id in rolled.stdout) == (0, True), rolled.stderr
            for service in both:
                wait_until(lambda service=service, release=release: serves(service) == release.id, 20)
        built = run("build", "--state", state, cwd=copied_project)
        assert built.returncode == 0, built.stderr
        now = Releases(state).require_current().id
        assert now not in (first.id, second.id)
        for service in both:
            wait_until(lambda service=service: serves(service) == now, 30)
        time.sleep(0.5)
    for load in loads:
        assert set(load.answers) == {"200"}
        assert load.wrong == []
    pruned = run("releases", "prune", "--keep", "1", "--yes", "--state", state)
    assert "1 removed" in pruned.stdout or "2 removed" in pruned.stdout, pruned.stdout + pruned.stderr
    assert all(serves(service) == Releases(state).require_current().id for service in both)


@pytest.mark.parametrize(
    "both", [{}, {"DISTRICTGRAPH_MEMORY_MEGABYTES": "0"}], indirect=True, ids=["in memory", "on the disk"]
)
def test_each_has_what_the_other_wrote_and_nothing_is_lost(
    state: Path, both: list[Running], token: str, request: pytest.FixtureRequest
) -> None:
    in_memory = "in memory" in request.node.name
    written: list[int] = []

    def keep_writing(service: Running, first: int) -> None:
        for number in range(first, first + 10):
            if write(service.url, token, insertion(number)).status_code == 204:
                written.append(number)
            if in_memory:
                assert write(service.url, token, INCREMENT).status_code == 204

    threads = [threading.Thread(target=keep_writing, args=(both[turn % 2], 100 * turn)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == 40
    assert sorted(journaled(state)) == sorted(written)
    for service in both:
        wait_until(lambda service=service: numbers(service.url) == set(written), 10)
        if in_memory:  # an update with WHERE saw what the other wrote before
            wait_until(lambda service=service: rows(service.url, COUNTED) == ["40"], 10)
    tags = {httpx.get(f"{service.url}/sparql?query=ASK%7B%7D").headers["ETag"] for service in both}
    assert len(tags) == 1


def test_a_killed_writer_keeps_nobody_from_writing(state: Path, both: list[Running], token: str) -> None:
    assert write(both[0].url, token, insertion(1)).status_code == 204
    both[0].kill()
    assert write(both[1].url, token, insertion(2)).status_code == 204
    assert numbers(both[1].url) == {1, 2}


def test_a_restore_into_a_served_state_is_taken_up(state: Path, both: list[Running], token: str) -> None:
    assert write(both[0].url, token, insertion(1)).status_code == 204
    assert run("backup", state.parent / "backup", "--state", state).returncode == 0
    assert write(both[1].url, token, insertion(2)).status_code == 204
    for service in both:
        wait_until(lambda service=service: numbers(service.url) == {1, 2}, 10)
    restored = run("restore", state.parent / "backup", "--state", state, "--yes")
    assert restored.returncode == 0, restored.stderr
    for service in both:
        wait_until(lambda service=service: numbers(service.url) == {1}, 10)
    assert write(both[1].url, token, insertion(3)).status_code == 204
    for service in both:
        wait_until(lambda service=service: numbers(service.url) == {1, 3}, 10)


def test_a_copied_release_is_taken_up_by_another_state(state: Path, excerpt_state: Path, tmp_path: Path) -> None:
    """As docs/operations.md tells it: the folder is copied under a hidden name, renamed, made current."""
    release = Releases(state).require_current()
    other = shutil.copytree(excerpt_state, tmp_path / "other", symlinks=True)
    with ending(start(other)) as service:
        copied = shutil.copytree(release.folder, other / "releases" / f".arriving-{release.id}")
        copied.rename(other / "releases" / release.id)
        assert run("releases", "rollback", release.id, "--state", other).returncode == 0
        wait_until(lambda: serves(service) == release.id, 20)
