"""The engine as one client sees it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from loaders.release import Release
from service.engine.engine import Answer, Engine
from service.engine.lanes import Gone
from service.engine.worker import Job
from service.errors import EngineBusyError, ServiceError
from service.http.rates import Rates
from service.store.dataset import View

T = TypeVar("T")


@dataclass(frozen=True)
class Reader:
    """Asks the engine for somebody.

    What `view` hides is not there, by default what is not open to everybody; what takes time is charged to `payer` at
    `rates`; what nobody waits for any more is ended, as soon as `gone` tells.
    """

    engine: Engine
    view: View | None = None
    gone: Gone | None = None
    rates: Rates | None = None
    payer: str = ""

    @property
    def hidden(self) -> View:
        """The graphs that are not there for whom it asks."""
        return self.engine.closed_graphs if self.view is None else self.view

    async def answer(self, job: Job[T], seconds: float | None = None) -> Answer[T]:
        """Return the answer to `job`. Raises ReleaseError, RequestError or EngineError."""
        if self.rates is None:
            return await self.engine.answer(job, self.view, seconds, self.gone)
        self.rates.check(self.payer)
        began = time.monotonic()
        try:
            answer = await self.engine.answer(job, self.view, seconds, self.gone)
        except EngineBusyError:
            raise
        except ServiceError:
            self.rates.charge(self.payer, time.monotonic() - began)
            raise
        self.rates.charge(self.payer, answer.seconds)
        return answer

    @contextmanager
    def charged(self) -> Iterator[None]:
        """Charge the seconds of what is done beside the engine. Raises RateError where nothing is left for it."""
        if self.rates is None:
            yield
            return
        self.rates.check(self.payer)
        began = time.monotonic()
        try:
            yield
        finally:
            self.charge(time.monotonic() - began)

    def charge(self, seconds: float) -> None:
        """Charge what took time for this client outside a worker."""
        if self.rates is not None:
            self.rates.charge(self.payer, seconds)

    async def release(self) -> Release:
        """Return the release that is answered from. Raises ReleaseError or EngineError."""
        return await self.engine.release()

    async def version(self) -> str:
        """Return what tells the state of the dataset from every other. Raises ReleaseError or EngineError."""
        return self.engine.version or await self.engine.loaded()
