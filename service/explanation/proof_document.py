"""Makes the documents of proofs: trees of conclusions, with the rule and the axiom of each step, down to facts."""

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from loaders.reasoning import rule_names
from loaders.reasoning.minimal_proofs import Proof
from loaders.reasoning.rules import StatedTriple, Step
from loaders.reasoning.stated import is_anonymous, unnamed
from ontology.entries import anchor
from ontology.iris import THING
from service.explanation import schema
from service.explanation.proving import Proven
from service.explanation.reasoning import Reasoning
from service.explanation.schema import Citation, Expression, Fact, Reference
from service.store.selection import Value, value_of
from service.things.description import Named

_SECTION = re.compile(r"(?P<paper>[\w-]+), (?P<section>.+)", re.DOTALL)


class ProofWriter:
    """Writes proofs; the labels of things are those that were found, and those of terms those of the ontology."""

    def __init__(
        self,
        proven: Proven,
        reasoning: Reasoning,
        labels: Mapping[str, str],
        value: Callable[[Named, str], schema.Value],
        fact: Callable[[str], Fact],
        property_: Callable[[str], Reference],
    ) -> None:
        self._proven = proven
        self._reasoning = reasoning
        self._labels = labels
        self._value = value
        self._fact = fact
        self._property = property_

    def proof(self, proof: Proof) -> schema.Proof:
        """Return the document of a proof."""
        triple, step = proof.triple, proof.step
        is_leaf = step is None
        return schema.Proof(
            subject=self._term(triple.subject),
            property=self._predicate(triple.predicate.value),
            object=self._object(triple),
            rules=[] if step is None else [self._rule(name) for name in dict.fromkeys(step.names)],
            axioms=[] if step is None else self._axioms(step),
            premises=[self.proof(premise) for premise in proof.premises],
            graphs=list(self._proven.graphs.get(triple, ())) if is_leaf else [],
            facts=[self._fact(iri) for iri in self._proven.facts.get(triple, ())] if is_leaf else [],
        )

    def _term(self, term: ox.NamedNode | ox.BlankNode | ox.Triple) -> Reference | Expression:
        if is_anonymous(term):
            return self._expression(term)
        iri = str(value_of(term))
        return self._reference(iri)

    def _object(self, triple: ox.Triple) -> Expression | schema.Value:
        if is_anonymous(triple.object):
            return self._expression(triple.object)
        value: Value = value_of(triple.object)
        return self._reference(value) if isinstance(value, str) else self._value((value, None), triple.predicate.value)

    def _reference(self, iri: str) -> Reference:
        label = self._labels.get(iri)
        if label is None and not iri.startswith(THING):
            label = self._reasoning.words.label(iri)
        named = self._value((iri, label), "")
        assert isinstance(named, Reference)
        return named

    def _predicate(self, iri: str) -> Reference:
        known = self._property(iri)
        return known if known.label != iri else known.model_copy(update={"label": self._reasoning.words.label(iri)})

    def _expression(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Expression:
        node = unnamed(ox.Triple(term, term, term)).subject if isinstance(term, ox.NamedNode) else term
        manchester, label = self._reasoning.words.expression(node)
        return Expression(label=label, manchester=manchester)

    def _rule(self, name: str) -> schema.Rule:
        summary = rule_names.SUMMARIES.get(name)
        if summary is not None:
            return schema.Rule(name=name, summary=summary, href=rule_names.W3C, sources=[])
        domain = self._reasoning.domain_rules.get(name)
        if domain is None:
            return schema.Rule(name=name, summary=name, sources=[])
        sources = [self._citation(source) for source in domain.sources]
        return schema.Rule(name=name, summary=domain.summary, href=f"/ontology#rule-{name}", sources=sources)

    def _axioms(self, step: Step) -> list[schema.Axiom]:
        return [self._axiom(stated) for stated in step.axiom.stated]

    def _axiom(self, stated: StatedTriple) -> schema.Axiom:
        words, triple = self._reasoning.words, unnamed(ox.Triple(*stated))
        axiom = schema.Axiom(label=words.sentence(triple), manchester=words.manchester(triple), sources=[])
        if (iri := _term_of(stated)) is not None:
            axiom.term = Reference(id=iri, label=words.label(iri), href=f"/ontology#{quote(anchor(iri), safe='/:')}")
            axiom.sources = [self._citation(text) for text in words.sources(iri)]
        return axiom

    def _citation(self, text: str) -> Citation:
        """Return where something is taken from, with the publication where the client may see it."""
        iri = paper_in(text)
        if iri is None or iri not in self._labels:
            return Citation(text=text)
        return Citation(text=text, source=self._reference(iri), section=text.partition(", ")[2])


def papers_behind(proven: Proven, reasoning: Reasoning) -> set[str]:
    """Return the publications that the axioms and rules of proofs may be taken from."""
    steps = [step for proof in proven.proofs for step in _steps(proof)]
    texts = {text for step in steps for stated in step.axiom.stated for text in _sources(stated, reasoning)}
    rules = (reasoning.domain_rules.get(name) for step in steps for name in step.names)
    texts |= {source for rule in rules if rule is not None for source in rule.sources}
    return {iri for text in texts if (iri := paper_in(text)) is not None}


def paper_in(text: str) -> str | None:
    """Return the publication that a text such as `gotz-2019, Conclusions` may name."""
    found = _SECTION.fullmatch(text)
    return THING + found["paper"] if found else None


def _steps(proof: Proof) -> Iterator[Step]:
    if proof.step is not None:
        yield proof.step
    for premise in proof.premises:
        yield from _steps(premise)


def _sources(stated: StatedTriple, reasoning: Reasoning) -> list[str]:
    term = _term_of(stated)
    return reasoning.words.sources(term) if term else []


def _term_of(stated: StatedTriple) -> str | None:
    """Return the term that an axiom is about: what it is said of, or else what it says of a class without a name."""
    for term in (stated.subject, stated.object):
        if isinstance(term, ox.NamedNode) and not is_anonymous(term):
            return term.value
    return None
