"""Watches a service from outside: its processes, the memory that they take, and whether it still answers."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from conftest import Service

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TOY_VALLEY = "https://w3id.org/districtgraph/id/toy-valley"
CANARY_SECONDS = 1.0
# Without a connection that is kept, so that each request stands for a client of its own.
CLIENT = httpx.Client(timeout=30, verify=False, limits=httpx.Limits(max_keepalive_connections=0))
_numbers = itertools.count()


def canary(service: Service, seconds: float = CANARY_SECONDS) -> None:
    """Ask for a label that is known, in a query that nobody asked before, and have it within `seconds`."""
    number = next(_numbers)
    text = f"SELECT ?label ?n {{ <{TOY_VALLEY}> <{LABEL}> ?label BIND({number} AS ?n) }}"
    asked = {"params": {"query": text}, "headers": {"Accept": "text/csv"}}
    started = time.monotonic()
    answer = CLIENT.get(f"{service.url}/sparql", **asked)  # type: ignore[arg-type]
    took = time.monotonic() - started
    assert (answer.status_code, answer.text) == (200, f"label,n\r\nToy Valley,{number}\r\n")
    assert took < seconds, f"the canary waited {took:.2f} s"


def dataset(service: Service) -> tuple[str, str]:
    """Return the number of quads and the release."""
    text = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} BIND({next(_numbers)} AS ?x) }}"
    answer = CLIENT.get(f"{service.url}/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.text.split()[1], answer.headers["DistrictGraph-Release"]


def processes(service: Service) -> list[int]:
    """Return the service's process and all below it."""
    return [service.process.pid, *service.workers()]


def is_template(pid: int) -> bool:
    """Tell whether a process is the one that workers are forked from; theirs is another of the same command."""
    return _is_of_engine(pid) and not _is_of_engine(_parent(pid))


def is_worker(pid: int) -> bool:
    """Tell whether a process is forked from the template."""
    return _is_of_engine(pid) and _is_of_engine(_parent(pid))


def lives(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _is_of_engine(pid: int) -> bool:
    try:
        return b"service.engine.template" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def memory(pids: list[int]) -> int:
    """Return the bytes that processes take; what they share counts once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # it has ended
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


@dataclass
class MemoryWatch:
    """The most memory that a service has taken so far."""

    peak: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def look(self, service: Service) -> None:
        """Look until the watch ends."""
        while not self.ended.wait(0.2):
            self.peak = max(self.peak, memory(processes(service)))


@contextmanager
def watching_memory(service: Service) -> Iterator[MemoryWatch]:
    """Watch the memory of a service while the block runs."""
    watch = MemoryWatch()
    thread = threading.Thread(target=watch.look, args=(service,))
    thread.start()
    try:
        yield watch
    finally:
        watch.ended.set()
        thread.join()
