"""Finds the modules of the ontology through its catalog, as Protégé does, without a network, and parses them."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from xml.etree import ElementTree

import pyoxigraph as ox

from ontology.errors import OntologyFileError
from ontology.syntaxes import parse_triples

CATALOG = "catalog-v001.xml"
_SUFFIXES = (".ttl", ".owl", ".rdf", ".owx", ".ofn", ".omn", ".nt", ".xml")
_URI = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri"


@dataclass(frozen=True)
class Module:
    """A file of the ontology: its ontology IRI, its name as messages give it, its content and its triples."""

    iri: str
    name: str
    content: bytes
    triples: tuple[ox.Triple, ...]


def module_files(directory: Traversable | None = None) -> dict[str, Traversable]:
    """Return the file of each ontology IRI in the catalog of `directory`, by default the packaged one.

    Raises OntologyFileError where the catalog, or a file that it names, is missing or broken.
    """
    return catalogued_files(directory or resources.files("ontology"), "ontology")


def catalogued_files(directory: Traversable, name: str) -> dict[str, Traversable]:
    """Return the file of each ontology IRI that the catalog of `directory`, called `name` in messages, finds in it.

    Raises OntologyFileError where the catalog, or a file that it names, is missing or broken.
    """
    files = catalog_entries(directory, name)
    for iri, file in files.items():
        if not file.is_file():
            raise OntologyFileError(f"{name}/{CATALOG}:1: names {file.name} for {iri}, which does not exist")
    return files


def ontology_files(directory: Traversable) -> list[Traversable]:
    """Return the files of `directory` that are ontologies by their names, whether the catalog has them or not."""
    found = (file for file in directory.iterdir() if file.name.endswith(_SUFFIXES) and file.name != CATALOG)
    return sorted(found, key=lambda file: file.name)


def catalog_entries(directory: Traversable, name: str = "ontology") -> dict[str, Traversable]:
    """Return the file that the catalog of `directory` names for each ontology IRI, whether it is there or not.

    Files of other folders, such as `../places.ttl`, are left out: they are in the catalogs of those.
    Raises OntologyFileError where the catalog is missing or broken.
    """
    catalog = directory / CATALOG
    try:
        entries = ElementTree.fromstring(catalog.read_bytes()).iter(_URI)
    except OSError as error:
        raise OntologyFileError(f"{name}/{CATALOG}:1: cannot be read ({error.strerror})") from error
    except ElementTree.ParseError as error:
        raise OntologyFileError(f"{name}/{CATALOG}:{error.position[0]}: not XML ({error})") from error
    paths = {entry.get("name", ""): entry.get("uri", "") for entry in entries}
    return {iri: directory / path for iri, path in paths.items() if not path.startswith("../")}


def read_modules(directory: Traversable | None = None) -> Iterator[Module]:
    """Yield every module that the catalog of `directory` names, by default the packaged ones.

    Blank nodes of different modules are kept apart. Raises OntologyFileError with the line that cannot be read.
    """
    for iri, file in module_files(directory).items():
        yield parse_module(iri, f"ontology/{file.name}", file.read_bytes())


def parse_module(iri: str, name: str, content: bytes) -> Module:
    """Return the module in the file called `name`, whatever syntax it was saved in.

    Raises OntologyFileError with the line that is not in that syntax.
    """
    return Module(iri, name, content, parse_triples(name, content))


def module_triples(directory: Traversable | None = None) -> Iterator[ox.Triple]:
    """Yield the triples of every module that the catalog of `directory` names. Raises OntologyFileError."""
    for module in read_modules(directory):
        yield from module.triples
