"""Reads files of RDF, in any syntax and packed or not, into a store on the disk that mappings are asked of."""

import gzip
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox
import zstandard

from loaders.errors import Fault, LoadError
from ontology.syntaxes.rdf import MAX_TRIPLE_TERMS
from ontology.syntaxes.structure import NotInSyntaxError
from ontology.syntaxes.xml import MAX_EXPANDED, XmlReader

_SYNTAXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
_PACKED = (".gz", ".zst")
_BY_LINE = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_LARGEST, _LONGEST_LINE = 50_000_000_000, 1_000_000
_LINES = 10_000
_QUADS = 100_000
_PLACE = re.compile(r"^Parser error (?:at line \d+ |between line \d+ column \d+ and line \d+ column \d+: )")

Bad = Callable[[str, int, str], None]
"""Reports a line that is left out: its file, its number, and what is wrong."""


def read_into(store: ox.Store, files: Sequence[Path], base: str, bad: Bad, tell: Callable[[int], None]) -> None:
    """Read files into a store, the graphs of each put together.

    Lines of N-Triples and N-Quads that are broken go to `bad`; for any other error LoadError is raised.
    `tell` is told how many triples have been read.
    """
    count = 0
    for number, path in enumerate(files):
        quads = _of_file(path, base, f"f{number}", bad)
        while block := list(islice(quads, _QUADS)):
            store.bulk_extend(ox.Quad(*quad.triple) for quad in block)
            count += len(block)
            tell(count)


def _of_file(path: Path, base: str, prefix: str, bad: Bad) -> Iterator[ox.Quad]:
    syntax = _syntax(path)
    try:
        with path.open("rb") as file:
            content = _Bounded(_unpacked(path, file))
            if syntax in _BY_LINE:
                yield from _lines(path, content, syntax, prefix, bad)
            else:
                yield from _whole(content, syntax, base)
    except NotInSyntaxError as error:
        raise _fault(path, error.line, str(error)) from error
    except SyntaxError as error:
        message = _PLACE.sub("", str(error.msg))
        if "LoadDocumentCallback" in message:
            message = "its context is in another file, which is not read; save it as Turtle"
        raise _fault(path, error.lineno or content.line, message) from error
    except (OSError, EOFError, zstandard.ZstdError) as error:
        raise _fault(path, 1, f"cannot be read ({error})") from error


def _whole(content: "_Bounded", syntax: ox.RdfFormat, base: str) -> Iterator[ox.Quad]:
    if syntax == ox.RdfFormat.RDF_XML:
        text = content.read(MAX_EXPANDED + 1)
        if len(text) > MAX_EXPANDED:
            raise NotInSyntaxError(f"RDF/XML of more than {MAX_EXPANDED} bytes; save it as N-Triples", 1)
        XmlReader().read(text)
        yield from ox.parse(text, format=syntax, base_iri=base, rename_blank_nodes=True)
    else:
        yield from ox.parse(cast(IO[bytes], content), format=syntax, base_iri=base, rename_blank_nodes=True)


def _lines(path: Path, content: "_Bounded", syntax: ox.RdfFormat, prefix: str, bad: Bad) -> Iterator[ox.Quad]:
    """Yield what lines say, many at once, and one by one where one of many is broken."""
    number = 1
    while lines := list(islice(content.lines(), _LINES)):
        try:
            yield from _kept_apart(ox.parse(b"".join(lines), format=syntax), prefix)
        except SyntaxError:
            for place, line in enumerate(lines, number):
                try:
                    yield from _kept_apart(ox.parse(line, format=syntax), prefix)
                except SyntaxError as error:
                    bad(str(path), place, re.sub(r"^Parser error at line \d+ ", "", str(error.msg)))
        number += len(lines)


def _kept_apart(quads: Iterable[ox.Quad], prefix: str) -> list[ox.Quad]:
    """Return quads whose blank nodes are not those of another file."""

    def own(term: Any) -> Any:
        return ox.BlankNode(f"{prefix}{term.value}") if isinstance(term, ox.BlankNode) else term

    return [ox.Quad(own(quad.subject), quad.predicate, own(quad.object)) for quad in quads]


class _Bounded(io.RawIOBase):
    """What a file holds when it is unpacked, up to a bound, and without what ends the process in pyoxigraph."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._size = self._nested = 0
        self.line = 1

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return what comes next. Raises NotInSyntaxError where it is too much, or triples are in each other."""
        return self._looked_at(self._file.read(size if size >= 0 else _LARGEST))

    def lines(self) -> Iterator[bytes]:
        """Yield the lines."""
        while line := self._file.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise NotInSyntaxError(f"a line of more than {_LONGEST_LINE} bytes", self.line)
            yield self._looked_at(line)

    def _looked_at(self, block: bytes) -> bytes:
        self._size += len(block)
        self._nested = max(0, self._nested + block.count(b"<<") - block.count(b">>"))
        self.line += block.count(b"\n")
        if self._size > _LARGEST:
            raise NotInSyntaxError(f"more than {_LARGEST} bytes once it is unpacked; divide it", self.line)
        if self._nested > MAX_TRIPLE_TERMS:
            raise NotInSyntaxError("triples within each other, which are not read", self.line)
        return block


class _Zstandard(io.RawIOBase):
    """What a file of Zstandard holds. The library's own reader takes a file that is cut for one that ends."""

    # One byte may stand for thousands: so many of the file are unpacked at once.
    _PIECE = 1 << 10

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file, self._unpacked = file, b""
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._packed = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer. Raises EOFError where the file is cut, and ZstdError where it is damaged."""
        while not self._unpacked:
            packed = self._packed or self._file.read(self._PIECE)
            if not packed:
                if not self._frame.eof:
                    raise EOFError("it is cut off")
                return 0
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._unpacked, self._packed = self._frame.decompress(packed), self._frame.unused_data
        size = min(len(buffer), len(self._unpacked))
        buffer[:size], self._unpacked = self._unpacked[:size], self._unpacked[size:]
        return size


def _unpacked(path: Path, file: IO[bytes]) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if path.suffix == ".zst":
        return cast(IO[bytes], io.BufferedReader(_Zstandard(file)))
    return file


def _syntax(path: Path) -> ox.RdfFormat:
    suffix = (path.with_suffix("") if path.suffix in _PACKED else path).suffix.lower()
    if suffix not in _SYNTAXES:
        known = ", ".join(_SYNTAXES)
        raise _fault(path, 1, f"ends in no name of a syntax of RDF; what is read is {known}, each with .gz or .zst too")
    return _SYNTAXES[suffix]


def _fault(path: Path, line: int, message: str) -> LoadError:
    return LoadError([Fault(str(path), line, message)])
