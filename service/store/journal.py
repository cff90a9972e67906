"""Keeps what was written, with who wrote it and when: a transaction is on the disk before its writer is told of it.

A journal is a folder of RDF Patch files (https://afs.github.io/rdf-patch/), to which is only ever appended:

    H id <urn:uuid:…> .           the transaction
    H prev <urn:uuid:…> .         the one before it, if any
    H when "2026-11-21T15:20:00Z" .
    H who "alice" .
    H what "POST /update" .
    H digest "…" .                SHA-256 of the rows
    TX .
    A <s> <p> <o> <g> .           the rows (service.store.patch)
    TC .

A transaction without its last row was never acknowledged; what is left of it is cut off when the journal is opened.
"""

import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from service.errors import JournalError
from service.store.patch import Patch, Rows

_FILE_BYTES = 64_000_000
_BEGIN, _END = b"TX .\n", b"TC .\n"


@dataclass(frozen=True)
class Transaction:
    """A write: its identifier, that of the one before it, when, by whom and by which request, and what it changed."""

    id: str
    previous: str | None
    when: datetime
    who: str
    what: str
    patch: Patch


class Journal:
    """The journal in a folder; one process at a time may append to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: str | None = None
        self._file: BinaryIO | None = None
        self._whole = 0
        self._lock: TextIO | None = None

    def take(self) -> int:
        """Make ready to append, and return how many transactions there are: another process may have written some.

        What was never acknowledged is cut off. Raises JournalError where another process writes, or a file is damaged.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / "lock").open("w")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JournalError(f"another process writes to {self._folder}; one may at a time") from error
        except OSError as error:
            raise JournalError(f"the journal {self._folder} cannot be written ({error.strerror})") from error
        count, ends = 0, dict.fromkeys(self._files(), 0)
        for path, transaction, after in self._read():
            count, self._last, ends[path] = count + 1, transaction.id, after
        for path, end in ends.items():
            if end < path.stat().st_size:
                os.truncate(path, end)
        self._lock = lock
        return count

    def is_taken(self) -> bool:
        """Tell whether this process may append."""
        return self._lock is not None

    def size(self) -> int:
        """Return the bytes of all that was ever written."""
        return sum(path.stat().st_size for path in self._files())

    def transactions(self) -> Iterator[Transaction]:
        """Yield every transaction, the first first. Raises JournalError where a file is damaged."""
        return (transaction for _, transaction, _ in self._read())

    def append(self, rows: Rows, who: str, what: str) -> None:
        """Write a transaction and have it on the disk, once the journal is taken.

        Raises JournalError where the disk does not take it; then nothing is written.
        """
        id_ = f"urn:uuid:{uuid.uuid4()}"
        content = _written(id_, self._last, who, what, rows.content)
        try:
            file = self._appended()
            if file.seek(0, os.SEEK_END) > self._whole:
                file.truncate(self._whole)  # what an earlier write left when the disk was full
            file.seek(self._whole)
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):
                file.truncate(self._whole)
            raise JournalError(f"the journal cannot be written ({error.strerror}); nothing was changed") from error
        self._last, self._whole = id_, self._whole + len(content)

    def close(self) -> None:
        """Let another process write."""
        if self._file is not None:
            self._file.close()
        if self._lock is not None:
            self._lock.close()

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.rdfp"))

    def _read(self) -> Iterator[tuple[Path, Transaction, int]]:
        """Yield every transaction with its file and the position after it. Raises JournalError."""
        last: str | None = None
        for path in self._files():
            for transaction, after in _transactions(path, last):
                last = transaction.id
                yield path, transaction, after

    def _appended(self) -> BinaryIO:
        """Return the file to append to: a new one where the last has grown long. Raises OSError."""
        if self._file is None or self._whole > _FILE_BYTES:
            files = self._files()
            new = not files or files[-1].stat().st_size > _FILE_BYTES
            number = int(files[-1].stem) + 1 if files else 1
            path = self._folder / f"{number:06}.rdfp" if new else files[-1]
            file = path.open("r+b" if path.exists() else "w+b", buffering=0)
            self._file, self._whole = file, file.seek(0, os.SEEK_END)
            descriptor = os.open(self._folder, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        return self._file


def _written(id_: str, previous: str | None, who: str, what: str, rows: bytes) -> bytes:
    heads = {
        "id": f"<{id_}>",
        **({"prev": f"<{previous}>"} if previous else {}),
        "when": _quoted(datetime.now(UTC).isoformat(timespec="milliseconds")),
        "who": _quoted(who),
        "what": _quoted(what),
        "digest": _quoted(hashlib.sha256(rows).hexdigest()),
    }
    return "".join(f"H {name} {value} .\n" for name, value in heads.items()).encode() + _BEGIN + rows + _END


def _transactions(path: Path, last: str | None) -> Iterator[tuple[Transaction, int]]:
    """Yield each whole transaction of a file, of which the first follows `last`, with the position after it."""
    heads: dict[str, str] = {}
    rows: list[bytes] | None = None
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                if line == _BEGIN:
                    rows = []
                elif line == _END:
                    transaction = _read(heads, rows or [])
                    if transaction.previous != last:
                        raise JournalError("it does not follow the transaction before it")
                    yield transaction, file.tell()
                    last, heads, rows = transaction.id, {}, None
                elif rows is not None:
                    rows.append(line)
                else:
                    _, name, value = line.decode().removesuffix(" .\n").split(" ", 2)
                    heads[name] = value
            except (ValueError, KeyError, JournalError) as error:
                raise JournalError(f"{path}:{number}: the journal is damaged ({error}); restore a backup") from error


def _read(heads: dict[str, str], rows: list[bytes]) -> Transaction:
    content = b"".join(rows)
    if hashlib.sha256(content).hexdigest() != _unquoted(heads["digest"]):
        raise JournalError("the rows are not those of the digest")
    when = datetime.fromisoformat(_unquoted(heads["when"]))
    who, what = _unquoted(heads["who"]), _unquoted(heads["what"])
    previous = heads["prev"][1:-1] if "prev" in heads else None
    return Transaction(heads["id"][1:-1], previous, when, who, what, Patch.of_rows(content))


def _quoted(text: str) -> str:
    """Return a literal of N-Triples; JSON escapes alike what may not stand in one, but for what is beyond the BMP."""
    return json.dumps(text, ensure_ascii=False)


def _unquoted(literal: str) -> str:
    text: str = json.loads(literal)
    return text
