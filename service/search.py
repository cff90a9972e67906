"""Searches the texts of a release in its index, which is read-only; what a client may not read is not found."""

import asyncio
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from loaders.release import Release
from loaders.search_index import FORMAT
from loaders.search_texts import WEIGHTS
from ontology.iris import BASE, TERM, THING, local_name
from ontology.nearest import did_you_mean
from queries.errors import ParameterError
from service.errors import QueryTimeoutError, SearchIndexError
from service.reader import Reader
from service.search_answers import Found, highlight
from service.search_words import Vocabulary, Wanted
from service.store.dataset import View

_SECONDS = 1.0
_STEPS = 10_000
_MOST_VOCABULARIES = 16
_ABOVE_EVERY_SCORE = 100_000
# Among equals the first text, which is one in English where there is one: less than scores differ by.
_BELOW_EVERY_SCORE = 1e-8
# Where texts come from: those that have words, and names that begin with a text.
_FOUND = "found JOIN texts ON texts.id = found.rowid JOIN things ON things.id = texts.thing WHERE found MATCH ?"
_BEGINNING = "texts JOIN things ON things.id = texts.thing WHERE texts.name >= ? AND texts.name < ?"
_SCORE = f"bm25(found, {', '.join(str(weight) for weight in WEIGHTS.values())})"

# A text, its thing, and how many things there are on all pages.
Row = tuple[int, int, int]


@dataclass(frozen=True)
class Question:
    """What is searched for, by whom: `hidden` are the graphs that are closed to them.

    `types` are local names of classes, one of which a thing must belong to; `language` is that of the text. In
    suggestions only names are searched, and every word may go on.
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
    """Some of what was found, how many there are in all, and which words were looked for in the place of others."""

    results: list[Found]
    total: int
    corrected: dict[str, list[str]]


class SearchIndex:
    """The index of a release. Raises SearchIndexError where it is missing, of another version or damaged."""

    def __init__(self, release: Release) -> None:
        self.release = release.id
        self._address = f"{release.search.absolute().as_uri()}?mode=ro&immutable=1"
        self._origins: defaultdict[int, set[str]] = defaultdict(set)
        self._vocabulary = lru_cache(_MOST_VOCABULARIES)(self._read_vocabulary)
        with self._connected() as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                raise SearchIndexError(f"the index of release {release.id} is of another version; build again")
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise _damaged(release.id)
            for origin, graph in connection.execute("SELECT origin, graph FROM graphs"):
                self._origins[origin].add(graph)
            self._classes: list[tuple[int, str, str, int]] = connection.execute(
                "SELECT id, iri, name, origin FROM classes"
            ).fetchall()

    def find(self, question: Question) -> Page:
        """Return what is found. Raises ParameterError for an unknown type, QueryTimeoutError or SearchIndexError."""
        hidden = frozenset(origin for origin, graphs in self._origins.items() if graphs <= question.hidden)
        classes = [self._class_named(name, hidden) for name in question.types]
        with self._connected() as connection:
            vocabulary = self._vocabulary(hidden, question.is_suggestion)
            wanted = vocabulary.wanted(question.text, all_go_on=question.is_suggestion)
            if not wanted.terms:
                return Page([], 0, {})
            search = _Search(connection, hidden, wanted)
            rows = search.rows(question, classes)
            corrected = {word: list(others) for word, others in wanted.corrected.items()}
            total = rows[0][2] if rows else 0
            return Page([search.found(text, thing) for text, thing, _ in rows], total, corrected)

    def _class_named(self, name: str, hidden: frozenset[int]) -> int:
        """Return the number of a class; where one of our own and another share the name, it means the former."""
        known = [(id_, iri, named) for id_, iri, named, origin in self._classes if origin not in hidden]
        named = sorted((not iri.startswith(TERM), id_) for id_, iri, its_name in known if its_name == name)
        if not named:
            names = sorted(its_name for _, _, its_name in known)
            raise ParameterError(f"no class {name[:100]!r} in the release{did_you_mean(name[:100], names)}")
        return named[0][1]

    def _read_vocabulary(self, hidden: frozenset[int], of_names: bool) -> Vocabulary:
        count = "names" if of_names else "texts"
        counts: defaultdict[str, int] = defaultdict(int)
        with self._connected() as connection:
            for word, origin, texts in connection.execute(f"SELECT word, origin, {count} FROM words WHERE {count} > 0"):
                if origin not in hidden:
                    counts[word] += texts
        return Vocabulary(counts)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Open the index; what is asked of it ends after a second. Raises QueryTimeoutError or SearchIndexError."""
        deadline = time.monotonic() + _SECONDS
        try:
            with closing(sqlite3.connect(self._address, uri=True)) as connection:
                connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
                yield connection
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                message = f"the search took more than {_SECONDS:g} s; search for longer words"
                raise QueryTimeoutError(message) from error
            raise _damaged(self.release) from error


class _Search:
    """The questions of one search to an index, of which the origins `hidden` are left out."""

    def __init__(self, connection: sqlite3.Connection, hidden: frozenset[int], wanted: Wanted) -> None:
        self._connection = connection
        self._wanted = wanted
        self._visible = f"NOT IN ({', '.join(map(str, sorted(hidden)))})"

    def rows(self, question: Question, classes: Sequence[int]) -> list[Row]:
        """Return a page of things, each with its best text before it and how many there are in all behind it.

        A name that is what was asked for comes first, then those that begin so, then all other texts; of each of these
        first what is ours, and then by BM25, or by the length of the name for suggestions. Ties go by IRI.
        """
        expression = self._wanted.expression()
        if not question.is_suggestion:
            return self._ranked(question, classes, _FOUND, [expression], _SCORE)
        length = "length(texts.name)"
        if not self._wanted.corrected:
            # What begins so is enough, most often, and a fraction of what has such a word somewhere.
            (beginning,) = self._wanted.spellings()
            rows = self._ranked(question, classes, _BEGINNING, [beginning, f"{beginning}\U0010ffff"], length)
            if len(rows) == question.limit:
                return rows
        return self._ranked(question, classes, _FOUND, [f"name : ({expression})"], length)

    def _ranked(
        self, question: Question, classes: Sequence[int], source: str, bounds: Sequence[str], score: str
    ) -> list[Row]:
        """Return the page of what `source` has within `bounds`.

        Beside min(), the text is that of the row with the minimum (SQLite, SELECT, section 2.5).
        """
        spellings = self._wanted.spellings()
        names = ", ".join("?" * len(spellings))
        begins = " OR ".join(["substr(texts.name, 1, length(?)) = ?"] * len(spellings))
        conditions, values = self._conditions(question, classes)
        statement = f"""
            WITH hits AS MATERIALIZED (
                SELECT texts.id AS text, thing, {score} + texts.id * {_BELOW_EVERY_SCORE}
                    + CASE WHEN texts.name IN ({names}) THEN 0 WHEN {begins} THEN 2 ELSE 4 END * {_ABOVE_EVERY_SCORE}
                    + CASE WHEN is_ours THEN 0 ELSE 1 END * {_ABOVE_EVERY_SCORE} AS place
                FROM {source} AND {" AND ".join(conditions)}
            ), best AS (SELECT text, thing, min(place) AS place FROM hits GROUP BY thing)
            SELECT text, thing, count(*) OVER () FROM best ORDER BY place, thing LIMIT ? OFFSET ?"""
        twice = [spelling for spelling in spellings for _ in range(2)]
        bound = (*spellings, *twice, *bounds, *values, question.limit, question.offset)
        return self._connection.execute(statement, bound).fetchall()

    def found(self, text: int, thing: int) -> Found:
        """Return a thing as one that was found by a text."""
        (iri,) = self._connection.execute("SELECT iri FROM things WHERE id = ?", (thing,)).fetchone()
        named = "SELECT text FROM texts WHERE thing = ? AND name IS NOT NULL AND origin"
        label = self._connection.execute(f"{named} {self._visible} ORDER BY id LIMIT 1", (thing,)).fetchone()
        of_thing = "SELECT name FROM types JOIN classes ON classes.id = types.class WHERE thing = ? AND types.origin"
        types = [name for (name,) in self._connection.execute(f"{of_thing} {self._visible} ORDER BY place", (thing,))]
        property_, language, value = self._connection.execute(
            "SELECT property, language, text FROM texts WHERE id = ?", (text,)
        ).fetchone()
        return Found(
            id=iri,
            label=label[0] if label else local_name(iri),
            type=types[0] if types else None,
            types=types,
            href=_href(iri),
            matched=property_,
            language=language or None,
            highlight=highlight(value, self._wanted.fits),
        )

    def _conditions(self, question: Question, classes: Sequence[int]) -> tuple[list[str], list[object]]:
        conditions, values = [f"texts.origin {self._visible}"], list[object]()
        if question.language:
            # Basic filtering of RFC 4647, section 3.3.1: `de` finds `de-at` too.
            conditions.append("(texts.language || '-') LIKE ?")
            values.append(f"{question.language.lower()}-%")
        if classes:
            places = ", ".join("?" * len(classes))
            of_class = f"SELECT thing FROM types WHERE class IN ({places}) AND origin {self._visible}"
            conditions.append(f"texts.thing IN ({of_class})")
            values += classes
        return conditions, values


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


def _damaged(release: str) -> SearchIndexError:
    return SearchIndexError(f"the index of release {release} is damaged; build again")


def _href(iri: str) -> str:
    if iri.startswith(THING):
        return f"/api/things/{quote(iri.removeprefix(THING), safe='')}"
    return f"/{iri.removeprefix(BASE)}" if iri.startswith(BASE) else iri
