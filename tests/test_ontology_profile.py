"""The checks take for OWL 2 DL what the OWL API takes for it, and nothing that it does not.

tests/owl-2-dl.txt holds small ontologies under three headings. Those under [conforms] and [violates] are judged alike.
Those under [repaired] are faults that the OWL API mends silently, or keeps as annotations, when it reads RDF
(a restriction with two fillers loses one, `a rdfs:Class` becomes owl:Class, a misspelled rdfs:subclassOf an
annotation): a librarian would lose what was meant, so we tell.
"""

import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import PROJECT

from ontology.checks.reading import read_for_check
from ontology.checks.registry import run_checks
from ontology.iris import OWL, RDF, RDFS, TERM
from ontology.modules import module_triples

ROOT = TERM.removesuffix("#")
PROFILE = {
    *("undeclared-term", "wrong-kind", "punning", "reserved-name", "no-name", "expression", "left-over"),
    *("not-simple", "irregular-chain", "datatype", "value", "range", "facet", "property-value"),
}
PROLOGUE = f"""PREFIX dg: <{TERM}>
PREFIX dgi: <https://w3id.org/districtgraph/id/>
PREFIX owl: <{OWL}>
PREFIX rdf: <{RDF}>
PREFIX rdfs: <{RDFS}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<{ROOT}> a owl:Ontology .
skos:note a owl:AnnotationProperty .
dg:A a owl:Class . dg:B a owl:Class . dg:C a owl:Class .
dg:p a owl:ObjectProperty . dg:q a owl:ObjectProperty . dg:r a owl:ObjectProperty . dg:s a owl:ObjectProperty .
dg:d a owl:DatatypeProperty ; rdfs:range xsd:integer . dg:e a owl:DatatypeProperty ; rdfs:range xsd:string .
dg:t a owl:ObjectProperty , owl:TransitiveProperty .
dgi:x a owl:NamedIndividual , dg:A . dgi:y a owl:NamedIndividual , dg:B .
"""
CATALOG = f"""<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
    <uri name="{ROOT}" uri="root.ttl"/>
</catalog>
"""
AXIOMS = {RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")}
AXIOMS |= {OWL + name for name in ("onProperty", "someValuesFrom", "inverseOf", "disjointWith")}


def examples() -> Iterator[tuple[str, str, str]]:
    """Yield heading, name and Turtle of each ontology in owl-2-dl.txt."""
    heading = ""
    for line in (PROJECT / "tests/owl-2-dl.txt").read_text().splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line:
            name, _, turtle = line.partition(" ::")
            yield heading, name, turtle


EXAMPLES = {name: (heading, PROLOGUE + turtle + "\n") for heading, name, turtle in examples()}


def write(folder: Path, turtle: str) -> Path:
    """Write an ontology of one module into a folder of its own."""
    folder.mkdir()
    (folder / "catalog-v001.xml").write_text(CATALOG)
    (folder / "root.ttl").write_text(turtle)
    return folder


def ours(folder: Path) -> list[str]:
    checked, findings = read_for_check(directory=folder)
    assert findings == []
    return [str(finding) for finding in run_checks(checked) if finding.check in PROFILE]


def owl_api(class_path: str, folders: Sequence[Path]) -> list[list[str]]:
    """Return the violations that the OWL API finds in each folder."""
    command = [
        "java",
        "-cp",
        class_path,
        str(PROJECT / "tests/OwlProfile.java"),
        *(str(f / "root.ttl") for f in folders),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    parts = ran.stdout.split("ontologies: ")
    assert len(parts) == len(folders) + 1
    return [re.findall(r"^violation: .*", part, re.MULTILINE) for part in parts[:-1]]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    parent = tmp_path_factory.mktemp("profile")
    return {name: write(parent / name, turtle) for name, (_, turtle) in EXAMPLES.items()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_violation_of_the_profile_is_found(name: str, folders: dict[str, Path]) -> None:
    assert bool(ours(folders[name])) == (EXAMPLES[name][0] != "conforms"), ours(folders[name])


@pytest.mark.slow
def test_the_owl_api_finds_the_same(folders: dict[str, Path], java: str) -> None:
    found = dict(zip(folders, owl_api(java, list(folders.values())), strict=True))
    assert {name for name, violations in found.items() if violations} == {
        name for name, (heading, _) in EXAMPLES.items() if heading == "violates"
    }


@pytest.mark.slow
def test_the_owl_api_agrees_on_slips_in_the_whole_ontology(tmp_path: Path, java: str) -> None:
    """Each of 8 copies of the ontology has lost a declaration, or names a term that is nowhere in an axiom."""
    header = {OWL + "imports", OWL + "versionIRI", OWL + "priorVersion"}
    triples = sorted({t for t in module_triples() if t.predicate.value not in header}, key=str)
    chance = random.Random(2026)
    declarations = [t for t in triples if t.predicate.value == RDF + "type" and t.object.value.startswith(OWL)]
    declarations = [t for t in declarations if t.object.value.endswith(("Class", "ObjectProperty", "DatatypeProperty"))]
    declarations = [t for t in declarations if isinstance(t.subject, ox.NamedNode)]
    axioms = [t for t in triples if t.predicate.value in AXIOMS and isinstance(t.object, ox.NamedNode)]
    copies = [set(triples)]
    copies += [set(triples) - {lost} for lost in chance.sample(declarations, 4)]
    for axiom in chance.sample([t for t in axioms if t.object.value.startswith(TERM)], 4):
        slip = ox.Triple(axiom.subject, axiom.predicate, ox.NamedNode(axiom.object.value + "s0"))
        copies.append(set(triples) - {axiom} | {slip})
    folders = []
    for number, copy in enumerate(copies):
        content = ox.serialize(copy, format=ox.RdfFormat.N_TRIPLES)
        assert content is not None
        ontologies = {line for line in content.decode().splitlines(keepends=True) if f"<{OWL}Ontology>" in line}
        lines = [line for line in content.decode().splitlines(keepends=True) if line not in ontologies]
        folders.append(write(tmp_path / str(number), f"<{ROOT}> <{RDF}type> <{OWL}Ontology> .\n" + "".join(lines)))
    verdicts = [bool(ours(folder)) for folder in folders]
    assert verdicts == [bool(violations) for violations in owl_api(java, folders)]
    assert verdicts == [False] + [True] * 8
