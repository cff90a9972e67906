"""The queries behind an explanation: what a triple may be, where it stands, and what bears on it."""

from collections.abc import Iterable

from ontology.iris import PREFIXES, TERM
from service.explanation.reading import Asked, Written
from service.things.description import ABOUT, CLAIM, EVIDENCE, FACT_SUBJECT, LABEL, TYPE

SOURCE = TERM + "source"
FACT_PROPERTY, FACT_OBJECT = TERM + "factProperty", TERM + "factObject"
DISAGREES_WITH = TERM + "disagreesWith"
SECTION, DIGEST = TERM + "section", TERM + "digest"
START, END = PREFIXES["oa"] + "start", PREFIXES["oa"] + "end"
_SITUATION, _STATEMENT = TERM + "Situation", TERM + "Statement"
_ALT_LABEL = PREFIXES["skos"] + "altLabel"
_IN_ENGLISH = 'FILTER(LANG(?label) IN ("en", ""))'
# What says only where something stands joins it to nearly everything.
_PROVENANCE = ", ".join(f"<{iri}>" for iri in (SOURCE, EVIDENCE, FACT_SUBJECT, FACT_PROPERTY, FACT_OBJECT))
MOST_CLAIMS, MOST_JOINING, MOST_FACTS, MOST_VALUES = 50, 50, 500, 1_000


def subject_queries(subject: Written) -> tuple[str, str]:
    """Return the queries for the IRIs of a subject that are there, and for the things that are named so."""
    there = f"VALUES ?thing {{ {_iris(subject.iris)} }} FILTER(EXISTS {{ ?thing ?p ?o }})"
    name = Written(subject.text, ()).test("name")
    names = f"VALUES ?naming {{ <{LABEL}> <{_ALT_LABEL}> }} ?thing ?naming ?name"
    return (
        f"SELECT DISTINCT ?thing WHERE {{ {there} }}",
        f"SELECT DISTINCT ?thing ?naming WHERE {{ {names} FILTER(isIRI(?thing) && {name}) }}",
    )


def object_queries(subject: str, asked: Asked) -> tuple[str, ...]:
    """Return the queries for the values of the property that are written as the object is.

    The first is for those of the subject itself, the second for those of what joins it to others.
    """
    test = asked.object.test("value")
    own = f"SELECT DISTINCT ?value WHERE {{ <{subject}> <{asked.property}> ?value FILTER({test}) }}"
    if not asked.is_joined:
        return (own,)
    joins = f"VALUES ?class {{ <{_SITUATION}> <{_STATEMENT}> }} ?joining <{TYPE}> ?class"
    parts = f"?joining ?part <{subject}> FILTER(?part NOT IN ({_PROVENANCE}))"
    joining = f"{{ SELECT DISTINCT ?joining WHERE {{ {parts} {joins} }} }} ?joining <{asked.property}> ?value"
    is_claim = f"BIND(EXISTS {{ ?joining <{TYPE}> <{CLAIM}> }} AS ?isClaim)"
    return own, f"SELECT DISTINCT ?value ?joining ?isClaim WHERE {{ {joining} FILTER({test}) {is_claim} }}"


def triple_queries(triple: str) -> tuple[str, str]:
    """Return the queries for whether the default graph has a triple, and for the named graphs that have it."""
    return (
        f"SELECT ?there WHERE {{ BIND(true AS ?there) FILTER(EXISTS {{ {triple} }}) }}",
        f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ {triple} }} }}",
    )


def fact_query(subject: str, property_: str, object_: str) -> str:
    """Return the query for the facts that state a triple."""
    states = _states(subject, property_, object_)
    return f"SELECT DISTINCT ?fact WHERE {{ {states} FILTER(isIRI(?fact)) }} ORDER BY ?fact LIMIT {MOST_FACTS}"


def claim_queries(subject: str, object_: str) -> tuple[str, str]:
    """Return the queries for the claims about two things, and for their number. A subject that is a claim is one."""
    return _claims(subject, f"?claim <{ABOUT}> <{subject}>, <{object_}> ; <{TYPE}> <{CLAIM}>")


def claim_queries_for_literal(subject: str, property_: str, object_: str) -> tuple[str, str]:
    """Return the same for the claims about a thing that stand where a source states a literal of it."""
    places = " ".join(
        f"?{one} <{EVIDENCE}> ?{one}At . ?{one}At <{SOURCE}> ?source ; <{START}> ?{one}Start ; <{END}> ?{one}End ."
        for one in ("fact", "claim")
    )
    overlap = "FILTER(?factStart < ?claimEnd && ?claimStart < ?factEnd)"
    about = f"?claim <{ABOUT}> <{subject}> ; <{TYPE}> <{CLAIM}> ."
    return _claims(subject, f"{_states(subject, property_, object_)} . {about} {places} {overlap}")


def _states(subject: str, property_: str, object_: str) -> str:
    return f"?fact <{FACT_SUBJECT}> <{subject}> ; <{FACT_PROPERTY}> <{property_}> ; <{FACT_OBJECT}> {object_}"


def _claims(subject: str, pattern: str) -> tuple[str, str]:
    itself = f"VALUES ?claim {{ <{subject}> }} ?claim <{TYPE}> <{CLAIM}>"
    either = f"{{ {pattern} }} UNION {{ {itself} }} FILTER(isIRI(?claim))"
    return (
        f"SELECT DISTINCT ?claim WHERE {{ {either} }} ORDER BY (?claim != <{subject}>) ?claim LIMIT {MOST_CLAIMS}",
        f"SELECT (COUNT(DISTINCT ?claim) AS ?total) WHERE {{ {either} }}",
    )


def part_query(joining: Iterable[str], members: Iterable[str]) -> str:
    """Return the query for the facts that say which part the members have in what joins them."""
    values = f"VALUES ?joining {{ {_iris(joining)} }} VALUES ?member {{ {' '.join(members)} }}"
    pattern = f"?fact <{FACT_SUBJECT}> ?joining ; <{FACT_OBJECT}> ?member FILTER(isIRI(?fact))"
    return f"SELECT DISTINCT ?joining ?fact WHERE {{ {values} {pattern} }} ORDER BY ?fact LIMIT {MOST_FACTS}"


def disagreement_query(claims: Iterable[str]) -> str:
    """Return the query for the statements that disagree with claims."""
    values = f"VALUES ?claim {{ {_iris(claims)} }}"
    pattern = f"?claim <{DISAGREES_WITH}> ?other FILTER(isIRI(?other))"
    return f"SELECT DISTINCT ?claim ?other WHERE {{ {values} {pattern} }} ORDER BY ?claim ?other"


def label_query(iris: Iterable[str]) -> str:
    """Return the query for the labels of things."""
    return f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {_iris(iris)} }} ?thing <{LABEL}> ?label {_IN_ENGLISH} }}"


def passage_query(evidence: Iterable[str]) -> str:
    """Return the query for the positions and digests of passages, with the graphs that give them."""
    values = f"VALUES ?evidence {{ {_iris(evidence)} }}"
    parts = f"<{SOURCE}> ?source ; <{START}> ?start ; <{END}> ?end ; <{DIGEST}> ?digest"
    columns = "?evidence ?graph ?source ?start ?end ?digest"
    return f"SELECT DISTINCT {columns} WHERE {{ {values} GRAPH ?graph {{ ?evidence {parts} }} }}"


def values_query(subject: str, property_: str) -> str:
    """Return the query for the values that a thing has for a property, with the labels of those that are things."""
    label = f"OPTIONAL {{ ?value <{LABEL}> ?label {_IN_ENGLISH} }}"
    has = f"<{subject}> <{property_}> ?value {label}"
    return f"SELECT DISTINCT ?value ?label WHERE {{ {has} }} ORDER BY ?value LIMIT {MOST_VALUES}"


def ways_query(subject: str, object_: Written) -> str:
    """Return the query for the properties that join a thing to what is written so, and whether they lead from there."""
    test = object_.test("value")
    ways = (
        f"{{ <{subject}> ?property ?value BIND(false AS ?leadsBack) FILTER({test}) }}",
        f"{{ ?value ?property <{subject}> BIND(true AS ?leadsBack) FILTER({test}) }}",
    )
    return f"""SELECT DISTINCT ?property ?leadsBack WHERE {{ {" UNION ".join(ways)}
        FILTER(?property NOT IN ({_PROVENANCE})) }} ORDER BY ?leadsBack ?property LIMIT 20"""


def properties_query(subject: str) -> str:
    """Return the query for the properties that a thing has."""
    return f"SELECT DISTINCT ?property WHERE {{ <{subject}> ?property ?value }} ORDER BY ?property LIMIT {MOST_VALUES}"


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
