"""Reads what uses the ontology, for the checks that hold the one against the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from loaders.checking import check_corpus
from loaders.corpus import Corpus, Entry, read_corpus
from loaders.errors import Fault
from loaders.expansion import corpus_quads
from loaders.facts import quads_of
from loaders.graphs import ONTOLOGY
from loaders.inference import reason
from loaders.reasoning.domain_rules import domain_rule
from loaders.rule_faults import RuleConsequences
from loaders.term_uses import TermUse, code_naming, code_uses, corpus_uses, query_uses, shape_uses, terms_of
from ontology.checks.checked import Checked
from ontology.context import jsonld_context
from ontology.iris import OWL, RDF, TERM, THING
from ontology.reasoner import Group
from ontology.vocabulary import Vocabulary, vocabulary_of

# Passages and headings have positions alone, which no axiom is about.
_APART = {TERM + "evidence", TERM + "hasSection"}
_TYPE = ox.NamedNode(RDF + "type")
_INDIVIDUAL = ox.NamedNode(OWL + "NamedIndividual")


@dataclass(frozen=True)
class Surroundings:
    """What uses the ontology: the corpus, with its faults, and the Python of `packages`, beside queries and shapes."""

    checked: Checked
    vocabulary: Vocabulary
    corpus: Corpus
    faults: Sequence[Fault]
    packages: Sequence[str]

    @cached_property
    def things(self) -> frozenset[str]:
        """The IRIs of the things that the corpus brings in."""
        brought_in = {entry.subject for entry in self.corpus.entries if entry.introduces}
        brought_in |= {item.text("id") or "" for _, item in self.corpus.references}
        return frozenset(THING + name for name in brought_in)

    @cached_property
    def known(self) -> frozenset[str]:
        """The IRIs of all terms of the ontology and all things of the corpus."""
        return frozenset(map(str, self.checked.kinds)) | self.things

    @cached_property
    def quads(self) -> frozenset[ox.Quad]:
        """The quads of the corpus, or none while it has faults."""
        return frozenset() if self.faults else frozenset(corpus_quads(self.corpus, self.vocabulary))

    @cached_property
    def consequences(self) -> RuleConsequences:
        """What follows from ontology and corpus by the rules of the domain."""
        stated = (t for module in self.checked.modules for t in module.triples)
        quads = {ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY) for t in stated} | self.quads
        rules = [domain_rule(rule) for rule in self.checked.rules]
        return RuleConsequences(quads, rules, reason(quads, rules))

    @cached_property
    def statements(self) -> tuple[Group, ...]:
        """What each entry states of things, under its place and its thing, `file:line thing`; none while faults are."""
        context = jsonld_context(self.vocabulary)
        entries = () if self.faults else self.corpus.entries
        return tuple((f"{e.file}:{e.line} {e.subject}", tuple(_triples(e, context))) for e in entries)

    @cached_property
    def uses(self) -> tuple[TermUse, ...]:
        """Every use of a term of ours, or of a name that looks like one."""
        found = {*corpus_uses(self.corpus, self.vocabulary), *query_uses(), *shape_uses()}
        if self.packages:
            found |= {*code_uses(self.packages), *code_naming(self.packages, terms_of(self.quads) - self.known)}
        return tuple(sorted(found))


def surroundings(checked: Checked, packages: Sequence[str]) -> Surroundings:
    """Read what uses the ontology."""
    faults: list[Fault] = []
    vocabulary = vocabulary_of(checked.graph)
    corpus = read_corpus(faults)
    check_corpus(corpus, vocabulary, faults)
    return Surroundings(checked, vocabulary, corpus, faults, packages)


def _triples(entry: Entry, context: Mapping[str, object]) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(THING + entry.subject)
    yield ox.Triple(subject, _TYPE, _INDIVIDUAL)
    for quad in quads_of(entry, context):
        if quad.subject == subject and quad.predicate.value not in _APART:
            yield quad.triple
