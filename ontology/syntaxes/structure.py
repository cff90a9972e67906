"""The objects of the OWL 2 Structural Specification as its two syntaxes write them, before they become triples."""

from dataclasses import dataclass

import pyoxigraph as ox

MAX_DEPTH = 100
"""How deep expressions may stand within each other in a file."""


class NotInSyntaxError(Exception):
    """A file is not in the syntax that it begins as, or says what is no OWL 2; `line` is where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Expression:
    """An axiom, an annotation, an expression or an entity with its type, such as `Class(dg:Actor)`.

    `arguments` are expressions and terms; a number, as in a cardinality, is a literal.
    """

    name: str
    arguments: "tuple[Argument, ...]"
    line: int


Argument = Expression | ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Document:
    """An ontology: its IRIs, what it imports, and its annotations and axioms in the order of the file."""

    iri: ox.NamedNode | None
    version: ox.NamedNode | None
    imports: tuple[ox.NamedNode, ...]
    content: tuple[Expression, ...]
