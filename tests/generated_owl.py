"""Small OWL 2 RL ontologies with individuals, made by hypothesis as axioms in Turtle."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# Few of each, so that axioms and facts meet.
CLASSES = (":A", ":B", ":C", ":D")
INDIVIDUALS = (":u", ":v", ":w", ":x")
# The values of a data property are of one datatype, lest what follows hang on how datatypes relate.
NUMBERS, TEXTS = (":d", ":e"), (":f",)
VALUES = {**dict.fromkeys(NUMBERS, ("1", "2")), **dict.fromkeys(TEXTS, ('"a"', '"b"'))}
DATATYPES = {**dict.fromkeys(NUMBERS, "xsd:integer"), **dict.fromkeys(TEXTS, "xsd:string")}

Axioms = st.SearchStrategy[str]


@dataclass(frozen=True)
class Properties:
    """The object properties: OWL 2 DL wants those apart that are `composite`, which are transitive or have chains."""

    simple: tuple[str, ...]
    composite: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.simple, *self.composite)))


ANY = Properties((":p", ":q", ":r", ":s"), (":p", ":q", ":r", ":s"))
OF_OWL_DL = Properties((":p", ":q", ":r"), (":s", ":t"))


def ontologies(properties: Properties, most_axioms: int = 8, most_facts: int = 10) -> Axioms:
    """Yield ontologies in Turtle, one axiom or fact a line, in which everything is declared."""
    axiom = st.one_of(class_axioms(properties), property_axioms(properties), differences(properties))
    parts = st.tuples(
        st.lists(axiom, min_size=2, max_size=most_axioms), st.lists(facts(properties), min_size=3, max_size=most_facts)
    )
    return parts.map(lambda lists: "\n".join([PREFIXES, declarations(properties), *lists[0], *lists[1]]) + "\n")


def declarations(properties: Properties) -> str:
    """Return the declarations of all names."""
    kinds: dict[str, Sequence[str]] = {
        "owl:Class": CLASSES,
        "owl:ObjectProperty": properties.all,
        "owl:DatatypeProperty": (*NUMBERS, *TEXTS),
        "owl:NamedIndividual": INDIVIDUALS,
    }
    return " ".join(f"{name} a {kind} ." for kind, names in kinds.items() for name in names)


def listed(parts: Axioms, least: int = 2, most: int = 3) -> Axioms:
    """Yield RDF lists of different parts."""
    return st.lists(parts, min_size=least, max_size=most, unique=True).map(lambda chosen: f"( {' '.join(chosen)} )")


def restriction(properties: Sequence[str], *rest: str | Axioms) -> Axioms:
    """Yield restrictions of some properties: the rest is what they say, as predicates and objects in turn."""
    said = st.tuples(*(part if isinstance(part, st.SearchStrategy) else st.just(part) for part in rest))
    return st.tuples(st.sampled_from(properties), said).map(
        lambda both: f"[ a owl:Restriction ; owl:onProperty {both[0]} ; {' '.join(both[1])} ]"
    )


def of_values(properties: Properties) -> Axioms:
    """Yield classes by a value, which the profile allows everywhere."""
    of_data = st.sampled_from([(name, value) for name in VALUES for value in VALUES[name]]).map(
        lambda both: f"[ a owl:Restriction ; owl:onProperty {both[0]} ; owl:hasValue {both[1]} ]"
    )
    return restriction(properties.all, "owl:hasValue", st.sampled_from(INDIVIDUALS)) | of_data


def below(properties: Properties, depth: int = 2) -> Axioms:
    """Yield classes that may be below others (subClassExpression of the profile)."""
    named = st.sampled_from(CLASSES)
    if not depth:
        return named
    part = below(properties, depth - 1)
    return st.one_of(
        named,
        of_values(properties),
        listed(st.sampled_from(INDIVIDUALS), 1).map(lambda some: f"[ a owl:Class ; owl:oneOf {some} ]"),
        listed(part).map(lambda some: f"[ a owl:Class ; owl:intersectionOf {some} ]"),
        listed(part).map(lambda some: f"[ a owl:Class ; owl:unionOf {some} ]"),
        restriction(properties.all, "owl:someValuesFrom", part | st.just("owl:Thing")),
    )


def above(properties: Properties, depth: int = 2) -> Axioms:
    """Yield classes that may be above others (superClassExpression of the profile)."""
    named = st.sampled_from(CLASSES)
    if not depth:
        return named
    part = above(properties, depth - 1)
    number = st.sampled_from(['"0"^^xsd:nonNegativeInteger', '"1"^^xsd:nonNegativeInteger'])
    qualifying = below(properties, depth - 1) | st.just("owl:Thing")
    return st.one_of(
        named,
        of_values(properties),
        listed(part).map(lambda some: f"[ a owl:Class ; owl:intersectionOf {some} ]"),
        below(properties, depth - 1).map(lambda some: f"[ a owl:Class ; owl:complementOf {some} ]"),
        restriction(properties.all, "owl:allValuesFrom", part),
        restriction((*properties.simple, *VALUES), "owl:maxCardinality", number),
        restriction(properties.simple, "owl:maxQualifiedCardinality", number, "; owl:onClass", qualifying),
    )


def equal(properties: Properties) -> Axioms:
    """Yield classes that may be equivalent to others (equivClassExpression of the profile)."""
    intersection = listed(st.sampled_from(CLASSES) | of_values(properties))
    return of_values(properties) | intersection.map(lambda some: f"[ a owl:Class ; owl:intersectionOf {some} ]")


def class_axioms(properties: Properties) -> Axioms:
    """Yield axioms about classes."""
    named = st.sampled_from(CLASSES)
    keys = listed(st.sampled_from((*properties.all, *VALUES)), 1, 2)
    return st.one_of(
        triples(named, "rdfs:subClassOf", named),
        triples(below(properties), "rdfs:subClassOf", above(properties)),
        triples(named, "owl:equivalentClass", named | equal(properties)),
        triples(named, "owl:disjointWith", named),
        listed(named, 3).map(lambda some: f"[] a owl:AllDisjointClasses ; owl:members {some} ."),
        triples(named, "owl:hasKey", keys),
    )


def property_axioms(properties: Properties) -> Axioms:
    """Yield axioms about properties."""
    simple, composite, every = map(st.sampled_from, (properties.simple, properties.composite, properties.all))
    numbers, data = st.sampled_from(NUMBERS), st.sampled_from((*NUMBERS, *TEXTS))
    named = st.sampled_from(CLASSES)
    of_simple = ("Functional", "InverseFunctional", "Irreflexive", "Asymmetric", "Symmetric")
    kinds = st.sampled_from([f"owl:{kind}Property" for kind in of_simple])
    chains = st.lists(simple, min_size=2, max_size=4).map(lambda steps: f"( {' '.join(steps)} )")
    return st.one_of(
        triples(simple, "a", kinds),
        triples(composite, "a", st.just("owl:TransitiveProperty")),
        triples(data, "a", st.just("owl:FunctionalProperty")),
        triples(composite, "owl:propertyChainAxiom", chains),
        *(
            triples(one, relation, one)
            for one in (simple, composite, numbers)
            for relation in ("rdfs:subPropertyOf", "owl:equivalentProperty")
        ),
        triples(simple, "rdfs:subPropertyOf", composite),
        triples(simple, "owl:inverseOf", simple),
        triples(composite, "owl:inverseOf", composite),
        *(triples(one, "owl:propertyDisjointWith", one) for one in (simple, numbers)),
        listed(simple, 3).map(lambda some: f"[] a owl:AllDisjointProperties ; owl:members {some} ."),
        triples(every | data, "rdfs:domain", named),
        triples(every, "rdfs:range", named),
        data.map(lambda name: f"{name} rdfs:range {DATATYPES[name]} ."),
    )


def differences(properties: Properties) -> Axioms:
    """Yield what is said to be different, or not to be."""
    one = st.sampled_from(INDIVIDUALS)
    negative = "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {} ; owl:assertionProperty {} ; {} {} ."
    values = st.sampled_from([(name, value) for name in VALUES for value in VALUES[name]])
    return st.one_of(
        triples(one, "owl:differentFrom", one),
        listed(one, 3, 4).map(lambda some: f"[] a owl:AllDifferent ; owl:distinctMembers {some} ."),
        st.tuples(one, st.sampled_from(properties.all), one).map(
            lambda said: negative.format(said[0], said[1], "owl:targetIndividual", said[2])
        ),
        st.tuples(one, values).map(lambda said: negative.format(said[0], said[1][0], "owl:targetValue", said[1][1])),
    )


def facts(properties: Properties) -> Axioms:
    """Yield what is said of individuals."""
    one, every = st.sampled_from(INDIVIDUALS), st.sampled_from(properties.all)
    values = st.sampled_from([(name, value) for name in VALUES for value in VALUES[name]])
    related = st.tuples(one, every, one).map(lambda said: f"{' '.join(said)} .")
    typed = triples(one, "a", st.sampled_from(CLASSES))
    valued = st.tuples(one, values).map(lambda said: f"{said[0]} {' '.join(said[1])} .")
    return st.one_of(related, related, typed, typed, valued, triples(one, "owl:sameAs", one))


def triples(subjects: Axioms, predicate: str, objects: Axioms) -> Axioms:
    """Yield triples with one predicate."""
    return st.tuples(subjects, objects).map(lambda both: f"{both[0]} {predicate} {both[1]} .")
