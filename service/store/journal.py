"""Keeps what was written, with who wrote it and when: a transaction is on the disk before its writer is told of it.

A journal is a folder of files with transactions (service.store.transaction), to which is only ever appended. Several
processes read it, each from the place that it has come to; they append one after the other, under a lock. What is left
of a transaction that was never acknowledged is cut off by whoever appends next.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from service.errors import JournalError
from service.store.patch import Rows
from service.store.transaction import Transaction, transactions_in, written

_FILE_BYTES = 64_000_000


@dataclass(frozen=True)
class Place:
    """A place in a journal: behind so many transactions, of which `last` ends at a position in a file.

    `inode` tells the file from another in its place, as after a backup was restored.
    """

    count: int = 0
    last: str | None = None
    file: str = ""
    inode: int = 0
    offset: int = 0

    @property
    def name(self) -> str:
        """What tells the transactions before this place from any others, for part of a version; "" for none."""
        return "" if self.last is None else f"{self.count}-{self.last.removeprefix('urn:uuid:')[:8]}"


BEGINNING = Place()


class Journal:
    """The journal in a folder, and the place that was come to in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: TextIO | None = None
        self.place = BEGINNING

    def take(self) -> bool:
        """Keep other processes from appending until `give_up`; tell whether that could be done, or one is at it.

        Raises JournalError where the folder cannot be written.
        """
        path = self._folder / "lock"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = path.open("w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(lock.fileno()).st_ino == path.stat().st_ino:  # no other was put in the place of the folder
                    self._lock, lock = lock, None  # type: ignore[assignment]
            except (BlockingIOError, FileNotFoundError):
                return False
            finally:
                if lock is not None:
                    lock.close()
        except OSError as error:
            raise JournalError(f"the journal {self._folder} cannot be written ({error.strerror})") from error
        return self._lock is not None

    def give_up(self) -> None:
        """Let other processes append."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def size(self) -> int:
        """Return the bytes of all that was ever written."""
        return sum(path.stat().st_size for path in self._files())

    def has_more(self) -> bool:
        """Tell whether there is anything behind the place that was come to, or another journal in the place of this."""
        sizes = {path.name: path.stat() for path in self._files()}
        if self.place.file:
            stat = sizes.pop(self.place.file, None)
            if stat is None or (stat.st_ino, stat.st_size) != (self.place.inode, self.place.offset):
                return True
        return any(stat.st_size for name, stat in sizes.items() if name > self.place.file)

    def transactions(self, after: Place = BEGINNING) -> Iterator[Transaction]:
        """Yield every transaction behind a place, the first first. Raises JournalError where a file is damaged."""
        return (transaction for transaction, _ in self.read(after))

    def read(self, after: Place = BEGINNING) -> Iterator[tuple[Transaction, Place]]:
        """Yield every transaction behind a place, each with the place behind it. Raises as `transactions` does."""
        place, files = after, self._files()
        if after.file not in {"", *(path.name for path in files)}:
            raise JournalError(f"{self._folder / after.file} is gone, which was read before")
        for path in files:
            if path.name < place.file:
                continue
            is_begun = path.name == place.file
            inode = path.stat().st_ino
            if is_begun and inode != place.inode:
                raise JournalError(f"{path} is another file than the one that was read")
            for transaction, end in transactions_in(path, place.offset if is_begun else 0, place.last):
                place = Place(place.count + 1, transaction.id, path.name, inode, end)
                yield transaction, place

    def end(self) -> Place:
        """Return the place behind the last whole transaction. Raises JournalError where a file is damaged."""
        place = self.place
        for _, behind in self.read(place):
            place = behind
        return place

    def append(self, rows: Rows, who: str, what: str) -> None:
        """Write a transaction at the place that was come to, the end of the journal, and have it on the disk.

        The journal is to be taken, and read to its end.

        Raises JournalError where the disk does not take it; then nothing is written.
        """
        id_ = f"urn:uuid:{uuid.uuid4()}"
        content = written(id_, self.place.last, who, what, rows.content)
        try:
            with self._file_to_append_to() as file:
                before = file.tell()
                try:
                    left = memoryview(content)
                    while left:
                        left = left[file.write(left) :]
                    os.fsync(file.fileno())
                except OSError:
                    with suppress(OSError):
                        file.truncate(before)
                    raise
                name, inode = Path(file.name).name, os.fstat(file.fileno()).st_ino
        except OSError as error:
            raise JournalError(f"the journal cannot be written ({error.strerror}); nothing was changed") from error
        self.place = Place(self.place.count + 1, id_, name, inode, before + len(content))

    def parts(self, until: Place) -> Iterator[tuple[Path, int]]:
        """Yield the files with the transactions before a place, and how much of each that is."""
        for path in self._files():
            if path.name <= until.file:
                yield path, until.offset if path.name == until.file else path.stat().st_size

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.rdfp"))

    def _file_to_append_to(self) -> BinaryIO:
        """Return a file to append to, cut to what was acknowledged: a new one where the last has grown long."""
        for path in self._files():
            end = self.place.offset if path.name == self.place.file else 0
            if path.name >= self.place.file and path.stat().st_size > end:
                os.truncate(path, end)
        number = int(self.place.file.partition(".")[0] or 1) + (self.place.offset > _FILE_BYTES)
        path = self._folder / f"{number:06}.rdfp"
        file = path.open("r+b" if path.exists() else "w+b", buffering=0)
        file.seek(0, os.SEEK_END)
        descriptor = os.open(self._folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        return file
