"""Answers queries over the current release, each in a worker process; the process that asks evaluates nothing."""

import asyncio
from dataclasses import dataclass

from loaders.release import Release, Releases
from service.errors import EngineBusyError, QueryAbortedError, QueryTimeoutError
from service.evaluation import Job
from service.settings import Settings
from service.worker import Limits, Worker

_WAIT_SECONDS = 10.0


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
            settings.query_seconds,
            settings.query_megabytes * 1_000_000,
            settings.result_megabytes * 1_000_000,
        )
        self._slots = asyncio.Semaphore(settings.workers)
        self._idle: list[tuple[Release, Worker]] = []
        self._busy: set[Worker] = set()

    def release(self) -> Release:
        """Return the current release. Raises ReleaseError where there is none."""
        return self._releases.require_current()

    async def answer(self, job: Job) -> Answer:
        """Return the answer to `job`.

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
                content = await asyncio.to_thread(worker.evaluate, job)
            except (QueryTimeoutError, QueryAbortedError, asyncio.CancelledError):
                self._retire(worker)
                raise
            except Exception:
                self._give_back(release, worker)
                raise
            self._give_back(release, worker)
            return Answer(content, release.id)
        finally:
            self._slots.release()

    def close(self) -> None:
        """End every worker."""
        for worker in [*self._busy, *(worker for _, worker in self._idle)]:
            worker.kill()
        self._busy.clear()
        self._idle.clear()

    async def _take(self, release: Release) -> Worker:
        """Return an idle worker over `release`, or a new one; those over another release are ended."""
        while self._idle:
            of_release, worker = self._idle.pop()
            if of_release == release:
                break
            worker.kill()
        else:
            worker = await asyncio.to_thread(Worker, release.store, self._limits)
        self._busy.add(worker)
        return worker

    def _give_back(self, release: Release, worker: Worker) -> None:
        self._busy.discard(worker)
        self._idle.append((release, worker))

    def _retire(self, worker: Worker) -> None:
        self._busy.discard(worker)
        worker.kill()
