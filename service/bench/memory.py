"""Watches how much memory a server takes."""

import threading
from types import TracebackType
from typing import Self

from service.bench.process_tree import proportional_bytes

_EVERY_SECONDS = 1.0


class MemoryWatch:
    """Looks once a second at the memory of a process and all below it while the block runs, and keeps the most."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = 0

    def look(self) -> int:
        """Return the bytes that are taken now."""
        now = proportional_bytes(self._process)
        self.peak = max(self.peak, now)
        return now

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            self.look()
