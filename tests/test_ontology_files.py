"""The ontology: OWL 2 DL, consistent with the corpus, complete in its labels, and readable by the loaders."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import PROJECT, run

from ontology.context import jsonld_context
from ontology.iris import TERM, THING, compress, expand
from ontology.modules import module_files
from ontology.reasoner import find_reasoner
from ontology.vocabulary import load_vocabulary

pytestmark = pytest.mark.slow

Edit = Callable[[str, str, str], None]
_GRAPH = "https://w3id.org/districtgraph/graph/"
_OWL = "http://www.w3.org/2002/07/owl#"
AIJU = ox.NamedNode(THING + "aiju")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def test_every_term_has_a_label_and_a_definition() -> None:
    vocabulary = load_vocabulary()
    terms = [*vocabulary.classes.values(), *vocabulary.properties.values()]
    ours = [term for term in terms if term.iri.startswith(TERM)]
    assert len(ours) > 200
    assert [term.name for term in ours if term.label == term.name and term.name != term.name.lower()] == []
    assert [term.name for term in ours if not term.definition] == []


def test_every_shared_thing_has_a_class() -> None:
    vocabulary = load_vocabulary()
    known = {class_.iri for class_ in vocabulary.classes.values()}
    assert len(vocabulary.individuals) > 100
    assert [name for name, types in vocabulary.individuals.items() if not types or not types <= known] == []


def test_the_context_has_every_term() -> None:
    vocabulary = load_vocabulary()
    context = jsonld_context(vocabulary)
    assert set(vocabulary.classes) | set(vocabulary.properties) <= set(context)
    assert context["broker"] == {"@id": TERM + "broker", "@type": "@id"}
    assert context["value"]["@type"].endswith("#decimal")
    assert context["label"]["@language"] == "en"


def test_prefixed_names_go_both_ways() -> None:
    assert expand("dgi:aiju") == THING + "aiju"
    assert compress(THING + "aiju") == "dgi:aiju"
    assert compress(expand("http://example.org/a")) == "http://example.org/a"


def test_each_module_opens_offline_without_a_violation_of_owl_2_dl(java: str) -> None:
    """The OWL API, which Protégé stands on, opens each file through the catalog and checks the profile."""
    files = sorted(module_files().values())
    command = ["java", "-cp", java, str(PROJECT / "tests/OwlProfile.java"), *map(str, files)]
    opened = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert opened.returncode == 0, opened.stderr
    assert "violation" not in opened.stdout
    classes = [int(told.split()[0]) for told in opened.stdout.split("classes: ")[1:]]
    assert len(classes) == len(files)
    assert classes[[file.name for file in files].index("districtgraph.ttl")] >= 100


def test_hermit_finds_ontology_and_corpus_consistent(state: Path, java: str) -> None:
    """Things, situations and networks; evidence and literature stay out, as their positions and citations say nothing.

    A contradiction that is planted, as AIJU cannot be a place, shows that the consistency is not an empty word.
    """
    reasoner = find_reasoner(seconds=300)
    assert reasoner is not None
    triples = things_and_situations(state)
    assert reasoner.is_possible(triples)
    assert not reasoner.is_possible([*triples, ox.Triple(AIJU, _TYPE, ox.NamedNode(TERM + "Municipality"))])


def things_and_situations(state: Path) -> set[ox.Triple]:
    """Return the ontology, and the corpus and what is computed of it without evidence, facts and literature."""
    quads = list(ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))
    apart = {TERM + name for name in ("Evidence", "Fact", "Section", "Article", "Book", "BookChapter", "Report")}
    left_out = {q.subject for q in quads if q.predicate == _TYPE and getattr(q.object, "value", "") in apart}
    triples = set()
    for quad in quads:
        graph = getattr(quad.graph_name, "value", "").removeprefix(_GRAPH)
        if graph in ("alignments", "inferred") or quad.subject in left_out or quad.object in left_out:
            continue
        triples.add(quad.triple)
        if graph != "ontology" and quad.predicate == _TYPE:
            triples.add(ox.Triple(quad.subject, _TYPE, ox.NamedNode(_OWL + "NamedIndividual")))
    return triples


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "actors.ttl",
            "dg:Person rdf:type owl:Class",
            "dg:Person rdf:type owl:Class . oops",
            "oops is not a valid subject",
        ),
        (
            "actors.ttl",
            "dg:Person rdf:type owl:Class",
            "dg:x a owl:DatatypeProperty ; rdfs:range dg:Person .\ndg:Person rdf:type owl:Class",
            "is a class and is used as a datatype in what is said of dg:x",
        ),
        ("catalog-v001.xml", "</catalog>", "", ": not XML"),
        ("catalog-v001.xml", 'uri="actors.ttl"', 'uri="words.ttl"', "names words.ttl"),
    ],
)
def test_a_broken_file_is_named(file: str, old: str, new: str, message: str, copied_project: Path, edit: Edit) -> None:
    edit(f"ontology/{file}", old, new)
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 1
    assert message in built.stderr
    assert "Traceback" not in built.stderr
