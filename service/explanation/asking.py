"""Gathers what bears on a triple: where it stands, its facts and proofs, claims about its ends, and what says it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from loaders.graphs import INFERRED
from ontology.iris import TERM
from service.explanation import queries
from service.explanation.passages import Passages
from service.explanation.proof_document import papers_behind
from service.explanation.proving import Proven, prove
from service.explanation.reasoning import Reasoning
from service.reader import Reader
from service.store.selection import Row, Selects, Value
from service.things.asking import describe
from service.things.description import EVIDENCE, FACT_SUBJECT, Description, Named
from service.things.formats import term_of

FACT = TERM + "Fact"


@dataclass(frozen=True)
class Triple:
    """A triple, and the situations and claims that say it of the subject where the graph does not have it as such."""

    subject: str
    property_: str
    object: Value
    joining: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"<{self.subject}> <{self.property_}> {self.term}"

    @property
    def term(self) -> str:
        """The object as SPARQL has it."""
        return str(term_of(self.object))

    @property
    def thing(self) -> str | None:
        """The object where it is a thing."""
        return self.object if isinstance(self.object, str) else None


@dataclass
class Explained:
    """What bears on a triple.

    The facts and claims are named here, and described in `things`, as is the evidence for them. `joining` names
    situations, each with the facts that say which part the ends of the triple have in it. What is inferred is `proven`,
    by the rules of `reasoning`.
    """

    triple: Triple
    version: str
    release: str
    graphs: list[str] = field(default_factory=list)
    is_there: bool = False
    facts: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    claims_total: int = 0
    joining: dict[str, list[str]] = field(default_factory=dict)
    proven: Proven | None = None
    reasoning: Reasoning | None = None
    disagreements: list[tuple[str, str]] = field(default_factory=list)
    things: dict[str, Description] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    passages: dict[str, str] = field(default_factory=dict)

    @property
    def is_stated(self) -> bool:
        """Whether a graph other than that of what follows has the triple."""
        return any(graph != INFERRED.value for graph in self.graphs) or (self.is_there and not self.graphs)

    @property
    def is_inferred(self) -> bool:
        """Whether the triple is among those that follow from others."""
        return INFERRED.value in self.graphs

    def named(self, value: Value) -> Named:
        """Return a value with its label."""
        return value, self.labels.get(value) if isinstance(value, str) else None


async def explain(triple: Triple, reader: Reader, passages: Passages, reasoning: Reasoning | None) -> Explained:
    """Return what bears on a triple, as far as the reader may see it. Raises ReleaseError or EngineError.

    What is inferred is proved by `reasoning`, the rules of the release that is read.
    """
    subject, object_ = triple.subject, triple.thing
    about = (
        queries.claim_queries(subject, object_)
        if object_
        else queries.claim_queries_for_literal(subject, triple.property_, triple.term)
    )
    asked = (
        *queries.triple_queries(str(triple)),
        queries.fact_query(subject, triple.property_, triple.term),
        *about,
        queries.label_query([subject, *([object_] if object_ else [])]),
    )
    answer = await reader.answer(Selects(asked))
    there, graphs, facts, claims, ((total,),), labels = answer.content
    found = Explained(triple, answer.version, answer.release, sorted(_iris(graphs)), bool(there), _iris(facts))
    found.labels = _labels(labels)
    found.claims, found.claims_total = _iris(claims), int(total[0]) if isinstance(total, tuple) else 0
    if triple.claims or (triple.joining and not object_):
        found.claims, found.claims_total = list(triple.claims[: queries.MOST_CLAIMS]), len(triple.claims)
    if found.is_inferred:
        await _prove(found, reader, reasoning)
    elif not found.is_stated:
        await _look_for_what_joins(found, reader)
    await _look_for_disagreements(found, reader)
    await _describe(found, reader)
    evidence = [iri for one in found.things.values() for iri in one.iris(EVIDENCE)]
    found.things |= await describe(reader, sorted(set(evidence)))
    found.passages = await passages.of(evidence, reader)
    return found


async def _prove(found: Explained, reader: Reader, reasoning: Reasoning | None) -> None:
    """Find the proofs of a triple that is inferred, and the labels of what they speak of."""
    triple = found.triple
    goal = ox.Triple(ox.NamedNode(triple.subject), ox.NamedNode(triple.property_), term_of(triple.object))
    found.proven, found.reasoning = await prove(goal, reader, reasoning), reasoning
    if found.proven.proofs and reasoning is not None:
        wanted = {*found.proven.iris(), *papers_behind(found.proven, reasoning)} - found.labels.keys()
        (labels,) = (await reader.answer(Selects((queries.label_query(sorted(wanted)),)))).content
        found.labels |= _labels(labels)


async def _look_for_what_joins(found: Explained, reader: Reader) -> None:
    """Find the situations that say a triple of what they join, and the facts that do."""
    triple = found.triple
    found.joining = {iri: [] for iri in triple.joining[: queries.MOST_JOINING]}
    if found.joining:
        members = (f"<{triple.subject}>", triple.term)
        asked = (queries.part_query(found.joining, members), queries.label_query(found.joining))
        parts, labels = (await reader.answer(Selects(asked))).content
        for one, fact in parts:
            found.joining[str(one)].append(str(fact))
        found.labels |= _labels(labels)


async def _look_for_disagreements(found: Explained, reader: Reader) -> None:
    if found.claims:
        (pairs,) = (await reader.answer(Selects((queries.disagreement_query(found.claims),)))).content
        for one, other in pairs:
            if (str(other), str(one)) not in found.disagreements:
                found.disagreements.append((str(one), str(other)))


async def _describe(found: Explained, reader: Reader) -> None:
    wanted = [*found.facts, *found.claims]
    wanted += [fact for facts in found.joining.values() for fact in facts]
    wanted += [fact for facts in found.proven.facts.values() for fact in facts] if found.proven else []
    wanted += [other for _, other in found.disagreements]
    found.things = await describe(reader, list(dict.fromkeys(wanted)))


def triple_of_fact(fact: Description) -> Triple | None:
    """Return the triple that a fact states, or None where it lacks a part of it."""
    subject, property_ = _first(fact, FACT_SUBJECT), _first(fact, queries.FACT_PROPERTY)
    object_ = _first(fact, queries.FACT_OBJECT)
    if isinstance(subject, str) and isinstance(property_, str) and object_ is not None:
        return Triple(subject, property_, object_)
    return None


def _first(one: Description, property_: str) -> Value:
    values = [value for value, _ in (*one.stated.get(property_, ()), *one.inferred.get(property_, ()))]
    return min(values, key=str, default=None)


def _labels(rows: Iterable[Row]) -> dict[str, str]:
    return {str(iri): label[0] for iri, label in rows if isinstance(label, tuple)}


def _iris(rows: Iterable[Row]) -> list[str]:
    return [str(row[0]) for row in rows]
