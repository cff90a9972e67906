"""The words that a client may find, read from the index one by one: there may be millions."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from loaders.search_stems import stems
from service.search.nearest import Nearest

_MOST_KEPT = 1000
# Where more words than these begin so, they are taken to be in all texts.
_MOST_BEGINNING = 2000
_MOST_ONE_BY_ONE = 60
# A word is corrected to one of so many, those in most texts.
_MOST_NEAR = 100_000


@dataclass(frozen=True)
class Visible:
    """What of an index a client may know of: none of the origins `hidden`; or only the words of names.

    `address` is that of the file.
    """

    address: str
    hidden: frozenset[int]
    of_names: bool

    @property
    def condition(self) -> str:
        """The condition on an origin, for SQL."""
        return f"NOT IN ({', '.join(map(str, sorted(self.hidden)))})"

    @property
    def column(self) -> str:
        """The column that tells how many texts have a word."""
        return "names" if self.of_names else "texts"

    @cached_property
    def nearest(self) -> Nearest:
        """The words that others are corrected to."""
        found = f"""SELECT word FROM words WHERE origin {self.condition} AND {self.column}
            GROUP BY word ORDER BY sum({self.column}) DESC, word LIMIT {_MOST_NEAR}"""
        connection = sqlite3.connect(self.address, uri=True)
        try:
            return Nearest(sorted(word for (word,) in connection.execute(found)))
        finally:
            connection.close()

    @cached_property
    def every_text(self) -> int:
        """How many texts there are."""
        connection = sqlite3.connect(self.address, uri=True)
        try:
            counted = f"SELECT coalesce(sum({self.column}), 0) FROM counts WHERE origin {self.condition}"
            return int(connection.execute(counted).fetchone()[0])
        finally:
            connection.close()


class KnownWords:
    """The words that are visible, for one search."""

    def __init__(self, connection: sqlite3.Connection, visible: Visible) -> None:
        self._connection, self._visible = connection, visible
        self.texts = lru_cache(_MOST_KEPT)(self._texts)

    @property
    def every_text(self) -> int:
        """How many texts there are."""
        return self._visible.every_text

    def __contains__(self, word: str) -> bool:
        return self.texts(word) > 0

    def stem(self, word: str) -> str:
        """Return the stem of any word."""
        known = self._connection.execute("SELECT stem FROM words WHERE word = ? LIMIT 1", (word,)).fetchone()
        return str(known[0]) if known else _stem(word)

    def with_stem(self, stem: str) -> list[str]:
        """Return the words with a stem."""
        found = f"SELECT DISTINCT word FROM words WHERE stem = ? AND {self._is_visible}"
        return [word for (word,) in self._connection.execute(found, (stem,))]

    def begins(self, beginning: str) -> bool:
        """Tell whether any word begins so."""
        return (
            self._connection.execute(f"SELECT 1 {self._beginning} LIMIT 1", _bounds(beginning)).fetchone() is not None
        )

    def beginning(self, beginning: str) -> tuple[str, ...]:
        """Return the words that begin so, nothing where they are many."""
        found = f"SELECT DISTINCT word {self._beginning} LIMIT {_MOST_ONE_BY_ONE + 1}"
        words = tuple(word for (word,) in self._connection.execute(found, _bounds(beginning)))
        return words if len(words) <= _MOST_ONE_BY_ONE else ()

    def texts_of_beginning(self, beginning: str) -> int:
        """Return how many texts have a word that begins so, at most."""
        some = f"SELECT {self._visible.column} AS texts {self._beginning} LIMIT {_MOST_BEGINNING}"
        counted = f"SELECT count(*), coalesce(sum(texts), 0) FROM ({some})"
        words, texts = self._connection.execute(counted, _bounds(beginning)).fetchone()
        return int(texts) if words < _MOST_BEGINNING else self.every_text

    def near(self, word: str, goes_on: bool) -> tuple[str, ...]:
        """Return the words that one which no text has may have been meant to be, those in most texts first."""
        near: Sequence[str] = self._visible.nearest.words(word, goes_on)
        return tuple(sorted(near, key=lambda other: (-self.texts(other), other))[: Nearest.most])

    def _texts(self, word: str) -> int:
        """Return how many texts have a word."""
        counted = f"SELECT sum({self._visible.column}) FROM words WHERE word = ? AND {self._is_visible}"
        return int(self._connection.execute(counted, (word,)).fetchone()[0] or 0)

    @property
    def _beginning(self) -> str:
        return f"FROM words WHERE word >= ? AND word < ? AND {self._is_visible}"

    @property
    def _is_visible(self) -> str:
        return f"origin {self._visible.condition} AND {self._visible.column} > 0"


def _bounds(beginning: str) -> tuple[str, str]:
    return beginning, f"{beginning}\U0010ffff"


@lru_cache(_MOST_KEPT)
def _stem(word: str) -> str:
    return stems([word])[word]
