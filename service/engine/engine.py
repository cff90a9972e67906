"""Answers queries over the current release, each in a worker process; the process that asks evaluates nothing."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from loaders.release import Release
from loaders.releases import Releases
from service.engine.generation import Generation
from service.engine.lanes import SHORT_BYTES, Gone, Lanes, finished
from service.engine.processes import Template
from service.engine.turns import taken
from service.engine.worker import Job, Limits
from service.errors import DatasetLostError, EngineBusyError, EngineError, ReadOnlyError, ServiceError
from service.log import log
from service.settings import Settings
from service.store.dataset import Sources, View
from service.store.journal import Journal
from service.store.patch import Rows
from service.store.selection import Selects

T = TypeVar("T")

_MOST_WAITING = 256
# The process of what a client may read, the one that this is forked from, and that in the place of both.
_MOST_LOSSES = 3
_LOADING_SECONDS = 60.0
_LOOKING_SECONDS = 0.5
_STEP_SECONDS = 0.05
_QUIET_SECONDS = 0.2
_READY_SECONDS = 5.0
# An engine that is down, or is written to, is asked less often how it is.
_REMOTE_LOOKING_SECONDS = 2.0
_EVERYTHING: View = frozenset()


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a job gave, the dataset that it comes from (the release, and what tells its state), and how long it took."""

    content: T
    release: str
    version: str
    seconds: float


class Engine:
    """Workers over the current release and what was written since; a new release is taken up without a restart."""

    def __init__(self, settings: Settings, *, memory_bytes: int) -> None:
        self._settings = settings
        self._memory_bytes = memory_bytes
        self._releases = Releases(settings.state)
        self._journal = Journal(settings.state / "journal")
        self._limits = Limits(
            # The kernel's alarm is the last resort: it ends a worker that waited, worked and was forgotten.
            seconds=2 * settings.most_query_seconds + 2,
            memory_bytes=SHORT_BYTES,
            result_bytes=settings.result_megabytes * 1_000_000,
        )
        self._closed_graphs: View = frozenset(settings.closed_graphs)
        self._writing = asyncio.Lock()
        self._generation: Generation | None = None
        self._fault: ServiceError | None = None
        self._looked = asyncio.Event()
        self.waiting = 0
        self._following = asyncio.create_task(self._follow())
        self._preparing = asyncio.create_task(self._prepare_when_idle())

    @property
    def version(self) -> str | None:
        """What tells the state of the dataset from every other, or None where nothing is loaded yet."""
        return None if self._generation is None else self._generation.version

    @property
    def closed_graphs(self) -> View:
        """The graphs that are not open to everybody."""
        return self._closed_graphs

    def workers(self) -> tuple[int, int]:
        """Return how many workers are at work, and how many wait for something to do."""
        return (0, 0) if self._generation is None else self._generation.workers()

    async def ready(self) -> str:
        """Return the release that is answered from. Raises ReleaseError or EngineError where there is none now.

        An engine behind the service is asked whether it still holds it.
        """
        if self._generation is None or not self._generation.is_alive():
            self._require_something()
            raise self._fault or EngineBusyError("the release is being loaded; try again in a few seconds")
        if self._settings.engine is not None:
            await self.answer(Selects(()), seconds=_READY_SECONDS)
        return self._generation.name

    async def loaded(self) -> str:
        """Return the version as soon as there is one. Raises ReleaseError or EngineError."""
        return (await self._current()).version

    async def release(self) -> Release:
        """Return the release that is answered from. Raises ReleaseError, or EngineError where it cannot be loaded."""
        release = (await self._current()).release
        return self._releases.require_current() if release is None else release

    async def answer(
        self, job: Job[T], view: View | None = None, seconds: float | None = None, gone: Gone | None = None
    ) -> Answer[T]:
        """Return the answer to `job` on what `view` leaves, by default what is open to everybody.

        It is given `seconds`, by default those of the settings, and ended when `gone` returns or this is cancelled.
        Raises ReleaseError, RequestError or EngineError.
        """
        if self.waiting >= _MOST_WAITING:
            raise EngineBusyError("too many queries are waiting; try again in a few seconds")
        self.waiting += 1
        try:
            seconds = seconds or self._settings.query_seconds
            view = self._closed_graphs if view is None else view
            generation = self._generation or await self._current()
            for _ in range(_MOST_LOSSES):
                try:
                    return await self._answer_from(generation, job, view, seconds, gone)
                except DatasetLostError:
                    generation.lose(view if self._settings.engine is None else _EVERYTHING)
                    if not generation.is_alive():
                        generation = await self._after(generation)
            return await self._answer_from(generation, job, view, seconds, gone)
        finally:
            self.waiting -= 1

    async def _answer_from(
        self, generation: Generation, job: Job[T], view: View, seconds: float, gone: Gone | None
    ) -> Answer[T]:
        with generation:
            version, began = generation.version, time.monotonic()
            content = await generation.lanes.done(await generation.pool(view), job, seconds, gone)
            return Answer(content, generation.name, version, time.monotonic() - began)

    async def write(
        self, job: Job[Rows], view: View, may_change: Callable[[Rows, frozenset[str]], None], who: str, what: str
    ) -> Rows:
        """Carry out a write: work out what it changes, journal that, and take it up. Returns what it changed.

        `may_change` raises RequestError where a graph that would be changed is not the writer's. Raises RequestError
        or EngineError, and then nothing is changed.
        """
        if self._settings.engine is not None:
            raise ReadOnlyError("what an engine behind the service holds is written by 'districtgraph publish' alone")
        async with self._writing, taken(self._journal, self._settings.query_seconds):
            await self._catch_up()
            generation = await self._current()
            with generation:
                pool = await generation.pool(view)
                worker = await pool.fresh(getattr(job, "may_dial", False))
                worker.is_to_be_kept = False  # its copy of the dataset is another now
                try:
                    worker.promote(self._settings.query_megabytes * 1_000_000)
                    rows = await finished(worker.start(job), self._settings.query_seconds, None)
                finally:
                    pool.give_back(worker)
                may_change(rows, generation.owned)
                if rows:
                    taking_down = asyncio.ensure_future(self._take_down(generation, rows, who, what))
                    try:
                        await asyncio.shield(taking_down)
                    finally:
                        await asyncio.wait((taking_down,))  # before somebody else writes
                return rows

    async def _catch_up(self) -> None:
        """Take up what other processes have written. Raises EngineError."""
        generation = await self._current()
        if not generation.is_alive() or not self._journal.has_more():
            return
        try:
            written = await asyncio.to_thread(lambda: list(self._journal.read(generation.place)))
            for transaction, place in written:
                await generation.apply(transaction.patch.rows(), place)
                self._journal.place = place
        except EngineError as error:
            log(logging.INFO, "dataset loaded again", why=str(error))
            await self._load(generation.release)

    async def _take_down(self, generation: Generation, rows: Rows, who: str, what: str) -> None:
        """Write what is to be changed into the journal; from then on it is changed, whatever befalls the processes."""
        await asyncio.to_thread(self._journal.append, rows, who, what)
        try:
            await generation.apply(rows, self._journal.place)
        except EngineError as error:
            log(logging.ERROR, "template lost", why=str(error))
            await self._load(generation.release)

    async def close(self) -> None:
        """End every process."""
        for task in (self._following, self._preparing):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._generation is not None:
            self._generation.end()
        self._journal.give_up()

    async def _current(self) -> Generation:
        """Return what is answered from, once it is loaded."""
        if self._generation is None:
            self._require_something()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._looked.wait(), _LOADING_SECONDS)
        if self._generation is None:
            raise self._fault or EngineBusyError("the release is being loaded; try again in a few seconds")
        return self._generation

    async def _after(self, generation: Generation) -> Generation:
        """Return what is loaded in the place of `generation`. Raises EngineError where that is not to be had."""
        deadline = time.monotonic() + _LOADING_SECONDS
        while self._generation is generation and time.monotonic() < deadline:
            if self._fault is not None:
                raise self._fault
            await asyncio.sleep(_STEP_SECONDS)
        return await self._current()

    def _require_something(self) -> None:
        if not self._settings.empty:
            self._releases.require_current()

    async def _follow(self) -> None:
        """Take up the current release, and every later one; one that is damaged leaves the last that was not."""
        tried: Release | None = None
        while True:
            release = None if self._settings.empty else self._releases.current()
            if (release is not None or self._settings.empty) and (release != tried or self._is_outdated()):
                tried = release
                try:
                    async with self._writing:
                        if self._generation is None or self._generation.release != release or self._is_lost():
                            await self._load(release)
                        await self._catch_up()
                except ServiceError as error:
                    self._report(error)
                self._looked.set()
            is_remote_fault = self._fault is not None and self._settings.engine is not None
            await asyncio.sleep(_REMOTE_LOOKING_SECONDS if is_remote_fault else _LOOKING_SECONDS)

    async def _prepare_when_idle(self) -> None:
        """Have workers ready as long as nobody asks for anything."""
        while True:
            is_more = False
            if self._generation is not None and not self.waiting:
                with self._generation as generation, suppress(EngineError):  # whoever asks next is told
                    is_more = await generation.prepare()
            await asyncio.sleep(_STEP_SECONDS if is_more else _QUIET_SECONDS)

    def _is_outdated(self) -> bool:
        """Tell whether there is nothing to answer from, or another process has written."""
        return self._is_lost() or self._journal.has_more()

    def _is_lost(self) -> bool:
        return self._generation is None or not self._generation.is_alive()

    def _report(self, error: ServiceError) -> None:
        if str(error) != str(self._fault):
            log(logging.ERROR, "dataset", why=str(error))
        self._fault = error

    async def _load(self, release: Release | None) -> None:
        """Answer from `release` and what was written from now on. Raises EngineError where one of them is damaged."""
        template = await Template.start()
        try:
            sources = Sources(
                release=None if release is None else release.folder,
                journal=self._settings.state / "journal",
                memory_bytes=self._memory_bytes,
                union=self._settings.default_graph == "union",
                engine=self._settings.engine,
                closed=self._closed_graphs,
            )
            place, owned = await template.load(sources)
            lanes = Lanes(template.copies(), self._settings.workers, self._settings.query_megabytes * 1_000_000)
        except BaseException:  # also where this is cancelled
            template.end()
            raise
        before, self._generation = self._generation, Generation(release, template, place, owned, self._limits, lanes)
        self._journal.place, self._fault = place, None
        log(logging.INFO, "dataset", version=self._generation.version)
        if before is not None:
            before.retire()
