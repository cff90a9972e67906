"""Writes RDF terms as canonical N-Triples has them (RDF 1.1 N-Triples, 4)."""

from decimal import Decimal

import pyoxigraph as ox

from ontology.iris import PREFIXES, RDF, TERM, THING, XSD

TYPE = f"<{RDF}type>".encode()
LABEL = f"<{PREFIXES['rdfs']}label>".encode()
_INTEGER = f'"^^<{XSD}integer>'.encode()
_DECIMAL = f'"^^<{XSD}decimal>'.encode()
_BOOLEAN = f'"^^<{XSD}boolean>'.encode()
_ADDRESS = ox.NamedNode(f"{XSD}anyURI")


def thing(name: str) -> bytes:
    """Return the IRI of a thing by its name."""
    return f"<{THING}{name}>".encode()


def term(name: str) -> bytes:
    """Return the IRI of a term of the ontology by its name."""
    return f"<{TERM}{name}>".encode()


def iri(text: str) -> bytes:
    """Return an IRI. Raises ValueError where it is none."""
    return str(ox.NamedNode(text)).encode()


def text(value: str, language: str | None = None) -> bytes:
    """Return a text, in a language or in none."""
    return str(ox.Literal(value, language=language)).encode()


def integer(value: int) -> bytes:
    """Return a whole number."""
    return b'"%d' % value + _INTEGER


def boolean(value: bool) -> bytes:
    """Return true or false."""
    return (b'"true' if value else b'"false') + _BOOLEAN


def address(value: str) -> bytes:
    """Return the address of a page."""
    return str(ox.Literal(value, datatype=_ADDRESS)).encode()


def decimal(value: Decimal) -> bytes:
    """Return a decimal number in its canonical form (XSD 1.0, 3.2.3.2), but for `.0`, as the engine has none."""
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return b'"' + (b"0" if digits in ("-0", "") else digits.encode()) + _DECIMAL


def line(subject: bytes, predicate: bytes, object_: bytes) -> bytes:
    """Return a triple as a line."""
    return b"%b %b %b .\n" % (subject, predicate, object_)
