"""Reads the table of regional indicators: a row for each region and year, a column for each indicator."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from loaders.errors import Fault, LoadError

TABLE, COLUMNS = "I40_indicator_db.tsv", "column_description.tsv"
_REGION, _YEAR = "NUTS2", "YEAR"
_LONGEST_LINE, _LARGEST_FILE = 1_000_000, 1_000_000_000
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_CODE = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")


@dataclass(frozen=True)
class Indicator:
    """A column: its code, what it measures, the slug that names it in IRIs, and its unit, "" where none is told."""

    code: str
    description: str
    slug: str
    unit: str


@dataclass(frozen=True)
class Stretch:
    """Some rows of a table: where the first begins, its line, and how many there are."""

    offset: int
    line: int
    rows: int


# By what Eurostat's codes of units stand for.
_UNITS = {
    "PC": "%",
    "PC_POP": "% of the population",
    "PC_GDP": "% of GDP",
    "PC_EMP": "% of employment",
    "PC_EMP_FTE": "% of employment, in full-time equivalents",
    "PC_EMP_HC": "% of employment, by head count",
    "FTE": "full-time equivalents",
    "HC": "persons",
    "NR": "persons",
    "THS": "thousand persons",
}
_UNIT = re.compile(rf"(?:^|_)UNIT_({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?=__|$)")


def indicators_in(folder: Path) -> list[Indicator]:
    """Return the indicators that the table in `folder` has a column for, in their order.

    Raises LoadError where a column is not described, or two have one name.
    """
    described = _descriptions(folder / COLUMNS)
    path = folder / TABLE
    with _opened(path) as file:
        header = _cells(file.readline(_LONGEST_LINE), path, 1)
    if [cell.strip() for cell in header[:2]] != [_REGION, _YEAR]:
        raise _fault(path, 1, f"the first columns are to be {_REGION} and {_YEAR}, separated by tabs")
    found: dict[str, Indicator] = {}
    for code in (cell.strip() for cell in header[2:]):
        if code not in described:
            raise _fault(path, 1, f"the column {code[:100]!r} is not described in {COLUMNS}; add a line for it")
        type_, description = described[code]
        indicator = Indicator(
            code, description, re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-"), _unit(code, type_)
        )
        if indicator.slug in found:
            raise _fault(path, 1, f"the column {code[:100]!r} stands there twice, or differs in signs alone")
        found[indicator.slug] = indicator
    return list(found.values())


def stretches_of(path: Path, rows: int) -> list[Stretch]:
    """Divide the rows of a table into stretches of so many. Raises LoadError where a region has a year twice."""
    found: list[Stretch] = []
    lines: dict[tuple[bytes, ...], int] = {}
    with _opened(path) as file:
        file.readline(_LONGEST_LINE)
        number, first = 1, file.tell()
        begin, count = first, 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            key = tuple(line.split(b"\t", 2)[:2])
            if line.strip() and lines.setdefault(key, number) != number:
                text = b" ".join(key).decode(errors="replace")[:100]
                raise _fault(path, number, f"{text} has a row already, in line {lines[key]}; remove one")
            count += 1
            if count == rows:
                found.append(Stretch(begin, number - count + 1, count))
                begin, count = file.tell(), 0
        if count:
            found.append(Stretch(begin, number - count + 1, count))
    return found


@dataclass(frozen=True)
class Row:
    """A region and a year, and the values of indicators, None for none."""

    region: str
    year: int
    values: Sequence[Decimal | None]


def row_of(line: bytes, columns: int) -> Row:
    """Return a row of so many indicators. Raises ValueError, which tells what is wrong with it."""
    try:
        cells = line.rstrip(b"\r\n").decode().split("\t")
    except UnicodeDecodeError as error:
        raise ValueError("is not UTF-8") from error
    if len(cells) != columns + 2:
        raise ValueError(f"has {len(cells)} cells, the header {columns + 2}")
    region, year = cells[0].strip(), cells[1].strip()
    if not _CODE.fullmatch(region):
        raise ValueError(f"{region[:100]!r} is no code of NUTS")
    if not re.fullmatch(r"(?:19|20)[0-9]{2}", year):
        raise ValueError(f"{year[:100]!r} is no year")
    return Row(region, int(year), [_number(cell.strip()) for cell in cells[2:]])


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:100]!r} is no number")
    return Decimal(text)


def _descriptions(path: Path) -> dict[str, tuple[str, str]]:
    """Return type and description of each column, by its code."""
    found: dict[str, tuple[str, str]] = {}
    with _opened(path) as file:
        for number, line in enumerate(file, 1):
            cells = [" ".join(cell.split()) for cell in _cells(line, path, number)]
            if len(cells) < 3 or not (cells[0] and cells[2]):
                raise _fault(path, number, "is to have a column, its type and its description, separated by tabs")
            found[cells[0]] = cells[1], cells[2]
    return found


def _unit(code: str, type_: str) -> str:
    if found := _UNIT.search(code):
        return _UNITS[found[1]]
    return "count" if type_ == "int" else ""


def _cells(line: bytes, path: Path, number: int) -> list[str]:
    if len(line) >= _LONGEST_LINE:
        raise _fault(path, number, f"is longer than {_LONGEST_LINE} bytes")
    try:
        return line.removeprefix(b"\xef\xbb\xbf").decode().split("\t")
    except UnicodeDecodeError as error:
        raise _fault(path, number, "is not UTF-8; save the file so") from error


def _opened(path: Path) -> BinaryIO:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _fault(path, 1, f"is larger than {_LARGEST_FILE} bytes")
        return path.open("rb")
    except OSError as error:
        raise _fault(
            path, 1, f"cannot be read ({error.strerror}); give the folder that has {TABLE} and {COLUMNS}"
        ) from error


def _fault(path: Path, line: int, message: str) -> LoadError:
    return LoadError([Fault(str(path), line, message)])
