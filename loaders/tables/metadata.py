"""Reads what a file of CSV on the Web says of tables: the part of it that says how rows become RDF.

The file is called NAME-metadata.json, which names the source (Metadata Vocabulary for Tabular Data, W3C, 2015).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.corpus import is_id
from loaders.errors import Fault, LoadError
from loaders.mapped.constructing import vocabulary
from loaders.tables.cells import DATATYPES, Datatype, variables_in
from ontology.iris import TERM, expand
from ontology.nearest import did_you_mean

_ENDING = "-metadata.json"
_LARGEST = 1_000_000
_OF_GROUP = ("@context", "dc:title", "dc:source", "dc:license", "dc:rights", "tables")
_OF_TABLE = ("url", "dialect", "tableSchema")
_OF_SCHEMA = ("columns", "aboutUrl")
_OF_DIALECT = ("delimiter",)
_OF_DATATYPE = ("base", "format")
_OF_COLUMN = (
    *("name", "titles", "datatype", "lang", "null", "required", "separator", "default"),
    *("aboutUrl", "propertyUrl", "valueUrl", "suppressOutput", "virtual"),
)


@dataclass(frozen=True)
class Column:
    """A column: its name, its title in the table, and what is said by its cells.

    `about`, `property_` and `value` are templates; a virtual column stands in no table.
    """

    name: str
    title: str
    datatype: Datatype
    language: str | None
    null: Sequence[str]
    required: bool
    separator: str | None
    default: str
    about: str | None
    property_: str | None
    value: str | None
    virtual: bool


@dataclass(frozen=True)
class Table:
    """A table: the file that it is in, its sheet where that has several, what parts its cells, and its columns."""

    file: str
    sheet: str | None
    delimiter: str | None
    columns: Sequence[Column]


@dataclass(frozen=True)
class Tables:
    """What a file of metadata describes: the name, title, origin and terms of a source, and its tables."""

    path: Path
    name: str
    title: str
    source: str | None
    licence: str | None
    rights: str | None
    tables: Sequence[Table]


def read_metadata(path: Path) -> Tables:
    """Return what a file of metadata describes. Raises LoadError with the line of what is wrong."""
    return _Reader(path).tables()


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            if path.stat().st_size > _LARGEST:
                raise LoadError([Fault(str(path), 1, f"is larger than {_LARGEST} bytes")])
            self._text = path.read_text("utf-8-sig")
            self._document: Any = json.loads(self._text)
        except json.JSONDecodeError as error:
            raise LoadError([Fault(str(path), error.lineno, f"is not JSON: {error.msg}")]) from error
        except (UnicodeDecodeError, RecursionError) as error:
            raise LoadError([Fault(str(path), 1, "is no JSON in UTF-8")]) from error
        except OSError as error:
            raise LoadError([Fault(str(path), 1, f"cannot be read ({error.strerror})")]) from error

    def tables(self) -> Tables:
        name = self._path.name.removesuffix(_ENDING)
        if name == self._path.name or not is_id(name):
            raise self._fault("", f"the file is to be called NAME{_ENDING}, in lower-case letters, digits and hyphens")
        group = self._keys(self._document, _OF_GROUP, "the file")
        for key in ("dc:title", "tables"):
            if not group.get(key):
                raise self._fault("", f"lacks {key!r}")
        if not (group.get("dc:license") or group.get("dc:rights")):
            raise self._fault("", "lacks 'dc:license', or 'dc:rights' where that is not clear")
        described = [self._table(table) for table in self._list(group["tables"], "tables")]
        texts = {key: self._string(group, key) for key in ("dc:title", "dc:source", "dc:license", "dc:rights")}
        for key in ("dc:source", "dc:license"):
            self._check_iri(texts[key])
        about = (texts["dc:title"] or "", texts["dc:source"], texts["dc:license"], texts["dc:rights"])
        return Tables(self._path, name, *about, described)

    def _table(self, given: Any) -> Table:
        table = self._keys(given, _OF_TABLE, "a table")
        schema = self._keys(table.get("tableSchema"), _OF_SCHEMA, "a tableSchema")
        url = self._string(table, "url") or ""
        file, _, sheet = url.partition("#")
        if not file or "/" in file or "\\" in file:
            raise self._fault(url, f"'url' is to be the name of a file beside this one, not {url[:100]!r}")
        dialect = self._keys(table.get("dialect", {}), _OF_DIALECT, "a dialect")
        delimiter = self._string(dialect, "delimiter")
        if delimiter is not None and len(delimiter) != 1:
            raise self._fault("delimiter", "the delimiter is one sign")
        about = self._string(schema, "aboutUrl")
        columns = [self._column(column, about) for column in self._list(schema.get("columns"), "columns")]
        names = [column.name for column in columns]
        for column in columns:
            if names.count(column.name) > 1:
                raise self._fault(column.name, f"two columns have the name {column.name!r}")
            for template in (column.about, column.property_, column.value):
                for variable in variables_in(template or ""):
                    if variable not in names:
                        near = did_you_mean(variable, names)
                        raise self._fault(f"{{{variable}}}", f"no column has the name {variable!r}{near}")
        return Table(file, sheet or None, delimiter, columns)

    def _column(self, given: Any, about: str | None) -> Column:
        column = self._keys(given, _OF_COLUMN, "a column")
        title = self._string(column, "titles")
        name = self._string(column, "name") or re.sub(r"\W+", "_", title or "").strip("_")
        virtual = column.get("virtual") is True
        if not virtual and not name:
            raise self._fault("columns", "a column needs 'titles', as its first row has it, or a 'name'")
        property_ = None if column.get("suppressOutput") is True else self._string(column, "propertyUrl")
        about = self._string(column, "aboutUrl") or about
        if property_ and not about:
            raise self._fault(property_, f"the column {name!r} says what of nothing; give it an 'aboutUrl'")
        value = self._string(column, "valueUrl")
        if virtual and property_ and value is None and "default" not in column:
            raise self._fault(property_, "a virtual column has a 'valueUrl' or a 'default'")
        for term in (property_, value):
            self._check_term(term)
        null = column.get("null", "")
        return Column(
            name or f"virtual {property_} {value}",
            title or name,
            self._datatype(column.get("datatype", "string")),
            self._string(column, "lang"),
            [null] if isinstance(null, str) else [str(each) for each in self._list(null, "null")],
            column.get("required") is True,
            self._string(column, "separator"),
            self._string(column, "default") or "",
            about,
            property_,
            value,
            virtual,
        )

    def _datatype(self, given: Any) -> Datatype:
        described = {"base": given} if isinstance(given, str) else self._keys(given, _OF_DATATYPE, "a datatype")
        base, form = str(described.get("base", "string")), described.get("format")
        if base not in DATATYPES:
            raise self._fault(base, f"no datatype {base!r} is read{did_you_mean(base, DATATYPES)}")
        marks = form if isinstance(form, dict) else {}
        pattern = form if isinstance(form, str) else None
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise self._fault(pattern or "", f"the format is no regular expression: {error}") from error
        return Datatype(base, pattern, str(marks.get("decimalChar", ".")), str(marks.get("groupChar", "")))

    def _check_iri(self, given: str | None) -> None:
        try:
            ox.NamedNode(given or "a:b")
        except ValueError as error:
            raise self._fault(given or "", f"{(given or '')[:100]!r} is no IRI") from error

    def _check_term(self, template: str | None) -> None:
        known = vocabulary()
        name = expand(template or "").removeprefix(TERM)
        if name == expand(template or "") or variables_in(name):
            return
        terms = {
            term.name for term in (*known.classes.values(), *known.properties.values()) if term.iri.startswith(TERM)
        }
        if name not in terms:
            raise self._fault(template or "", f"no term dg:{name} in the ontology{did_you_mean(name, terms)}")

    def _keys(self, given: Any, known: Sequence[str], what: str) -> Mapping[str, Any]:
        if not isinstance(given, dict):
            raise self._fault("", f"{what} is to be an object with {', '.join(known)}")
        for key in given:
            if key not in known:
                near = did_you_mean(str(key), known)
                raise self._fault(str(key), f"{key!r} of {what} is not read here{near}; what is: {', '.join(known)}")
        return given

    def _list(self, given: Any, what: str) -> list[Any]:
        if not isinstance(given, list) or not given:
            raise self._fault(what, f"{what!r} is to be a list, not empty")
        return given

    def _string(self, given: Mapping[str, Any], key: str) -> str | None:
        value = given.get(key)
        if value is not None and (not isinstance(value, str) or not value):
            raise self._fault(key, f"{key!r} is to be a text")
        return value

    def _fault(self, near: str, message: str) -> LoadError:
        """Return an error at the first line that has what is wrong."""
        lines = (number for number, line in enumerate(self._text.splitlines(), 1) if near and near in line)
        return LoadError([Fault(str(self._path), next(lines, 1), message)])
