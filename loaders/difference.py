"""Holds the ontology at hand against a release: what differs, and what follows for its facts and the named queries."""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zipfile import BadZipFile

import pyoxigraph as ox

from loaders.answers import AnswerDifference, answer_difference
from loaders.consequences import Exchange, Inferences, Uses
from loaders.errors import ReleaseError
from loaders.graphs import ONTOLOGY
from loaders.progress import Tell
from loaders.reasoning.domain_rules import DomainRule, domain_rules
from loaders.release import Release
from ontology.archive import unpack
from ontology.difference import Difference, TermDifference, difference
from ontology.errors import OntologyError
from ontology.stated_axioms import read_axioms
from queries.named_query import NamedQuery, load_queries


@dataclass(frozen=True)
class RuleDifference:
    """The names of the rules of the domain that the ontology at hand adds, removes, or has otherwise."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Report:
    """How the ontology at hand differs from that of a release, and what would follow for the release.

    `uses` has the stated facts that use a term which is removed, deprecated or changed, by its IRI, and `facts` all
    of them. `by_rules` inferred triples of the release differ only because the rules of inference have changed.
    """

    release: str
    ontology: Difference
    rules: RuleDifference
    gained: tuple[Inferences, ...]
    lost: tuple[Inferences, ...]
    uses: Mapping[str, Uses]
    facts: Uses
    queries: tuple[AnswerDifference, ...]
    by_rules: int

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.ontology) or bool(self.rules)

    def naming(self, term: TermDifference) -> list[str]:
        """Return the named queries that name `term`."""
        return [answer.query for answer in self.queries if term.name in answer.names]

    def document(self) -> dict[str, Any]:
        """Return the report for JSON."""
        ontology = self.ontology
        return {
            "release": self.release,
            "differs": bool(self),
            "terms": {
                "added": self._terms(ontology.added),
                "changed": self._terms(ontology.changed),
                "deprecated": self._terms(ontology.deprecated),
                "removed": self._terms(ontology.removed),
            },
            "rules": asdict(self.rules),
            "axioms": {"added": ontology.axioms_added, "removed": ontology.axioms_removed},
            "hierarchy": {"gained": ontology.now_below, "lost": ontology.no_longer_below},
            "inferences": {"gained": list(map(asdict, self.gained)), "lost": list(map(asdict, self.lost))},
            "inferences_by_changed_rules": self.by_rules,
            "facts": {"count": self.facts.count, "by_source": self.facts.by_source},
            "queries": list(map(asdict, self.queries)),
        }

    def _terms(self, terms: Iterable[TermDifference]) -> list[dict[str, Any]]:
        return [
            asdict(term)
            | {"name": term.name}
            | {"facts": asdict(self.uses.get(term.iri, _UNUSED)), "queries": self.naming(term)}
            for term in terms
        ]


_UNUSED = Uses(0, {}, ())


def against(ontology: Iterable[ox.Triple], rules: Sequence[DomainRule], release: Release, progress: Tell) -> Report:
    """Return how `ontology`, with its rules of the domain, differs from that of `release`.

    The facts are those of the release, the named queries those at hand. `progress` is told each step. Raises
    ReleaseError where the release is damaged, QueryFileError where a named query is broken.
    """
    queries = load_queries()
    progress(f"reading release {release.id}")
    quads = release.quads()
    own = [quad.triple for quad in quads if quad.graph_name == ONTOLOGY]
    ontology = list(ontology)
    progress("comparing the ontologies")
    after = read_axioms(ontology)
    own_rules = _rules_of(release)
    differing, differing_rules = difference(read_axioms(own), after), _rule_difference(own_rules, rules)
    is_other = bool(differing) or bool(differing_rules)
    progress("inferring with both ontologies" if is_other else "no difference; checking what was inferred")
    exchange = Exchange(quads, own_rules, ontology if differing else own, rules if differing_rules else own_rules)
    affected = [term.iri for term in differing.affected]
    uses, facts = exchange.uses(affected)
    answers: tuple[AnswerDifference, ...] = ()
    if is_other:
        progress(f"asking {len(queries)} named queries of both")
        classes = {iri for iri, description in after.terms.items() if "class" in description.kind.split(" and ")}
        answers = _answers(queries.values(), exchange, affected, classes)
    return Report(
        release.id,
        differing,
        differing_rules,
        exchange.gained(),
        exchange.lost(),
        uses,
        facts,
        answers,
        exchange.by_rules,
    )


def _rules_of(release: Release) -> list[DomainRule]:
    """Return the rules of the domain that a release carries. Raises ReleaseError where its ontology is damaged."""
    if not release.ontology.exists():
        return []
    try:
        return domain_rules(unpack(release.ontology.read_bytes()))
    except (OSError, BadZipFile, zlib.error, OntologyError) as error:
        raise ReleaseError(f"release {release.id} has a damaged ontology ({error}); build again") from error


def _rule_difference(before: Iterable[DomainRule], after: Iterable[DomainRule]) -> RuleDifference:
    own, other = {rule.name: rule for rule in before}, {rule.name: rule for rule in after}
    return RuleDifference(
        tuple(sorted(other.keys() - own.keys())),
        tuple(sorted(own.keys() - other.keys())),
        tuple(sorted(name for name in own.keys() & other.keys() if own[name] != other[name])),
    )


def _answers(
    queries: Iterable[NamedQuery], exchange: Exchange, affected: Collection[str], classes: Collection[str]
) -> tuple[AnswerDifference, ...]:
    compared = (answer_difference(q, exchange.before, exchange.after, affected, classes) for q in queries)
    return tuple(answer for answer in compared if answer)
