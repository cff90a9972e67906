"""What a worker does: one job after another over its copy of the dataset, within limits, until nobody asks any more."""

import math
import os
import resource
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from service.engine import channel
from service.engine.copying import CopyMemory, SharedMemory
from service.errors import EngineError, ServiceError
from service.store.dataset import Dataset

Result = TypeVar("Result", covariant=True)

# The engine calls itself for each level of a query; at the bounds of the lexer it needs most of the usual 8 MB.
_STACK_BYTES = 64_000_000
# Those that listen and fork go first.
_NICE = 5


@dataclass(frozen=True)
class Limits:
    """What a job may take: seconds, bytes of memory beyond the open store and its caches, and bytes of its answer.

    `open_files` is how many files and connections a worker may have beside those that it has already.
    """

    seconds: float
    memory_bytes: int
    result_bytes: int
    open_files: int = 0


class Job(Protocol[Result]):
    """Something to be done over a dataset in a worker; one with `may_dial` asks other servers."""

    def run(self, dataset: Dataset, max_bytes: int) -> Result:
        """Return the result, of which the answer has `max_bytes` at most. Raises ServiceError."""


def work(end: socket.socket, dataset: Dataset, limits: Limits) -> None:
    """Tell the other `end` of the channel that the limits hold, and do what is asked there until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The kernel's own action ends even a query that Python cannot interrupt, should nobody be left to kill it.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most_stack = resource.getrlimit(resource.RLIMIT_STACK)[1]
    stack = _STACK_BYTES if most_stack == resource.RLIM_INFINITY else most_stack
    resource.setrlimit(resource.RLIMIT_STACK, (stack, most_stack))
    os.nice(_NICE)
    with suppress(OSError):  # where memory runs out, a worker is the first to go
        Path("/proc/self/oom_score_adj").write_text("1000")
    try:
        dataset.open()
    except EngineError as error:
        channel.send(end, error)
        return
    shared = SharedMemory()
    most = address_space() + dataset.cache_bytes() + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    # Without another descriptor no query can dial out, whatever it got past the lexer.
    files = max(limits.open_files, dataset.open_files())
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    channel.send(end, None)
    while True:
        try:
            job: Job[Any] | CopyMemory = channel.receive(end)
        except EOFError:
            return
        signal.alarm(math.ceil(limits.seconds))
        try:
            reply = shared.copy_some() if isinstance(job, CopyMemory) else _done(job, dataset, limits)
            signal.alarm(0)
            channel.send(end, reply)
        except MemoryError:  # to end says it all: the engine itself leaves no other way
            return


def _done(job: Job[Any], dataset: Dataset, limits: Limits) -> Any:
    try:
        result = job.run(dataset, limits.result_bytes)
        dataset.require_same()
        return result
    except ServiceError as error:
        return error


def address_space(process: int | str = "self") -> int:
    """Return the bytes of address space that a process has now (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[0])
    return pages * resource.getpagesize()
