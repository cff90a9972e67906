"""Recognises the syntax of an ontology by how it begins."""

import re
from enum import Enum

from ontology.iris import OWL, RDF
from ontology.syntaxes.structure import NotInSyntaxError
from ontology.syntaxes.xml import XmlReader


class Syntax(Enum):
    """A syntax that is read, by the name that messages give it; Turtle stands for its relatives too."""

    TURTLE = "Turtle"
    JSON_LD = "JSON-LD"
    RDF_XML = "RDF/XML"
    OWL_XML = "OWL/XML"
    FUNCTIONAL = "OWL functional syntax"


_READ = "Turtle, N-Triples, TriG, N-Quads, RDF/XML, OWL/XML, OWL functional syntax and JSON-LD"
_WAY_OUT = f"what is read is {_READ}; in Protégé: File, Save as, Turtle Syntax"

_BLANK = re.compile(rb"(?:[ \t\r\n]|#[^\r\n]*)*")
_XML = re.compile(rb"<[?!]|<[\w.-]+(?::[\w.-]+)?\s")
_BEGINNINGS = (
    (Syntax.JSON_LD, re.compile(rb'\{\s*["}]|\[\s*[\[{"]')),
    (Syntax.FUNCTIONAL, re.compile(rb"(?:Prefix|Ontology)\s*\(")),
)
_UNREAD = {
    "Manchester syntax": re.compile(
        rb"(?:Prefix|Ontology|Class|ObjectProperty|DataProperty|AnnotationProperty|Individual|Datatype):\s"
    ),
    "the OBO format": re.compile(rb"format-version:"),
    "a packed or binary file": re.compile(rb"PK\x03\x04|[^\n]{0,1000}\x00"),
}
_TURTLE = re.compile(rb"@(?:prefix|base)\b|(?:prefix|base|graph)\s|[<\[({]|_:|[^\s:\"']*:[^\s]|:\s", re.IGNORECASE)


def recognise(content: bytes) -> Syntax:
    """Return the syntax that `content` begins as. Raises NotInSyntaxError where it is none that is read."""
    beginning = _BLANK.match(content)
    start = beginning.end() if beginning else 0
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotInSyntaxError("in UTF-16; save it in UTF-8", 1)
    if _XML.match(content, start):
        return _recognise_xml(content)
    for syntax, pattern in _BEGINNINGS:
        if pattern.match(content, start):
            return syntax
    line = content.count(b"\n", 0, start) + 1
    for name, pattern in _UNREAD.items():
        if pattern.match(content, start):
            raise NotInSyntaxError(f"in {name}, which is not read ({_WAY_OUT})", line)
    if start < len(content) and not _TURTLE.match(content, start):
        raise NotInSyntaxError(f"in no syntax of an ontology ({_WAY_OUT})", line)
    return Syntax.TURTLE


def _recognise_xml(content: bytes) -> Syntax:
    root = _Root()
    try:
        root.read(content)
    except NotInSyntaxError as error:
        raise NotInSyntaxError(f"not XML that is read ({error})", error.line) from error
    if root.name == f"{RDF} RDF":
        return Syntax.RDF_XML
    if root.name == f"{OWL} Ontology":
        return Syntax.OWL_XML
    local = root.name.rpartition(" ")[2]
    raise NotInSyntaxError(f"XML, but neither RDF/XML nor OWL/XML: it begins with <{local}> ({_WAY_OUT})", root.first)


class _Root(XmlReader):
    """Notes the first element, and that the whole file is XML that does no harm."""

    name = ""
    first = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        if not self.name:
            self.name, self.first = name, self.line
