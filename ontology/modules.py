"""Finds the modules of the ontology through its catalog, as Protégé does, without a network, and parses them."""

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from xml.etree import ElementTree

import pyoxigraph as ox

from ontology.errors import OntologyFileError

CATALOG = "catalog-v001.xml"
_URI = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri"


def module_files(directory: Traversable | None = None) -> dict[str, Traversable]:
    """Return the file of each ontology IRI in the catalog of `directory`, by default the packaged one.

    Raises OntologyFileError where the catalog, or a file that it names, is missing or broken.
    """
    directory = directory or resources.files("ontology")
    catalog = directory / CATALOG
    try:
        entries = ElementTree.fromstring(catalog.read_bytes()).iter(_URI)
    except OSError as error:
        raise OntologyFileError(f"ontology/{CATALOG}:1: cannot be read ({error.strerror})") from error
    except ElementTree.ParseError as error:
        raise OntologyFileError(f"ontology/{CATALOG}:{error.position[0]}: not XML ({error})") from error
    files = {entry.get("name", ""): directory / entry.get("uri", "") for entry in entries}
    for iri, file in files.items():
        if not file.is_file():
            raise OntologyFileError(f"ontology/{CATALOG}:1: names {file.name} for {iri}, which does not exist")
    return files


def module_triples(directory: Traversable | None = None) -> Iterator[ox.Triple]:
    """Yield the triples of every module that the catalog of `directory` names, by default the packaged ones.

    Blank nodes of different modules are kept apart. Raises OntologyFileError with the line that is no Turtle.
    """
    for file in module_files(directory).values():
        try:
            for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                yield quad.triple
        except SyntaxError as error:
            message = f"ontology/{file.name}:{error.lineno}: not Turtle ({error.msg})"
            raise OntologyFileError(message) from error
