"""Writes the index that the texts of a release are searched in: what its papers say beside what its sources say."""

import hashlib
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from loaders.durable import making
from loaders.loading.source import LoadedSource
from loaders.progress import Tell, nobody
from loaders.search_rows import Words, folded, text_row
from loaders.search_sources import write_sources
from loaders.search_tables import FIRST_OF_SOURCES, FORMAT, index_words, written
from loaders.search_texts import Searchable, searchable
from loaders.search_types import Graphs, standings
from ontology.iris import local_name

T = TypeVar("T")


def write_search_index(
    path: Path,
    quads: Iterable[ox.Quad],
    loaded: Sequence[LoadedSource] = (),
    of_sources: Path | None = None,
    progress: Tell = nobody,
) -> None:
    """Write the index of `quads` and of sources beside; equal quads and sources, equal bytes.

    `of_sources` is the file of an index of the sources alone. It is made where it is not there or is of others. Raises
    OSError, or ReleaseError where a source is damaged.
    """
    found = searchable(quads)
    with making(path) as beside:
        if of_sources is not None and loaded:
            key = _key(loaded, found)
            if _key_of(of_sources) != key:
                with making(of_sources) as new:
                    write_sources(new, loaded, found, key, progress)
            shutil.copyfile(of_sources, beside)
        with written(beside, is_new=not loaded) as connection:
            _add(connection, found)
            connection.execute("ANALYZE")


@dataclass(frozen=True)
class _Numbers:
    """The number of each set of graphs, of each thing and of each class; some have one already."""

    origins: Mapping[Graphs, int]
    things: Mapping[str, int]
    classes: Mapping[str, int]


def _add(connection: sqlite3.Connection, found: Searchable) -> None:
    """Add what is searched to the index of sources, or to one that is empty."""
    known_classes = _known_classes(connection)
    classes = _classes(found, known_classes)
    class_numbers = {iri: id_ for iri, (id_, _) in known_classes.items()}
    numbers = _Numbers(
        origins=_origins(connection, found, classes),
        things=_numbered(dict.fromkeys(text.thing for text in found.texts), _known_things(connection, found), 0),
        classes=_numbered(sorted(classes), class_numbers, max(class_numbers.values(), default=0)),
    )
    words = Words()
    words_of = {text: folded(text) for text in found.texts}
    words.learn(word for each in words_of.values() for word in each.searched())
    standing = standings(found.types, numbers.things)
    places: Counter[str] = Counter()
    text_rows = list[Sequence[object]]()
    for id_, (text, graphs) in enumerate(found.texts.items(), 1):
        places[text.thing] += 1
        told, origin = words_of[text], numbers.origins[graphs]
        words.count(text, told, origin)
        place = places[text.thing]
        text_rows.append(text_row(id_, numbers.things[text.thing], place, text, told, words.stem_of, origin))
    rows: Mapping[str, Iterable[Sequence[object]]] = {
        "graphs": ((number, graph) for origin, number in numbers.origins.items() for graph in sorted(origin)),
        "things": ((number, iri, standing[iri]) for iri, number in numbers.things.items()),
        "classes": ((n, iri, local_name(iri), numbers.origins[classes[iri]]) for iri, n in numbers.classes.items()),
        "types": _type_rows(connection, found, numbers),
        "texts": text_rows,
        "counts": words.counts(),
        "words": words.rows(),
    }
    for table, of_table in rows.items():
        for row in of_table:
            connection.execute(f"REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    index_words(connection, 1, FIRST_OF_SOURCES - 1)


def _classes(found: Searchable, known: Mapping[str, tuple[int, Graphs]]) -> dict[str, Graphs]:
    """Return every class of the ontology and every other that something belongs to, with the graphs that tell of it."""
    classes = dict(found.declared)
    for type_, graphs in found.types.items():
        classes[type_.class_] = classes.get(type_.class_, frozenset()) | graphs
    for class_, (_, graphs) in known.items():
        classes[class_] = classes.get(class_, frozenset()) | graphs
    return classes


def _known_classes(connection: sqlite3.Connection) -> dict[str, tuple[int, Graphs]]:
    """Return the classes of the sources, each with its number and the graphs that tell of it."""
    told = connection.execute("SELECT classes.id, iri, graph FROM classes JOIN graphs USING (origin)")
    known: dict[str, tuple[int, Graphs]] = {}
    for id_, iri, graph in told:
        known[iri] = id_, known.get(iri, (id_, frozenset[str]()))[1] | {graph}
    return known


def _origins(connection: sqlite3.Connection, found: Searchable, classes: Mapping[str, Graphs]) -> Mapping[Graphs, int]:
    graphs: dict[int, frozenset[str]] = {}
    for origin, graph in connection.execute("SELECT origin, graph FROM graphs"):
        graphs[origin] = graphs.get(origin, frozenset()) | {graph}
    stating = {*found.texts.values(), *found.types.values(), *classes.values()}
    known = {of_origin: origin for origin, of_origin in graphs.items()}
    return _numbered(sorted(stating, key=sorted), known, max(graphs, default=0))


def _known_things(connection: sqlite3.Connection, found: Searchable) -> dict[str, int]:
    """Return the numbers of the things that sources name, too."""
    connection.execute("CREATE TEMP TABLE named (iri TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT OR IGNORE INTO named VALUES (?)", ((text.thing,) for text in found.texts))
    known = dict(connection.execute("SELECT iri, id FROM things CROSS JOIN named USING (iri)"))
    connection.execute("DROP TABLE named")
    return known


def _type_rows(connection: sqlite3.Connection, found: Searchable, numbers: _Numbers) -> Iterator[Sequence[object]]:
    """Yield the types of what has a text; where one of them is of the ontology, the others tell nothing more.

    What is known of the types of a thing by sources comes behind.
    """
    of_ontology = {type_.thing for type_ in found.types if type_.class_ in found.declared}
    types: dict[int, dict[int, int]] = {}
    for type_, graphs in found.types.items():
        tells = type_.class_ in found.declared or type_.thing not in of_ontology
        if tells and type_.thing in numbers.things:
            of_thing = types.setdefault(numbers.things[type_.thing], {})
            of_thing[numbers.classes[type_.class_]] = numbers.origins[graphs]
    for thing in [thing for thing in types if thing >= FIRST_OF_SOURCES]:
        told = connection.execute("SELECT class, origin FROM types WHERE thing = ? ORDER BY place", (thing,)).fetchall()
        types[thing] = types[thing] | {class_: origin for class_, origin in told if class_ not in types[thing]}
    for thing, of_thing in types.items():
        for place, (class_, origin) in enumerate(of_thing.items(), 1):
            yield thing, place, class_, origin


def _key(loaded: Sequence[LoadedSource], found: Searchable) -> str:
    """Return what tells the index of these sources from every other, by an ontology that reads them in another way."""
    told = [FORMAT, *(source.identity for source in loaded), *sorted(found.properties), *sorted(found.above.items())]
    return hashlib.sha256(repr([*told, *found.declared]).encode()).hexdigest()


def _key_of(path: Path) -> str | None:
    """Return the key of an index of sources, None where there is none that can be used."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            (key,) = connection.execute("SELECT key FROM made_of").fetchone()
            return str(key)
    except (sqlite3.Error, TypeError):
        return None


def _numbered(items: Iterable[T], known: Mapping[T, int], behind: int) -> dict[T, int]:
    """Return the number of each item: where it is not `known`, one of those that come `behind`."""
    numbers = count(behind + 1)
    return {item: known[item] if item in known else next(numbers) for item in items}
