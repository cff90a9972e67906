"""Gives a worker memory of its own while it has nothing else to do.

A forked process shares the memory of its parent until it writes there, and the engine writes to what it reads: it
counts and locks each quad. So the first query to read something waits for the kernel to copy it, page by page, which
takes longer than all else about a small query.
"""

import ctypes
from pathlib import Path
from typing import NamedTuple

_MADV_POPULATE_WRITE = 23  # Linux 5.14; where it is not known, pages are copied when they are first read
_PIECE_BYTES = 20_000_000 // 4096 * 4096


class CopyMemory(NamedTuple):
    """What a worker is asked in order to have it copy some more."""


class SharedMemory:
    """What this process still shares with its parent, in pieces of some milliseconds."""

    def __init__(self) -> None:
        self._pieces: list[tuple[int, int]] = []
        for line in Path("/proc/self/maps").read_text().splitlines():
            place, rights, _, _, _, *name = line.split(maxsplit=5)
            if rights == "rw-p" and name in ([], ["[heap]"]):
                start, end = (int(address, 16) for address in place.split("-"))
                self._pieces += [(at, min(_PIECE_BYTES, end - at)) for at in range(start, end, _PIECE_BYTES)]

    def copy_some(self) -> bool:
        """Have the next piece to oneself; tell whether more is shared."""
        if self._pieces:
            start, length = self._pieces.pop()
            _advise(ctypes.c_void_p(start), ctypes.c_size_t(length), _MADV_POPULATE_WRITE)
        return bool(self._pieces)


_advise = ctypes.CDLL(None).madvise
