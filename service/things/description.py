"""Asks what is said of things: their types, names and properties, what of these is inferred, and what leads to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ontology.iris import OWL, PREFIXES, RDF, TERM, THING
from service.store.incoming import Other
from service.store.labels import preferred
from service.store.said import Pair, Told
from service.store.selection import Value

TYPE = RDF + "type"
LABEL = PREFIXES["rdfs"] + "label"
ABOUT = TERM + "about"
CLAIM = TERM + "Claim"
EVIDENCE = TERM + "evidence"
SOURCE = TERM + "source"
FACT_SUBJECT = TERM + "factSubject"
FACT_PROPERTY = TERM + "factProperty"
FACT_PROPERTIES = (FACT_SUBJECT, FACT_PROPERTY, TERM + "factObject")
# What says where something stands; it leads to nearly everything.
PROVENANCE = (EVIDENCE, SOURCE, *FACT_PROPERTIES)
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
    incoming: dict[str, list[Other]] = field(default_factory=dict)
    incoming_totals: dict[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The label to show, or the end of the IRI where it has none."""
        labels = [value for value, _ in (*self.stated[LABEL], *self.inferred[LABEL]) if isinstance(value, tuple)]
        return preferred((text, language) for text, _, language in labels) or local_name(self.iri)

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
