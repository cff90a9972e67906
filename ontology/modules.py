"""Finds the modules of the ontology through its catalog, as Protégé does, without a network."""

from importlib import resources
from importlib.resources.abc import Traversable
from xml.etree import ElementTree

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
        raise OntologyFileError(f"{catalog}: cannot be read ({error.strerror})") from error
    except ElementTree.ParseError as error:
        raise OntologyFileError(f"{catalog}:{error.position[0]}: not XML ({error})") from error
    files = {entry.get("name", ""): directory / entry.get("uri", "") for entry in entries}
    for iri, file in files.items():
        if not file.is_file():
            raise OntologyFileError(f"{catalog}: names {file.name} for {iri}, which does not exist")
    return files
