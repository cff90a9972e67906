"""Tells how far a long work is, not more often than somebody reads it."""

import time
from collections.abc import Callable

_SECONDS = 2.0

Tell = Callable[[str], None]
"""Tells somebody what is being done."""


def nobody(_: str) -> None:
    """Tell nobody."""


class Progress:
    """Tells each step at once, and how far it is every two seconds."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told = time.monotonic()

    def pace(self, text: Callable[[int], str]) -> "Pace":
        """Return what counts, and tells as this does."""
        return Pace(self._tell, text)

    def step(self, what: str) -> None:
        """Tell what begins now."""
        self._tell(what)
        self._told = time.monotonic()

    def advance(self, done: int, of: int) -> None:
        """Tell how many parts are done, where the last word is a while ago."""
        self.advance_by(f"{done} of {of} parts")

    def advance_by(self, what: str) -> None:
        """Tell how far it is, where the last word is a while ago."""
        if time.monotonic() - self._told >= _SECONDS:
            self.step(what)


class Pace:
    """Counts what is done, and tells of it every two seconds."""

    def __init__(self, tell: Tell, text: Callable[[int], str]) -> None:
        self._progress = Progress(tell)
        self._text = text
        self._done = 0

    def add(self, number: int) -> None:
        """Count what was done."""
        self._done += number
        self._progress.advance_by(self._text(self._done))
