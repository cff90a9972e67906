"""Lays out Turtle in the columns of the OWL API: aligned predicates, objects and items, one a line."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import pyoxigraph as ox

from ontology.canonical.names import prefixed_name
from ontology.iris import XSD

_STRING = ox.NamedNode(XSD + "string")
_BARE = {
    ox.NamedNode(XSD + "integer"): re.compile(r"[+-]?[0-9]+"),
    ox.NamedNode(XSD + "decimal"): re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}
_ESCAPED = re.compile(r'["\\\x00-\x08\x0b-\x1f\x7f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\r": "\\r"}

T = TypeVar("T")


class Page(Generic[T]):
    """Text that is written from left to right, with marks to come back to on the next line.

    `write_object` writes an object of the kind that the caller has.
    """

    def __init__(self, prefixes: Mapping[str, str], in_full: frozenset[str], write_object: Callable[[T], None]) -> None:
        """Take the namespaces of prefixes, and the IRIs that are written in full all the same."""
        self._parts: list[str] = []
        self._column = 0
        self._prefixes = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._in_full = in_full
        self._write_object = write_object

    def __str__(self) -> str:
        return "".join(self._parts)

    def write(self, text: str) -> None:
        """Write `text`. The OWL API counts columns from the first line break of it, and so do we."""
        self._parts.append(text)
        line_break = text.find("\n")
        self._column = self._column + len(text) if line_break < 0 else len(text) - line_break

    def banner(self, title: str) -> None:
        """Write the heading of a section, which leaves the column as it is."""
        rule = "#" * 65
        self._parts.append(f"{rule}\n#    {title}\n{rule}\n\n")

    def statements(self, statements: Sequence[tuple[ox.NamedNode, T]]) -> None:
        """Write predicates and objects after their subject, those of one predicate under each other."""
        subject_mark = object_mark = self._column
        last = None
        for predicate, object_ in statements:
            if predicate == last:
                self.write(" ,")
                self._new_line(object_mark)
            else:
                if last is not None:
                    self.write(" ;")
                    self._new_line(subject_mark)
                self.write(self.iri(predicate) + " ")
                object_mark = self._column
            self._write_object(object_)
            last = predicate

    def bracketed(self, statements: Sequence[tuple[ox.NamedNode, T]]) -> None:
        """Write a blank node where it is used, or as the subject of its own statements."""
        mark = self._column
        self.write("[ ")
        if statements:
            self.statements(statements)
            self._new_line(mark)
        self.write("]")

    def parenthesised(self, items: Sequence[T]) -> None:
        """Write a list, one item a line."""
        mark = self._column
        self.write("( ")
        item_mark = self._column
        for number, item in enumerate(items):
            if number:
                self._new_line(item_mark)
            self._write_object(item)
        self._new_line(mark)
        self.write(")")

    def iri(self, iri: ox.NamedNode) -> str:
        """Return the prefixed name of `iri`, or all of it where it has none."""
        name = None if iri.value in self._in_full else prefixed_name(iri.value, self._prefixes)
        return name or str(iri)

    def literal(self, literal: ox.Literal) -> str:
        """Return `literal` as Turtle; a text of several lines stands on as many."""
        bare = _BARE.get(literal.datatype)
        if bare and bare.fullmatch(literal.value):
            return literal.value
        text = _ESCAPED.sub(lambda match: _ESCAPES.get(match[0], f"\\u{ord(match[0]):04X}"), literal.value)
        quoted = f'"""{text}"""' if "\n" in text else f'"{text}"'
        if literal.language:
            return f"{quoted}@{str(literal).rpartition('@')[2]}"
        return quoted if literal.datatype == _STRING else f"{quoted}^^{self.iri(literal.datatype)}"

    def _new_line(self, mark: int) -> None:
        self.write("\n" + " " * (mark - 1))
