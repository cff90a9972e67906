"""Checks the header of each module, the catalog, and what the modules import."""

from collections.abc import Iterator

from rdflib.namespace import DCTERMS, OWL, RDF, RDFS
from rdflib.term import Node

from ontology.checks.checked import Checked, CheckedModule, Flaw
from ontology.checks.reading import ontology_iris
from ontology.checks.uses import uses
from ontology.findings import Severity
from ontology.iris import TERM, compress
from ontology.nearest import did_you_mean

ROOT = TERM.removesuffix("#")
_ERROR = Severity.ERROR
_NEEDED = {
    OWL.versionIRI: ("version IRI", "<ontology IRI>/<version>"),
    RDFS.label: ("rdfs:label", "the name of the module"),
    DCTERMS.creator: ("dcterms:creator", "the districtgraph project"),
    DCTERMS.license: ("dcterms:license", "https://creativecommons.org/licenses/by/4.0/"),
}


def headers(checked: Checked) -> Iterator[Flaw]:
    """Each module is one owl:Ontology, under its IRI in the catalog, with one version, label, creator and licence."""
    for module in checked.modules:
        iris = ontology_iris(module)
        if not iris:
            message = "has no owl:Ontology"
            yield Flaw(
                _ERROR, module.file, module.iri, message, f"set the ontology IRI to {module.iri} (Active ontology)"
            )
            continue
        if len(iris) > 1:
            message = f"has {len(iris)} of owl:Ontology: {', '.join(iris)}"
            yield Flaw(_ERROR, module.file, module.iri, message, "keep one of them", mention=iris[-1])
        elif iris != [module.iri]:
            message = f"is named for {module.file.name} in the catalog, and the file says it is {iris[0]}"
            yield Flaw(_ERROR, module.file, module.iri, message, "make the two IRIs the same", subject=iris[0])
            continue
        stated = {predicate for subject, predicate, _ in module.statements if str(subject) == module.iri}
        yield from _unlike_versions(module)
        for predicate, (name, example) in _NEEDED.items():
            if predicate not in stated:
                way_out = f"add it to the header (Active ontology), such as: {example}"
                yield Flaw(_ERROR, module.file, module.iri, f"has no {name} in its header", way_out)


def _unlike_versions(module: CheckedModule) -> Iterator[Flaw]:
    """Yield that the version IRI of a module does not end in its version."""
    said = {p: str(o) for s, p, o in module.statements if str(s) == module.iri}
    iri, version = said.get(OWL.versionIRI, ""), said.get(OWL.versionInfo, "")
    if iri and version and not iri.endswith(f"/{version}"):
        message = f"is of the version {version!r} by owl:versionInfo, and its version IRI is {iri}"
        yield Flaw(_ERROR, module.file, module.iri, message, "make the two the same", mention=iri)


def catalog(checked: Checked) -> Iterator[Flaw]:
    """Each ontology file beside the catalog is named in it, and each file that it names is there."""
    file, entries = checked.catalog.file, checked.catalog.entries
    for iri, name in entries.items():
        if name not in checked.catalog.beside:
            near = did_you_mean(name, checked.catalog.beside)
            message = f"is in the file {name} by the catalog, and there is no such file{near}"
            yield Flaw(_ERROR, file, iri, message, "restore the file, or correct or remove the entry", mention=name)
    for name, module in checked.catalog.beside.items():
        if name not in entries.values():
            message = "lies in ontology/ and the catalog does not name it, so nobody reads it"
            entry = f'<uri name="{module}" uri="{name}"/>'
            way_out = f"add {entry} to the catalog and import it in the root, or remove the file"
            yield Flaw(_ERROR, file, f"ontology/{name}", message, way_out)


def imports(checked: Checked) -> Iterator[Flaw]:
    """Each import is a module of the catalog, the root reaches every module, and no module imports itself."""
    for module in checked.modules:
        for iri in module.imports:
            if iri not in checked.catalog.entries:
                message = f"imports {iri}, which the catalog does not have{did_you_mean(iri, checked.catalog.entries)}"
                way_out = "correct the import; terms of other vocabularies are declared, and not imported"
                yield Flaw(_ERROR, module.file, module.iri, message, way_out, mention=iri)
    reached = checked.closures.get(ROOT)
    for module in checked.modules:
        if reached is not None and module.iri not in reached:
            message = "is not imported by the root, directly or not, so it does not open with it"
            yield Flaw(_ERROR, module.file, module.iri, message, f"add owl:imports <{module.iri}> to <{ROOT}>")


def import_cycles(checked: Checked) -> Iterator[Flaw]:
    """No module imports itself through others."""
    for module in checked.modules:
        back = [iri for iri in module.imports if module.iri in checked.closures.get(iri, ())]
        for iri in back:
            message = f"imports {iri}, which imports it back, directly or not"
            yield Flaw(_ERROR, module.file, module.iri, message, "remove one of the imports", mention=iri)


def missing_imports(checked: Checked) -> Iterator[Flaw]:
    """Each term that a module uses is declared in it or in a module that it imports."""
    declared: dict[Node, set[str]] = {}
    for (subject, predicate, _), module in checked.stated_in.items():
        if predicate == RDF.type and subject in checked.kinds:
            declared.setdefault(subject, set()).add(module.iri)
    said: set[tuple[str, str]] = set()
    for use in uses(checked):
        homes = declared.get(use.term)
        if homes and not homes & checked.closures[use.module.iri]:
            home = min(homes)
            if (use.module.iri, home) not in said:
                said.add((use.module.iri, home))
                message = f"uses {compress(use.term)}, which is declared in {home}, and does not import that"
                owner = str(checked.owner(use.subject) or use.term)
                way_out = f"add owl:imports <{home}> to <{use.module.iri}>, or Protégé shows the term as undeclared"
                yield Flaw(_ERROR, use.module.file, use.module.iri, message, way_out, owner, use.term)
