"""Does in a process of its own what leaves threads behind, as an index does: who has some must not fork."""

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, TypeVar

T = TypeVar("T")


class ChildFailedError(Exception):
    """The process ended before it had done its work."""


def streamed(write: Callable[[BinaryIO], object], read: Callable[[BinaryIO], T]) -> T:
    """Return what `read` makes of what `write` writes in a forked process.

    Raises ChildFailedError, or what `read` does.
    """
    (content, content_end), (done, done_end) = os.pipe(), os.pipe()
    if os.fork() == 0:
        try:
            with suppress(OSError, RuntimeError, ValueError):
                with os.fdopen(content_end, "wb") as file:
                    write(file)
                os.write(done_end, b".")
        finally:
            os._exit(0)
    os.close(content_end)
    os.close(done_end)
    with os.fdopen(content, "rb") as file, os.fdopen(done, "rb") as end:
        result = read(file)
        if not end.read():
            raise ChildFailedError
        return result


def returned(work: Callable[[], T]) -> T:
    """Return what `work` returns in a forked process. Raises ChildFailedError."""
    result: T = pickle.loads(
        streamed(lambda file: pickle.dump(work(), file), lambda file: file.read() or pickle.dumps(None))
    )
    return result
