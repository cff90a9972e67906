"""Reads what is to be checked: the project's modules, or files that a librarian saved in the place of some."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable

from ontology.checks.checked import Catalog, Checked, CheckedModule, checked_module
from ontology.checks.text_file import TextFile
from ontology.errors import OntologyFileError
from ontology.findings import Finding, Severity
from ontology.iris import OWL, RDF
from ontology.modules import CATALOG, catalog_entries, ontology_files, parse_module
from ontology.nearest import did_you_mean
from ontology.rule_files import read_rules

UNREADABLE = "unreadable-file"
STRANGE = "unknown-module"
_LOCATED = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<message>.*)", re.DOTALL)


@dataclass(frozen=True)
class SavedFile:
    """A file that a librarian saved somewhere, by its name and content."""

    name: str
    content: bytes


def read_for_check(
    saved: Sequence[SavedFile] = (), directory: Traversable | None = None
) -> tuple[Checked, list[Finding]]:
    """Return what is in `directory`, by default the packaged ontology: modules and rules, and why some cannot be read.

    Each file of `saved` takes the place of the module that has its ontology IRI. What cannot be read is a finding.
    """
    directory = directory or resources.files("ontology")
    findings: list[Finding] = []
    catalog, files = _catalog(directory, findings)
    replaced = dict(_saved_modules(saved, list(files), findings))
    modules: list[CheckedModule] = []
    unread = [finding.file for finding in findings]
    for iri, file in files.items():
        name = f"ontology/{file.name}"
        try:
            if iri in replaced:
                modules.append(replaced[iri])
            elif file.is_file():
                modules.append(checked_module(parse_module(iri, name, file.read_bytes())))
            else:
                unread.append(name)
        except OntologyFileError as error:
            findings.append(_unreadable(name, error, iri))
            unread.append(name)
    rules, broken = read_rules(directory)
    return Checked(tuple(modules), catalog, tuple(unread), tuple(rules), tuple(broken)), findings


def ontology_iris(module: CheckedModule) -> list[str]:
    """Return the IRIs of the ontologies that a file says it is."""
    return sorted(str(s) for s, p, o in module.statements if str(p) == RDF + "type" and str(o) == OWL + "Ontology")


def _catalog(directory: Traversable, findings: list[Finding]) -> tuple[Catalog, Mapping[str, Traversable]]:
    name = f"ontology/{CATALOG}"
    try:
        files = catalog_entries(directory)
        content = (directory / CATALOG).read_bytes()
    except OntologyFileError as error:
        findings.append(_unreadable(name, error, name, "restore the last version that worked"))
        return Catalog(TextFile(name, b""), {}, {}), {}
    entries = {iri: file.name for iri, file in files.items()}
    beside = {f.name: "" if f.name in entries.values() else _iri_in(f) for f in ontology_files(directory)}
    return Catalog(TextFile(name, content), entries, beside), files


def _iri_in(file: Traversable) -> str:
    """Return the ontology IRI that a file says it has, or words for it."""
    try:
        return (*ontology_iris(checked_module(parse_module("", file.name, file.read_bytes()))), "its ontology IRI")[0]
    except OntologyFileError:
        return "its ontology IRI"


def _saved_modules(
    saved: Sequence[SavedFile], known: list[str], findings: list[Finding]
) -> Iterator[tuple[str, CheckedModule]]:
    """Yield the module of each saved file under the ontology IRI that it takes the place of."""
    taken: dict[str, str] = {}
    for file in saved:
        try:
            module = checked_module(parse_module("", file.name, file.content))
        except OntologyFileError as error:
            findings.append(_unreadable(file.name, error, file.name))
            continue
        iris = ontology_iris(module)
        iri = next((iri for iri in iris if iri in known), None)
        if iri is None:
            findings.append(_strange(module.file, iris, known))
        elif iri in taken:
            message = f"is given twice, in {taken[iri]} too"
            findings.append(Finding(Severity.ERROR, file.name, 1, STRANGE, iri, message, "give one file a module"))
        else:
            taken[iri] = file.name
            yield iri, replace(module, iri=iri)


def _strange(file: TextFile, iris: list[str], known: list[str]) -> Finding:
    if not iris:
        message = "has no owl:Ontology, so it is not known which module it is"
        way_out = f"give it the ontology IRI of its module in Protégé (Active ontology), one of: {', '.join(known)}"
        return Finding(Severity.ERROR, file.name, 1, STRANGE, file.name, message, way_out)
    iri = iris[0]
    message = f"is the IRI of no module{did_you_mean(iri, known)}"
    way_out = f"correct the ontology IRI; a new module is first named in ontology/{CATALOG} and imported by the root"
    return Finding(Severity.ERROR, file.name, file.line_of(iri), STRANGE, iri, message, way_out)


def _unreadable(name: str, error: OntologyFileError, term: str, way_out: str = "") -> Finding:
    """Return the finding that the file `name` cannot be read, with the line that the message of `error` begins with."""
    match = _LOCATED.fullmatch(str(error))
    line, message = (int(match["line"]), match["message"]) if match else (1, str(error))
    return Finding(Severity.ERROR, name, line, UNREADABLE, term, f"cannot be read: {message}", way_out or error.way_out)
