"""Has references formatted one request after another, by one thread: a style of citeproc-py is not to be shared."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from queries.errors import ParameterError
from service.literature.works import Work
from service.reader import Reader

_FORMATTING = ThreadPoolExecutor(1, "formatting")
MOST_FORMATTED = 500

T = TypeVar("T")


async def formatted(reader: Reader, works: Sequence[Work], write: Callable[[], T]) -> T:
    """Return what `write` makes of the references to `works`, and charge the reader for it.

    Raises ParameterError where these are too many to be formatted.
    """
    if len(works) > MOST_FORMATTED:
        raise ParameterError(
            f"{len(works)} references are too many to be formatted at once, {MOST_FORMATTED} are the most; "
            "ask for less, or for another format"
        )

    def timed() -> tuple[T, float]:
        began = time.monotonic()
        return write(), time.monotonic() - began

    written, seconds = await asyncio.get_running_loop().run_in_executor(_FORMATTING, timed)
    reader.charge(seconds)
    return written
