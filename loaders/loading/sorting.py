"""Sorts more lines than fit into memory: runs that are sorted each, on the disk, are merged into one file."""

import hashlib
import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import zstandard

from loaders.durable import writing

# About 100 MB of lines: what a process holds at once.
_LINES_OF_RUN = 500_000
_LEVEL = 3
_LEVEL_OF_LAST = 9
_BLOCK = 1 << 20
_MOST_OPEN = 128


@dataclass(frozen=True)
class Sorted:
    """A file of sorted lines, each once: how many, their bytes, and their SHA-256."""

    lines: int
    size: int
    digest: str


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a compressed file. Raises OSError, or zstandard.ZstdError where it is damaged."""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        rest = b""
        while block := reader.read(_BLOCK):
            lines = (rest + block).splitlines(keepends=True)
            rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
            yield from lines
        if rest:
            yield rest


def write_runs(lines: Iterable[bytes], folder: Path, name: str) -> list[Path]:
    """Write `lines` into files in `folder` that are sorted each; the last is there only when all of them are."""
    runs: list[Path] = []
    held: set[bytes] = set()

    def write() -> None:
        path = folder / f"{name}.{len(runs):05}"
        _write_sorted(sorted(held), path, _LEVEL)
        runs.append(path)
        held.clear()

    for line in lines:
        held.add(line)
        if len(held) >= _LINES_OF_RUN:
            write()
    write()
    return runs


def merge_runs(runs: list[Path], path: Path, count: Callable[[int], None] = lambda _: None) -> Sorted:
    """Merge sorted files into one at `path`; a line of several stands there once.

    `count` is told the lines of each stretch that is written. Raises OSError.
    """
    with ExitStack() as stack:
        while len(runs) > _MOST_OPEN:  # as many as may be open at once become one
            first, runs = runs[:_MOST_OPEN], runs[_MOST_OPEN:]
            together = path.with_name(f"{path.name}-{len(runs)}")
            stack.callback(together.unlink, missing_ok=True)
            _write_sorted(_once(heapq.merge(*map(lines_of, first))), together, _LEVEL, count)
            runs.append(together)
        return _write_sorted(_once(heapq.merge(*map(lines_of, runs))), path, _LEVEL_OF_LAST, count)


def _write_sorted(
    lines: Iterable[bytes], path: Path, level: int, told: Callable[[int], None] = lambda _: None
) -> Sorted:
    count = size = 0
    digest = hashlib.sha256()
    compressor = zstandard.ZstdCompressor(level=level, write_checksum=True)
    with writing(path) as file, compressor.stream_writer(file, closefd=False) as packing:
        for block in _blocks(lines):
            content = b"".join(block)
            count, size = count + len(block), size + len(content)
            digest.update(content)
            packing.write(content)
            told(len(block))
    return Sorted(count, size, digest.hexdigest())


def _blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    block: list[bytes] = []
    for line in lines:
        block.append(line)
        if len(block) >= 10_000:
            yield block
            block = []
    yield block


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        if line != before:
            yield line
        before = line
