"""Arranges terms under broader ones: classes, properties, and the concepts of a scheme."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Branch:
    """A term and what stands below it; `is_first` is false where the term stood elsewhere in the tree before."""

    iri: str
    is_first: bool
    below: tuple["Branch", ...]


def trees(
    iris: Iterable[str],
    above: Mapping[str, Iterable[str]],
    label: Callable[[str], str],
    stood: Collection[str] = (),
) -> tuple[Branch, ...]:
    """Return `iris` as trees, in the order of their labels; `above` gives what each stands directly under.

    A term under two others stands under both, and what is below it under the first. In a cycle, the term whose
    label comes first is the root. The terms `stood` have stood elsewhere already.
    """
    known = sorted(set(iris), key=lambda iri: (label(iri).casefold(), iri))
    below: dict[str, list[str]] = {iri: [] for iri in known}
    roots = set(known)
    for iri in known:
        for parent in sorted(set(above.get(iri, ())) - {iri}):
            if parent in below:
                below[parent].append(iri)
                roots.discard(iri)
    seen: set[str] = set()

    def branch(iri: str) -> Branch:
        if iri in seen:
            return Branch(iri, False, ())
        seen.add(iri)
        return Branch(iri, iri not in stood, tuple(branch(child) for child in below[iri]))

    grown = [branch(iri) for iri in known if iri in roots]
    grown += [branch(iri) for iri in known if iri not in seen]
    return tuple(grown)
