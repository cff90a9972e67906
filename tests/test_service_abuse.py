"""Hostile requests, one after the other: each gets its answer, and nobody else notices.

A canary, a query with a known answer, is asked after every one, and answers; the data stay as they were, the server
calls nobody, and its processes keep within a stated amount of memory.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import abuse_dialing
import abuse_framing
import abuse_headers
import abuse_queries
import abuse_writes
import pytest
from abuse import Case
from siege import MOST_MEMORY, UNENDING, Siege, besieged
from watch import MemoryWatch, canary, dataset, watching_memory

pytestmark = pytest.mark.slow

GIVEN_UP_SECONDS = 60
# Other tests run at the same time; test_service_siege.py, which runs alone, holds the service to a second.
PATIENCE = 5
CASES = [
    *abuse_queries.cases(),
    *abuse_dialing.cases(),
    *abuse_framing.cases(),
    *abuse_headers.cases(),
    *abuse_writes.cases(),
]


def params_of(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=f"{case.family}: {case.name}") for case in cases]


Data = tuple[str, str]


@pytest.fixture(scope="module")
def siege(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    with besieged(excerpt_state, tmp_path_factory.mktemp("siege") / "state") as siege:
        canary(siege[0], 20)
        yield siege


@pytest.fixture(scope="module")
def second_siege(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """A service whose data may suffer."""
    with besieged(excerpt_state, tmp_path_factory.mktemp("second") / "state") as siege:
        canary(siege[0], 20)
        yield siege


@pytest.fixture(scope="module")
def unchanged(siege: Siege) -> Data:
    """The number of quads, and the release, before any attack."""
    return dataset(siege[0])


@pytest.fixture(scope="module", autouse=True)
def memory_watch(siege: Siege) -> Iterator[MemoryWatch]:
    with watching_memory(siege[0]) as watch:
        yield watch


@pytest.fixture(scope="module", autouse=True)
def unending(siege: Siege) -> Iterator[dict[str, tuple[float, socket.socket]]]:
    """Requests that go on, a byte a second, for as long as these tests run."""
    opened: dict[str, tuple[float, socket.socket]] = {}
    ended = threading.Event()

    def drip() -> None:
        while not ended.wait(1):
            for _, connection in opened.values():
                with contextlib.suppress(OSError):
                    connection.send(b"a")

    for name, beginning in UNENDING.items():
        opened[name] = (time.monotonic(), socket.create_connection((siege[1].host, siege[1].port)))
        opened[name][1].sendall(beginning)
    thread = threading.Thread(target=drip)
    thread.start()
    yield opened
    ended.set()
    thread.join()
    for _, connection in opened.values():
        connection.close()


def test_there_are_two_hundred_cases() -> None:
    assert len(CASES) >= 200
    assert len({(case.family, case.name) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", params_of(CASES))
def test_a_hostile_request_gets_its_answer_and_harms_nobody(case: Case, siege: Siege, unchanged: Data) -> None:
    attacked(case, siege, unchanged)


def attacked(case: Case, siege: Siege, unchanged: Data) -> None:
    """Send a hostile request, and find the service as it was."""
    service, target, trap = siege
    reply = case.send(target)
    canary(service, PATIENCE)
    assert dataset(service) == unchanged
    with pytest.raises(BlockingIOError):
        trap.accept()
    assert case.faults(reply) == [], reply.told()


@pytest.mark.parametrize("case", params_of(list(abuse_writes.touching())))
def test_a_graph_of_a_source_refuses_writes(case: Case, second_siege: Siege, unchanged: Data) -> None:
    attacked(case, second_siege, unchanged)


@pytest.mark.parametrize("name", UNENDING)
def test_a_request_without_an_end_is_given_up(
    name: str, unending: dict[str, tuple[float, socket.socket]], siege: Siege
) -> None:
    """The connection has been there since the first of these tests, and gets an answer or its end within a minute."""
    opened, connection = unending[name]
    connection.settimeout(max(1, opened + GIVEN_UP_SECONDS - time.monotonic()))
    with contextlib.suppress(ConnectionError):
        answer = connection.recv(1000)
        assert answer == b"" or b" 408 " in answer or b" 400 " in answer


def test_no_client_puts_a_stack_trace_into_the_log(siege: Siege) -> None:
    assert "Traceback" not in siege[0].log.read_text()


def test_the_memory_of_all_processes_stays_bounded(siege: Siege, memory_watch: MemoryWatch) -> None:
    print(f"at most {memory_watch.peak / 1e6:.0f} MB were taken")
    assert 50_000_000 < memory_watch.peak < MOST_MEMORY
