"""Compares two ontologies by what they state: terms, axioms, and what lies below what."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ontology.aspects import DEPRECATED
from ontology.expressions import name
from ontology.stated_axioms import Description, StatedAxioms, Statement

_Pairs = Collection[tuple[str, str, str]]
_READ_FIRST = ("label", "preferred label", "definition", "superclass", "superproperty")


@dataclass(frozen=True)
class Change:
    """The values of one aspect of a term, such as `label (en)`, that are only in the one and only in the other."""

    aspect: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class TermDifference:
    """A term that differs. `namesake` is one that came, or went, in its stead with the same label or definition."""

    iri: str
    kind: str
    label: str
    changes: tuple[Change, ...]
    namesake: str = ""

    @property
    def name(self) -> str:
        """The prefixed name of the term."""
        return name(self.iri)


@dataclass(frozen=True)
class Difference:
    """How an ontology differs from an earlier one.

    `deprecated` are the changed terms that are now deprecated; `changed` has the others. Axioms are those of which no
    term is the subject. `now_below` and `no_longer_below` give, for a wider term, the terms of both ontologies that
    are found to lie below it without being stated there.
    """

    added: tuple[TermDifference, ...]
    changed: tuple[TermDifference, ...]
    deprecated: tuple[TermDifference, ...]
    removed: tuple[TermDifference, ...]
    axioms_added: tuple[str, ...]
    axioms_removed: tuple[str, ...]
    now_below: Mapping[str, tuple[str, ...]]
    no_longer_below: Mapping[str, tuple[str, ...]]

    @property
    def affected(self) -> tuple[TermDifference, ...]:
        """The terms that something may use and that are not as they were."""
        return (*self.removed, *self.deprecated, *self.changed)

    def __bool__(self) -> bool:
        return bool(self.added or self.affected or self.axioms_added or self.axioms_removed)


def difference(before: StatedAxioms, after: StatedAxioms) -> Difference:
    """Return how `after` differs from `before`; of equal ontologies nothing does."""
    removed, added = before.terms.keys() - after.terms.keys(), after.terms.keys() - before.terms.keys()
    known = before.terms.keys() & after.terms.keys()
    lost = _held(before.pairs - after.pairs, removed, known)
    gained = _held(after.pairs - before.pairs, added, known)

    def compared(iri: str) -> TermDifference:
        was, now = before.terms.get(iri), after.terms.get(iri)
        shown = now or before.terms[iri]
        changes = _changes(_stated(was) | lost[iri], _stated(now) | gained[iri])
        if was and now and was.kind != now.kind:
            changes = (Change("kind", (was.kind,), (now.kind,)), *changes)
        return TermDifference(iri, shown.kind, shown.label, changes, _namesake(iri, before, after))

    differing = [term for term in map(compared, sorted(known)) if term.changes]
    deprecated = [t for t in differing if any(c.aspect == DEPRECATED and "true" in c.after for c in t.changes)]
    return Difference(
        added=tuple(map(compared, sorted(added))),
        changed=tuple(term for term in differing if term not in deprecated),
        deprecated=tuple(deprecated),
        removed=tuple(map(compared, sorted(removed))),
        axioms_added=tuple(sorted((after.unnamed - before.unnamed) | _of_no_term(gained, after))),
        axioms_removed=tuple(sorted((before.unnamed - after.unnamed) | _of_no_term(lost, before))),
        now_below=_by_wider(after.below - before.below - after.stated_below, known),
        no_longer_below=_by_wider(before.below - after.below - before.stated_below, known),
    )


def _stated(description: Description | None) -> set[Statement]:
    return set(description.statements) if description else set()


def _changes(before: set[Statement], after: set[Statement]) -> tuple[Change, ...]:
    gone, come = before - after, after - before
    aspects = sorted({statement.aspect for statement in gone | come}, key=_reading_order)
    return tuple(Change(aspect, _values(gone, aspect), _values(come, aspect)) for aspect in aspects)


def _reading_order(aspect: str) -> tuple[int, str]:
    """Put what a term is called and means before all else that is stated of it."""
    bare = aspect.partition(" (")[0]
    return (_READ_FIRST.index(bare) if bare in _READ_FIRST else len(_READ_FIRST)), aspect


def _values(statements: Iterable[Statement], aspect: str) -> tuple[str, ...]:
    return tuple(sorted(statement.value for statement in statements if statement.aspect == aspect))


def _held(pairs: _Pairs, apart: Collection[str], known: Collection[str]) -> defaultdict[str, set[Statement]]:
    """Return each pair as a statement about one of its two terms, by that term.

    It is the one that is added or removed (`apart`), or else, of those in both ontologies (`known`), the one that
    more of the pairs have, so that a class which becomes disjoint with ten others is told of once.
    """
    counts = Counter(iri for _, *both in pairs for iri in both)
    statements: defaultdict[str, set[Statement]] = defaultdict(set)
    for aspect, *both in pairs:
        holder, other = sorted(both, key=lambda iri: (iri not in apart, iri not in known, -counts[iri], iri))
        statements[holder].add(Statement(aspect, name(other)))
    return statements


def _of_no_term(held: Mapping[str, set[Statement]], axioms: StatedAxioms) -> set[str]:
    """Return the pairs of which the ontology says nothing else about either term."""
    return {f"{name(iri)}: {s}" for iri, statements in held.items() if iri not in axioms.terms for s in statements}


def _namesake(iri: str, before: StatedAxioms, after: StatedAxioms) -> str:
    """Return the term on the other side that has the label or the definition of one that is on one side only."""
    here, there = (before.terms, after.terms) if iri in before.terms else (after.terms, before.terms)
    if iri in there:
        return ""
    words = _words(here[iri])
    namesakes = [i for i, d in there.items() if i not in here and d.kind == here[iri].kind and words & _words(d)]
    return name(min(namesakes)) if namesakes else ""


def _words(description: Description) -> set[Statement]:
    return {
        s for s in description.statements if s.aspect.partition(" (")[0] in ("label", "preferred label", "definition")
    }


def _by_wider(pairs: Iterable[tuple[str, str]], known: Collection[str]) -> dict[str, tuple[str, ...]]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for narrow, wide in sorted(pairs):
        if narrow in known:
            grouped[name(wide)].append(name(narrow))
    return {wide: tuple(narrower) for wide, narrower in sorted(grouped.items())}
