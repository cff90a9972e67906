"""Reads a file of the ontology whatever syntax it was saved in, which its content tells and its name does not.

Nothing is read besides the content: no import, no context, no entity of another file. Notation3 that is not Turtle
is not read: what it adds is rules, and `=`, which a slip of the pen would turn into an identity.
"""

import re
from collections.abc import Callable

from ontology.errors import OntologyFileError, UnmergedFileError
from ontology.syntaxes.axioms import triples_of
from ontology.syntaxes.functional import parse_functional
from ontology.syntaxes.owl_xml import parse_owl_xml
from ontology.syntaxes.rdf import Triples, parse_json_ld, parse_rdf_xml, parse_turtle
from ontology.syntaxes.recognition import Syntax, recognise
from ontology.syntaxes.structure import NotInSyntaxError

__all__ = ["MAX_BYTES", "Syntax", "parse_triples", "syntax_of"]

MAX_BYTES = 20_000_000
_UNMERGED = re.compile(rb"^<{7} .*?^>{7} ", re.DOTALL | re.MULTILINE)

_PARSERS: dict[Syntax, Callable[[bytes], Triples]] = {
    Syntax.TURTLE: parse_turtle,
    Syntax.JSON_LD: parse_json_ld,
    Syntax.RDF_XML: parse_rdf_xml,
    Syntax.OWL_XML: lambda content: triples_of(parse_owl_xml(content)),
    Syntax.FUNCTIONAL: lambda content: triples_of(parse_functional(_text(content))),
}


def syntax_of(name: str, content: bytes) -> Syntax:
    """Return the syntax of the file called `name`. Raises OntologyFileError where it is none that is read."""
    if len(content) > MAX_BYTES:
        size = f"{len(content) / 1_000_000:.0f} MB"
        raise OntologyFileError(
            f"{name}:1: too long ({size}; a file of an ontology has {MAX_BYTES // 1_000_000} at most)"
        )
    try:
        return recognise(_without_mark(content))
    except NotInSyntaxError as error:
        raise OntologyFileError(f"{name}:{error.line}: {error}") from error


def parse_triples(name: str, content: bytes) -> Triples:
    """Return the triples in the file called `name`, blank nodes apart from those of any other file.

    Raises OntologyFileError with the line that is not in the syntax of the file, or where it says nothing;
    UnmergedFileError where a merge was left open.
    """
    if unmerged := _UNMERGED.search(content):
        line = content.count(b"\n", 0, unmerged.start()) + 1
        raise UnmergedFileError(f"{name}:{line}: git left the versions of two people here, between <<<<<<< and >>>>>>>")
    syntax = syntax_of(name, content)
    try:
        triples = _PARSERS[syntax](_without_mark(content))
    except NotInSyntaxError as error:
        raise OntologyFileError(f"{name}:{error.line}: not {syntax.value} ({error})") from error
    if not triples:
        raise OntologyFileError(f"{name}:1: says nothing (read as {syntax.value}); it has no statement")
    return triples


def _without_mark(content: bytes) -> bytes:
    """Return `content` without the byte order mark that editors of Windows put before UTF-8."""
    return content.removeprefix(b"\xef\xbb\xbf")


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise NotInSyntaxError("not UTF-8", content.count(b"\n", 0, error.start) + 1) from error
