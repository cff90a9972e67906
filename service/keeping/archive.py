"""A backup as a file: a tar compressed with zstd, which tells first what it is, and last the SHA-256 of all in it.

Any tar that knows zstd unpacks it, and `sha256sum --check SHA256SUMS` verifies it then.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import zstandard

from service.errors import BackupError

_ABOUT, _SUMS = "about.json", "SHA256SUMS"
_KIND, _VERSION = "districtgraph backup", 1
_LEVEL = 3
_PIECE = 1 << 20
_LONGEST_TEXT = 100_000_000
_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")


class Writer:
    """Writes a backup, one file after the other."""

    def __init__(self, file: BinaryIO, about: dict[str, Any]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - `end` closes it
        self._sums: list[str] = []
        self._add_text(_ABOUT, json.dumps({"kind": _KIND, "version": _VERSION, **about}, indent=2) + "\n")

    def add(self, name: str, file: BinaryIO, size: int, told: Callable[[int], None]) -> str:
        """Add the first `size` bytes of a file; return their SHA-256. Raises BackupError where it has less, OSError."""
        reading = _Counted(file, told)
        try:
            self._tar.addfile(_entry(name, size), reading)
        except OSError as error:
            if reading.size < size and error.errno is None:
                raise BackupError(f"{name} became shorter while it was read; make the backup again") from error
            raise
        digest = reading.digest.hexdigest()
        self._sums.append(f"{digest}  {name}")
        return digest

    def end(self) -> None:
        """Write what tells that the backup is whole."""
        text = "".join(line + "\n" for line in self._sums)
        self._add_text(_SUMS, text)
        self._tar.close()

    def _add_text(self, name: str, text: str) -> None:
        content = text.encode()
        if name != _SUMS:
            self._sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
        self._tar.addfile(_entry(name, len(content)), io.BytesIO(content))


@contextmanager
def packing(file: BinaryIO, about: dict[str, Any]) -> Iterator[Writer]:
    """Give a writer of a backup, which is whole when the block ends. Raises BackupError or OSError."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    with compressor.stream_writer(file, closefd=False) as packed:
        writer = Writer(packed, about)
        yield writer
        writer.end()


def unpack(file: BinaryIO, take: Callable[[str, BinaryIO], None]) -> dict[str, Any]:
    """Hand each file of a backup to `take`, verify all, and return what the backup tells of itself.

    What `take` was given is to be trusted only when this returns. Raises BackupError where the file is no backup, or
    another than was made.
    """
    try:
        return _unpack(file, take)
    except (tarfile.TarError, zstandard.ZstdError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise BackupError(f"it is no backup, or damaged ({error})") from error


def _unpack(file: BinaryIO, take: Callable[[str, BinaryIO], None]) -> dict[str, Any]:
    about: dict[str, Any] | None = None
    found: dict[str, str] = {}
    sums: dict[str, str] | None = None
    stream = io.BufferedReader(_Unpacked(file), _PIECE)
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for entry in tar:
            name = _safe(entry)
            content = tar.extractfile(entry)
            if sums is not None or content is None or name in found:
                raise BackupError(f"it is no backup, or damaged ({name!r} stands where it cannot)")
            reading = _Counted(content, lambda size: None)  # type: ignore[arg-type]
            if about is None:
                about = _about(name, reading)
            elif name == _SUMS:
                sums = dict(_sums(reading.read(_LONGEST_TEXT).decode()))
                continue
            else:
                take(name, reading)  # type: ignore[arg-type]
            while reading.read(_PIECE):
                pass
            found[name] = reading.digest.hexdigest()
    while stream.read(_PIECE):  # to the checksum at its end
        pass
    if about is None or sums is None:
        raise BackupError("it ends too early; copy it again, or take another")
    if found != sums:
        wrong = sorted(name for name in {*found, *sums} if found.get(name) != sums.get(name))
        raise BackupError(f"{wrong[0]} is not what was backed up; take another")
    return about


class _Counted:
    """Reads a file, with its SHA-256 and how much was read so far."""

    def __init__(self, file: BinaryIO, told: Callable[[int], None]) -> None:
        self._file = file
        self._told = told
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most so many."""
        content = self._file.read(size)
        self.digest.update(content)
        self.size += len(content)
        self._told(len(content))
        return content


class _Unpacked(io.RawIOBase):
    """What one frame of zstd holds; what ends before its frame or goes on behind it raises EOFError.

    The readers of zstandard take a frame that was cut off for whole.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpacking = zstandard.ZstdDecompressor().decompressobj()
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            packed = self._file.read(_PIECE >> 3)
            if self._unpacking.eof:
                if packed or self._unpacking.unused_data:
                    raise EOFError("it goes on behind its end")
                return 0
            if not packed:
                raise EOFError("it ends too early")
            self._left = self._unpacking.decompress(packed)
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _safe(entry: tarfile.TarInfo) -> str:
    """Return the name of a regular file that stays below the folder that it is unpacked to. Raises BackupError."""
    path = PurePosixPath(entry.name)
    if not entry.isreg() or path.is_absolute() or ".." in path.parts or "\\" in entry.name or "\0" in entry.name:
        raise BackupError(f"it has {entry.name[:200]!r}, which leaves the folder or is no file; nothing was restored")
    return str(path)


def _about(name: str, reading: _Counted) -> dict[str, Any]:
    content = reading.read(_LONGEST_TEXT) if name == _ABOUT else b"{}"
    match json.loads(content):
        case {"kind": "districtgraph backup", "version": int(version), **about}:
            if version > _VERSION:
                raise BackupError("a later version of districtgraph made it; restore it with that")
            return {str(key): value for key, value in about.items()}
    raise BackupError("it is no backup of districtgraph")


def _sums(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = _SUM.fullmatch(line)
        if match is None:
            raise BackupError(f"{_SUMS} is damaged")
        yield match[2], match[1]
