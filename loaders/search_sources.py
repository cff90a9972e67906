"""Writes the index of the texts of loaded sources, which may have more of them than fit into memory."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import pyoxigraph as ox

from loaders.loading.source import LoadedSource
from loaders.loading.terms import LABEL, TYPE
from loaders.progress import Pace, Tell
from loaders.search_rows import Words, folded, text_row
from loaders.search_tables import FIRST_OF_SOURCES, first_id, index_words, quality, ranges_of, written
from loaders.search_texts import Searchable, Text, best_texts_first
from loaders.search_types import INDIVIDUAL, standing
from ontology.iris import TERM, local_name

T = TypeVar("T")

_AT_ONCE = 5000
# Behind all places of a thing's own classes.
_PLACES = 1000


class _Thing(NamedTuple):
    """A thing with its texts and classes, the best first of each."""

    iri: str
    texts: Sequence[Text]
    classes: Sequence[str]


@dataclass
class _Seen:
    """What the sources have so far: how many things, the number of each class with the sources that tell, words."""

    things: int = FIRST_OF_SOURCES
    classes: dict[str, int] = field(default_factory=dict)
    telling: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    words: Words = field(default_factory=Words)


def write_sources(path: Path, loaded: Sequence[LoadedSource], read_by: Searchable, key: str, progress: Tell) -> None:
    """Write the index of the texts of sources into a file that is not there yet.

    `read_by` tells which properties and classes the ontology declares; `key` is what the index is known by. Raises
    ReleaseError where a source is damaged.
    """
    seen = _Seen()
    with written(path, is_new=True) as connection:
        connection.execute("INSERT INTO made_of VALUES (?)", (key,))
        for number, source in enumerate(loaded, 1):
            connection.execute("INSERT INTO graphs VALUES (?, ?)", (number, source.graph.value))
            _add_source(connection, number, source, read_by, seen, progress)
        if len(loaded) > 1:
            _join_things(connection)
        _add_classes(connection, seen)
        connection.executemany("INSERT INTO counts VALUES (?, ?, ?)", seen.words.counts())
        connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?, ?)", seen.words.rows())
        connection.execute("INSERT INTO found (found) VALUES ('optimize')")


def _add_source(
    connection: sqlite3.Connection,
    number: int,
    source: LoadedSource,
    read_by: Searchable,
    seen: _Seen,
    progress: Tell,
) -> None:
    counts: Counter[int] = Counter()
    pace = Pace(progress, lambda things: f"{source.name}: {things} things into the index of the search")
    for things in _batches(_things(source, read_by)):
        words_of = {text: folded(text) for thing in things for text in thing.texts}
        seen.words.learn(word for words in words_of.values() for word in words.searched())
        rows = _Rows()
        for thing in things:
            seen.things += 1
            stands = standing(thing.iri, thing.classes)
            rows.things.append((seen.things, thing.iri, stands))
            for place, class_ in enumerate(thing.classes, 1):
                seen.telling[class_].add(number)
                class_number = seen.classes.setdefault(class_, len(seen.classes) + 1)
                rows.types.append((seen.things, place, class_number, number))
            for place, text in enumerate(thing.texts, 1):
                words = words_of[text]
                seen.words.count(text, words, number)
                of_quality = quality(text, words, stands)
                id_ = first_id(number, of_quality) + counts[of_quality]
                counts[of_quality] += 1
                rows.texts.append(text_row(id_, seen.things, place, text, words, seen.words.stem_of, number))
        rows.write(connection)
        pace.add(len(things))
    progress(f"{source.name}: its words into the index of the search")
    for first, last in ranges_of(number):
        index_words(connection, first, last)
        bounds = connection.execute("SELECT min(id), max(id) FROM texts WHERE id BETWEEN ? AND ?", (first, last))
        if (row := bounds.fetchone())[0] is not None:
            connection.execute("INSERT INTO ranges VALUES (?, ?, ?)", (*row, number))


@dataclass
class _Rows:
    """Rows to be written together."""

    things: list[Sequence[object]] = field(default_factory=list)
    types: list[Sequence[object]] = field(default_factory=list)
    texts: list[Sequence[object]] = field(default_factory=list)

    def write(self, connection: sqlite3.Connection) -> None:
        for table, rows in vars(self).items():
            if rows:
                connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _things(source: LoadedSource, read_by: Searchable) -> Iterator[_Thing]:
    """Yield everything that has a label. Raises ReleaseError where the source is damaged."""
    members = source.about["things_by_class"]

    def order(class_: str) -> tuple[object, ...]:
        return not class_.startswith(TERM), members.get(class_, 0), -read_by.above.get(class_, 0), class_

    predicates = {f"<{iri}>".encode() for iri in read_by.properties} | {TYPE}
    for lines in _batches(_lines_of_named(source, predicates)):
        triples = ox.parse(b"".join(lines), format=ox.RdfFormat.N_TRIPLES)
        for iri, of_thing in groupby(triples, lambda triple: triple.subject.value):
            texts, classes = list[Text](), set[str]()
            for triple in of_thing:
                told = triple.object
                if isinstance(told, ox.Literal):
                    texts.append(Text(iri, triple.predicate.value, told.language or "", told.value))
                elif isinstance(told, ox.NamedNode):
                    classes.add(told.value)
            telling = classes & read_by.declared.keys() or classes - {INDIVIDUAL} or classes
            yield _Thing(iri, _once(best_texts_first(texts)), sorted(telling, key=order))


def _lines_of_named(source: LoadedSource, predicates: set[bytes]) -> Iterator[bytes]:
    """Yield the texts and types of everything that has a label, all lines of a thing together."""
    for subject, of_subject in groupby(source.lines(), lambda line: line[: line.index(b" ")]):
        said = [(line.split(b" ", 2), line) for line in of_subject]
        if subject.startswith(b"<") and any(parts[1] == LABEL for parts, _ in said):
            told = (line for (_, name, rest), line in said if name in predicates and (name == TYPE or rest[0] == 34))
            yield b"".join(told)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _AT_ONCE)):
        yield batch


def _once(texts: Sequence[Text]) -> list[Text]:
    """Leave out what only repeats a better text of the same thing."""
    return list({(text.language, text.value): text for text in reversed(texts)}.values())[::-1]


def _join_things(connection: sqlite3.Connection) -> None:
    """Make one thing of what several sources name."""
    doubled = connection.execute("""SELECT other.id, one.id FROM things AS other JOIN
        (SELECT iri, min(id) AS id FROM things GROUP BY iri HAVING count(*) > 1) AS one
        ON one.iri = other.iri AND one.id < other.id""").fetchall()
    for other, one in doubled:
        connection.execute("UPDATE texts SET thing = ?, place = place + ? WHERE thing = ?", (one, _PLACES, other))
        connection.execute(
            "UPDATE OR IGNORE types SET thing = ?, place = place + ? + ? WHERE thing = ?", (one, _PLACES, other, other)
        )
        connection.execute("DELETE FROM things WHERE id = ?", (other,))


def _add_classes(connection: sqlite3.Connection, seen: _Seen) -> None:
    """Write the classes; where several sources tell of one, these are an origin of their own."""
    origins = {frozenset({number}): number for numbers in seen.telling.values() for number in numbers}
    graphs = dict(connection.execute("SELECT origin, graph FROM graphs"))
    for several in sorted({frozenset(each) for each in seen.telling.values()} - origins.keys(), key=sorted):
        origins[several] = len(graphs) + len(origins) + 1
        connection.executemany(
            "INSERT INTO graphs VALUES (?, ?)", ((origins[several], graphs[number]) for number in sorted(several))
        )
    told = ((id_, iri, local_name(iri), origins[frozenset(seen.telling[iri])]) for iri, id_ in seen.classes.items())
    connection.executemany("INSERT INTO classes VALUES (?, ?, ?, ?)", told)
