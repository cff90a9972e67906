"""Tells how far long work has come, every two seconds."""

import time
from collections.abc import Callable

Progress = Callable[[str], None]

_SECONDS = 2.0


class Pace:
    """Counts what is done, and tells `progress` of it when two seconds are over since the last time."""

    def __init__(self, progress: Progress, text: Callable[[int], str]) -> None:
        self._progress = progress
        self._text = text
        self._done = 0
        self._told = time.monotonic()

    def add(self, number: int) -> None:
        """Count what was done."""
        self._done += number
        if time.monotonic() - self._told >= _SECONDS:
            self._progress(self._text(self._done))
            self._told = time.monotonic()
