"""Lets one process at a time do a thing: the others are told at once, and the lock goes with whoever held it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loaders.errors import ReleaseError


@contextmanager
def held(path: Path, message: str) -> Iterator[None]:
    """Hold the lock of a file, which is made. Raises ReleaseError with `message` where another holds it, or OSError."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(message) from error
        yield
