"""Answers queries over the current release, each in a worker process; the process that asks evaluates nothing."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from loaders.release import Release, Releases
from service.errors import EngineBusyError, ServiceError
from service.evaluation import Job
from service.settings import Settings
from service.worker import Limits, Worker

_WAIT_SECONDS = 10.0

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer, and the id of the release that it comes from."""

    content: bytes
    release: str


class Engine:
    """A pool of workers; a new release is taken up with the next query, without a restart."""

    def __init__(self, settings: Settings) -> None:
        self._releases = Releases(settings.state)
        self._limits = Limits(
            settings.query_seconds, settings.query_megabytes * 1_000_000, settings.result_megabytes * 1_000_000
        )
        self._slots = asyncio.Semaphore(settings.workers)
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="districtgraph")
        self._idle: list[tuple[Release, Worker]] = []
        self._busy: set[Worker] = set()

    def release(self) -> Release:
        """Return the current release. Raises ReleaseError where there is none."""
        return self._releases.require_current()

    async def answer(self, job: Job) -> Answer:
        """Return the answer to `job`; cancelling ends the query.

        Raises ReleaseError, QueryRefusedError or EngineError.
        """
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._slots.acquire()
        except TimeoutError:
            raise EngineBusyError("every worker is at work; try again in a few seconds") from None
        try:
            release = self.release()
            worker = await self._take(release)
            try:
                return Answer(await self._evaluate(worker, job), release.id)
            finally:
                self._busy.discard(worker)
                if worker.is_sound():
                    self._idle.append((release, worker))
                else:
                    await self._threaded(worker.end)
        finally:
            self._slots.release()

    def close(self) -> None:
        """End every worker."""
        for worker in self._busy:
            worker.kill()
        for _, worker in self._idle:
            worker.end()
        self._idle.clear()
        self._threads.shutdown()

    async def _take(self, release: Release) -> Worker:
        """Return an idle worker over `release`, or a new one; dead ones and those over another are ended."""
        while self._idle:
            of_release, worker = self._idle.pop()
            if of_release == release and worker.is_sound():
                break
            await self._threaded(worker.end)
        else:
            worker = await self._threaded(Worker, release.store, self._limits)
        self._busy.add(worker)
        return worker

    async def _threaded(self, function: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def _evaluate(self, worker: Worker, job: Job) -> bytes:
        evaluating = asyncio.get_running_loop().run_in_executor(self._threads, worker.evaluate, job)
        try:
            return await asyncio.shield(evaluating)
        except asyncio.CancelledError:
            worker.kill()
            with suppress(ServiceError):
                await evaluating
            raise
