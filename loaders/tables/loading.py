"""Plans how to load tables by their metadata, each row as a whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from loaders.errors import Fault, LoadError
from loaders.loading.plan import Fault as Report
from loaders.loading.plan import Part, Plan
from loaders.mapped.data_set import DataSet
from loaders.mapped.stating import SOURCE, stated
from loaders.tables.cells import iri_of
from loaders.tables.metadata import Column, Table, Tables
from loaders.tables.rows import Row, rows_of
from ontology.iris import expand
from ontology.nearest import did_you_mean

# So many rows are reasoned over at once, and so many are a part.
_ROWS, _ROWS_OF_PART = 5_000, 10_000


def plan(described: Tables, given: Sequence[Path]) -> Plan:
    """Return how to load tables, from the files `given`, or else from those beside the metadata.

    Raises LoadError where one is missing, or its titles are not those that are described.
    """
    files = {path.name: path for path in given}
    wanted = {table.file for table in described.tables}
    for name, path in files.items():
        if name not in wanted:
            near = did_you_mean(name, wanted)
            raise LoadError([Fault(str(path), 1, f"{described.path.name} describes no table {name}{near}")])
    paths = [files.get(table.file, described.path.with_name(table.file)) for table in described.tables]
    about = DataSet(described.name, described.title, described.source, described.licence, described.rights)
    parts: list[Part] = [about]
    for number, (table, path) in enumerate(zip(described.tables, paths, strict=True)):
        _places(table, path)
        rows = sum(1 for _ in rows_of(path, table.sheet, table.delimiter))
        parts += [Rows(f"table-{number:03}-{first:07}", table, path, first) for first in range(1, rows, _ROWS_OF_PART)]
    told = {"license": described.licence, "rights": described.rights}
    return Plan(described.name, described.title, [described.path, *dict.fromkeys(paths)], parts, told)


@dataclass(frozen=True)
class Rows:
    """Some rows of a table, of which `first` is the first; the titles are row 0."""

    key: str
    table: Table
    path: Path
    first: int

    def triples(self, fault: Report) -> Iterator[bytes]:
        """Yield what rows say, with what follows, and report those of which something does not hold."""
        places = _places(self.table, self.path)
        all_rows = rows_of(self.path, self.table.sheet, self.table.delimiter)
        rows = islice(all_rows, self.first, self.first + _ROWS_OF_PART)
        while block := list(islice(rows, _ROWS)):
            made: list[ox.Triple] = []
            of_row: dict[str, int] = {}
            for row in block:
                try:
                    of_this = list(self._said(row, places))
                except ValueError as error:
                    fault(str(self.path), row.number, str(error))
                    continue
                made += of_this
                for triple in of_this:
                    of_row.setdefault(_name(triple), row.number)
            yield from self._checked(made, of_row, fault)

    def _checked(self, made: list[ox.Triple], of_row: Mapping[str, int], fault: Report) -> Iterator[bytes]:
        def wrong(message: str) -> None:
            subject = message.partition(": ")[0].removeprefix("dgi:")
            fault(str(self.path), of_row.get(subject, 1), f"{self._sheet()}{message}")

        for triple in stated(made, wrong):
            yield f"{triple} .\n".encode()

    def _said(self, row: Row, places: Mapping[str, int]) -> Iterator[ox.Triple]:
        """Yield what a row says. Raises ValueError, which tells the column."""
        for place, message in row.wrong:
            raise ValueError(f"{self._sheet()}column {_title(places, place)!r}: {message}")
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}
        values = {column.name: self._value(column, cells) for column in self.table.columns}
        where = ox.Literal(f"{self.path.name}, {self._sheet()}row {row.number}")
        for column in self.table.columns:
            if column.property_ is None or column.about is None:
                continue
            try:
                about, property_ = iri_of(column.about, values), iri_of(column.property_, values)
                if about is None or property_ is None:
                    continue
                yield from (ox.Triple(about, property_, value) for value in _values(column, values))
            except ValueError as error:
                raise ValueError(f"{self._sheet()}column {column.title!r}: {error}") from error
            yield ox.Triple(about, SOURCE, where)

    def _value(self, column: Column, cells: Mapping[str, str]) -> str:
        text = cells.get(column.name, "")
        text = "" if text in column.null else text
        if column.required and not text and not column.virtual:
            raise ValueError(f"{self._sheet()}column {column.title!r}: is empty")
        return text or column.default

    def _sheet(self) -> str:
        return f"sheet {self.table.sheet!r}, " if self.table.sheet else ""


def _values(column: Column, values: Mapping[str, str]) -> Iterator[ox.NamedNode | ox.Literal]:
    """Yield what a cell stands for, or each of the things that it lists."""
    text = values[column.name]
    texts = [part.strip() for part in text.split(column.separator)] if column.separator else [text]
    for each in texts:
        if column.value is not None:
            value = iri_of(column.value, {**values, column.name: each})
            if value is not None:
                yield value
        elif each:
            yield column.datatype.literal(each, column.language)


def _places(table: Table, path: Path) -> dict[str, int]:
    """Return where each column stands. Raises LoadError where the titles are others than those described."""
    first = next(rows_of(path, table.sheet, table.delimiter), None)
    titles = list(first.cells) if first else []
    while titles and not titles[-1]:
        titles.pop()
    number = first.number if first else 1
    columns = {column.title: column for column in table.columns if not column.virtual}
    for title in titles:
        if titles.count(title) > 1:
            raise LoadError([Fault(str(path), number, f"two columns have the title {title[:100]!r}")])
        if title not in columns:
            near = did_you_mean(title, columns)
            message = (
                f"the column {title[:100]!r} is not described{near}; describe it, with suppressOutput to leave it out"
            )
            raise LoadError([Fault(str(path), number, message)])
    for title in columns:
        if title not in titles:
            near = did_you_mean(title, titles)
            raise LoadError([Fault(str(path), number, f"there is no column {title[:100]!r}, which is described{near}")])
    return {columns[title].name: place for place, title in enumerate(titles)}


def _title(places: Mapping[str, int], place: int) -> str:
    return next((name for name, at in places.items() if at == place), str(place + 1))


def _name(triple: ox.Triple) -> str:
    return str(getattr(triple.subject, "value", "")).removeprefix(expand("dgi:"))
