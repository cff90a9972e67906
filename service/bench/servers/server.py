"""What is asked of every server, and how their processes are started and awaited."""

import os
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from service.bench.errors import ServerError
from service.bench.process_tree import end
from service.bench.solutions import ask

HOST = "127.0.0.1"
_MOST_SECONDS_TO_START = 900
_ANYTHING = f"query={quote('SELECT * { ?s ?p ?o } LIMIT 1')}"


@dataclass(frozen=True)
class Site:
    """Where a server works: its own folder, the graph as a file, and the connections that it will get at once.

    `on_disk` has it read from the disk, if it would hold the graph in memory.
    """

    folder: Path
    n_triples: Path
    connections: int
    on_disk: bool = False


@dataclass(frozen=True)
class Running:
    """A server that answers: its endpoint and its process."""

    endpoint: str
    process: "subprocess.Popen[bytes]"


class Server(ABC):
    """A SPARQL server that can be measured."""

    name: str
    how_to_get: str

    @abstractmethod
    def version(self) -> str | None:
        """Return its version, None where it is not installed."""

    @abstractmethod
    def serving(self, site: Site) -> AbstractContextManager[Running]:
        """Load the graph and serve it until the block ends. Raises ServerError."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


def run(command: Sequence[object], folder: Path, most_seconds: float) -> str:
    """Run a command in `folder` and return what it says. Raises ServerError."""
    try:
        done = subprocess.run(
            [*map(str, command)], cwd=folder, capture_output=True, text=True, timeout=most_seconds, check=True
        )
    except subprocess.CalledProcessError as error:
        raise ServerError(f"{command[0]} failed: {(error.stderr or error.stdout).strip()[-500:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerError(f"{command[0]} failed: {error}") from error
    return done.stdout


@contextmanager
def started(command: Sequence[object], folder: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Keep a process, with all that it starts, until the block ends; what it says stands in `folder`/server.log.

    `environment` is added to ours.
    """
    with (folder / "server.log").open("wb") as log:
        # In a session of its own Ctrl-C does not reach it: it is ended here, and not while it is measured.
        process = subprocess.Popen(
            [*map(str, command)],
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end(process)


def until_it_answers(endpoint: str, process: "subprocess.Popen[bytes]", folder: Path) -> Running:
    """Wait until a server answers, and return it. Raises ServerError, with the end of what it said."""
    until = time.monotonic() + _MOST_SECONDS_TO_START
    why = "it did not start in time"
    while time.monotonic() < until:
        if process.poll() is not None:
            why = f"it ended with status {process.returncode}"
            break
        try:
            if ask(endpoint, _ANYTHING, 60).solutions:
                return Running(endpoint, process)
        except ServerError as error:
            why = str(error)
        time.sleep(0.1)
    said = (folder / "server.log").read_text(errors="replace").strip()[-500:]
    raise ServerError(f"{why}\n{said}".strip())
