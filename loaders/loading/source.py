"""Keeps loaded sources: a folder each, of which a release takes what is there when it is built.

A source is

    sources/<name>/triples.nt.zst    its triples as canonical N-Triples, sorted, compressed
    sources/<name>/source.json       its title, the files that it was read from, its counts and its digest

in a state folder, and in the folder of each release that has it, where these are the same files (hard links).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyoxigraph as ox
import zstandard

from loaders.durable import sync
from loaders.errors import ReleaseError

FOLDER = "sources"
_BLOCK = 1 << 20
TRIPLES, ABOUT = "triples.nt.zst", "source.json"


@dataclass(frozen=True)
class LoadedSource:
    """A source that was loaded, by its folder."""

    folder: Path

    @property
    def name(self) -> str:
        """What the source and its graph are called."""
        return self.folder.name

    @property
    def triples(self) -> Path:
        """The compressed file of its triples."""
        return self.folder / TRIPLES

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """What source.json says. Raises ReleaseError where it is missing or damaged."""
        try:
            match json.loads((self.folder / ABOUT).read_text("utf-8")):
                case {
                    "graph": str(),
                    "digest": str(),
                    "triples": int(),
                    "bytes": int(),
                    "things_by_types": list(),
                    "statements_by_property": dict(),
                } as about:
                    return dict(about)
        except (OSError, ValueError) as error:
            raise self._damaged(f"{ABOUT}: {error}") from error
        raise self._damaged(f"{ABOUT} lacks its counts")

    @property
    def graph(self) -> ox.NamedNode:
        """The graph that it is in."""
        return ox.NamedNode(self.about["graph"])

    @property
    def identity(self) -> str:
        """What of it the id of a release is made of: its graph, and the SHA-256 of its triples."""
        return f"{self.about['graph']} {self.about['digest']}\n"

    @property
    def size(self) -> int:
        """How many bytes its N-Quads have."""
        return int(self.about["bytes"] + self.about["triples"] * (len(self.about["graph"]) + 3))

    @contextmanager
    def opened(self, count: Callable[[int], None] = lambda _: None) -> Iterator[BinaryIO]:
        """Give its triples as a file of N-Triples, which is to be read to its end.

        `count` is told the bytes of each read.
        Raises ReleaseError where they are not those that were loaded.
        """
        try:
            with self.triples.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
                hashing = _Hashing(reader, count)
                yield cast(BinaryIO, BufferedReader(hashing, _BLOCK))
        except (OSError, zstandard.ZstdError) as error:
            raise self._damaged(f"{TRIPLES}: {error}") from error
        if hashing.digest.hexdigest() != self.about["digest"]:
            raise self._damaged(f"{TRIPLES} is not what was loaded")

    def lines(self) -> Iterator[bytes]:
        """Yield its triples as lines of N-Triples. Raises ReleaseError where they are not those that were loaded."""
        with self.opened() as file:
            yield from file

    def verify(self) -> None:
        """Raise ReleaseError where the triples are not those that were loaded."""
        with self.opened() as file:
            while file.read(_BLOCK):
                pass

    def link_to(self, folder: Path) -> None:
        """Have the same files in another folder, which is made. Raises OSError."""
        folder.mkdir(parents=True)
        for name in (TRIPLES, ABOUT):
            os.link(self.folder / name, folder / name)
        sync(folder)

    def _damaged(self, why: str) -> ReleaseError:
        return ReleaseError(f"source {self.name} is damaged ({why}); load it again")


class _Hashing(RawIOBase):
    """A file that is read once, and the digest of what was read."""

    def __init__(self, file: zstandard.ZstdDecompressionReader, count: Callable[[int], None]) -> None:
        super().__init__()
        self._file, self._count = file, count
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._file.read(len(buffer))
        self.digest.update(content)
        self._count(len(content))
        buffer[: len(content)] = content
        return len(content)


def loaded_in(folder: Path) -> Sequence[LoadedSource]:
    """Return the sources in a state folder, or in that of a release, in the order of their names."""
    folders = sorted(each for each in (folder / FOLDER).glob("[!.]*") if (each / ABOUT).exists())
    return [LoadedSource(each) for each in folders]


def askable_sources(sources: Iterable[LoadedSource]) -> list[str]:
    """Return what named queries call sources: their names, and their kinds, of which there may be several."""
    return [name for source in sources for name in (source.name, source.about.get("kind")) if name is not None]


def remove(state: Path, name: str) -> None:
    """Take a source out of a state folder; releases keep theirs. Raises ReleaseError where there is none."""
    if name not in (names := [source.name for source in loaded_in(state)]):
        raise ReleaseError(f"no source {name[:100]!r} is loaded in {state}; there are: {', '.join(names) or 'none'}")
    gone = state / FOLDER / f".gone-{name}"
    shutil.rmtree(gone, ignore_errors=True)
    (state / FOLDER / name).rename(gone)
    sync(state / FOLDER)
    shutil.rmtree(gone)
