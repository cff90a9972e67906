"""Asks what is said of things: their types, names and properties, what of these is inferred, and what leads to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ontology.iris import OWL, PREFIXES, RDF, TERM, THING
from service.store.said import Pair, Told
from service.store.selection import Row, Value

TYPE = RDF + "type"
LABEL = PREFIXES["rdfs"] + "label"
ABOUT = TERM + "about"
CLAIM = TERM + "Claim"
EVIDENCE = TERM + "evidence"
SOURCE = TERM + "source"
FACT_SUBJECT = TERM + "factSubject"
FACT_PROPERTIES = (FACT_SUBJECT, TERM + "factProperty", TERM + "factObject")
# What says where something stands; it leads to nearly everything.
PROVENANCE = (EVIDENCE, SOURCE, *FACT_PROPERTIES)
_MOST_INCOMING = 5_000
# Says of a thing in OWL only that it is one.
INDIVIDUAL = OWL + "NamedIndividual"

Named = tuple[Value, str | None]
"""A value, and the label of the thing that it is."""


@dataclass
class Description:
    """What is said of a thing, by the IRIs of properties: stated, inferred, and by which things it is the value of."""

    iri: str
    stated: dict[str, list[Named]] = field(default_factory=lambda: defaultdict(list))
    inferred: dict[str, list[Named]] = field(default_factory=lambda: defaultdict(list))
    incoming: dict[str, list[Named]] = field(default_factory=lambda: defaultdict(list))
    incoming_totals: dict[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The label to show: an English one, else one without language, else any, else the end of the IRI."""
        labels = [value for value, _ in (*self.stated[LABEL], *self.inferred[LABEL]) if isinstance(value, tuple)]
        by_language = {language or "": text for text, _, language in sorted(labels, key=str, reverse=True)}
        for language in ("en", "", *sorted(by_language)):
            if language in by_language:
                return by_language[language]
        return local_name(self.iri)

    def iris(self, property_: str) -> list[str]:
        """Return the things that are values of a property, stated or inferred."""
        values = (*self.stated.get(property_, ()), *self.inferred.get(property_, ()))
        return [value for value, _ in values if isinstance(value, str)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of the thing at all."""
        return not (self.stated or self.inferred or self.incoming_totals)


def local_name(iri: str) -> str:
    """Return what a thing of ours is called in paths, and the whole IRI of another."""
    return iri.removeprefix(THING)


def incoming_queries(iri: str) -> tuple[str, str]:
    """Return the queries for what leads to a thing: how many by property, and the first with their labels."""
    not_provenance = f"FILTER(isIRI(?other) && ?property NOT IN ({', '.join(f'<{one}>' for one in PROVENANCE)}))"
    pattern = f"?other ?property <{iri}> {not_provenance}"
    return (
        f"SELECT ?property (COUNT(DISTINCT ?other) AS ?total) WHERE {{ {pattern} }} GROUP BY ?property",
        f"""SELECT DISTINCT ?property ?other ?label WHERE {{ {{ SELECT ?property ?other WHERE {{ {pattern} }}
            LIMIT {_MOST_INCOMING} }} OPTIONAL {{ ?other <{LABEL}> ?label FILTER(LANG(?label) IN ("en", "")) }} }}""",
    )


def is_there_query(iri: str) -> str:
    """Return the query that has a solution where an IRI stands in the graph as a subject or an object."""
    return f"""SELECT ?there WHERE {{ VALUES ?there {{ <{iri}> }}
        FILTER(EXISTS {{ ?there ?property ?value }} || EXISTS {{ ?other ?way ?there }}) }}"""


def facts_query(iri: str) -> str:
    """Return the query for the facts whose subject is a thing."""
    return f"SELECT DISTINCT ?fact WHERE {{ ?fact <{FACT_SUBJECT}> <{iri}> FILTER(isIRI(?fact)) }}"


def described(told: Told) -> dict[str, Description]:
    """Return a description of each thing, out of what is said of it."""
    return {
        iri: Description(
            iri, _by_property(told.stated[iri], told.labels), _by_property(told.inferred[iri], told.labels)
        )
        for iri in told.stated
    }


def _by_property(pairs: Iterable[Pair], labels: Mapping[str, str]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = defaultdict(list)
    for property_, value in pairs:
        if value != INDIVIDUAL:
            found[property_].append((value, labels.get(value) if isinstance(value, str) else None))
    return found


def add_incoming(description: Description, totals: Iterable[Row], rows: Iterable[Row], most: int) -> None:
    """Put into a description what leads to it, `most` by each property, out of the answers to `incoming_queries`."""
    for property_, total in totals:
        if isinstance(property_, str) and isinstance(total, tuple):
            description.incoming_totals[property_] = int(total[0])
    by_property: dict[str, dict[Value, str | None]] = defaultdict(dict)
    for property_, other, label in rows:
        if isinstance(property_, str):
            by_property[property_][other] = label[0] if isinstance(label, tuple) else None
    for property_, others in by_property.items():
        ordered = sorted(others.items(), key=lambda named: (named[1] is None, named[1] or "", str(named[0])))
        description.incoming[property_] = ordered[:most]
