"""What follows by OWL 2 RL is what owlrl finds, on generated ontologies and on the corpus; so are contradictions."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox
import pytest
from generated_owl import ANY, PREFIXES, ontologies
from hypothesis import given, settings
from owlrl_closure import closure, comparable
from rl_cases import asserted

from loaders.corpus import read_corpus
from loaders.errors import Fault
from loaders.facts import graph_of, quads_of
from loaders.graphs import INFERRED
from loaders.inference import reason
from ontology.context import jsonld_context
from ontology.graphs import turtle
from ontology.iris import OWL, RDF, RDFS
from ontology.modules import module_triples
from ontology.vocabulary import load_vocabulary

# `:pad` stands for the last part of a list, which owlrl leaves out; nothing else is said of it.
PAD = ":pad"


@dataclass(frozen=True)
class Deviation:
    """Where owlrl 7.6 finds too much or too little: `case`, from which `follows` (a contradiction, if None) or not.

    `reworded` says the same so that owlrl gets it right; where it cannot be said, what then is left out is told by
    `why` alone.
    """

    why: str
    case: str
    follows: str | None
    does: bool
    reworded: bool = True


DEVIATIONS = {
    "the last of AllDifferent": Deviation(
        "eq-diff2 and eq-diff3 compare all but the last of the list",
        "[] a owl:AllDifferent ; owl:distinctMembers ( :u :v :w ) .\n:v owl:sameAs :w .",
        None,
        does=True,
    ),
    "the last of AllDisjointProperties": Deviation(
        "prp-adp compares all but the last of the list",
        "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) .\n:u :q :v ; :r :v .",
        None,
        does=True,
    ),
    "the only key": Deviation(
        "prp-key compares all keys but the last: with one alone, any two that have a value for it are the same",
        ":A owl:hasKey ( :p ) .\n:u a :A ; :p :w .\n:v a :A ; :p :x .",
        ":u owl:sameAs :v .",
        does=False,
    ),
    "the last of several keys": Deviation(
        "prp-key compares all keys but the last",
        ":A owl:hasKey ( :p :q ) .\n:u a :A ; :p :w ; :q :w .\n:v a :A ; :p :w ; :q :x .",
        ":u owl:sameAs :v .",
        does=False,
    ),
    "two values of a functional property": Deviation(
        "dt-diff is not there, so that 1 may be the same as 2, and all that has the one has the other too",
        ":d a owl:FunctionalProperty .\n:u :d 1 , 2 .",
        None,
        does=True,
        reworded=False,
    ),
}


@pytest.mark.parametrize("deviation", DEVIATIONS.values(), ids=DEVIATIONS)
def test_owlrl_does_otherwise(deviation: Deviation) -> None:
    assert owlrl_finds(PREFIXES + deviation.case, deviation.follows) is not deviation.does
    if deviation.reworded:
        assert owlrl_finds(reworded(PREFIXES + deviation.case), deviation.follows) is deviation.does
    else:
        assert closure(PREFIXES + deviation.case).merges_literals


@pytest.mark.parametrize("deviation", DEVIATIONS.values(), ids=DEVIATIONS)
def test_we_do_as_the_rules_say(deviation: Deviation) -> None:
    quads = asserted(triples_of(PREFIXES + deviation.case))
    ours = reason(quads)
    if deviation.follows is None:
        found = bool(ours.contradictions)
    else:
        found = {*triples_of(PREFIXES + deviation.follows)} <= {quad.triple for quad in ours.inferred}
    assert found is deviation.does


def owlrl_finds(text: str, follows: str | None) -> bool:
    found = closure(text)
    return bool(found.errors) if follows is None else {*triples_of(PREFIXES + follows)} <= found.triples


def triples_of(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def reworded(text: str) -> str:
    """Return an ontology in the words that owlrl understands, with one more part to each list that it cuts short."""
    text = re.sub(r"(owl:hasKey \( .*?)(\S+) \)", r"\1\2 \2 )", text)
    text = re.sub(r"(a owl:AllDisjointProperties ; owl:members \( .*?)\)", rf"\1{PAD} )", text)
    return re.sub(r"(a owl:AllDifferent ; owl:distinctMembers \( .*?)\)", rf"\1{PAD} )", text)


def pairwise(text: str) -> str:
    """Return the same with owl:differentFrom alone: in a list, of two that are the same owlrl takes either."""

    def pairs(found: re.Match[str]) -> str:
        return " ".join(
            f"{one} owl:differentFrom {other} ." for one, other in itertools.combinations(found[1].split(), 2)
        )

    return re.sub(r"\[\] a owl:AllDifferent ; owl:distinctMembers \( (.*?) \) \.", pairs, text)


def hold_against_owlrl(text: str) -> None:
    """Hold what we find in an ontology in Turtle against what owlrl does."""
    quads = asserted(triples_of(text))
    theirs = closure(reworded(text))
    errors = closure(reworded(pairwise(text))).errors if "owl:AllDifferent" in text else theirs.errors
    found = reason(quads)
    assert bool(found.contradictions) == (bool(errors) or theirs.merges_literals), errors
    if not theirs.merges_literals:
        inferred = found.inferred
        assert all(quad.graph_name == INFERRED for quad in inferred)
        stated = {quad.triple for quad in quads}
        ours = {*comparable(quad.triple for quad in inferred)}
        assert len(ours) == len(inferred), "what is trivial or has blank nodes is inferred"
        assert ours == theirs.triples - stated


@settings(max_examples=20, deadline=None)
@given(ontologies(ANY))
def test_a_few_generated_ontologies_are_closed_as_owlrl_closes_them(text: str) -> None:
    hold_against_owlrl(text)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(ontologies(ANY, most_axioms=12, most_facts=14))
def test_generated_ontologies_are_closed_as_owlrl_closes_them(text: str) -> None:
    hold_against_owlrl(text)


@pytest.mark.slow
def test_the_actors_of_a_paper_are_closed_as_owlrl_closes_them() -> None:
    hold_against_owlrl(turtle([*axioms(), *actors("hervas-oliver-2021")]).decode())


def axioms() -> Iterator[ox.Triple]:
    """Yield the ontology without its annotations, from which nothing follows that is not said of all things."""
    for triple in module_triples():
        is_of_languages = triple.predicate.value.startswith((OWL, RDF, RDFS))
        if is_of_languages and triple.predicate.value not in (OWL + "imports", RDFS + "label", RDFS + "isDefinedBy"):
            yield triple


def actors(paper: str) -> Iterator[ox.Triple]:
    """Yield what the entries of a paper's actors state."""
    faults: list[Fault] = []
    context = jsonld_context(load_vocabulary())
    for entry in read_corpus(faults).entries:
        if f"{paper}/actors" in entry.file:
            yield from (quad.triple for quad in quads_of(entry, context) if quad.graph_name == graph_of(paper))
    assert not faults
