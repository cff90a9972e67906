"""Holds what was made of a source against the ontology, and states what follows of it."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from loaders.corpus import is_id
from loaders.inference import reason
from loaders.mapped.constructing import vocabulary
from loaders.reasoning.domain_rules import DomainRule, domain_rules
from ontology.iris import PREFIXES, RDF, RDFS, TERM, THING, XSD, compress
from ontology.modules import module_triples
from ontology.nearest import did_you_mean
from ontology.vocabulary import Kind, Property

TYPE = ox.NamedNode(RDF + "type")
LABEL = ox.NamedNode(RDFS + "label")
SOURCE = ox.NamedNode(PREFIXES["dcterms"] + "source")
# What may be said beside the terms of the ontology: where a thing is from, and what it is elsewhere.
_BESIDE = frozenset(
    {SOURCE.value, RDFS + "seeAlso", PREFIXES["skos"] + "notation", PREFIXES["skos"] + "inScheme"}
    | {PREFIXES["skos"] + f"{how}Match" for how in ("exact", "close", "broad", "narrow", "related")}
)
_TEXTS = frozenset({XSD + "string", RDF + "langString"})
_LONGEST = 100_000

_Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Fault = Callable[[str], None]
"""Reports a thing that is left out, and why."""


def stated(made: Iterable[ox.Triple], fault: Fault) -> set[ox.Triple]:
    """Return what was made of things, and what follows of that by the ontology and its rules.

    A thing of which anything is wrong is left out, and `fault` is told.
    """
    of_things: dict[_Subject, set[ox.Triple]] = {}
    for triple in as_stored(made):
        of_things.setdefault(triple.subject, set()).add(triple)
    for subject in sorted(of_things, key=str):
        if wrong := next(_wrong_with(subject, of_things[subject]), None):
            fault(f"{_name(subject)}: {wrong}")
            del of_things[subject]
    while of_things:
        triples = set().union(*of_things.values())
        inferred, against = _following(triples, frozenset(of_things))
        if not against:
            return triples | inferred
        for subject, why in against.items():
            fault(f"{_name(subject)}: {why}")
            del of_things[subject]
    return set()


def as_stored(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield triples, each once, with literals as the store will have them: `1` for `01`."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    return (quad.triple for quad in store)


def _wrong_with(subject: _Subject, said: set[ox.Triple]) -> Iterator[str]:
    if not isinstance(subject, ox.NamedNode):
        yield "a thing without a name; have the mapping make it one, such as IRI(CONCAT(STR(dgi:), …))"
        return
    if subject.value.startswith(TERM):
        yield "a term of the ontology, of which a source says nothing"
    elif not subject.value.startswith(THING):
        yield f"is to be named below {THING}; its own IRI goes into dcterms:source"
    elif not is_id(subject.value.removeprefix(THING)):
        yield "the name is to be lower-case letters, digits and single hyphens, at most 100"
    for triple in sorted(said, key=str):
        yield from _wrong_about(triple)
    types = {triple.object for triple in said if triple.predicate == TYPE}
    named = [triple.object for triple in said if triple.predicate in (LABEL, _preferred())]
    if types and not any(isinstance(name, ox.Literal) and name.language in (None, "en") for name in named):
        yield "has no rdfs:label in English, or without a language"
    if types and not any(triple.predicate == SOURCE for triple in said):
        yield "has no dcterms:source, which tells what of the source it was made of"


def _wrong_about(triple: ox.Triple) -> Iterator[str]:
    predicate, value = triple.predicate, triple.object
    if predicate == TYPE:
        classes = {term.iri for term in vocabulary().classes.values()}
        if not isinstance(value, ox.NamedNode) or value.value not in classes:
            yield f"no class {_name(value)} in the ontology{_near(value, classes)}"
        return
    property_ = _properties().get(predicate.value)
    if property_ is None and predicate.value not in _BESIDE:
        yield f"no property {_name(predicate)} in the ontology{_near(predicate, _properties())}"
    elif isinstance(value, ox.BlankNode | ox.Triple):
        yield f"the value of {_name(predicate)} has no name"
    elif isinstance(value, ox.Literal) and len(value.value) > _LONGEST:
        yield f"the value of {_name(predicate)} is longer than {_LONGEST} signs"
    elif property_ is not None:
        yield from _wrong_value(property_, value)


def _wrong_value(property_: Property, value: ox.NamedNode | ox.Literal) -> Iterator[str]:
    name = compress(property_.iri)
    if property_.kind is Kind.OBJECT and not isinstance(value, ox.NamedNode):
        yield f"{name} leads to a thing, not to {str(value)[:100]}"
    elif property_.kind is Kind.DATA:
        if not isinstance(value, ox.Literal):
            yield f"{name} has a value, not the thing {_name(value)}"
        elif value.datatype.value != property_.datatype and not {value.datatype.value, property_.datatype} <= _TEXTS:
            yield f"{name} has a value of type {compress(property_.datatype)}, not {str(value)[:100]}"


def _following(triples: set[ox.Triple], things: frozenset[_Subject]) -> tuple[set[ox.Triple], dict[_Subject, str]]:
    """Return what follows from triples that the ontology alone does not say, and why which `things` contradict it."""
    ontology, known, rules = _ontology()
    here = ox.NamedNode("urn:source")
    reasoned = reason(ontology | {_quad(triple, here) for triple in triples}, rules)
    inferred = {quad.triple for quad in reasoned.inferred} - known - triples
    against: dict[_Subject, str] = {}
    for contradiction in reasoned.contradictions:
        facts = "; ".join(" ".join(map(_name, fact)) for fact in contradiction.facts)
        first = next((fact.subject for fact in contradiction.facts if fact.subject in things), None)
        if first is not None:
            against.setdefault(first, f"contradicts the ontology ({contradiction.rule}): {facts[:500]}")
    return inferred, against


@cache
def _ontology() -> tuple[frozenset[ox.Quad], frozenset[ox.Triple], list[DomainRule]]:
    """Return the ontology, all that it says and that follows of it alone, and its rules; read once in a process."""
    rules = domain_rules()
    quads = frozenset(_quad(triple, ox.NamedNode("urn:ontology")) for triple in module_triples())
    alone = {quad.triple for quad in reason(quads, rules).inferred} | {quad.triple for quad in quads}
    return quads, frozenset(alone), rules


@cache
def _properties() -> dict[str, Property]:
    return {property_.iri: property_ for property_ in vocabulary().properties.values()}


@cache
def _preferred() -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["skos"] + "prefLabel")


def _quad(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _near(term: object, known: Iterable[str]) -> str:
    name = term.value if isinstance(term, ox.NamedNode) else str(term)
    return did_you_mean(compress(name), map(compress, known))


def _name(term: object) -> str:
    return compress(term.value) if isinstance(term, ox.NamedNode) else str(term)[:100]
