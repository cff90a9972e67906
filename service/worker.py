"""A process that evaluates queries over one release and may be killed at any time."""

import math
import multiprocessing
import resource
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from service.errors import EngineError, QueryAbortedError, QueryTimeoutError, ServiceError
from service.evaluation import Job, evaluate, open_release

# A template process without threads, from which workers are forked in some 10 ms.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Limits:
    """What a query may take: seconds, bytes of memory beyond the open store, and bytes of its answer."""

    seconds: float
    memory_bytes: int
    result_bytes: int


class Worker:
    """A worker process over the indexed quads in the folder `store`."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self._limits = limits
        self._is_waiting = False
        self._connection, theirs = _PROCESSES.Pipe()
        self._process = _PROCESSES.Process(
            target=_work, args=(theirs, store, limits), daemon=True, name="districtgraph-worker"
        )
        self._process.start()
        theirs.close()

    def is_sound(self) -> bool:
        """Tell whether it can take a job: it lives, and owes no answer to an earlier one."""
        return not self._is_waiting and self._process.is_alive()

    def evaluate(self, job: Job) -> bytes:
        """Return the answer to `job`; blocks up to the deadline.

        Raises QueryTimeoutError or QueryAbortedError, after which the worker is not sound, or what the query
        was refused for.
        """
        self._is_waiting = True
        try:
            self._connection.send(job)
            if not self._connection.poll(self._limits.seconds):
                raise QueryTimeoutError(f"the query took longer than {self._limits.seconds:g} s")
            reply: bytes | ServiceError = self._connection.recv()
        except (EOFError, OSError) as error:
            megabytes = self._limits.memory_bytes // 1_000_000
            message = f"the query ended its process: it needed more than {megabytes} MB, or crashed the engine"
            raise QueryAbortedError(message) from error
        self._is_waiting = False
        if isinstance(reply, ServiceError):
            raise reply
        return reply

    def kill(self) -> None:
        """End the process at once; a thread that waits in `evaluate` then gets QueryAbortedError."""
        self._process.kill()

    def end(self) -> None:
        """End the process and free what it held; no thread may wait in `evaluate` any more."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._connection.close()


def _work(connection: Connection, store: Path, limits: Limits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The kernel's own action ends even a query that Python cannot interrupt, should nobody be left to kill it.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        opened = open_release(store)
    except EngineError as error:
        connection.recv()
        connection.send(error)
        return
    most = _address_space() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    # Without another descriptor no query can dial out, whatever it got past the lexer.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    while True:
        try:
            job: Job = connection.recv()
        except EOFError:
            return
        signal.alarm(math.ceil(limits.seconds) + 2)
        try:
            reply: bytes | ServiceError = evaluate(opened, job, limits.result_bytes)
        except ServiceError as error:
            reply = error
        signal.alarm(0)
        connection.send(reply)


def _address_space() -> int:
    """Return the bytes of address space that the process has now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()
