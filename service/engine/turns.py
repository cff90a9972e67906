"""Lets one process after another write to a journal."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from service.errors import EngineBusyError
from service.store.journal import Journal

_LOOKING_SECONDS = 0.02
_PATIENCE_SECONDS = 30.0


@asynccontextmanager
async def taken(journal: Journal, seconds: float) -> AsyncIterator[None]:
    """Wait until no other process writes, and keep others from it in the block.

    Raises EngineBusyError where they take longer than so many seconds, or JournalError where nobody can write.
    """
    deadline = time.monotonic() + seconds
    while not journal.take():
        if time.monotonic() > deadline:
            raise EngineBusyError("another process is writing; try again in a few seconds")
        await asyncio.sleep(_LOOKING_SECONDS)
    try:
        yield
    finally:
        journal.give_up()


@contextmanager
def taken_now(journal: Journal) -> Iterator[None]:
    """Do the same where no event loop waits."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not journal.take():
        if time.monotonic() > deadline:
            raise EngineBusyError("another process is writing; try again in a few seconds")
        time.sleep(_LOOKING_SECONDS)
    try:
        yield
    finally:
        journal.give_up()
