"""Tells how far a long work is, not more often than somebody reads it."""

import time
from collections.abc import Callable

_SECONDS = 2.0


class Progress:
    """Tells each step at once, and how far it is every two seconds."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told = time.monotonic()

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
