"""The librarian's commands: what `districtgraph check ontology` and `districtgraph format ontology` do."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox

from loaders.difference import against
from loaders.release import Releases
from ontology.errors import OntologyFileError
from ontology.iris import OWL, RDF
from ontology.modules import Module, parse_module, read_modules
from service.show_difference import difference_text

_ONTOLOGY = (ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology"))


def compare(state: Path, release: str, files: Iterable[Path], format_: str, progress: Callable[[str], None]) -> str:
    """Return how the ontology at hand, with `files` in place of their modules, differs from that of `release`.

    `format_` is `text` or `json`. Raises ReleaseError, which lists the releases that exist, or OntologyFileError.
    """
    found = Releases(state).named(release)
    report = against(modules_with(files), found, progress)
    if format_ == "json":
        return json.dumps(report.document(), indent=2, ensure_ascii=False) + "\n"
    return difference_text(report)


def modules_with(files: Iterable[Path]) -> list[Module]:
    """Return the modules at hand, each of `files` in place of the one with its ontology IRI.

    Raises OntologyFileError where a file is no Turtle, or no module of the catalog.
    """
    modules = {module.iri: module for module in read_modules()}
    for file in files:
        module = parse_module("", str(file), file.read_bytes())
        headers = [t.subject for t in module.triples if (t.predicate, t.object) == _ONTOLOGY]
        iris = [header.value for header in headers if isinstance(header, ox.NamedNode)]
        if len(iris) != 1 or iris[0] not in modules:
            raise OntologyFileError(f"{file}:1: is no module of the ontology; the catalog names {', '.join(modules)}")
        modules[iris[0]] = Module(iris[0], module.name, module.content, module.triples)
    return list(modules.values())
