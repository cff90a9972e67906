"""Proofs of what was inferred prove it: by what is stated, by no more than it takes, as the reasoner agrees."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_loaders_inference import ASSERTED, FACTS, NS, SCHEMA

from loaders.graphs import COMPUTED, INFERRED, ONTOLOGY, merged
from loaders.inference import infer
from loaders.reasoning.closure import close
from loaders.reasoning.compiling import rules_about_terms, rules_about_things
from loaders.reasoning.domain_rules import domain_rules, rules_of
from loaders.reasoning.engines import KNOWN, Embedded
from loaders.reasoning.minimal_proofs import Proof, Proofs
from loaders.reasoning.proving import Prover
from loaders.reasoning.rule_names import SUMMARIES
from loaders.reasoning.rules import Axiom, Rule, pattern, patterns
from loaders.reasoning.stated import axioms_in, is_anonymous, named
from loaders.releases import Releases
from ontology.archive import unpack
from ontology.modules import read_modules

DG, DGI = "https://w3id.org/districtgraph/ontology#", "https://w3id.org/districtgraph/id/"


def proved(goal: ox.Triple, prover: Prover, store: ox.Store) -> Proofs:
    """The proofs of a triple over a store whose default graph merges all others."""
    if prover.is_about_terms(goal):
        return prover.proofs_about_terms(goal)[0]
    seeking = prover.search(goal)
    try:
        asked = next(seeking)
        while True:
            asked = seeking.send([[tuple(row) for row in store.query(query)] for query in asked])  # type: ignore[union-attr]
    except StopIteration as ended:
        return prover.proofs(ended.value)


@dataclass
class Corpus:
    """A release as a store, what proves its inferred triples, and these."""

    store: ox.Store
    ontology: list[ox.Quad]
    prover: Prover
    inferred: list[ox.Triple]
    rules: list[Rule]

    def follows(self, goal: ox.Triple, facts: Iterable[ox.Triple]) -> bool:
        """Tell whether a triple is in the closure of facts under the rules of the ontology."""
        store = ox.Store()
        store.extend(ox.Quad(fact.subject, fact.predicate, fact.object, KNOWN) for fact in facts)
        close(Embedded(store), self.rules)
        return ox.Quad(goal.subject, goal.predicate, goal.object, KNOWN) in store

    def infers(self, goal: ox.Triple, facts: Iterable[ox.Triple]) -> bool:
        """Tell whether the build would infer a triple from facts and the axioms of the ontology."""
        quads = [ox.Quad(fact.subject, fact.predicate, fact.object, ASSERTED) for fact in facts]
        return goal in {quad.triple for quad in infer([*self.ontology, *quads], domain_rules())}

    def sample(self, count: int) -> list[tuple[ox.Triple, Proofs]]:
        """Inferred triples in the order of chance with their proofs, first one of each property."""
        triples = list(self.inferred)
        random.Random(7).shuffle(triples)
        of_each = {triple.predicate: triple for triple in reversed(triples)}
        chosen = list(dict.fromkeys([*of_each.values(), *triples]))[:count]
        return [(triple, proved(triple, self.prover, self.store)) for triple in chosen]


@pytest.fixture(scope="module")
def corpus(state: Path) -> Corpus:
    release = Releases(state).current()
    assert release is not None
    quads = list(release.quads())
    store = ox.Store()
    store.bulk_extend(quads)
    store.bulk_extend(merged(quads))
    modules = [triple for module in read_modules(unpack(release.ontology.read_bytes())) for triple in module.triples]
    compiled = ox.Store()
    compiled.bulk_extend(named(quad, KNOWN) for quad in quads if quad.graph_name == ONTOLOGY)
    axioms = list(axioms_in(Embedded(compiled), KNOWN))
    ontology = [ox.Quad(axiom.subject, axiom.predicate, axiom.object, ONTOLOGY) for axiom in axioms]
    inferred = sorted((quad.triple for quad in quads if quad.graph_name == INFERRED), key=str)
    of_domain = rules_of(domain_rules())
    return Corpus(store, ontology, Prover(modules, of_domain), inferred, [*rules_about_things(axioms), *of_domain])


@pytest.fixture(scope="module")
def sample(corpus: Corpus) -> list[tuple[ox.Triple, Proofs]]:
    return corpus.sample(260)


def nodes(proof: Proof) -> list[Proof]:
    return [proof, *(node for premise in proof.premises for node in nodes(premise))]


def test_each_inferred_triple_of_a_sample_has_a_proof_by_what_is_stated(
    corpus: Corpus, sample: list[tuple[ox.Triple, Proofs]]
) -> None:
    assert len(sample) >= 200
    for goal, found in sample:
        assert found.proofs, goal
        for proof in found.proofs:
            assert proof.triple == goal and proof.step is not None
            for fact in proof.facts:
                if any(map(is_anonymous, fact)):
                    continue  # an expression of the ontology, to which the release has given another name
                graphs = {quad.graph_name for quad in corpus.store.quads_for_pattern(*fact, None)}
                assert graphs - {INFERRED, COMPUTED, ox.DefaultGraph()}, fact
            for node in nodes(proof):
                assert node.step is None or [premise.triple for premise in node.premises] == [*node.step.premises]


def test_no_proof_rests_on_a_part_of_what_another_does(sample: list[tuple[ox.Triple, Proofs]]) -> None:
    for goal, found in sample:
        for one, other in combinations(found.proofs, 2):
            assert not one.leaves <= other.leaves and not other.leaves <= one.leaves, goal


@pytest.mark.slow
def test_a_proof_is_sound_and_takes_each_of_its_facts(corpus: Corpus, sample: list[tuple[ox.Triple, Proofs]]) -> None:
    for goal, found in sample:
        for proof in found.proofs[:2] if not corpus.prover.is_about_terms(goal) else ():
            assert corpus.follows(goal, proof.facts), goal
            for fact in proof.facts:
                assert not corpus.follows(goal, proof.facts - {fact}), (goal, fact)


@pytest.mark.slow
def test_the_build_infers_the_same_from_the_facts_of_a_proof_and_from_none_less(
    corpus: Corpus, sample: list[tuple[ox.Triple, Proofs]]
) -> None:
    for goal, found in sample[:12]:
        facts = {fact for fact in found.proofs[0].facts if not corpus.prover.is_about_terms(goal)}
        if not facts:
            continue
        assert corpus.infers(goal, facts), goal
        for fact in facts:
            assert not corpus.infers(goal, facts - {fact}), (goal, fact)


def test_the_plainest_proof_comes_first_and_a_bound_is_told(corpus: Corpus) -> None:
    type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    actor = ox.Triple(ox.NamedNode(f"{DGI}aiju"), type_, ox.NamedNode(f"{DG}Actor"))
    found = proved(actor, corpus.prover, corpus.store)
    assert not found.are_all and len(found.proofs) == 20
    (fact,) = found.proofs[0].facts
    assert fact == ox.Triple(ox.NamedNode(f"{DGI}aiju"), type_, ox.NamedNode(f"{DG}CollectiveActor"))
    spain = ox.Triple(ox.NamedNode(f"{DGI}aiju"), ox.NamedNode(f"{DG}activeIn"), ox.NamedNode(f"{DGI}spain"))
    assert proved(spain, corpus.prover, corpus.store).are_all


def test_what_does_not_follow_has_no_proof(corpus: Corpus) -> None:
    goal = ox.Triple(ox.NamedNode(f"{DGI}drones"), ox.NamedNode(f"{DG}brokers"), ox.NamedNode(f"{DGI}aiju"))
    assert proved(goal, corpus.prover, corpus.store) == Proofs((), True)


def test_a_rule_of_the_domain_proves_as_others_do(corpus: Corpus) -> None:
    place = "?x dg:brokerOf ?y . ?y dg:place ?z"
    rule = Rule(("who-brokers-where",), patterns(place), pattern("?x dg:worksFor ?z"), (), (Axiom((), ()),))
    modules = [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in corpus.ontology]
    goal = ox.Triple(ox.NamedNode(f"{DGI}aiju"), ox.NamedNode(f"{DG}worksFor"), ox.NamedNode(f"{DGI}toy-valley"))
    found = proved(goal, Prover(modules, [rule]), corpus.store)
    assert found.proofs and all(proof.step and proof.step.names == ("who-brokers-where",) for proof in found.proofs)
    assert not proved(goal, corpus.prover, corpus.store).proofs


def test_every_rule_that_concludes_something_has_a_summary(corpus: Corpus) -> None:
    triples = [ox.Quad(each.subject, each.predicate, each.object, KNOWN) for each in corpus.ontology]
    store = ox.Store()
    store.extend(triples)
    rules = [*corpus.rules, *rules_about_terms(axioms_in(Embedded(store), KNOWN))]
    assert {name for rule in rules if rule.conclusion for name in rule.names} <= {
        *SUMMARIES,
        *(rule.name for rule in domain_rules()),
    }


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(FACTS.filter(lambda facts: len(facts) <= 6), st.randoms(use_true_random=False))
def test_the_proofs_of_generated_facts_are_all_smallest_sets_that_the_reasoner_needs(
    facts: list[tuple[object, object, object]], chance: random.Random
) -> None:
    """The facts of each proof are a set that brute force finds, and no such set is left out where these are all.

    What is stated is a fact of a proof, whatever it follows from in turn: sets by way of this are left out.
    """
    schema = list(ox.parse(SCHEMA.encode(), format=ox.RdfFormat.TURTLE))
    ontology = [ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY) for quad in schema]
    triples = list(dict.fromkeys(_triple(fact) for fact in facts))
    stated = [ox.Quad(triple.subject, triple.predicate, triple.object, ASSERTED) for triple in triples]
    inferred = {quad for quad in infer([*ontology, *stated]) if str(quad.subject.value).removeprefix(NS) in "uvwxyz"}
    if not inferred:
        return
    store = ox.Store()
    store.extend([*ontology, *stated, *inferred, *merged([*ontology, *stated, *inferred])])
    goal = chance.choice(sorted(inferred, key=str)).triple
    found = proved(goal, Prover([quad.triple for quad in ontology]), store)
    closures = {
        some: {quad.triple for quad in infer([*ontology, *(quad for quad in stated if quad.triple in some)])}
        for size in range(len(triples) + 1)
        for some in map(frozenset, combinations(triples, size))
    }
    needed = [some for some, closure in closures.items() if goal in closure]
    smallest = {some for some in needed if not any(other < some for other in needed)}
    sets = {proof.facts for proof in found.proofs}
    assert sets and sets <= smallest
    if found.are_all:
        assert all(closures[some] & set(triples) for some in smallest - sets)


def _triple(fact: tuple[object, object, object]) -> ox.Triple:
    return ox.Triple(*(ox.NamedNode(str(term)) for term in fact))
