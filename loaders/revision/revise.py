"""Makes the next release of the current one: only what a change of sources reaches is worked out anew.

It is made so where nothing but sources changed, no axiom among it, and nothing is wrong with it; a build from the
sources tells what is. Both ways lead to the same release.
"""

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

import pyoxigraph as ox

from loaders.corpus import Corpus
from loaders.graphs import COMPUTED, INFERRED
from loaders.manifest import Digests, digests_of
from loaders.networks.computed import Observed, observed, statements
from loaders.progress import Tell
from loaders.reasoning.compiling import rules_about_things
from loaders.reasoning.domain_rules import domain_rules, rules_of
from loaders.reasoning.engines import KNOWN, Embedded
from loaders.reasoning.maintenance import maintain
from loaders.reasoning.rules import Rule
from loaders.reasoning.stated import axioms_in, named
from loaders.release import Release
from loaders.revision.changes import Changes, changes_between, hindrance, lines_of, quads_of_lines
from loaders.revision.copy import WorkingCopy
from loaders.validation import Validation, validate_change
from ontology.constraint_reach import is_of_axiom
from ontology.modules import module_triples
from ontology.vocabulary import Vocabulary
from queries.archive import unpack_queries
from queries.named_query import NamedQuery, askable


@dataclass(frozen=True)
class Sources:
    """What a release is made of: the files of the ontology, the packed named queries, and a corpus without faults."""

    ontology: Traversable
    queries: bytes
    vocabulary: Vocabulary
    corpus: Corpus

    @cached_property
    def digests(self) -> Digests:
        """The digests of the files of the ontology and the corpus."""
        return digests_of(self.corpus, self.ontology)

    def rules(self) -> list[Rule]:
        """Return the rules of the domain, and those that the axioms of the ontology are compiled to."""
        store = ox.Store()
        triples = module_triples(self.ontology)
        store.bulk_extend(named(ox.Quad(t.subject, t.predicate, t.object), KNOWN) for t in triples)
        return rules_of(domain_rules(self.ontology)) + rules_about_things(axioms_in(Embedded(store), KNOWN))


@dataclass(frozen=True)
class Made:
    """The canonical N-Quads of a release, how they fit the shapes, and by how many rules they follow.

    `store` is a folder with their store, where there is one already.
    """

    content: bytes
    validation: Validation
    rules: int
    store: Path | None = None


class _NotRevisedError(Exception):
    """Why the next release must be built from the sources."""


def revised(basis: Release | None, sources: Sources, folder: Path, progress: Tell) -> Made | None:
    """Return what the release `basis` becomes by a change of its sources, with its store in `folder`.

    None where it must be built from the sources, of which `progress` is told why. Raises OSError.
    """
    if basis is None:
        return None
    try:
        return _revised(basis, sources, folder, progress)
    except _NotRevisedError as why:
        progress(f"not revising release {basis.id}: {why}")
        return None


def _revised(basis: Release, sources: Sources, folder: Path, progress: Tell) -> Made:
    if not basis.is_whole():
        raise _NotRevisedError("it is damaged")
    if _of_every_release(basis.packed_queries()) != _of_every_release(sources.queries):
        raise _NotRevisedError("a named query has changed")
    manifest, rules = basis.manifest(), sources.rules()
    if why := hindrance(manifest, sources.digests, len(rules)):
        raise _NotRevisedError(why)
    lines = basis.content().splitlines(keepends=True)
    changes = changes_between(manifest, lines, sources.digests, sources.corpus, sources.vocabulary)
    progress(f"revising release {basis.id}: {changes}")
    copy = WorkingCopy(basis.core, folder)
    networks = observed(copy.store)
    touched, followed = _infer(copy, rules, changes)
    validation = validate_change(copy.store, _nodes(touched), sources.corpus, sources.vocabulary)
    if validation.faults:
        raise _NotRevisedError("something breaks a shape")
    computed = _compute(copy, networks, progress)
    copy.merge()
    content = _content(lines, [changes, followed, computed])
    return Made(content, validation, len(rules), folder)


def _of_every_release(packed: bytes | None) -> dict[str, NamedQuery] | None:
    """Return the named queries but those of loaded sources, of which nothing is computed."""
    return None if packed is None else askable(unpack_queries(packed), ())


def _infer(copy: WorkingCopy, rules: list[Rule], changes: Changes) -> tuple[list[ox.Triple], Changes]:
    """Infer anew; return the triples that came or went, and how what follows changed."""
    gone, new = copy.restate(quads_of_lines(changes.removed), quads_of_lines(changes.added))
    followed = maintain(Embedded(copy.store, ox.DefaultGraph()), rules, gone, new, INFERRED)
    touched = [*gone, *new, *followed.removed, *followed.added]
    if followed.contradicted:
        raise _NotRevisedError("something contradicts the ontology")
    if any(map(_is_of_axiom, touched)):
        raise _NotRevisedError("an axiom has changed")
    return touched, Changes(_lines(followed.removed), _lines(followed.added))


def _compute(copy: WorkingCopy, before: list[Observed], progress: Tell) -> Changes:
    """Compute the networks anew where what they are made of is not what it was; return what changed."""
    now = observed(copy.store)
    if now == before:
        return Changes()
    progress("computing the networks")
    old, new = set(copy.store.quads_for_pattern(None, None, None, COMPUTED)), statements(now)
    copy.replace(old - new, new - old)
    return Changes(lines_of(old - new), lines_of(new - old))


def _content(lines: Iterable[bytes], changes: Collection[Changes]) -> bytes:
    removed: Set[bytes] = frozenset().union(*(each.removed for each in changes))
    added: Set[bytes] = frozenset().union(*(each.added for each in changes))
    return b"".join(sorted([line for line in lines if line not in removed] + sorted(added)))


def _lines(triples: Iterable[ox.Triple]) -> set[bytes]:
    return lines_of([ox.Quad(t.subject, t.predicate, t.object, INFERRED) for t in triples])


def _is_of_axiom(triple: ox.Triple) -> bool:
    has_blank_node = isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)
    return has_blank_node or is_of_axiom(triple.predicate.value, getattr(triple.object, "value", ""))


def _nodes(triples: Iterable[ox.Triple]) -> set[ox.NamedNode | ox.Literal]:
    ends = (end for triple in triples for end in (triple.subject, triple.object))
    return {end for end in ends if isinstance(end, ox.NamedNode | ox.Literal)}
