"""Shows the solutions of a query as a table: a thing by its label where the query gives one beside it.

A variable `?xLabel` is the label of `?x` and has no column of its own.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ontology.iris import XSD, compress

Term = Mapping[str, str]
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
FIGURES = frozenset({XSD + name for name in ("integer", "decimal", "double", "float", "gYear")})


@dataclass(frozen=True)
class Table:
    """Columns, and rows of terms as in SPARQL 1.1 Query Results JSON; a row has no key for what is unbound."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Term], ...]

    @classmethod
    def parse(cls, content: bytes) -> "Table":
        """Read SPARQL results in JSON; an ASK becomes one cell in the column `answer`."""
        document = json.loads(content)
        if "boolean" in document:
            value = json.dumps(document["boolean"])
            term = {"type": "literal", "value": value, "datatype": XSD + "boolean"}
            return cls(("answer",), ({"answer": term},))
        return cls(tuple(document["head"]["vars"]), tuple(document["results"]["bindings"]))

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns without the labels, which stand for the things beside them."""
        return shown_columns(self.columns)

    def documents(self) -> list[dict[str, Any]]:
        """Return the rows for JSON: things as `{iri, label}`, literals as values, what is unbound as null."""
        return [{column: self._value(row, column) for column in self.shown} for row in self.rows]

    def texts(self) -> list[list[str]]:
        """Return the rows for reading: a label, a prefixed name or a value in each cell."""
        return [[self._text(row, column) for column in self.shown] for row in self.rows]

    def figures(self) -> list[list[bool]]:
        """Return for each cell of the rows whether it is a figure."""
        return [[row.get(column, {}).get("datatype") in FIGURES for column in self.shown] for row in self.rows]

    def markdown(self) -> str:
        """Return the table in GitHub-flavoured Markdown."""

        def line(cells: list[str]) -> str:
            return "| " + " | ".join(map(_escape, cells)) + " |\n"

        head = line(list(self.shown)) + line(["---"] * len(self.shown))
        return head + "".join(map(line, self.texts()))

    def _value(self, row: Mapping[str, Term], column: str) -> Any:
        term = row.get(column)
        if term is None:
            return None
        if term["type"] == "literal":
            return _native(term)
        if term["type"] != "uri":
            return _written(term)
        label = row.get(f"{column}Label")
        return {"iri": term["value"], "label": label["value"] if label else None}

    def _text(self, row: Mapping[str, Term], column: str) -> str:
        label, term = row.get(f"{column}Label"), row.get(column)
        if label is not None:
            return label["value"]
        if term is None:
            return ""
        if term["type"] == "uri":
            return compress(str(term["value"]))
        return str(term["value"]) if term["type"] == "literal" else _written(term)


def words(name: str) -> str:
    """Return the name of a variable as a reader sees it: `fromYear` as `from year`."""
    return _HUMP.sub(" ", name.replace("_", " ")).lower()


def shown_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns without the labels, which stand for the things beside them."""
    labels = {f"{column}Label" for column in columns}
    return tuple(column for column in columns if column not in labels)


def _written(term: Term) -> str:
    """Return a blank node or a triple term as Turtle writes it."""
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    return json.dumps(term["value"], ensure_ascii=False)


def _native(term: Term) -> Any:
    datatype = term.get("datatype", "").removeprefix(XSD)
    if datatype == "boolean":
        return term["value"] in ("true", "1")
    if datatype == "integer":
        return int(term["value"])
    if datatype in ("decimal", "double"):
        number = float(term["value"])
        if not math.isfinite(number):
            return term["value"]
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return term["value"]


def _escape(cell: str) -> str:
    return " ".join(cell.split()).replace("\\", "\\\\").replace("|", "\\|")
