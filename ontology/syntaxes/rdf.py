"""Reads the syntaxes of RDF, each error with its line."""

import io
import re
from collections import deque
from collections.abc import Iterable

import pyoxigraph as ox

from ontology.syntaxes.structure import NotInSyntaxError

Triples = tuple[ox.Triple, ...]

MAX_TRIPLE_TERMS = 1_000
"""How many `<<` a file may have: some 10,000 triples within each other end the process in pyoxigraph 0.5.13."""

_LINE = re.compile(r"^Parser error (?:at line \d+ |between line \d+ column \d+ and line \d+ column \d+: )")


class _Lines(io.BytesIO):
    """Hands out one line at a time, and so tells how far a parser has come."""

    line = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = self.readline(size)
        self.line += piece.endswith(b"\n")
        return piece


def parse_turtle(content: bytes) -> Triples:
    """Return the triples of Turtle or a relative: N-Triples, TriG or N-Quads, whose graphs are put together.

    Raises NotInSyntaxError with the error of the syntax that went furthest.
    """
    errors = []
    for syntax in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS):
        try:
            return _parse(content, syntax)
        except NotInSyntaxError as error:
            errors.append(error)
    raise max(errors, key=lambda error: error.line)


def parse_json_ld(content: bytes) -> Triples:
    """Return the triples of JSON-LD. Raises NotInSyntaxError, also where its context is elsewhere."""
    return _parse(content, ox.RdfFormat.JSON_LD)


def parse_rdf_xml(content: bytes) -> Triples:
    """Return the triples of RDF/XML that is known to be XML. Raises NotInSyntaxError."""
    return _parse(content, ox.RdfFormat.RDF_XML)


def _parse(content: bytes, syntax: ox.RdfFormat) -> Triples:
    if content.count(b"<<") > MAX_TRIPLE_TERMS:
        raise NotInSyntaxError("triples about triples, which OWL has not", _line(content, content.index(b"<<")))
    try:
        return _without_triple_terms(content, ox.parse(content, format=syntax, rename_blank_nodes=True))
    except SyntaxError as error:
        message = _LINE.sub("", str(error.msg))
        if "LoadDocumentCallback" in message:
            message = "its context is in another file, which is not read; save it as Turtle"
        raise NotInSyntaxError(message, error.lineno or _line_of_error(content, syntax)) from error


def _without_triple_terms(content: bytes, quads: Iterable[ox.Quad]) -> Triples:
    triples = tuple(dict.fromkeys(quad.triple for quad in quads))
    if any(isinstance(triple.object, ox.Triple) for triple in triples):
        raise NotInSyntaxError("a triple about a triple, which OWL has not", _line(content, content.find(b"<<")))
    return triples


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, max(position, 0)) + 1


def _line_of_error(content: bytes, syntax: ox.RdfFormat) -> int:
    """Return how far the parser comes, for errors that do not tell."""
    lines = _Lines(content)
    try:
        deque(ox.parse(lines, format=syntax), maxlen=0)
    except SyntaxError:
        return lines.line + (not content[: lines.tell()].endswith(b"\n"))
    return 1
