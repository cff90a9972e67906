"""Searches the texts of a release in its index, which is read-only; what a client may not read is not found."""

import asyncio
import sqlite3
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from loaders.release import Release
from loaders.search_tables import FORMAT
from service.errors import QueryTimeoutError, SearchIndexError
from service.reader import Reader
from service.search.answers import Found
from service.search.classes import Class, Classes
from service.search.found import shown
from service.search.known_words import KnownWords, Visible
from service.search.ranking import Bounds, Ranking, ranked
from service.search.vocabulary import Vocabulary
from service.store.dataset import View

_SECONDS = 1.0
_STEPS = 10_000
_MOST_MAPPED = 2**40
_MOST_VOCABULARIES = 16
_MOST_IDLE = 8
_MOST_CHECKED = 50_000_000


@dataclass(frozen=True)
class Question:
    """What is searched for, by whom: `hidden` are the graphs that are closed to them.

    `types` name classes, one of which a thing must belong to; `language` is that of the text. In suggestions only names
    are searched, and every word may go on.
    """

    text: str
    hidden: View
    types: tuple[str, ...] = ()
    language: str | None = None
    limit: int = 20
    offset: int = 0
    is_suggestion: bool = False


@dataclass(frozen=True)
class Page:
    """Some of what was found, how many there are on all pages, and whether no more than these were found.

    `corrected` tells which words were looked for in the place of others, `missing` those that were left out.
    """

    results: list[Found]
    total: int
    is_all: bool
    corrected: dict[str, list[str]]
    missing: list[str]


class SearchIndex:
    """The index of a release. Raises SearchIndexError where it is missing, of another version or damaged."""

    def __init__(self, release: Release) -> None:
        self.release = release.id
        self._address = f"{release.search.absolute().as_uri()}?mode=ro&immutable=1"
        self._origins: defaultdict[int, set[str]] = defaultdict(set)
        self._visible = lru_cache(_MOST_VOCABULARIES)(Visible)
        self._idle: deque[sqlite3.Connection] = deque(maxlen=_MOST_IDLE)
        with self._connected() as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                raise SearchIndexError(f"the index of release {release.id} is of another version; build again")
            if not _is_whole(connection, release.search.stat().st_size):
                raise _damaged(release.id)
            for origin, graph in connection.execute("SELECT origin, graph FROM graphs"):
                self._origins[origin].add(graph)
            told = connection.execute("SELECT id, iri, name, origin FROM classes")
            self._classes = Classes([Class(*row) for row in told])
            self._ranges = connection.execute("SELECT first, last, origin FROM ranges ORDER BY first").fetchall()
            of_sources = {origin: self._origins[origin] for _, _, origin in self._ranges}
            self._telling = {
                origin: {source for source, told in of_sources.items() if told <= graphs}
                for origin, graphs in self._origins.items()
            }

    def find(self, question: Question) -> Page:
        """Return what is found. Raises RequestParameterError, QueryTimeoutError or SearchIndexError."""
        hidden = frozenset(origin for origin, graphs in self._origins.items() if graphs <= question.hidden)
        classes = [self._classes.named(name, hidden) for name in question.types]
        of_names = question.is_suggestion
        having = {origin for class_ in classes for origin in self._telling[class_.origin]}
        ranges = [
            (first, last)
            for first, last, origin in self._ranges
            if origin not in hidden and (origin in having or not classes)
        ]
        with self._connected() as connection:
            vocabulary = Vocabulary(KnownWords(connection, self._visible(self._address, hidden, of_names)))
            wanted = vocabulary.wanted(question.text, all_go_on=of_names)
            numbers = [class_.id for class_ in classes]
            bounds = Bounds(hidden, ranges, numbers, question.language, of_names, question.limit, question.offset)
            ranking = ranked(connection, wanted, bounds) if wanted.terms else Ranking([], 0, True)
            results = [shown(connection, wanted, bounds, row) for row in ranking.page]
        corrected = {word: list(others) for word, others in wanted.corrected.items()}
        return Page(results, ranking.total, ranking.is_all, corrected, list(wanted.missing))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Give a connection; what is asked of it ends after a second. Raises QueryTimeoutError or SearchIndexError.

        One that was used before has what it needs of the file at hand.
        """
        deadline = time.monotonic() + _SECONDS
        try:
            connection = self._idle.pop() if self._idle else self._connect()
            connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
            yield connection
            self._idle.append(connection)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                message = f"the search took more than {_SECONDS:g} s; search for longer words"
                raise QueryTimeoutError(message) from error
            raise _damaged(self.release) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        connection.execute(f"PRAGMA mmap_size = {_MOST_MAPPED}")
        return connection


class SearchIndexes:
    """The index of the current release, opened anew where that has changed."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._current: tuple[object, SearchIndex] | None = None

    async def current(self) -> SearchIndex:
        """Return the index of the current release. Raises ReleaseError, EngineError or SearchIndexError."""
        release = await self._reader.release()
        try:
            stat = release.search.stat()
        except OSError as error:
            raise SearchIndexError(f"release {release.id} has no index to search in; build again") from error
        state = (release.id, stat.st_ino, stat.st_mtime_ns)
        if self._current is None or self._current[0] != state:
            self._current = (state, await asyncio.to_thread(SearchIndex, release))
        return self._current[1]


def _is_whole(connection: sqlite3.Connection, size: int) -> bool:
    """Tell whether the file is as long as it says and, where it is read in less than a second, without faults."""
    (pages,), (page,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    if size > _MOST_CHECKED:
        return bool(size == pages * page)
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _damaged(release: str) -> SearchIndexError:
    return SearchIndexError(f"the index of release {release} is damaged; build again")
