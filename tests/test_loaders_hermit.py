"""HermiT, which decides all of OWL 2 DL, finds contradictions where the rules find some, and nowhere else."""

import re

import pyoxigraph as ox
import pytest
from generated_owl import OF_OWL_DL, ontologies
from hypothesis import given, seed, settings
from rl_cases import asserted

from loaders.inference import reason
from ontology.reasoner import find_reasoner

EXAMPLES = 15
HEADER = "<http://example.org/> a owl:Ontology .\n"
# The OWL API takes what differs from itself for a set of one, of which nothing is said.
ITSELF = re.compile(r"^(\S+) owl:(?:differentFrom|disjointWith|propertyDisjointWith) \1 \.\n", re.MULTILINE)


@pytest.mark.slow
def test_hermit_agrees_on_what_is_consistent(java: str) -> None:
    answers = []

    @seed(7)
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(ontologies(OF_OWL_DL, most_axioms=14, most_facts=14))
    def agrees(text: str) -> None:
        triples = [quad.triple for quad in ox.parse(described(text).encode(), format=ox.RdfFormat.TURTLE)]
        reasoner = find_reasoner(60)
        assert reasoner is not None
        found = reason(asserted(triples)).contradictions
        answers.append(bool(found))
        assert reasoner.is_possible(triples) == (not found), found

    agrees()
    assert {*answers} == {True, False}, "all examples are consistent, or none is"


def described(text: str) -> str:
    """Return a generated ontology as the OWL API takes it."""
    return ITSELF.sub("", text) + HEADER
