"""The queries behind a comparison: what is part of a case, what that is joined to, and where this is said."""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from loaders.graphs import INFERRED
from ontology.iris import PREFIXES, TERM
from service.comparison.dimensions import Dimension
from service.store.selection import Value
from service.things.description import (
    ABOUT,
    CLAIM,
    EVIDENCE,
    FACT_PROPERTIES,
    INDIVIDUAL,
    LABEL,
    PROVENANCE,
    SOURCE,
    TYPE,
)
from service.things.formats import term_of

NUMBERS = ("value", "minimumValue", "maximumValue")
FIGURES = (*NUMBERS, "unit", "fromYear", "toYear")
APPROXIMATION, MODALITY = "approximation", "modality"
NO_RELATION = (*PROVENANCE, TYPE)
"""What joins a thing to a value, and says nothing of what they have to do with each other."""

Triple = tuple[str, str, Value]
_ACTIVITY, _SITUATION = TERM + "Activity", TERM + "Situation"
_IN_ENGLISH = 'FILTER(LANG(?label) IN ("en", ""))'


def parts_query(cases: Sequence[str]) -> str:
    """Return the query for the parts of cases: case, part, what the part is reached through, whether it is a claim."""
    cased = f"VALUES ?case {{ {_terms(cases)} }}"
    joined = f"FILTER(?way NOT IN ({_list(PROVENANCE)}))"
    activity, situation = f"a {_term(_ACTIVITY)}", f"a {_term(_SITUATION)}"
    no_claim, is_claim = "BIND(false AS ?isClaim)", "BIND(true AS ?isClaim)"
    itself = "BIND(?part AS ?through)"
    return f"""SELECT DISTINCT ?case ?part ?through ?isClaim WHERE {{
        {{ {cased} BIND(?case AS ?part) BIND(?case AS ?through) {no_claim} }}
        UNION {{ {cased} ?part ?way ?case ; {activity} {joined} {itself} {no_claim} }}
        UNION {{ {cased} ?part ?way ?case ; {situation} {joined} BIND(?case AS ?through) {no_claim} }}
        UNION {{ {cased} ?through ?way ?case ; {activity} {joined} ?part ?other ?through ; {situation} {no_claim} }}
        UNION {{ {cased} ?situation ?way ?case ; {_term(TERM + "policy")} ?part {joined} {itself} {no_claim} }}
        UNION {{ {cased} ?part {_term(ABOUT)} ?case ; a {_term(CLAIM)} {itself} {is_claim} }}
        FILTER(isIRI(?part) && isIRI(?through)) }}"""


def neighbours_query(parts: Sequence[str], dimensions: Sequence[Dimension]) -> str:
    """Return the query for what is joined to parts: part, property, value, and whether the value is the object."""
    wanted = {one.iri for dimension in dimensions for one in dimension.properties}
    values, left_out = f"VALUES ?part {{ {_terms(parts)} }}", _list(one for one in NO_RELATION if one not in wanted)
    return f"""SELECT DISTINCT ?part ?property ?value ?forward WHERE {{
        {{ {values} ?part ?property ?value BIND(true AS ?forward)
           FILTER(isIRI(?value) || ?property IN ({_list(sorted(wanted))})) }}
        UNION {{ {values} ?value ?property ?part BIND(false AS ?forward) }}
        FILTER(!isBLANK(?value) && ?property NOT IN ({left_out})) }}"""


def classes_query(things: Sequence[str], dimensions: Sequence[Dimension]) -> str:
    """Return the query for the classes of things, as far as dimensions are about them."""
    classes = _list(one.iri for dimension in dimensions for one in dimension.classes)
    return f"""SELECT ?thing ?class WHERE {{
        VALUES ?thing {{ {_terms(things)} }} ?thing a ?class FILTER(?class IN ({classes})) }}"""


def peers_query(cases: Sequence[str]) -> str:
    """Return the query for the peers of cases: the things that share a class with one which is stated of both."""
    stated = f"FILTER(?class != {_term(INDIVIDUAL)} && ?one != {INFERRED} && ?other != {INFERRED})"
    return f"""SELECT DISTINCT ?case ?peer WHERE {{ VALUES ?case {{ {_terms(cases)} }}
        GRAPH ?one {{ ?case a ?class }} GRAPH ?other {{ ?peer a ?class }} {stated} }}"""


def passages_query(triples: Sequence[Triple]) -> str:
    """Return the query for the passages that state triples; it looks up the facts of each subject once."""
    subject, property_, object_ = map(_term, FACT_PROPERTIES)
    oa = PREFIXES["oa"]
    return f"""SELECT DISTINCT ?s ?p ?o ?evidence ?source ?section ?start ?end WHERE {{
        {{ SELECT ?s ?p ?o ?fact WHERE {{ VALUES ?s {{ {_terms(sorted({s for s, _, _ in triples}))} }}
           ?fact {subject} ?s ; {property_} ?p ; {object_} ?o }} }}
        VALUES (?s ?p ?o) {{ {_triples(triples)} }} ?fact {_term(EVIDENCE)} ?evidence .
        ?evidence {_term(SOURCE)} ?source ; {_term(TERM + "section")} ?section ;
            {_term(oa + "start")} ?start ; {_term(oa + "end")} ?end }}"""


def inferred_query(triples: Sequence[Triple]) -> str:
    """Return the query for those triples that are inferred, and stated nowhere."""
    elsewhere = f"GRAPH ?graph {{ ?s ?p ?o }} FILTER(?graph != {INFERRED})"
    return f"""SELECT ?s ?p ?o WHERE {{ VALUES (?s ?p ?o) {{ {_triples(triples)} }}
        GRAPH {INFERRED} {{ ?s ?p ?o }} FILTER NOT EXISTS {{ {elsewhere} }} }}"""


def words_queries(things: Sequence[str]) -> tuple[str, str]:
    """Return the queries for the labels of things, and for figures and modalities, with labels of what is a concept."""
    values = f"VALUES ?thing {{ {_terms(things)} }}"
    marks = f"FILTER(?property IN ({_list(TERM + name for name in (*FIGURES, APPROXIMATION, MODALITY))}))"
    label = f"?thing {_term(LABEL)} ?label {_IN_ENGLISH}"
    of_value = f"OPTIONAL {{ ?value {_term(LABEL)} ?label {_IN_ENGLISH} }}"
    return (
        f"SELECT ?thing ?label WHERE {{ {values} {label} }}",
        f"SELECT ?thing ?property ?value ?label WHERE {{ {values} ?thing ?property ?value {marks} {of_value} }}",
    )


def _term(iri: str) -> str:
    return str(ox.NamedNode(iri))


def _terms(iris: Iterable[str]) -> str:
    return " ".join(map(_term, iris))


def _list(iris: Iterable[str]) -> str:
    return ", ".join(map(_term, iris))


def _triples(triples: Iterable[Triple]) -> str:
    return " ".join(f"({_term(s)} {_term(p)} {term_of(o)})" for s, p, o in triples)
