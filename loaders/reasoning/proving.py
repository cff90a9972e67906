"""Proves what was inferred by the rules of one ontology: facts over a dataset, axioms over the ontology itself."""

from collections.abc import Iterable
from functools import cached_property

import pyoxigraph as ox

from loaders.graphs import INFERRED, ONTOLOGY, merged
from loaders.reasoning.backwards import Backwards
from loaders.reasoning.closure import close, round_graph
from loaders.reasoning.compiling import rules_about_terms, rules_about_things
from loaders.reasoning.engines import KNOWN, Embedded
from loaders.reasoning.forwards import Forwards
from loaders.reasoning.minimal_proofs import Proofs, minimal_proofs
from loaders.reasoning.proofs import Derivations, Search, search, sought
from loaders.reasoning.rules import Rule
from loaders.reasoning.stated import axioms_in, named, owl

_ABOUT_TERMS = frozenset(
    map(
        owl,
        (
            *("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range"),
            *("owl:equivalentClass", "owl:equivalentProperty"),
        ),
    )
)


class Prover:
    """The rules that an ontology compiles to, and those of the domain, arranged for proofs of what follows by them."""

    def __init__(self, ontology: Iterable[ox.Triple], domain_rules: Iterable[Rule] = ()) -> None:
        store = ox.Store()
        store.bulk_extend(
            named(ox.Quad(triple.subject, triple.predicate, triple.object, KNOWN), KNOWN) for triple in ontology
        )
        self._axioms = list(axioms_in(Embedded(store), KNOWN))
        rules = [*rules_about_things(self._axioms), *domain_rules]
        self._backwards = Backwards(rules)
        self._forwards = Forwards(rules)

    def search(self, goal: ox.Triple) -> Search:
        """Seek how a fact follows; the queries are of a dataset whose default graph merges all."""
        return search(goal, self._backwards)

    def proofs(self, found: Derivations) -> Proofs:
        """Return the minimal proofs of a fact by what a search of it found."""
        return minimal_proofs(found, self._forwards)

    @staticmethod
    def is_about_terms(goal: ox.Triple) -> bool:
        """Tell whether a triple is an axiom, which no query to a dataset proves: none can name a blank node there."""
        return goal.predicate in _ABOUT_TERMS

    def proofs_about_terms(self, goal: ox.Triple) -> tuple[Proofs, Derivations]:
        """Return the minimal proofs of an axiom by the ontology alone, whose blank nodes have names in them."""
        rules, closed = self._about_terms
        found = sought(goal, rules, Embedded(closed))
        return minimal_proofs(found), found

    @cached_property
    def _about_terms(self) -> tuple[Backwards, ox.Store]:
        """The rules about terms, and all that follows by them, that about classes without a name included."""
        rules = rules_about_terms(self._axioms)
        store = ox.Store()
        store.bulk_extend(ox.Quad(axiom.subject, axiom.predicate, axiom.object, KNOWN) for axiom in self._axioms)
        closed = ox.Store()
        closed.bulk_extend(named(quad, ONTOLOGY) for quad in store)
        last = close(Embedded(store), rules)
        followed = [store.quads_for_pattern(None, None, None, round_graph(number)) for number in range(1, last)]
        closed.bulk_extend(named(quad, INFERRED) for quads in followed for quad in quads)
        closed.bulk_extend(merged(store.quads_for_pattern(None, None, None, KNOWN)))
        return Backwards(rules), closed
