"""Reads the rows of CSV, TSV and XLSX, one after another, within bounds."""

import csv
import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell.cell import TYPE_ERROR, TYPE_FORMULA
from openpyxl.utils.exceptions import InvalidFileException

from loaders.errors import Fault, LoadError

_LARGEST, _LARGEST_UNPACKED = 200_000_000, 500_000_000
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL, _MOST_ENTRIES = 1_000_000, 1_000, 100_000, 2_000
# What openpyxl raises where a file is damaged, as it meets it.
_DAMAGES = (zipfile.BadZipFile, InvalidFileException, ParseError, zlib.error, EOFError, OSError)
_DAMAGES_MET = (KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Row:
    """A row: its line, or its number in a sheet, and its cells; `wrong` tells what is no value, by its place."""

    number: int
    cells: Sequence[str]
    wrong: Sequence[tuple[int, str]] = ()


def rows_of(path: Path, sheet: str | None, delimiter: str | None) -> Iterator[Row]:
    """Yield the rows of a table, the first of which has the titles; empty ones are left out.

    Raises LoadError where the file cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _fault(path, 1, f"is larger than {_LARGEST} bytes")
    except OSError as error:
        raise _fault(path, 1, f"cannot be read ({error.strerror})") from error
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".tsv", ".xlsx"):
        raise _fault(path, 1, "what is read is .csv, .tsv and .xlsx; save it as one of these")
    rows = _of_workbook(path, sheet) if suffix == ".xlsx" else _of_text(path, delimiter or _usual(suffix))
    for count, row in enumerate(rows):
        if count > _MOST_ROWS or len(row.cells) > _MOST_COLUMNS:
            raise _fault(path, row.number, f"has more than {_MOST_ROWS} rows or {_MOST_COLUMNS} columns")
        if any(len(cell) > _LONGEST_CELL for cell in row.cells):
            raise _fault(path, row.number, f"has a cell of more than {_LONGEST_CELL} signs")
        if any(row.cells) or row.wrong:
            yield row


def _of_text(path: Path, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL + 1)
    number = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            for cells in reader:
                yield Row(number, [cell.strip() for cell in cells])
                number = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise _fault(path, number, "is not UTF-8 from here on; save the file so") from error
    except csv.Error as error:
        raise _fault(path, number, f"is no CSV ({error})") from error


def _of_workbook(path: Path, sheet: str | None) -> Iterator[Row]:
    """Yield the rows of a sheet, formulas by the values that were last computed of them."""
    _look_into(path)
    try:
        with (
            closing(load_workbook(path, read_only=True, data_only=True)) as values,
            closing(load_workbook(path, read_only=True)) as formulas,
        ):
            name = sheet or values.sheetnames[0]
            if name not in values.sheetnames:
                raise _fault(path, 1, f"has no sheet {name[:100]!r}; it has {', '.join(values.sheetnames)[:300]}")
            for book in (values, formulas):
                book[name].reset_dimensions()
            pairs = zip(values[name].iter_rows(), formulas[name].iter_rows(), strict=True)
            for number, (computed, written) in enumerate(pairs, 1):
                yield _row(number, computed, written)
    except _DAMAGES as error:
        raise _fault(path, 1, f"is no workbook that can be read ({error})") from error
    except _DAMAGES_MET as error:
        raise _fault(path, 1, f"is damaged ({type(error).__name__}: {error})") from error


def _row(number: int, computed: Sequence[Any], written: Sequence[Any]) -> Row:
    cells, wrong = [], []
    for place, (cell, formula) in enumerate(zip_longest(computed, written)):
        value = cell.value if cell is not None else None
        if cell is not None and cell.data_type == TYPE_ERROR:
            wrong.append((place, f"has the error {value}"))
            value = None
        elif value is None and formula is not None and formula.data_type == TYPE_FORMULA:
            wrong.append((place, "has a formula that was never computed; open the file in a spreadsheet and save it"))
        cells.append(_text(value))
    return Row(number, cells, wrong)


def _text(value: Any) -> str:
    """Return a value of a spreadsheet as a table of text has it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return format(value, ".15g") if 1e-4 <= abs(value) < 1e15 else format(value, ".18f").rstrip("0")
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value).strip()


def _look_into(path: Path) -> None:
    """Raise LoadError where a workbook is a bomb: what it unpacks to, or entities in its XML."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
                raise _fault(path, 1, f"is larger than {_LARGEST_UNPACKED} bytes once it is unpacked")
            for entry in entries:
                with packed.open(entry) as file:
                    if re.search(rb"<!(?:DOCTYPE|ENTITY)", file.read(4096), re.IGNORECASE):
                        raise _fault(path, 1, f"declares entities ({entry.filename[:100]}), which no spreadsheet does")
    except (*_DAMAGES, *_DAMAGES_MET) as error:
        raise _fault(path, 1, f"is no workbook that can be read ({error})") from error


def _usual(suffix: str) -> str:
    return "\t" if suffix == ".tsv" else ","


def _fault(path: Path, line: int, message: str) -> LoadError:
    return LoadError([Fault(str(path), line, message)])
