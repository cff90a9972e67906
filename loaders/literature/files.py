"""Finds the records in files of JSON, JSON lines, BibTeX and RIS, packed by gzip or not, and where each stands."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from loaders.errors import Fault, LoadError
from loaders.literature import bibtex, csl, openalex, ris
from loaders.literature.record import BadRecordError, Record

_SUFFIXES = (".gz", ".json", ".jsonl", ".ndjson", ".bib", ".ris")
_STRETCH = 32_000_000
_LONGEST_LINE = 20_000_000
_LARGEST_DOCUMENT = 100_000_000
_SAMPLE = 100_000
_FIRST_LINES = 5
_GZIP = b"\x1f\x8b"

Reading = Callable[[], Record]
"""Reads a record. Raises BadRecordError."""


@dataclass(frozen=True)
class Stretch:
    """Bytes of a file from one on, up to another; `end` is None for the rest of it."""

    path: Path
    begin: int = 0
    end: int | None = None

    def readings(self) -> Iterator[tuple[int, Reading]]:
        """Yield how to read each record, and its line in the file; what ends too early is such a record, too."""
        number = 0
        try:
            sample = _start(self.path).lstrip()
            with _opened(self.path) as file:
                if sample.startswith(b"TY  -"):
                    found = _of_ris(file)
                elif sample.startswith((b"@", b"%")):
                    found = _of_bibtex(file)
                elif _is_of_lines(sample):
                    found = self._of_lines(file)
                else:
                    found = _of_document(file)
                for number, reading in found:
                    yield number, reading
        except (OSError, EOFError, zlib.error) as error:
            yield number + 1, _refusing(f"the file is cut off or damaged here ({error}); get it again")

    def _of_lines(self, file: BinaryIO) -> Iterator[tuple[int, Reading]]:
        number = 1 + (_lines_before(self.path, self.begin) if self.begin else 0)
        file.seek(self.begin)
        left = None if self.end is None else self.end - self.begin
        while line := file.readline(_LONGEST_LINE):
            if len(line) >= _LONGEST_LINE:
                yield number, _refusing(f"the line is longer than {_LONGEST_LINE} bytes")
                return
            if line.strip():
                yield from ((number, reading) for reading in _of_json(line))
            number += 1
            if left is not None and (left := left - len(line)) <= 0:
                return


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files among `paths` and in the folders among them. Raises LoadError where there is none."""
    found: list[Path] = []
    for path in paths:
        inside = [path] if not path.is_dir() else [each for each in path.rglob("*") if each.suffix in _SUFFIXES]
        found += sorted(each for each in inside if each.is_file())
    if not found:
        raise LoadError([Fault(str(paths[0]), 1, f"there is no file here whose name ends in {', '.join(_SUFFIXES)}")])
    return list(dict.fromkeys(found))


def stretches_of(path: Path) -> list[Stretch]:
    """Divide a file: one of JSON lines that is not packed into stretches that begin with a line each, others not.

    Raises LoadError where it cannot be read or is none of the formats.
    """
    try:
        sample = _start(path).lstrip()
        if not sample.startswith((b"{", b"[", b"@", b"%", b"TY  -")):
            message = "is neither JSON, JSON lines, BibTeX nor RIS; save the records in one of these, in UTF-8"
            raise LoadError([Fault(str(path), 1, message)])
        if _is_packed(path) or not _is_of_lines(sample):
            return [Stretch(path)]
        with path.open("rb") as file:
            return [*_divided(path, file)]
    except (OSError, EOFError, zlib.error) as error:
        raise LoadError([Fault(str(path), 1, f"cannot be read ({error})")]) from error


def _divided(path: Path, file: BinaryIO) -> Iterator[Stretch]:
    begin, size = 0, path.stat().st_size
    while begin < size:
        file.seek(min(begin + _STRETCH, size))
        file.readline(_LONGEST_LINE)
        yield Stretch(path, begin, file.tell())
        begin = file.tell()


def _start(path: Path) -> bytes:
    with _opened(path) as file:
        return file.read(_SAMPLE).removeprefix(b"\xef\xbb\xbf")


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if _is_packed(path) else path.open("rb")


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def _is_of_lines(sample: bytes) -> bool:
    """Tell whether what begins so has an object on each line, of which one of the first may be broken."""
    first, *others = sample.split(b"\n")
    if not sample.startswith(b"{") or first.rstrip().endswith((b"[", b"{", b",")):
        return False
    return not others or any(_is_object(line) for line in (first, *others[:_FIRST_LINES]))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines_before(path: Path, end: int) -> int:
    with path.open("rb") as file:
        return sum(file.read(min(1 << 20, end - begin)).count(b"\n") for begin in range(0, end, 1 << 20))


def _of_document(file: BinaryIO) -> Iterator[tuple[int, Reading]]:
    """Yield the records of a JSON document; they have no lines, so each is told by its place in the list."""
    content = file.read(_LARGEST_DOCUMENT + 1)
    if len(content) > _LARGEST_DOCUMENT:
        message = f"the document is larger than {_LARGEST_DOCUMENT} bytes; split it, or have a record on each line"
        yield 1, _refusing(message)
    else:
        yield from ((1, reading) for reading in _of_json(content))


def _of_json(content: bytes) -> Iterator[Reading]:
    """Yield the works in some JSON: one, a list, or the answer of the API of OpenAlex or Crossref."""
    try:
        found: Any = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except json.JSONDecodeError as error:
        yield _refusing(f"is no JSON: {error.msg}, line {error.lineno}, column {error.colno}")
        return
    except (ValueError, RecursionError) as error:
        yield _refusing(f"is no JSON that can be read ({str(error)[:100]})")
        return
    listed = _listed(found)
    for place, item in enumerate(listed, 1):
        yield _reading(item, f"record {place}: " if len(listed) > 1 else "")


def _listed(found: Any) -> list[Any]:
    match found:
        case list():
            return found
        case {"results": list(listed)} | {"items": list(listed)} | {"message": {"items": list(listed)}}:
            return listed
        case {"message": dict(item)}:
            return [item]
    return [found]


def _reading(item: Any, where: str) -> Reading:
    def read() -> Record:
        try:
            if isinstance(item, dict) and openalex.is_work(item):
                return openalex.record_of(item)
            if isinstance(item, dict) and csl.is_work(item):
                return csl.record_of(item)
            raise BadRecordError("is no work of OpenAlex, Crossref or CSL-JSON")
        except BadRecordError as error:
            identifier = str(item.get("id") or item.get("DOI") or "")[:100] if isinstance(item, dict) else ""
            raise BadRecordError(f"{where}{identifier}{': ' if identifier else ''}{error}") from error

    return read


def _of_bibtex(file: BinaryIO) -> Iterator[tuple[int, Reading]]:
    content = file.read(_LARGEST_DOCUMENT + 1)
    try:
        if len(content) > _LARGEST_DOCUMENT:
            raise BadRecordError(f"the file is larger than {_LARGEST_DOCUMENT} bytes; split it")
        for line, entry in bibtex.entries_in(content.decode("utf-8-sig")):
            yield line, _refusing(entry) if isinstance(entry, str) else partial(bibtex.record_of, entry)
    except (BadRecordError, UnicodeDecodeError) as error:
        yield 1, _refusing(f"{error}; save the file in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error))


def _of_ris(file: BinaryIO) -> Iterator[tuple[int, Reading]]:
    lines = (line.decode(errors="surrogateescape") for line in iter(lambda: file.readline(_LONGEST_LINE), b""))
    for line, text in ris.references_in(lines):
        yield line, partial(ris.record_of, text)


def _refusing(message: str) -> Reading:
    def read() -> Record:
        raise BadRecordError(message)

    return read
