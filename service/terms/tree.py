"""Arranges the terms of the ontology as trees in which each is counted: by itself, and with all that is below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ontology.documentation import Documentation
from ontology.entries import Kind
from ontology.trees import Branch
from service.terms.usage import Usage


@dataclass(frozen=True)
class Node:
    """A term in a tree, and what is below it.

    `total` is how much uses it or what is below it, `alone` how much uses nothing below it; None where that is not
    told. What stands in several places has all below it in the first, `is_first`.
    """

    iri: str
    total: int
    alone: int | None
    is_first: bool
    below: tuple[Node, ...] = ()


class Trees:
    """The trees of an ontology, in the order of the labels that are shown."""

    def __init__(self, documentation: Documentation, usage: Usage, label: Callable[[str], str]) -> None:
        self._usage, self._label = usage, label
        self._concepts = {branch.iri: branch for scheme in documentation.schemes for branch in _first(scheme.branches)}
        self.of_kind = {
            kind: self._in_order(map(self._node_of_class if kind is Kind.CLASS else self._node_of_property, branches))
            for kind, branches in documentation.trees.items()
        }
        schemes = [scheme for scheme in documentation.schemes if scheme.entry]
        in_none = [branch for scheme in documentation.schemes if not scheme.entry for branch in scheme.branches]
        self.of_concepts = self._in_order(
            Node(scheme.iri, self._mentions(scheme.branches), None, True, self._concepts_in(scheme.branches))
            for scheme in schemes
        ) + self._concepts_in(in_none)
        self._ways: dict[str, tuple[Node, ...]] = {}
        for roots in (*self.of_kind.values(), self.of_concepts):
            self._find_ways(roots, ())

    def way(self, iri: str) -> tuple[Node, ...]:
        """Return the terms that a term stands under, from the root of its tree down to itself."""
        return self._ways[iri]

    def _find_ways(self, nodes: Iterable[Node], above: tuple[Node, ...]) -> None:
        for node in nodes:
            if node.is_first:
                self._ways.setdefault(node.iri, (*above, node))
                self._find_ways(node.below, (*above, node))

    def _in_order(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        return tuple(sorted(nodes, key=lambda node: self._label(node.iri).casefold()))

    def _node_of_class(self, branch: Branch) -> Node:
        below = [child.iri for child in branch.below]
        things = self._usage.things.get(branch.iri)
        alone = self._usage.alone(branch.iri, below) if below else None
        nodes = self._in_order(map(self._node_of_class, branch.below))
        return Node(branch.iri, things.total if things else 0, alone, branch.is_first, nodes)

    def _node_of_property(self, branch: Branch) -> Node:
        statements = self._usage.statements.get(branch.iri)
        nodes = self._in_order(map(self._node_of_property, branch.below))
        return Node(branch.iri, statements.total if statements else 0, None, branch.is_first, nodes)

    def _concepts_in(self, branches: Sequence[Branch]) -> tuple[Node, ...]:
        return self._in_order(
            Node(
                branch.iri,
                self._mentions([branch]),
                self._mentioned(branch.iri) if branch.below else None,
                branch.is_first,
                self._concepts_in(branch.below),
            )
            for branch in branches
        )

    def _mentions(self, branches: Iterable[Branch]) -> int:
        """Return how many statements are about concepts or what is below them; each is about one."""
        whole = [self._concepts.get(branch.iri, branch) for branch in branches]
        return sum(map(self._mentioned, {branch.iri for branch in _all(whole)}))

    def _mentioned(self, iri: str) -> int:
        return self._usage.mentions[iri].total if iri in self._usage.mentions else 0


def _all(branches: Iterable[Branch]) -> Iterator[Branch]:
    for branch in branches:
        yield branch
        yield from _all(branch.below)


def _first(branches: Iterable[Branch]) -> Iterator[Branch]:
    return (branch for branch in _all(branches) if branch.is_first)
