"""Names the entries of the corpus that contradict each other, by what follows from them, and the axiom that says so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import pyoxigraph as ox

from loaders.corpus import Corpus
from loaders.errors import Fault
from loaders.graphs import INFERRED, merged
from loaders.inference import Reasoned
from loaders.origins import Origins, Place
from loaders.reasoning.backwards import Backwards
from loaders.reasoning.contradictions import Contradiction
from loaders.reasoning.engines import Embedded
from loaders.reasoning.minimal_proofs import minimal_proofs
from loaders.reasoning.proofs import sought
from loaders.reasoning.rules import Rule, StatedTriple
from loaders.reasoning.stated import TYPE, is_anonymous
from ontology.iris import RDF, THING, compress
from ontology.vocabulary import Vocabulary

# Of what one axiom forbids, and what follows from that in turn, a few tell as much as all.
_MOST = 50
_NOWHERE: Place = ("ontology", 1)


@dataclass(frozen=True, order=True)
class Contradicting:
    """That what a line says of a thing contradicts what other lines say, or an axiom alone.

    `others` are the facts that have a part in it beside the line's own, each with the place that says it.
    """

    file: str
    line: int
    thing: str
    message: str
    others: tuple[tuple[Place, str], ...] = ()


def contradicting(
    quads: Iterable[ox.Quad], reasoned: Reasoned, corpus: Corpus, vocabulary: Vocabulary
) -> list[Contradicting]:
    """Return the lines of `corpus` that contradict each other, as `reasoned` found, which is of `quads`."""
    if not reasoned.contradictions:
        return []
    keys = {term.iri: name for name, term in vocabulary.properties.items()}
    naming = _Naming([*quads, *reasoned.inferred], reasoned.rules, Origins(corpus), keys)
    told = (each for found in reasoned.contradictions[:_MOST] for each in naming.told(found))
    return sorted(set(told))


def told_once(
    refused: Iterable[Fault], things: Mapping[Fault, Set[str]], contradictions: Iterable[Contradicting]
) -> list[Fault]:
    """Return a fault for each line that a shape refuses, with what the thing contradicts, and for each other line.

    `things` are the IRIs of what faults are about. What a shape says tells a curator more of what to do.
    """
    refused = list(refused)
    lines = {(fault.file, fault.line) for fault in refused}
    against: defaultdict[tuple[Place, str], dict[str, None]] = defaultdict(dict)
    faults = []
    for each in contradictions:
        place = (each.file, each.line)
        elsewhere = [(other, words) for other, words in each.others if other != place]
        against[place, each.thing] |= dict.fromkeys(f"{file}:{line} ({words})" for (file, line), words in elsewhere)
        if lines.isdisjoint([place, *(other for other, _ in elsewhere)]):
            faults.append(Fault(each.file, each.line, each.message))
    for fault in refused:
        others = [
            other for thing in sorted(things.get(fault, ())) for other in against[(fault.file, fault.line), thing]
        ]
        faults.append(replace(fault, message=f"{fault.message}; against {_listed(others)}") if others else fault)
    return faults


class _Naming:
    def __init__(
        self, quads: Sequence[ox.Quad], rules: Sequence[Rule], origins: Origins, keys: Mapping[str, str]
    ) -> None:
        self._store = ox.Store()
        self._store.bulk_extend(quads)
        self._store.bulk_extend(merged(quads))
        self._rules = Backwards(rules)
        self._origins = origins
        self._keys = {RDF + "type": "type", **keys}

    def told(self, found: Contradiction) -> Iterator[Contradicting]:
        """Yield each line that has a part in a contradiction, with the others and the reason."""
        stated = list(dict.fromkeys(fact for each in found.facts for fact in self._stated(each)))
        places = {fact: self._place(fact) for fact in stated}
        if not stated:
            yield Contradicting(*_NOWHERE, "", f"the ontology contradicts itself: {_reason(found)}")
        for fact in stated:
            file, line = places[fact]
            others = tuple((places[other], _words(other)) for other in stated if other != fact)
            against = f", against {_listed([f'{at[0]}:{at[1]} ({words})' for at, words in others])}" if others else ""
            message = f"says {_words(fact)}{against}: {_reason(found)}"
            yield Contradicting(file, line, _iri(fact.subject), message, others)

    def _stated(self, fact: ox.Triple) -> Iterator[ox.Triple]:
        """Yield the stated triples that a fact is, or follows from."""
        if any(quad.graph_name != INFERRED for quad in self._graphs(fact)):
            yield fact
        else:
            for proof in minimal_proofs(sought(fact, self._rules, Embedded(self._store))).proofs[:1]:
                yield from sorted(proof.facts, key=str)

    def _graphs(self, fact: ox.Triple) -> Iterator[ox.Quad]:
        found = self._store.quads_for_pattern(fact.subject, fact.predicate, fact.object)
        return (quad for quad in found if quad.graph_name != ox.DefaultGraph())

    def _place(self, fact: ox.Triple) -> Place:
        property_ = fact.predicate.value
        keys = [self._keys[property_]] if property_ in self._keys else []
        return self._origins.place(_iri(fact.subject), property_, keys, self._written(fact.object)) or _NOWHERE

    def _written(self, term: object) -> str:
        """Return a term as the corpus writes it."""
        text: str = getattr(term, "value", "")
        return compress(text.removeprefix(THING)).removeprefix("dg:") if isinstance(term, ox.NamedNode) else text


def _reason(found: Contradiction) -> str:
    """Return why some facts cannot hold together; a plain sentence where no class without a name has a part in it."""
    by_axiom = f"what is said of {_subject(found.axiom.stated)} forbids it"
    if not found.facts or (found.rule[:3] in ("cax", "cls") and not _are_types_of_one(found.facts)):
        return by_axiom
    one, other = found.facts[0], found.facts[-1]
    property_ = compress(other.predicate.value)
    match found.rule:
        case "cax-dw" | "cax-adc" | "cls-com":
            return f"{_term(one.object)} and {_term(other.object)} are disjoint"
        case "prp-pdw" | "prp-adp":
            return f"{compress(one.predicate.value)} and {property_} are disjoint"
        case "prp-irp":
            return f"{property_} joins nothing to itself"
        case "prp-asyp":
            return f"{property_} never holds in both directions"
        case "prp-npa1" | "prp-npa2":
            return "the ontology denies it"
        case "eq-diff1" | "eq-diff2" | "eq-diff3":
            return f"{_term(one.subject)} and {_term(one.object)} are different"
        case "dt-diff" if other.predicate != TYPE:
            return f"it has one {property_} at most"
        case "dt-not-type":
            return f"that is no value that {property_} can have"
    return by_axiom


def _are_types_of_one(facts: Sequence[ox.Triple]) -> bool:
    return len({fact.subject for fact in facts}) == 1 and all(fact.predicate == TYPE for fact in facts)


def _listed(others: Sequence[str]) -> str:
    return " and ".join(others)


def _subject(stated: Sequence[StatedTriple]) -> str:
    named = (triple for triple in stated if not is_anonymous(triple.subject))
    return next((compress(triple.subject.value) for triple in named), "its class or property")


def _words(fact: ox.Triple) -> str:
    joined = "a" if fact.predicate == TYPE else compress(fact.predicate.value)
    return f"{_term(fact.subject)} {joined} {_term(fact.object)}"


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _term(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    return repr(term.value) if isinstance(term, ox.Literal) else str(term)
