"""A dataset on the disk: the index of a release, and snapshots of a copy of it that what was written went into."""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO, TypeVar

import pyoxigraph as ox

from service.errors import EngineError
from service.store.child import ChildFailedError, returned
from service.store.dataset import DEFAULT, Dataset, View, dropping
from service.store.patch import Patch
from service.store.transaction import Transaction

T = TypeVar("T")

_OPENED_AT_ONCE = 16
# 32 MB for blocks of any kind and 128 MB for those of terms, and what their allocation wastes.
_CACHES_BYTES = 240_000_000
# The index of a file has an entry for each block.
_BLOCK_BYTES, _ENTRY_BYTES = 4096, 80


class OnDisk(Dataset):
    """A dataset whose store is opened by workers only: it has threads, and who has those is not to be forked.

    What is written goes into a copy, made by hard links, in a process that ends with that; workers then read a snapshot
    of the copy.
    """

    is_writable = False

    def __init__(self, release: Path, folder: Path, union: bool, journal: Iterable[Transaction]) -> None:
        """Take the index of a release and what was written. Raises EngineError where one of them is damaged."""
        super().__init__(union)
        self._release = release.name
        self._snapshot = release / "index"
        self._opened: ox.Store | None = None
        self._open_files: int | None = None
        self._folder = folder
        self._own_folder: Path | None = None
        self.owned = self._in_child(lambda: _named(ox.Store.read_only(str(self._snapshot))))
        patches = [transaction.patch for transaction in journal]
        if patches or not union:
            self._renew(patches, strict=not union)

    def open(self) -> ox.Store:
        """Return the store, to be read in a worker. Raises EngineError where it is damaged."""
        try:
            if self._opened is None:
                self._opened = ox.Store.read_only(str(self._snapshot))
            return self._opened
        except (OSError, RuntimeError, ValueError) as error:
            raise self._damaged() from error

    def open_files(self) -> int:
        """Return how many files there are to be, of which RocksDB opens sixteen at once and the rest when it must.

        No more than there are where it is an index, of which it has opened all unless there are many.
        """
        if self._open_files is None:  # who is asked again may open nothing any more, not even a folder
            files = sum(1 for _ in self._snapshot.glob("*.sst"))
            has_opened_all = self._own_folder is None and files <= _OPENED_AT_ONCE
            self._open_files = 0 if has_opened_all else _open_now() + files
        return self._open_files

    def cache_bytes(self) -> int:
        """Return how much memory RocksDB may take: its two caches, and the indexes of the files that it opens later."""
        size = sum(file.stat().st_size for file in self._snapshot.glob("*.sst"))
        return _CACHES_BYTES + size // _BLOCK_BYTES * _ENTRY_BYTES

    def apply(self, patch: Patch) -> None:
        """Take up what was written. Raises EngineError where the disk does not take it."""
        self._renew([patch])

    def without(self, view: View) -> "OnDisk":
        """Return this dataset over a snapshot without what `view` hides."""
        self._own_folder = None
        patch = self._in_child(lambda: dropping(ox.Store.read_only(str(self._snapshot)), view))
        self._renew([patch])
        return self

    def close(self) -> None:
        """Remove the copy and its snapshot."""
        if self._own_folder is not None:
            shutil.rmtree(self._own_folder, ignore_errors=True)

    def _renew(self, patches: list[Patch], strict: bool = False) -> None:
        if self._own_folder is None:
            self._own_folder, self._lock = _new_folder(self._folder)
        folder = self._own_folder
        live, before, after = folder / "live", self._snapshot, Path(tempfile.mkdtemp(dir=folder)) / "snapshot"

        def renew() -> None:
            if not live.exists():
                ox.Store.read_only(str(before)).backup(str(live))
            store = ox.Store(str(live))
            if strict:
                store.clear_graph(DEFAULT)
            for patch in patches:
                self._remember(patch)
                self._change(store, patch)
            store.flush()
            store.backup(str(after))

        for patch in patches:
            self._remember(patch)
        self._in_child(renew)
        self._snapshot, self._open_files = after, None
        if folder in before.parents:
            shutil.rmtree(before.parent, ignore_errors=True)

    def _in_child(self, work: Callable[[], T]) -> T:
        """Return what `work` gives in a forked process. Raises EngineError where it fails there."""
        try:
            return returned(work)
        except ChildFailedError as error:
            raise self._damaged() from error

    def _damaged(self) -> EngineError:
        return EngineError(f"release {self._release} is damaged, or the disk is full; make room, or build it again")


def _named(store: ox.Store) -> frozenset[str]:
    return frozenset(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))


def _new_folder(parent: Path) -> tuple[Path, TextIO]:
    """Return a folder for this process, with its lock, and remove those whose process ended without doing so."""
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.iterdir():
        with suppress(OSError), (left / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=parent))
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def _open_now() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
