"""A service that may be killed: its log is in a file, and it starts again on the same state folder and port."""

import itertools
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from conftest import COMMAND, Service
from load import LABEL
from watch import lives, processes

_numbers = itertools.count()


@dataclass(frozen=True)
class Running(Service):
    """A running service, and the file that its messages go to."""

    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """Kill the process that was started, and wait until all below it have ended of themselves."""
        below = processes(self)
        self.process.kill()
        self.process.wait()
        wait_until(lambda: not any(map(lives, below)), 5)


def wait_until(is_so: object, seconds: float) -> None:
    """Wait until `is_so` gives true; fails after so many seconds."""
    assert callable(is_so)
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it is not so after {seconds} s"
        time.sleep(0.02)


def start(state: Path, *options: str, port: int = 0, before: tuple[str, ...] = (), **environment: str) -> Running:
    """Start a service, by a command that may have others `before` it; fails where it gives up."""
    log = state.parent / f"{state.name}-{next(_numbers)}.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DISTRICTGRAPH_")}
    command = [*before, *COMMAND, "serve", "--state", str(state), "--port", str(port), *options]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=clean | environment)
    deadline = time.monotonic() + 30
    while (address := re.search(r"http://\S+(?=/)", log.read_text())) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise AssertionError(f"the service did not start: {log.read_text()}")
        time.sleep(0.01)
    return Running(address[0], state, process, log)


@contextmanager
def ending(service: Running) -> Iterator[Running]:
    """End a service, and all below it, after the block."""
    try:
        yield service
    finally:
        below = processes(service)
        service.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            service.process.wait(10)
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        service.process.wait()


def first_answer(service: Running) -> httpx.Response:
    """Return the first answer to a known question that says more than to wait."""
    deadline = time.monotonic() + 20
    while True:
        answer = service.get("/sparql", params={"query": LABEL}, headers={"Accept": "text/csv"})
        if "busy" not in answer.text or time.monotonic() > deadline:
            return answer
