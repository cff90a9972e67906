"""The processes that do the work, as the process that asks them sees them: a template, and workers forked from it."""

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from service.engine import channel
from service.engine.copying import CopyMemory
from service.engine.worker import Job, Limits, address_space
from service.errors import DatasetLostError, QueryAbortedError, ServiceError
from service.store.dataset import Sources, View
from service.store.journal import Place
from service.store.patch import Rows

T = TypeVar("T")

_NICE = 15
# How much of what a worker may take for a short job it must still have left to be given another.
_LEFT_BYTES = 50_000_000
# RocksDB allocates and frees some thousand small pieces for a query. With seven of each size at hand, as glibc has it,
# a join took a quarter longer: the others are looked for among what the template has left between its own.
_TUNABLES = "glibc.malloc.tcache_count=1000"


class Worker:
    """A process that does jobs over the dataset as it was when the worker was forked, and may be killed at any time."""

    def __init__(self, process: int, asking: channel.Asking) -> None:
        self._process = process
        self._asking = asking
        self._pidfd = os.pidfd_open(process)
        self._before: tuple[int, int] | None = None
        self.is_to_be_kept = True
        self.shares_memory = True

    def is_sound(self) -> bool:
        """Tell whether it can take a job: it is there, and owes no reply to an earlier one."""
        return self._asking.is_open and not self._asking.is_waiting

    def promote(self, memory_bytes: int) -> None:
        """Let it take more memory from here on, and the processor only when no other worker wants it."""
        with suppress(ProcessLookupError, FileNotFoundError):
            most = address_space(self._process) + memory_bytes
            limit, _ = resource.prlimit(self._process, resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
            self._before = limit, os.getpriority(os.PRIO_PROCESS, self._process)
            os.setpriority(os.PRIO_PROCESS, self._process, _NICE)

    def demote(self) -> bool:
        """Make it what it was before it was promoted, if it was; tell whether that is so.

        A worker that has grown stays so, and not everybody may raise a priority again.
        """
        if self._before is None:
            return True
        limit, priority = self._before
        try:
            if address_space(self._process) + _LEFT_BYTES > limit:
                return False
            resource.prlimit(self._process, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
            os.setpriority(os.PRIO_PROCESS, self._process, priority)
        except (OSError, IndexError):  # it has ended, or this is not allowed
            return False
        self._before = None
        return True

    def stop(self) -> None:
        """Let it do nothing, and keep what it has done, until it is told to go on."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGCONT)

    def start(self, job: Job[T]) -> "asyncio.Future[T]":
        """Have it do `job`; `result_of` tells what came of it."""
        return self._asking.ask(job)

    async def copy_memory(self) -> None:
        """Have it copy some of the memory that it shares. Raises QueryAbortedError where it has ended."""
        self.shares_memory = result_of(await settled(self._asking.ask(CopyMemory())))

    def end(self) -> None:
        """End the process at once and free what stood for it."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.close(self._pidfd)
        self._asking.close()


async def settled(reply: "asyncio.Future[T]", seconds: float | None = None) -> "asyncio.Future[T]":
    """Wait for a reply, for `seconds` at most, whatever it will be."""
    if reply.done():
        return reply
    over = reply.get_loop().create_future()

    def end(_: object = None) -> None:
        if not over.done():
            over.set_result(None)

    reply.add_done_callback(end)
    timer = None if seconds is None else reply.get_loop().call_later(seconds, end)
    try:
        await over
    finally:
        reply.remove_done_callback(end)
        if timer is not None:
            timer.cancel()
    return reply


def result_of(reply: "asyncio.Future[T]") -> T:
    """Return what a job gave.

    Raises what the job was refused for, or QueryAbortedError where the worker died of it.
    """
    try:
        result = reply.result()
    except EOFError as error:
        message = "the query ended its process: it needed more memory than it may have, or crashed the engine"
        raise QueryAbortedError(message) from error
    if isinstance(result, ServiceError):
        raise result
    return result


def _end_unwanted(forking: "asyncio.Future[Worker]") -> None:
    if not forking.cancelled() and forking.exception() is None:
        forking.result().end()


class Template:
    """The process that holds a dataset, and forks workers from it, and templates of what not everybody may read."""

    def __init__(self, end: socket.socket, asking: channel.Asking, process: "subprocess.Popen[bytes] | None") -> None:
        self._end = end
        self._asking = asking
        self._process = process
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def start(cls) -> "Template":
        """Start a process that holds nothing yet."""
        ours, theirs = channel.pair()
        with theirs:
            descriptor = theirs.fileno()
            command = [sys.executable, "-m", "service.engine.template", str(descriptor)]
            environment = {"GLIBC_TUNABLES": _TUNABLES} | os.environ
            process = subprocess.Popen(command, pass_fds=(descriptor,), stdin=subprocess.DEVNULL, env=environment)
        return cls(ours, await channel.Asking.at(ours), process)

    async def load(self, sources: Sources) -> tuple[Place, frozenset[str]]:
        """Have it load the dataset; return up to which place of the journal, and the graphs that are the release's own.

        Raises EngineError where it is damaged.
        """
        loaded: tuple[Place, frozenset[str]] = await self._ask(sources)
        return loaded

    async def fork(self, limits: Limits) -> Worker:
        """Return a new worker over the dataset as it is now; nobody's, where this is cancelled. Raises EngineError."""
        forking = asyncio.ensure_future(self._fork(limits))
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(_end_unwanted)
            raise

    async def _fork(self, limits: Limits) -> Worker:
        ours, theirs = channel.pair()
        with theirs:
            process = await self._ask(limits, theirs.fileno())
        limited: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        worker = Worker(process, await channel.Asking.at(ours, limited))
        try:
            result_of(await settled(limited))
        except BaseException:  # also where this is cancelled
            worker.end()
            raise
        return worker

    async def narrowed(self, view: View) -> "Template":
        """Return a template of the dataset as it is now without what `view` hides. Raises EngineError."""
        return await asyncio.shield(asyncio.ensure_future(self._narrowed(view)))

    async def _narrowed(self, view: View) -> "Template":
        ours, theirs = channel.pair()
        with theirs:
            await self._ask(view, theirs.fileno())
        return Template(ours, await channel.Asking.at(ours), None)

    async def apply(self, rows: Rows) -> None:
        """Have it take up what was written: workers forked from now on have it. Raises EngineError."""
        await self._ask(rows)

    def copies(self) -> int:
        """Return how often what the process holds fits into half of the memory that is free now (Linux)."""
        assert self._process is not None
        held = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * resource.getpagesize()
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
        return free // 2 // max(held, 1)  # what has ended holds nothing

    def is_alive(self) -> bool:
        """Tell whether the process lives."""
        return self._process is None or self._process.poll() is None

    def end(self) -> None:
        """End the process, and with it every worker that was forked from it."""
        self._asking.close()
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    async def _ask(self, message: object, *descriptors: int) -> Any:
        async with self._one_at_a_time:
            try:
                if descriptors:  # small, and the other end only listens: there is room for it
                    channel.send(self._end, message, descriptors)
                    reply = self._asking.expect()
                else:
                    reply = self._asking.ask(message)
                result = (await settled(reply)).result()
            except (EOFError, OSError) as error:
                raise DatasetLostError("the process that holds the dataset has ended") from error
        if isinstance(result, ServiceError):
            raise result
        return result
