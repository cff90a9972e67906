"""Many hostile clients at once: everybody else is answered meanwhile, and what they took is given back."""

import concurrent.futures
import random
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import abuse_writes
import pytest
from abuse import QUERY, Target, exchange, request
from conftest import Service
from running import ending, start
from siege import HOSTILE, MOST_MEMORY, UNENDING, Siege, besieged, connections, in_parallel, tear
from watch import MemoryWatch, canary, is_worker, lives, processes, watching_memory

pytestmark = [pytest.mark.slow, pytest.mark.alone]


@pytest.fixture(scope="module")
def siege(excerpt_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    with besieged(excerpt_state, tmp_path_factory.mktemp("siege") / "state") as siege:
        canary(siege[0], 20)
        yield siege


@pytest.fixture(scope="module", autouse=True)
def memory_watch(siege: Siege) -> Iterator[MemoryWatch]:
    with watching_memory(siege[0]) as watch:
        yield watch


def test_health_and_a_point_query_answer_during_fifty_hostile_queries(siege: Siege) -> None:
    service, target, _ = siege

    def attack(number: int) -> int:
        return exchange(target, request("POST", "/sparql", {"Content-Type": QUERY}, HOSTILE[number].encode())).status

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        attacks = [pool.submit(attack, number) for number in range(50)]
        time.sleep(0.3)
        looks = 0
        while not all(attack.done() for attack in attacks):
            for path in ("/health/live", "/health/ready"):
                started = time.monotonic()
                assert service.get(path).status_code == 200
                assert time.monotonic() - started < 1, path
            canary(service)
            looks += 1
        assert looks
        assert {attack.result() for attack in attacks} == {503}


def test_nobody_waits_while_ten_thousand_parts_are_read(siege: Siege) -> None:
    service, target, _ = siege
    sent = {"Content-Type": "multipart/form-data; boundary=b", "Authorization": f"Bearer {target.tokens['curator']}"}
    body = request("PUT", abuse_writes.GRAPH, sent, abuse_writes.many_parts())
    with concurrent.futures.ThreadPoolExecutor() as pool:
        attack = pool.submit(exchange, target, body)
        time.sleep(0.3)
        canary(service)
        assert attack.result().status in (400, 413)


@pytest.mark.parametrize("beginning", UNENDING.values(), ids=UNENDING)
def test_two_hundred_slow_requests_hold_nobody_up(beginning: bytes, siege: Siege) -> None:
    service, target, _ = siege
    with connections(target, 200) as slow:
        for connection in slow:
            connection.sendall(beginning)
        for _ in range(4):
            for connection in slow:
                connection.sendall(b"a")
            canary(service)
            time.sleep(0.3)
    time.sleep(2)


def test_slow_readers_hold_nobody_up(siege: Siege) -> None:
    service, target, _ = siege
    query = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 4000"
    with connections(target, 50) as slow:
        for connection in slow:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(request("POST", "/sparql", {"Content-Type": QUERY}, query.encode()))
        for _ in range(8):
            assert all(connection.recv(1) for connection in slow)
            canary(service)


def test_five_hundred_idle_connections_hold_nobody_up(siege: Siege) -> None:
    with connections(siege[1], 500):
        for _ in range(3):
            canary(siege[0])


@pytest.mark.parametrize("beginning", UNENDING.values(), ids=UNENDING)
def test_connections_that_are_torn_hold_nobody_up(beginning: bytes, siege: Siege) -> None:
    service, target, _ = siege
    tear(target, beginning, 50)
    canary(service)


def test_clients_that_go_while_their_query_begins_cost_nobody_an_answer(excerpt_state: Path, tmp_path: Path) -> None:
    moments = random.Random(1)
    hostile, easy = (
        request("POST", "/sparql", {"Content-Type": QUERY}, text.encode()) for text in (HOSTILE[0], "ASK {}")
    )
    with besieged(excerpt_state, tmp_path / "state") as (service, target, _):
        canary(service, 20)
        for _ in range(4):
            for _ in range(10):
                tear(target, hostile, 20, moments.random() / 20)
            assert {exchange_status(target, easy) for _ in range(5)} == {200}
            assert set(in_parallel(20, lambda _: exchange_status(target, easy))) == {200}


def exchange_status(target: Target, content: bytes) -> int:
    return exchange(target, content).status


def workers(service: Service) -> list[int]:
    """Return the workers that are not idle."""
    return [pid for pid in processes(service) if is_worker(pid)]


def test_a_client_that_goes_away_ends_its_worker(excerpt_state: Path, tmp_path: Path) -> None:
    state = shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    cross = request("POST", "/sparql", {"Content-Type": QUERY}, HOSTILE[0].encode())
    with ending(start(state, DISTRICTGRAPH_QUERY_SECONDS="60")) as service:
        canary(service, 20)
        idle = set(workers(service))
        host, _, port = service.url.removeprefix("http://").partition(":")
        with connections(Target(host, int(port), {}, 0), 4) as clients:
            for connection in clients:
                connection.sendall(cross)
            time.sleep(1.5)
            busy = set(workers(service)) - idle
            assert busy
        deadline = time.monotonic() + 3
        while any(map(lives, busy)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [pid for pid in busy if lives(pid)] == []
        canary(service)


def test_the_queue_is_bounded_and_the_rest_are_answered(siege: Siege) -> None:
    """More than the bound at once: some are told when to come back, and nobody is left without an answer."""
    service, target, _ = siege
    easy = "SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(STRLEN(STR(?o)) > {}) }}"

    def ask(number: int) -> tuple[int, str, bytes]:
        text = HOSTILE[0] if number % 2 else easy.format(number)
        reply = exchange(target, request("POST", "/sparql", {"Content-Type": QUERY}, text.encode()))
        return reply.status, reply.headers.get("retry-after", ""), reply.body

    answers = in_parallel(400, ask)
    refused = [answer for answer in answers if b"problem/busy" in answer[2]]  # type: ignore[index]
    assert {status for status, _, _ in answers} == {200, 503}  # type: ignore[misc]
    assert refused
    assert all(retry.isdecimal() and int(retry) > 0 for _, retry, _ in refused)  # type: ignore[misc]
    canary(service)


def test_the_memory_of_all_processes_stays_bounded(siege: Siege, memory_watch: MemoryWatch) -> None:
    print(f"at most {memory_watch.peak / 1e6:.0f} MB were taken")
    assert 50_000_000 < memory_watch.peak < MOST_MEMORY
