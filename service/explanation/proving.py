"""Has a triple that was inferred proved from what a client may read, and finds what states the leaves of its proofs."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from loaders.graphs import INFERRED, ONTOLOGY
from loaders.reasoning.minimal_proofs import Proof, Proofs
from loaders.reasoning.proofs import Derivations
from loaders.reasoning.rules import Term
from loaders.reasoning.stated import is_anonymous
from service.explanation import queries
from service.explanation.reasoning import Reasoning
from service.reader import Reader
from service.store.selection import Row, Selects, Value
from service.things.formats import term_of

_NO_RULES = "The rules that it follows by are not open to you."
_CUT = "No proof was found within the bounds of the search."
_HIDDEN = "What it follows from is not open to you."
_NONE = "No proof was found: it may follow by way of a thing without a name."


@dataclass(frozen=True)
class Proven:
    """The proofs of a triple, the plainest first, and whether these are all; if there are none, why.

    `graphs` tells the graphs that state the leaves, `facts` the facts that do.
    """

    proofs: tuple[Proof, ...] = ()
    are_all: bool = True
    lacking: str | None = None
    graphs: Mapping[ox.Triple, list[str]] = field(default_factory=dict)
    facts: Mapping[ox.Triple, list[str]] = field(default_factory=dict)

    def leaves(self) -> list[ox.Triple]:
        """Return what the proofs rest on, but for axioms of their steps."""
        return sorted({fact for proof in self.proofs for fact in proof.facts}, key=str)

    def iris(self) -> list[str]:
        """Return the things and classes that the proofs speak of."""
        triples = {each.triple for proof in self.proofs for each in _nodes(proof)}
        terms = {term for triple in triples for term in (triple.subject, triple.object)}
        return sorted(term.value for term in terms if isinstance(term, ox.NamedNode) and not is_anonymous(term))


async def prove(goal: ox.Triple, reader: Reader, reasoning: Reasoning | None) -> Proven:
    """Return the proofs of an inferred triple by what the reader may see. Raises ReleaseError or EngineError."""
    if reasoning is None or ONTOLOGY.value in reader.hidden:
        return Proven(lacking=_NO_RULES)
    if reasoning.prover.is_about_terms(goal):
        proofs, found = await asyncio.to_thread(reasoning.prover.proofs_about_terms, goal)
    else:
        found = await _searched(goal, reader, reasoning)
        proofs = await asyncio.to_thread(reasoning.prover.proofs, found)
    if not proofs.proofs:
        return Proven(are_all=proofs.are_all, lacking=_why_there_is_none(proofs, reader))
    proven = Proven(proofs.proofs, proofs.are_all)
    leaves = proven.leaves()
    stated = {leaf: [graph for graph in found.graphs.get(leaf, ()) if graph != INFERRED.value] for leaf in leaves}
    named = [leaf for leaf in leaves if not any(map(is_anonymous, leaf))]
    asked = tuple(
        queries.fact_query(leaf.subject.value, leaf.predicate.value, str(leaf.object))
        for leaf in named
        if isinstance(leaf.subject, ox.NamedNode)
    )
    answers = (await reader.answer(Selects(asked))).content
    facts = {leaf: [str(row[0]) for row in rows] for leaf, rows in zip(named, answers, strict=True)}
    return Proven(proofs.proofs, proofs.are_all, None, stated, facts)


async def _searched(goal: ox.Triple, reader: Reader, reasoning: Reasoning) -> Derivations:
    seeking = reasoning.prover.search(goal)
    asked = next(seeking)
    while True:
        answers = (await reader.answer(Selects(tuple(asked)))).content
        try:
            asked = seeking.send([[_terms(row) for row in rows] for rows in answers])
        except StopIteration as ended:
            found: Derivations = ended.value
            return found


def _why_there_is_none(proofs: Proofs, reader: Reader) -> str:
    if not proofs.are_all:
        return _CUT
    return _HIDDEN if reader.hidden else _NONE


def _nodes(proof: Proof) -> Iterator[Proof]:
    yield proof
    for premise in proof.premises:
        yield from _nodes(premise)


def _terms(row: Row) -> list[Term | None]:
    return [_term(value) for value in row]


def _term(value: Value) -> Term | None:
    if isinstance(value, str) and value.startswith("_:"):
        return ox.BlankNode(value.removeprefix("_:"))
    return None if value is None else term_of(value)
