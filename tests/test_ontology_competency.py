"""Competency questions: what must, must not and cannot follow from the ontology, by HermiT and by our own rules.

Each file of tests/competency holds a question, facts that are given, and what is to follow from them and what not;
or facts that contradict the ontology.
"""

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest

from loaders.inference import infer
from loaders.reasoning.domain_rules import domain_rules
from ontology.iris import OWL, RDF, RDFS, TERM
from ontology.modules import module_triples

pytestmark = pytest.mark.slow

CQ = "https://w3id.org/districtgraph/competency#"
FILES = sorted(Path(__file__).parent.glob("competency/*.trig"))
QUESTIONS = [file for file in FILES if not file.name.startswith("impossible-")]
IMPOSSIBLE = [file for file in FILES if file.name.startswith("impossible-")]
_TYPE, _SUBCLASS = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "subClassOf")
_INDIVIDUAL = ox.NamedNode(OWL + "NamedIndividual")

Statement = tuple[str, str, str]


def graph(file: Path, name: str) -> list[ox.Triple]:
    quads = ox.parse(file.read_bytes(), format=ox.RdfFormat.TRIG)
    return [quad.triple for quad in quads if getattr(quad.graph_name, "value", "") == CQ + name]


def statements(file: Path, name: str) -> set[Statement]:
    return {tuple(str(term) for term in (t.subject, t.predicate, t.object)) for t in graph(file, name)}  # type: ignore[misc]


def reasoned(facts: list[ox.Triple]) -> owlready2.World:
    """Return the ontology and `facts` after HermiT. Raises OwlReadyInconsistentOntologyError."""
    triples = {t for t in module_triples() if t.predicate.value != OWL + "imports"} | set(facts)
    named = {t.subject for t in facts} | {t.object for t in facts}
    triples |= {ox.Triple(n, _TYPE, _INDIVIDUAL) for n in named if getattr(n, "value", "").startswith(CQ)}
    content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert content is not None
    world = owlready2.World()
    ontology = world.get_ontology(TERM.rstrip("#")).load(fileobj=io.BytesIO(content))
    world[TERM + "source"].python_name = "dg_source"  # dcterms:source would have the same name
    with ontology:
        owlready2.sync_reasoner(world, infer_property_values=True, debug=0)
    return world


@cache
def reasoned_questions() -> owlready2.World:
    return reasoned([triple for file in QUESTIONS for triple in graph(file, "given")])


def follows(world: owlready2.World, triple: ox.Triple) -> bool:
    subject, object_ = world[triple.subject.value], world[triple.object.value]  # type: ignore[union-attr]
    if triple.predicate == _SUBCLASS:
        return object_ in subject.ancestors()
    if triple.predicate == _TYPE:
        return object_ in subject.INDIRECT_is_a
    property_ = world[triple.predicate.value]
    return object_ in getattr(subject, f"INDIRECT_{property_.python_name}")


@pytest.mark.slow
@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_hermit_finds_what_must_follow_and_nothing_that_must_not(file: Path, java: str) -> None:
    world = reasoned_questions()
    assert [str(t) for t in graph(file, "entailed") if not follows(world, t)] == []
    assert [str(t) for t in graph(file, "not-entailed") if follows(world, t)] == []


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_our_rules_find_what_must_follow_and_nothing_that_must_not(file: Path) -> None:
    found = set(closure(graph(file, "given")))
    individuals = {s for s in statements(file, "entailed") if s[1] != str(_SUBCLASS)}
    assert individuals <= found
    assert not statements(file, "not-entailed") & found


def closure(facts: list[ox.Triple]) -> Iterator[Statement]:
    default = ox.DefaultGraph()
    quads = {ox.Quad(t.subject, t.predicate, t.object, default) for t in [*module_triples(), *facts]}
    for quad in quads | infer(quads, domain_rules()):
        yield str(quad.subject), str(quad.predicate), str(quad.object)


@pytest.mark.slow
@pytest.mark.parametrize("file", IMPOSSIBLE, ids=lambda file: file.stem)
def test_hermit_refuses_what_cannot_be(file: Path, java: str) -> None:
    facts = graph(file, "impossible")
    assert facts
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reasoned(facts)
