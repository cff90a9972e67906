"""Checks what else is said of terms: sources, texts without slips, and the values that each annotation wants."""

from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw, is_ours
from ontology.findings import Severity
from ontology.iris import compress

_WARNING = Severity.WARNING
_TEXTS = {RDFS.label, RDFS.comment, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition}
_TEXTS |= {SKOS.example, SKOS.scopeNote, SKOS.changeNote, SKOS.note, SKOS.editorialNote, SKOS.historyNote}
_STRINGS = {None, XSD.string, RDF.langString}
_IRIS = {DCTERMS.isReplacedBy, DCTERMS.replaces, SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept}
_IRIS |= {SKOS.broader, SKOS.narrower, SKOS.related, RDFS.isDefinedBy, DCTERMS.license}


def sources(checked: Checked) -> Iterator[Flaw]:
    """Each term says where it comes from: a paper and its section, or an external standard."""
    sourced = set(checked.graph.subjects(DCTERMS.source))
    for term in checked.ours:
        if term not in sourced:
            way_out = 'add dcterms:source, "<paper>, <section>" or the IRI of a standard'
            yield checked.flaw(_WARNING, term, "has no dcterms:source", way_out)


def slips(checked: Checked) -> Iterator[Flaw]:
    """No text is empty, or has spaces at its ends."""
    for (term, predicate, text), _ in checked.stated_in.items():
        if not isinstance(text, Literal) or predicate not in _TEXTS | {DCTERMS.source} or not is_ours(term):
            continue
        if not str(text).strip():
            yield checked.flaw(_WARNING, term, f"has an empty {compress(str(predicate))}", "write it or remove it")
        elif str(text) != str(text).strip():
            message = f"has spaces at an end of {compress(str(predicate))} {str(text)[:40]!r}"
            yield checked.flaw(_WARNING, term, message, "remove them", str(text)[:40])


def values(checked: Checked) -> Iterator[Flaw]:
    """Labels and notes are texts, owl:deprecated is true or false, and what names another term is its IRI."""
    for (term, predicate, value), module in checked.stated_in.items():
        message = ""
        if predicate in _TEXTS and (not isinstance(value, Literal) or value.datatype not in _STRINGS):
            message, way_out = f"{_shown(value)}, which is no text", 'write it as "…"@en'
        elif predicate == OWL.deprecated and not _is_boolean(value):
            message, way_out = f"{_shown(value)}, which is neither true nor false", "write true as xsd:boolean"
        elif predicate in _IRIS and isinstance(value, Literal):
            message, way_out = f"the text {str(value)!r} where an IRI belongs", "give the IRI of the term"
        if message:
            severity = Severity.ERROR if predicate == OWL.deprecated or predicate in _IRIS else _WARNING
            owner = str(checked.owner(term) or predicate)
            message = f"has in {compress(str(predicate))} {message}"
            yield Flaw(severity, module.file, owner, message, way_out, mention=str(predicate))


def _shown(value: Node) -> str:
    if not isinstance(value, Literal):
        return compress(str(value)) if isinstance(value, URIRef) else "something without a name"
    return f"{str(value)!r} of {compress(str(value.datatype))}" if value.datatype else repr(str(value))


def _is_boolean(value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.boolean and str(value) in ("true", "false", "1", "0")
