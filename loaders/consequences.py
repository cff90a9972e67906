"""Works out what follows for a release when another ontology takes the place of its own."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.graphs import INFERRED, OF_NO_SOURCE, ONTOLOGY, merged
from loaders.inference import infer
from loaders.reasoning.domain_rules import DomainRule, rules_of
from ontology.expressions import name
from ontology.iris import GRAPH, RDF, RDFS, TERM, compress

_TYPE = ox.NamedNode(RDF + "type")
_LABEL = ox.NamedNode(RDFS + "label")
_EXAMPLES = 5
_EXAMPLES_OF_FACTS = 3

# What these join repeats a statement that stands beside them.
_REPEATING = {ox.NamedNode(TERM + local) for local in ("factSubject", "factProperty", "factObject")}


@dataclass(frozen=True)
class Inferences:
    """Inferred triples of one property, or types of one class, that are gained or lost."""

    kind: str  # "type" or "relation"
    term: str
    label: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Uses:
    """The stated facts that use a term: how many, in which sources, and some of them in words."""

    count: int
    by_source: Mapping[str, int]
    examples: tuple[str, ...]


class Exchange:
    """A release before and after another ontology takes the place of its own, each with its rules of the domain.

    What is inferred is inferred anew with each ontology, so that a difference comes of the ontology alone;
    `by_rules` is the number of triples by which the release itself differs, which are due to rules that have changed.
    """

    def __init__(
        self,
        release: Iterable[ox.Quad],
        own_rules: Sequence[DomainRule],
        ontology: Iterable[ox.Triple],
        rules: Sequence[DomainRule],
    ) -> None:
        quads = set(release)
        self._facts = {quad for quad in quads if quad.graph_name not in OF_NO_SOURCE}
        own = {quad for quad in quads if quad.graph_name == ONTOLOGY}
        other = {ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY) for t in ontology}
        before, after = (own, rules_of(own_rules)), (other, rules_of(rules))
        ontologies = [(own, own_rules)] if before == after else [(own, own_rules), (other, rules)]
        with ThreadPoolExecutor() as pool:  # the rules are evaluated outside of the interpreter's lock
            inferred = list(pool.map(lambda each: _inferred(self._facts | each[0], each[1]), ontologies))
        self._inferred_before, self.before = inferred[0]
        self._inferred_after, self.after = inferred[-1]
        self.by_rules = len(self._inferred_before ^ {quad for quad in quads if quad.graph_name == INFERRED})

    def gained(self) -> tuple[Inferences, ...]:
        """Return what is inferred with the other ontology only."""
        return self._only(self._inferred_after, self.before)

    def lost(self) -> tuple[Inferences, ...]:
        """Return what is inferred with the release's own ontology only."""
        return self._only(self._inferred_before, self.after)

    def uses(self, terms: Iterable[str]) -> tuple[dict[str, Uses], Uses]:
        """Return the stated facts that use each of the IRIs `terms`, where there are any, and all of them together."""
        wanted = set(map(ox.NamedNode, terms))
        found: defaultdict[str, list[ox.Quad]] = defaultdict(list)
        for quad in self._facts:
            used = {quad.predicate} if quad.predicate in _REPEATING else {quad.subject, quad.predicate, quad.object}
            for term in wanted & used:
                found[term.value].append(quad)
        together = {quad for quads in found.values() for quad in quads}
        return {term: self._counted(quads) for term, quads in found.items()}, self._counted(together)

    def _counted(self, quads: Collection[ox.Quad]) -> Uses:
        graphs = (quad.graph_name for quad in quads)
        sources = Counter(g.value.removeprefix(GRAPH) for g in graphs if isinstance(g, ox.NamedNode))
        by_source = dict(sorted(sources.items(), key=lambda item: (-item[1], item[0])))
        return Uses(
            len(quads),
            by_source,
            tuple(map(self._words, _examples((quad.triple for quad in quads), _EXAMPLES_OF_FACTS))),
        )

    def _only(self, inferred: Iterable[ox.Quad], elsewhere: ox.Store) -> tuple[Inferences, ...]:
        groups: defaultdict[tuple[str, str], list[ox.Triple]] = defaultdict(list)
        for quad in inferred:
            if isinstance(quad.subject, ox.NamedNode) and not _holds(elsewhere, quad):
                if quad.predicate != _TYPE:
                    groups["relation", quad.predicate.value].append(quad.triple)
                elif isinstance(quad.object, ox.NamedNode):
                    groups["type", quad.object.value].append(quad.triple)
        return tuple(self._summarised(kind, term, triples) for (kind, term), triples in sorted(groups.items()))

    def _summarised(self, kind: str, term: str, triples: Collection[ox.Triple]) -> Inferences:
        examples = [
            self._words(t) if kind == "relation" else self._label(t.subject) for t in _examples(triples, _EXAMPLES)
        ]
        return Inferences(kind, name(term), self._label(ox.NamedNode(term)), len(triples), tuple(examples))

    def _words(self, triple: ox.Triple) -> str:
        joined = "is of type" if triple.predicate == _TYPE else self._label(triple.predicate)
        return f"{self._label(triple.subject)} {joined} {self._label(triple.object)}"

    def _label(self, node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        if isinstance(node, ox.Literal):
            return f"“{node.value}”"
        if not isinstance(node, ox.NamedNode):
            return str(node)
        for store in (self.after, self.before):
            found = (quad.object for quad in store.quads_for_pattern(node, _LABEL, None, None))
            labels = [label for label in found if isinstance(label, ox.Literal)]
            if labels:
                return min((label.language != "en", label.value) for label in labels)[1]
        return compress(node.value)


def _inferred(quads: set[ox.Quad], rules: Sequence[DomainRule]) -> tuple[set[ox.Quad], ox.Store]:
    inferred = infer(quads, rules)
    store = ox.Store()
    store.bulk_extend(quads | inferred)
    store.bulk_extend(merged(quads | inferred))
    return inferred, store


def _examples(triples: Iterable[ox.Triple], at_most: int) -> list[ox.Triple]:
    """Return a few of the triples, of different subjects as far as there are."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, ox.Triple]] = []
    for triple in sorted(set(triples), key=str):
        ranked.append((seen[str(triple.subject)], triple))
        seen[str(triple.subject)] += 1
    return [triple for _, triple in sorted(ranked, key=lambda item: item[0])[:at_most]]


def _holds(store: ox.Store, quad: ox.Quad) -> bool:
    return next(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None), None) is not None
