"""The ways to search that are measured; run as a program, it generates titles, makes an index of them, or asks it.

districtgraph    the index of a release, asked in this process
FTS5             a table of SQLite with the labels, ranked by bm25(): all words, no inflections, no corrections
SPARQL           pyoxigraph on the disk, the labels by a regular expression, the shortest first
"""

import json
import random
import resource
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from loaders.graphs import ONTOLOGY
from loaders.loading.source import LoadedSource, loaded_in
from loaders.loading.terms import LABEL
from loaders.progress import Progress, nobody
from loaders.release import Release
from loaders.search_index import write_search_index
from loaders.words import folded_text
from ontology.modules import module_triples
from service.bench.titles import load_titles, of_titles
from service.search.index import Question, SearchIndex

Ask = Callable[["Asked"], int]
_SHOWN = 20
_EACH = 20
_COMMON, _RARE = 60, 20_000
# So long is asked at most of one kind of question.
_SECONDS_OF_KIND = 10.0


class Asked(NamedTuple):
    """A question: of which kind, its text, and whether it is one while somebody types."""

    kind: str
    text: str
    is_typed: bool


def _make_ours(folder: Path) -> Path:
    quads = (ox.Quad(each.subject, each.predicate, each.object, ONTOLOGY) for each in module_triples())
    write_search_index(folder / "search.sqlite", quads, loaded_in(folder), folder / "sources.sqlite")
    return folder / "search.sqlite"


def _ask_ours(folder: Path) -> Ask:
    index = SearchIndex(Release("bench", folder))

    def ask(asked: Asked) -> int:
        return len(index.find(Question(asked.text, frozenset(), is_suggestion=asked.is_typed)).results)

    return ask


def _make_fts5(folder: Path) -> Path:
    with closing(sqlite3.connect(folder / "fts5.sqlite", isolation_level=None)) as connection:
        connection.execute("CREATE VIRTUAL TABLE labels USING fts5 (iri UNINDEXED, label, prefix = '2')")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO labels VALUES (?, ?)", _labels(folder))
        connection.execute("COMMIT")
    return folder / "fts5.sqlite"


def _ask_fts5(folder: Path) -> Ask:
    connection = sqlite3.connect(folder / "fts5.sqlite")
    statement = "SELECT iri, label FROM labels WHERE labels MATCH ? ORDER BY rank LIMIT ?"

    def ask(asked: Asked) -> int:
        words = folded_text(asked.text).split()
        expression = f'"{" ".join(words)}"' if '"' in asked.text else " ".join(f'"{word}"' for word in words)
        return len(connection.execute(statement, (f"{expression}{'*' * asked.is_typed}", _SHOWN)).fetchall())

    return ask


def _make_sparql(folder: Path) -> Path:
    store = ox.Store(str(folder / "store"))
    for source in loaded_in(folder):
        with source.opened() as triples:
            store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES)
    store.flush()
    return folder / "store"


def _ask_sparql(folder: Path) -> Ask:
    store = ox.Store.read_only(str(folder / "store"))

    def ask(asked: Asked) -> int:
        words = folded_text(asked.text).split()
        words = [" ".join(words)] if '"' in asked.text else words
        end = "" if asked.is_typed else r"\\b"
        filters = " ".join(rf'FILTER regex(?label, "\\b{word}{end}", "i")' for word in words)
        order = f"ORDER BY strlen(?label) LIMIT {_SHOWN}"
        solutions = store.query(f"SELECT ?thing ?label {{ ?thing {LABEL.decode()} ?label {filters} }} {order}")
        return len(list(solutions))  # type: ignore[arg-type]

    return ask


WAYS: Mapping[str, tuple[Callable[[Path], Path], Callable[[Path], Ask]]] = {
    "districtgraph": (_make_ours, _ask_ours),
    "FTS5": (_make_fts5, _ask_fts5),
    "SPARQL": (_make_sparql, _ask_sparql),
}


def make(folder: Path, way: str) -> dict[str, Any]:
    """Make an index of the titles in a folder, and tell what it took."""
    begun = time.perf_counter()
    made = WAYS[way][0](folder)
    seconds = time.perf_counter() - begun
    size = sum(path.stat().st_size for path in [made, *made.rglob("*")] if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": round(seconds, 2), "peak_bytes": peak, "disk_bytes": size}


def ask(folder: Path, way: str, rounds: int) -> dict[str, Any]:
    """Ask the questions in a folder one after the other, and tell how long answers of each kind take.

    All are asked once before: what an index reads first, it has read then.
    """
    answer = WAYS[way][1](folder)
    asked = [Asked(*each) for each in json.loads((folder / "asked.json").read_text())]
    cells = []
    for kind in dict.fromkeys(one.kind for one in asked):
        taken = list(_taken(answer, [one for one in asked if one.kind == kind], rounds))
        p95 = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
        cells.append(
            {"kind": kind, "p50_ms": round(statistics.median(taken), 2), "p95_ms": round(p95, 2), "asked": len(taken)}
        )
    return {"cells": cells}


def _taken(answer: Ask, asked: Sequence[Asked], rounds: int) -> Iterator[float]:
    """Yield the milliseconds of each answer, but those of the first round, unless that alone takes too long."""
    until = time.monotonic() + _SECONDS_OF_KIND
    for round_ in range(rounds + 1):
        for one in asked:
            begun = time.perf_counter()
            answer(one)
            taken = 1000 * (time.perf_counter() - begun)
            if round_ or time.monotonic() > until:
                yield taken
            if time.monotonic() > until:
                return


def _labels(folder: Path) -> Iterator[tuple[str, str]]:
    for source in loaded_in(folder):
        for triple in _of_labels(source):
            yield triple.subject.value, triple.object.value


def _of_labels(source: LoadedSource) -> Iterator[Any]:
    lines = (line for line in source.lines() if line.split(b" ", 2)[1] == LABEL)
    return (triple for line in lines for triple in ox.parse(line, format=ox.RdfFormat.N_TRIPLES))


def generate(folder: Path, titles: int, seed: int) -> dict[str, Any]:
    """Load titles into a folder, and write the questions that are asked beside."""
    (folder / "asked.json").write_text(json.dumps(list(questions(seed))))
    return {"triples": load_titles(folder, titles, seed, Progress(nobody)).about["triples"]}


def questions(seed: int) -> Iterator[Asked]:
    """Yield what is asked: some questions of each kind."""
    chance, words = random.Random(seed), of_titles().words
    common = [word for word in words[:_COMMON] if len(word) > 4]
    for _ in range(_EACH):
        one, two, three = chance.sample(common, 3)
        rare = words[chance.randrange(_RARE, 2 * _RARE)]
        place = chance.randrange(1, len(one) - 1)
        yield Asked("a common word", one, False)
        yield Asked("two common words", f"{one} {two}", False)
        yield Asked("three common words", f"{one} {two} {three}", False)
        yield Asked("a common and a rare word", f"{one} {rare}", False)
        yield Asked("a rare word", rare, False)
        yield Asked("a phrase of common words", f'"{one} {two}"', False)
        yield Asked("a misspelt word", one[:place] + one[place] + one[place:], False)
        yield Asked("a word of nobody", "".join(chance.choices("qxzwkj", k=9)), False)
        yield Asked("two letters, typed", one[:2], True)
        yield Asked("four letters, typed", one[:4], True)
        yield Asked("a word and three letters, typed", f"{one} {two[:3]}", True)


if __name__ == "__main__":
    verb, place, *rest = sys.argv[1:]
    match verb, rest:
        case "titles", [count, seed]:
            done = generate(Path(place), int(count), int(seed))
        case "make", [way]:
            done = make(Path(place), way)
        case "ask", [way, rounds]:
            done = ask(Path(place), way, int(rounds))
        case _:
            raise SystemExit(f"unknown: {verb}")
    print(json.dumps(done))
