"""Reads several times from one state of the dataset, or not at all."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from service.engine.engine import Answer
from service.engine.worker import Job
from service.errors import EngineBusyError
from service.reader import Reader

T = TypeVar("T")
_MOST_TRIES = 4


class _ChangedError(Exception):
    """The dataset is another than it was at the first answer."""


@dataclass(frozen=True)
class _SteadyReader(Reader):
    """A reader whose answers are all of one version."""

    versions: set[str] = field(default_factory=set)

    async def answer(self, job: Job[T], seconds: float | None = None) -> Answer[T]:
        """Return the answer to `job`. Raises _ChangedError, or what a reader raises."""
        answer = await super().answer(job, seconds)
        self.require(answer.version)
        return answer

    def require(self, version: str) -> None:
        """Raise _ChangedError where there were answers of another version."""
        self.versions.add(version)
        if len(self.versions) > 1:
            raise _ChangedError


async def steadily(reader: Reader, read: Callable[[Reader], Awaitable[T]]) -> T:
    """Return what `read` makes of a reader whose answers are all of one state; it begins again where that changes.

    Raises EngineBusyError where it changes each time, or what `read` raises.
    """
    for _ in range(_MOST_TRIES):
        steady = _SteadyReader(reader.engine, reader.view, reader.gone, reader.rates, reader.payer)
        with suppress(_ChangedError):
            found = await read(steady)
            # What was written while the last answer was made may be in it, and its version is that of before.
            steady.require(await reader.version())
            return found
    raise EngineBusyError("the graph is being written to while it is read; try again in a few seconds")
