"""Processes that are killed under load, at moments that chance chooses: nothing that was acknowledged is lost."""

import asyncio
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import load as loads
import pytest
from conftest import Service, run
from load import check, insertion, numbers, rows, under_load, write
from running import Running, ending, start, wait_until
from watch import is_template, is_worker, lives, processes

from service.engine import channel
from service.engine.crowd import Crowd
from service.engine.processes import Worker

pytestmark = pytest.mark.slow

BACK_SECONDS = 5.0
PATIENCE_SECONDS = 30.0
MANY = 20_000


@pytest.fixture
def state(excerpt_state: Path, tmp_path: Path) -> Path:
    """A state folder of the test's own."""
    return shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)


@pytest.fixture
def token(state: Path) -> str:
    return run("token", "create", "--role", "curator", "--state", state).stdout.strip()


def is_right(url: str) -> bool:
    """Tell whether a known question gets its answer."""
    try:
        return rows(url, loads.LABEL) == ["Toy Valley"]
    except (httpx.HTTPError, AssertionError):
        return False


def started(state: Path, port: int = 0, **settings: str) -> Running:
    """Start a service, and wait until it answers."""
    service = start(state, port=port, **settings)
    try:
        wait_until(lambda: is_right(service.url), PATIENCE_SECONDS)
    except AssertionError:
        with ending(service):
            raise
    return service


def template(service: Service) -> list[int]:
    return [pid for pid in processes(service) if is_template(pid)]


def http_process(service: Service) -> list[int]:
    """Return the process that answers HTTP: the last that is none of the engine's, should one watch over another."""
    return [pid for pid in processes(service) if not is_template(pid) and not is_worker(pid)][-1:]


def workers(service: Service) -> list[int]:
    return [pid for pid in processes(service) if is_worker(pid)]


Victim = Callable[[Service], list[int]]
VICTIMS: dict[str, Victim] = {
    "the HTTP process": http_process,
    "a worker": lambda service: workers(service)[-1:],
    "every worker": workers,
    "the template": template,
    "all at once": processes,
}


def killed(service: Service, pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # a worker that was done


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_process_killed_under_load_loses_nothing(victim: str, state: Path, token: str) -> None:
    moments = random.Random(victim)
    service = started(state)
    current = [service]
    try:
        with under_load(service.url, token) as load:
            for _ in range(2):
                time.sleep(moments.uniform(0.3, 1.5))
                killed(current[-1], VICTIMS[victim](current[-1]))
                current += restarted(current[-1], state)
            wait_until(lambda: is_right(service.url), PATIENCE_SECONDS)
            acknowledged = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) > acknowledged, PATIENCE_SECONDS)
        check(load, state)
        assert load.acknowledged
        current[-1].kill()
        current.append(started(state, service.port))
        check(load, state)
    finally:
        with ending(current[-1]):
            pass


def restarted(service: Running, state: Path) -> list[Running]:
    """Start a service that has ended again, as whoever supervises it would; what is left of it must go of itself."""
    below = processes(service)
    try:
        service.process.wait(1)
    except subprocess.TimeoutExpired:  # it lives on
        wait_until(lambda: is_right(service.url), PATIENCE_SECONDS)
        return []
    wait_until(lambda: not any(map(lives, below)), BACK_SECONDS)
    return [started(state, service.port)]


def test_a_service_that_was_killed_is_back_within_five_seconds(state: Path, token: str) -> None:
    """From the start of the new process to its first right answer; the best of three, for whatever else is at work."""
    took = []
    service = started(state)
    try:
        assert write(service.url, token, insertion(1)).status_code == 204
        for _ in range(3):
            service.kill()
            begun = time.monotonic()
            service = started(state, service.port)
            assert numbers(service.url) == {1}
            took.append(time.monotonic() - begun)
    finally:
        with ending(service):
            pass
    assert min(took) < BACK_SECONDS, took


def test_a_killed_template_is_replaced_within_five_seconds(state: Path) -> None:
    took = []
    with ending(started(state)) as service:
        for _ in range(3):
            killed(service, template(service))
            begun = time.monotonic()
            wait_until(lambda: template(service) and is_right(service.url), PATIENCE_SECONDS)
            took.append(time.monotonic() - begun)
    assert min(took) < BACK_SECONDS, took


@pytest.mark.parametrize("victims", [("the template", "every worker"), ("every worker",)])
def test_whoever_asks_after_a_kill_waits_for_the_dataset(victims: tuple[str, ...], state: Path) -> None:
    """What not everybody may read is held by a template of its own, which looks like a worker from here."""
    with ending(started(state, DISTRICTGRAPH_CLOSED_GRAPHS='["urn:closed"]')) as service:
        for turn in range(5):
            killed(service, [pid for victim in victims for pid in VICTIMS[victim](service)])
            assert rows(service.url, loads.LABEL.replace("?label", f"?label{turn}")) == ["Toy Valley"]


def journal_size(state: Path) -> int:
    return sum(file.stat().st_size for file in (state / "journal").glob("*.rdfp"))


def many(batch: int) -> str:
    """Return an update of many triples."""
    lines = "".join(f"<urn:b:{batch}> <urn:has> {number} . " for number in range(MANY))
    return f"INSERT DATA {{ GRAPH <urn:batch:{batch}> {{ {lines}}} }}"


def sent_and_killed(service: Running, state: Path, token: str, batch: int, victim: Victim) -> int | None:
    """Send many triples, and kill as soon as they are in the journal; return the status, None where there was none."""
    before = journal_size(state)
    statuses: list[int | None] = []

    def send() -> None:
        try:
            statuses.append(write(service.url, token, many(batch)).status_code)
        except httpx.HTTPError:
            statuses.append(None)

    sending = threading.Thread(target=send)
    pids = victim(service)
    sending.start()
    deadline = time.monotonic() + 20
    while journal_size(state) == before and time.monotonic() < deadline:
        pass
    killed(service, pids)
    sending.join()
    return statuses[0]


def test_a_writer_killed_between_journal_and_answer_wrote_all_or_nothing(state: Path, token: str) -> None:
    service = started(state)
    try:
        for batch in range(3):
            status = sent_and_killed(service, state, token, batch, http_process)
            service = (restarted(service, state) or [service])[-1]
            count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <urn:batch:{batch}> {{ ?s ?p ?o }} }}"
            assert int(rows(service.url, count)[0]) in ([MANY] if status == 204 else [0, MANY])
            assert write(service.url, token, insertion(batch)).status_code == 204
            assert numbers(service.url) == set(range(batch + 1))
    finally:
        with ending(service):
            pass


def test_a_write_that_was_refused_is_not_carried_out_later(state: Path, token: str) -> None:
    """The template is killed after the journal has the write: either it is acknowledged, or it never happened."""
    with ending(started(state)) as service:
        for batch in range(3):
            status = sent_and_killed(service, state, token, batch, template)
            count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <urn:batch:{batch}> {{ ?s ?p ?o }} }}"
            assert int(rows(service.url, count)[0]) == (MANY if status == 204 else 0), status


def test_whoever_asks_of_a_process_that_has_ended_is_told_so_each_time() -> None:
    """A write that is in the journal is to be acknowledged, though a fork was waited for when the template ended."""

    async def ask_twice() -> None:
        ours, theirs = channel.pair()
        asking = await channel.Asking.at(ours)
        forking = asking.ask("fork")
        theirs.close()
        with pytest.raises(EOFError):
            await forking
        with pytest.raises(EOFError):
            await asking.ask("apply")

    asyncio.run(ask_twice())


def test_those_who_had_their_turn_are_stopped_while_others_begin_but_for_few() -> None:
    moving: dict[str, bool] = dict.fromkeys("abc", True)

    class Fake(Worker):
        def __init__(self, name: str) -> None:
            self.name = name

        def stop(self) -> None:
            moving[self.name] = False

        def go_on(self) -> None:
            moving[self.name] = True

    crowd = Crowd(1)
    with crowd.going_on(Fake("a")), crowd.going_on(Fake("b")):
        with crowd.beginning():
            assert moving == {"a": True, "b": False, "c": True}
            with crowd.beginning(), crowd.going_on(Fake("c")):
                assert moving == {"a": True, "b": False, "c": False}
            assert moving == {"a": True, "b": False, "c": True}
        assert all(moving.values())


@pytest.fixture
def two_releases(state: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Two releases in the state folder, of which both know the Toy Valley."""
    whole: Path = request.getfixturevalue("whole_state")
    shutil.copytree(whole.resolve(), state / "releases" / whole.resolve().name)
    yield (state / "current").readlink().name, whole.resolve().name


@pytest.fixture
def whole_state(tmp_path_factory: pytest.TempPathFactory, excerpt_state: Path) -> Path:
    """The release of another build: that of the excerpt with one thing more."""
    from loaders.releases import Releases

    state = tmp_path_factory.mktemp("other") / "state"
    release = Releases(excerpt_state).require_current()
    more = b"<urn:one> <urn:more> <urn:thing> <https://w3id.org/districtgraph/graph/places> .\n"
    lines = (release.folder / "dataset.nq").read_bytes().splitlines(keepends=True)
    content = b"".join(sorted([*lines, more]))
    releases = Releases(state)
    with releases.building():
        packed = {"ontology": release.ontology.read_bytes(), "queries": release.queries.read_bytes()}
        return releases.publish(content, [], release.manifest(), **packed).folder


def test_a_release_replaced_under_load_drops_no_request(state: Path, two_releases: tuple[str, str]) -> None:
    seen = set()
    with ending(started(state)) as service, under_load(service.url, "", writes=False) as load:
        for turn in range(6):
            time.sleep(1.5)
            seen.add(httpx.get(f"{service.url}/sparql?query=ASK%7B%7D").headers["DistrictGraph-Release"])
            link = state / ".current-new"
            link.symlink_to(Path("releases") / two_releases[(turn + 1) % 2])
            link.replace(state / "current")
    assert seen == set(two_releases)
    assert set(load.answers) == {"200"}
    assert load.wrong == []
