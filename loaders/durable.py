"""Writes files whole and durable: beside their place first, then renamed into it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write(path: Path, content: bytes) -> None:
    """Write a file. Raises OSError, and then the file is what it was."""
    with writing(path) as file:
        file.write(content)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write piece by piece, which is at `path` when the block ends. Raises OSError as `write` does."""
    beside = path.with_name(f".{path.name}-new")
    with beside.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def making(path: Path) -> Iterator[Path]:
    """Give the path of a file that another library is to make, which is at `path` when the block ends.

    Raises OSError; where the block fails, the file is what it was.
    """
    beside = path.with_name(f".{path.name}-new")
    beside.unlink(missing_ok=True)
    try:
        yield beside
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make durable what was renamed in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
