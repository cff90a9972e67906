"""Alignments: every mapping is of a term that is there, says why, and changes nothing of what follows here."""

import re
import subprocess
from collections.abc import Callable, Iterable
from itertools import permutations
from pathlib import Path

import networkx as nx
import owlready2
import pyoxigraph as ox
import pytest
from conftest import PROJECT, Service, run
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from ontology.alignments import RELATIONS, Mapping, alignment_files, mappings, read_alignments
from ontology.iris import BASE, TERM, THING
from ontology.modules import module_files, module_triples, read_modules

pytestmark = pytest.mark.slow

Edit = Callable[[str, str, str], None]
FOLDER = PROJECT / "ontology/alignments"
MAPPINGS = list(mappings(read_alignments()))
ALIGNED = {triple for module in read_alignments() for triple in module.triples}
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual}
OFFLINE = [f"-D{scheme}.proxy{part}" for scheme in ("http", "https") for part in ("Host=127.0.0.1", "Port=9")]


def graph_of(triples: Iterable[ox.Triple]) -> Graph:
    return Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")


def test_the_issue_s_vocabularies_are_aligned() -> None:
    wanted = "schema-org org foaf fabio cito prov web-annotation skos data-cube geosparql-nuts i40-standards esco"
    assert {mapping.vocabulary for mapping in MAPPINGS} == set(wanted.split())
    assert len(MAPPINGS) > 300


def test_every_mapped_term_is_there_and_not_deprecated(state: Path) -> None:
    """Terms and shared things are in the ontology; places are in the gazetteer."""
    quads = ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    typed, deprecated = set(), set()
    for quad in quads:
        subject = getattr(quad.subject, "value", "")
        if quad.predicate.value == str(RDF.type) and not quad.graph_name.value.endswith(("/alignments", "/inferred")):
            typed.add(subject)
        if quad.predicate.value == str(OWL.deprecated):
            deprecated.add(subject)
    mapped = {mapping.subject for mapping in MAPPINGS}
    assert all(iri.startswith((TERM, THING)) for iri in mapped)
    assert sorted(mapped - typed) == []
    assert sorted(mapped & deprecated) == []


def test_every_mapping_says_why() -> None:
    assert [mapping for mapping in MAPPINGS if len(mapping.justification.split()) < 2] == []
    graph = graph_of(ALIGNED)
    annotated = {
        tuple(
            str(graph.value(axiom, part)) for part in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
        )
        for axiom in graph.subjects(RDF.type, OWL.Axiom)
    }
    assert annotated == {(mapping.subject, mapping.relation, mapping.object) for mapping in MAPPINGS}
    manual = URIRef("https://w3id.org/semapv/vocab/ManualMappingCuration")
    curated = set(graph.subjects(URIRef("https://w3id.org/sssom/mapping_justification"), manual))
    assert curated == set(graph.subjects(RDF.type, OWL.Axiom))


def test_no_pair_is_mapped_twice() -> None:
    pairs = [(mapping.subject, mapping.object) for mapping in MAPPINGS]
    assert len(pairs) == len(set(pairs))


def test_things_are_matched_and_never_said_to_be_the_same() -> None:
    assert all(triple.predicate.value != str(OWL.sameAs) for triple in ALIGNED)
    assert all(mapping.relation.startswith(str(SKOS)) for mapping in MAPPINGS if mapping.subject.startswith(THING))


@pytest.mark.slow
def test_every_term_of_another_vocabulary_is_declared_with_one_kind_label_and_home() -> None:
    """One kind in all files together, so that they can be opened at once."""
    imported = graph_of(module_triples())
    everything = imported + graph_of(ALIGNED)
    for module in read_alignments():
        graph = imported + graph_of(module.triples)
        for mapping in (mapping for mapping in MAPPINGS if module.name.endswith(f"/{mapping.vocabulary}.ttl")):
            term = URIRef(mapping.object)
            assert not mapping.object.startswith(BASE), mapping
            assert len(KINDS & {*everything.objects(term, RDF.type)}) == 1, mapping
            assert KINDS & {*graph.objects(term, RDF.type)}, mapping
            assert graph.value(term, RDFS.label), mapping
            assert graph.value(term, RDFS.isDefinedBy) or graph.value(term, DCTERMS.source), mapping


def test_no_module_imports_an_alignment_and_each_alignment_imports_the_ontology() -> None:
    imported = {
        triple.object
        for module in read_modules()
        for triple in module.triples
        if triple.predicate.value == str(OWL.imports)
    }
    assert imported.isdisjoint(ox.NamedNode(iri) for iri in alignment_files())
    for module in read_alignments():
        graph, iri = graph_of(module.triples), URIRef(module.iri)
        assert set(graph.objects(iri, OWL.imports)) == {URIRef(TERM.rstrip("#"))}
        assert str(graph.value(iri, OWL.versionIRI)) == f"{module.iri}/{graph.value(iri, OWL.versionInfo)}"
        for property_ in (RDFS.label, DCTERMS.description, DCTERMS.creator, DCTERMS.license, DCTERMS.source):
            assert graph.value(iri, property_) is not None, (module.name, property_)


def test_the_catalog_of_the_folder_has_every_module_and_every_file_beside_it() -> None:
    entries = dict(re.findall(r'<uri name="([^"]+)" uri="([^"]+)"', (FOLDER / "catalog-v001.xml").read_text()))
    modules = {iri: f"../{file.name}" for iri, file in module_files().items()}
    beside = {f"{TERM.rstrip('#')}/alignments/{file.stem}": file.name for file in FOLDER.glob("*.ttl")}
    assert entries == modules | beside


@pytest.mark.slow
def test_each_file_opens_offline_without_a_violation_of_owl_2_dl(java: str) -> None:
    files = sorted(map(str, FOLDER.glob("*.ttl")))
    command = ["java", *OFFLINE, "-cp", java, str(PROJECT / "tests/OwlProfile.java"), *files]
    opened = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert opened.returncode == 0, opened.stderr
    assert "violation" not in opened.stdout
    assert opened.stdout.count(f"ontologies: {len(module_files()) + 1}\n") == len(files)


def subsumptions(triples: Iterable[ox.Triple], folder: Path) -> set[tuple[str, str]]:
    """Let HermiT classify `triples`; return which class of ours is below which, and fail where one has no instance."""
    file = folder / "ontology.nt"
    wanted = (triple for triple in triples if triple.predicate.value != str(OWL.imports))
    ox.serialize(wanted, file, format=ox.RdfFormat.N_TRIPLES)
    hermit = Path(owlready2.__file__).parent / "hermit"
    command = ["java", "-cp", f"{hermit}:{hermit / 'HermiT.jar'}", "org.semanticweb.HermiT.cli.CommandLine"]
    told = subprocess.run([*command, "--classify", file.as_uri()], capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stderr
    hierarchy: nx.DiGraph[str] = nx.DiGraph()
    for relation, *classes in (re.findall(r"^\w+|(?<=<)[^>]+(?=>)", line) for line in told.stdout.split("\n") if line):
        if relation == "SubClassOf":
            hierarchy.add_edge(*classes)
        elif relation == "EquivalentClasses":
            assert str(OWL.Nothing) not in classes
            hierarchy.add_edges_from(permutations(classes, 2))
    ours = [class_ for class_ in hierarchy if class_.startswith(TERM)]
    return {(class_, above) for class_ in ours for above in nx.descendants(hierarchy, class_) if above in ours}


@pytest.mark.slow
def test_nothing_new_follows_among_our_classes(java: str, tmp_path: Path) -> None:
    """The last case shows that it would be found: were every school a university, training centres would be one."""
    plain = set(module_triples())
    alone = subsumptions(plain, tmp_path)
    assert subsumptions(plain | ALIGNED, tmp_path) == alone
    school, below = ox.NamedNode("https://schema.org/EducationalOrganization"), ox.NamedNode(str(RDFS.subClassOf))
    planted = {ox.Triple(school, below, ox.NamedNode(TERM + "University"))}
    assert subsumptions(plain | ALIGNED | planted, tmp_path) - alone == {(TERM + "TrainingCentre", TERM + "University")}


def test_the_mappings_of_a_term_are_asked_for_in_sparql(service: Service) -> None:
    query = f"""PREFIX owl: <{OWL}> PREFIX skos: <{SKOS}>
        SELECT ?relation ?other ?why WHERE {{ GRAPH <{BASE}graph/alignments> {{
          <{TERM}CollectiveActor> ?relation ?other .
          ?axiom owl:annotatedSource <{TERM}CollectiveActor> ; owl:annotatedProperty ?relation ;
                 owl:annotatedTarget ?other ; skos:note ?why }} }}"""
    rows = service.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    found = {tuple(row[name]["value"] for name in ("relation", "other", "why")) for row in rows}
    expected = [mapping for mapping in MAPPINGS if mapping.subject == TERM + "CollectiveActor"]
    assert found == {(mapping.relation, mapping.object, mapping.justification) for mapping in expected}
    consortium = "https://schema.org/Consortium"
    assert (str(SKOS.closeMatch), consortium) in {(relation, other) for relation, other, _ in found}


def test_nothing_is_inferred_to_be_of_another_vocabulary(state: Path) -> None:
    used = {iri.value for triple in module_triples() for iri in (triple.predicate, triple.object) if named(iri)}
    foreign = {mapping.object for mapping in MAPPINGS} - used
    assert len(foreign) > 150
    for quad in ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS):
        if quad.graph_name == ox.NamedNode(BASE + "graph/inferred"):
            assert foreign.isdisjoint({quad.predicate.value, getattr(quad.object, "value", "")}), quad


def named(node: object) -> bool:
    return isinstance(node, ox.NamedNode)


def test_a_mapping_without_a_reason_is_read_as_such(copied_project: Path, edit: Edit) -> None:
    agent, group = (f"owl:annotatedTarget <http://xmlns.com/foaf/0.1/{name}> ;" for name in ("Agent", "Group"))
    edit("ontology/alignments/foaf.ttl", agent, group)
    found = {
        (mapping.subject, mapping.object): mapping for mapping in mappings(read_alignments(copied_project / "ontology"))
    }
    actor = found[TERM + "Actor", "http://xmlns.com/foaf/0.1/Agent"]
    assert actor == Mapping(TERM + "Actor", str(RDFS.subClassOf), actor.object, "", "foaf")
    assert len(found) == len(MAPPINGS)
    assert {mapping.relation for mapping in found.values()} <= RELATIONS


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("org.ttl", "org#Head>", "org#Head> <> <>", r"ontology/alignments/org\.ttl:\d+: not Turtle"),
        ("catalog-v001.xml", "</catalog>", "", r"ontology/alignments/catalog-v001\.xml:\d+: not XML"),
        ("catalog-v001.xml", 'uri="org.ttl"', 'uri="gro.ttl"', "ontology/alignments/catalog-v001.xml:1: names gro.ttl"),
    ],
)
def test_a_broken_file_is_named(file: str, old: str, new: str, message: str, copied_project: Path, edit: Edit) -> None:
    edit(f"ontology/alignments/{file}", old, new)
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 1
    assert re.search(message, built.stderr), built.stderr
    assert "Traceback" not in built.stderr
