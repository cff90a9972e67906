"""Transactions as they stand in a journal: heads, and the rows of an RDF Patch (https://afs.github.io/rdf-patch/).

    H id <urn:uuid:…> .           the transaction
    H prev <urn:uuid:…> .         the one before it, if any
    H when "2026-11-21T15:20:00Z" .
    H who "alice" .
    H what "POST /update" .
    H digest "…" .                SHA-256 of the rows
    TX .
    A <s> <p> <o> <g> .           the rows (service.store.patch)
    TC .

A transaction without its last row was never acknowledged.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.errors import JournalError
from service.store.patch import Patch

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


def written(id_: str, previous: str | None, who: str, what: str, rows: bytes) -> bytes:
    """Return a transaction as it stands in a journal."""
    heads = {
        "id": f"<{id_}>",
        **({"prev": f"<{previous}>"} if previous else {}),
        "when": _quoted(datetime.now(UTC).isoformat(timespec="milliseconds")),
        "who": _quoted(who),
        "what": _quoted(what),
        "digest": _quoted(hashlib.sha256(rows).hexdigest()),
    }
    return "".join(f"H {name} {value} .\n" for name, value in heads.items()).encode() + _BEGIN + rows + _END


def transactions_in(path: Path, offset: int, last: str | None) -> Iterator[tuple[Transaction, int]]:
    """Yield each whole transaction of a file from `offset` on, with the position after it; the first follows `last`.

    Raises JournalError where the file is damaged.
    """
    heads: dict[str, str] = {}
    rows: list[bytes] | None = None
    with path.open("rb") as file:
        file.seek(offset)
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
                where = f"{path}:{number}" + (f" after byte {offset}" if offset else "")
                raise JournalError(f"{where}: the journal is damaged ({error}); restore a backup") from error


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
