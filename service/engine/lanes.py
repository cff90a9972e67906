"""Who is given a worker, and for how long: many for a short time, few for long.

A query begins when few others do: more at a time would only get into each other's way, and more workers would copy more
of the memory that they share. After a moment it makes room for the next and goes on among many, for a short time and
with little memory, as far as those who begin leave the processors to it: most are done by then. One that is not goes on
among few, with all that the settings allow it, and lets the others go first; it is stopped until there is a place, or
where too many are, ended and begun again. So a point query is answered at once however many hard ones are at work, and
the few bound what is taken of the machine.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from service.engine.crowd import Crowd
from service.engine.pool import Pool
from service.engine.processes import Worker, result_of, settled
from service.engine.worker import Job
from service.errors import ClientGoneError, EngineBusyError, QueryTimeoutError

T = TypeVar("T")

# Waits until nobody wants the answer any more.
Gone = Callable[[], Awaitable[None]]

SHORT_BYTES = 100_000_000
_FIRST_SECONDS = 0.03
_SHORT_SECONDS = 0.5
_MOST_SHORT = 64
_LEAST_SHORT = 4
# So many keep what they have done, and the memory that this takes, until they go on among few.
_MOST_STOPPED = 8


class Lanes:
    """Places for many short jobs, and for `few` long ones, which may take `memory_bytes` each.

    A worker copies what it reads of the dataset, since the engine locks it: so there are no more than `copies` fit into
    the memory.
    """

    def __init__(self, copies: int, few: int, memory_bytes: int) -> None:
        self.short = min(_MOST_SHORT, max(_LEAST_SHORT, copies))
        self._memory_bytes = memory_bytes
        # One more than processors: none is to wait until an answer was taken and the next query given.
        beginning = (os.cpu_count() or 1) + 1
        self._first = asyncio.Semaphore(beginning)
        self._crowd = Crowd(beginning)
        self._short = asyncio.Semaphore(self.short)
        self._long = asyncio.Semaphore(few)
        self._stopped = 0

    async def done(self, pool: Pool, job: Job[T], seconds: float, gone: Gone | None) -> T:
        """Do `job`: among many for a short time, else among few from the start, or from there if there is a place."""
        may_dial = getattr(job, "may_dial", False)
        async with self._short:
            async with self._beginning():
                worker = await (pool.fresh(may_dial) if may_dial else pool.take())
                reply = worker.start(job)
                try:
                    await settled(reply, min(_FIRST_SECONDS, seconds))
                except BaseException:  # also where this is cancelled
                    pool.give_back(worker)
                    raise
            try:
                if not reply.done():
                    with self._crowd.going_on(worker):
                        await settled(reply, min(_SHORT_SECONDS, seconds))
                if reply.done() and not _is_dead(reply):
                    return result_of(reply)
                if not reply.done() and self._stopped < _MOST_STOPPED:
                    async with self._place_among_few(seconds, gone, worker):
                        worker.promote(self._memory_bytes)
                        # It may have been dying of the lower limit.
                        await settled(reply, min(_SHORT_SECONDS, seconds))
                        if not _is_dead(reply):
                            return await finished(reply, seconds, gone)
            finally:
                pool.give_back(worker)
        async with self._place_among_few(seconds, gone):
            worker = await pool.fresh(may_dial)
            try:
                worker.promote(self._memory_bytes)
                return await finished(worker.start(job), seconds, gone)
            finally:
                pool.give_back(worker)

    @asynccontextmanager
    async def _beginning(self) -> AsyncIterator[None]:
        with self._crowd.beginning():
            async with self._first:
                yield

    @asynccontextmanager
    async def _place_among_few(
        self, seconds: float, gone: Gone | None, worker: Worker | None = None
    ) -> AsyncIterator[None]:
        """Wait for a place, and have it; `worker` is stopped meanwhile."""
        if worker is not None and self._long.locked():
            with self._stopping(worker):
                await self._wait(seconds, gone)
        else:
            await self._wait(seconds, gone)
        try:
            yield
        finally:
            self._long.release()

    async def _wait(self, seconds: float, gone: Gone | None) -> None:
        waiting = asyncio.ensure_future(self._long.acquire())
        try:
            await finished(waiting, seconds, gone)
        except BaseException as error:  # also where this is cancelled
            if not waiting.cancel() and not waiting.cancelled():
                self._long.release()  # the place came all the same
            if isinstance(error, QueryTimeoutError):
                raise EngineBusyError("every worker is at work; try again in a few seconds") from None
            raise

    @contextmanager
    def _stopping(self, worker: Worker) -> Iterator[None]:
        worker.stop()
        self._stopped += 1
        try:
            yield
        finally:
            self._stopped -= 1
            worker.go_on()


def _is_dead(reply: "asyncio.Future[T]") -> bool:
    return reply.done() and isinstance(reply.exception(), EOFError)


async def finished(reply: "asyncio.Future[T]", seconds: float, gone: Gone | None) -> T:
    """Return what comes of `reply`. Raises QueryTimeoutError, ClientGoneError, or what the job was refused for."""
    if gone is None:
        await settled(reply, seconds)
    else:
        leaving = asyncio.ensure_future(gone())
        try:
            await asyncio.wait((reply, leaving), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done() and not reply.done():
                raise ClientGoneError("the client went away")
        finally:
            leaving.cancel()
    if not reply.done():
        raise QueryTimeoutError(f"it took longer than {seconds:g} s; ask for less, or for more time by 'timeout'")
    return result_of(reply)
