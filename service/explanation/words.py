"""Puts parts of an explanation into plain words, for texts and pictures."""

from collections.abc import Iterator

from loaders.graphs import COMPUTED, ONTOLOGY
from service.explanation.schema import Evidence, Explanation, Expression, Fact, Proof, Reference, TypedValue, Value


def statement(one: Explanation | Proof) -> str:
    """Return a triple in a line."""
    return f"{shown(one.subject)} · {one.property.label} · {shown(one.object)}"


def shown(value: Expression | Value) -> str:
    """Return a thing, a class or a literal in words."""
    if isinstance(value, Reference | Expression):
        return value.label
    return value.value if isinstance(value, TypedValue) else str(value)


def stating(proof: Proof) -> str:
    """Return who states a leaf that no fact of a source states."""
    if proof.graphs == [ONTOLOGY.value]:
        return "stated by the ontology"
    if proof.graphs == [COMPUTED.value]:
        return "computed from the ties between actors, as docs/networks.md tells; no source states it"
    return f"stated in {', '.join(proof.graphs)}" if proof.graphs else "stated in the default graph"


def places(fact: Fact) -> Iterator[str]:
    """Yield where a fact is stated."""
    if not fact.evidence:
        yield fact.source.label if fact.source else "a source that is not told"
    yield from map(place, fact.evidence)


def place(one: Evidence) -> str:
    """Return a place in a source."""
    return f"{one.source.label if one.source else '?'}, section {one.section}, {one.start}-{one.end}"
