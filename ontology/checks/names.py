"""Checks the IRIs of terms: the namespaces of districtgraph, and how names are written in each."""

import re
from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz
from rdflib import URIRef
from rdflib.namespace import DCTERMS, OWL, RDFS
from rdflib.term import Node

from ontology.checks.checked import NAMES_OF_KINDS, PROPERTIES, Checked, Flaw, in_order, is_ours, is_reserved, named
from ontology.collections import RESERVED, collection_name
from ontology.findings import Severity
from ontology.iris import BASE, PREFIXES, TERM, THING, compress
from ontology.nearest import did_you_mean

_RENAME = "Protégé: Refactor, Rename entity"
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*", re.ASCII)
_PROPERTY = re.compile(r"[a-z][A-Za-z0-9]*", re.ASCII)
_THING = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_NEAR = 85
# Where Protégé puts what is created before the ontology has an IRI.
_MADE_UP = re.compile(r"OWL[A-Za-z]+_\w+(-\w+)*|R[A-Za-z0-9]{20,}", re.ASCII)
_PROTEGE = "http://www.semanticweb.org/"


def patterns(checked: Checked) -> Iterator[Flaw]:
    """Classes are dg:UpperCamelCase, properties dg:lowerCamelCase, and individuals dgi:lower-case-with-hyphens."""
    for term in checked.ours:
        kinds = checked.kinds[term]
        if len(kinds) > 1:
            continue  # what it is to be comes first, and is told by another check
        kind = next(NAMES_OF_KINDS[k] for k in in_order(kinds))
        if OWL.NamedIndividual in kinds:
            namespace, pattern, example = THING, _THING, "dgi:industry-4-0"
        elif kinds & PROPERTIES:
            namespace, pattern, example = TERM, _PROPERTY, "dg:locatedIn"
        else:
            namespace, pattern, example = TERM, _CLASS, "dg:IndustrialDistrict"
        if not term.startswith(namespace) or not pattern.fullmatch(term.removeprefix(namespace)):
            message = f"is no name for an {kind}" if kind[0] in "aeiou" else f"is no name for a {kind}"
            yield checked.flaw(Severity.ERROR, term, message, f"rename it, as in {example} ({_RENAME})")


def namespaces(checked: Checked) -> Iterator[Flaw]:
    """Terms of districtgraph are in its two namespaces; those of others say where they come from."""
    known = [*PREFIXES.values()]
    for term in checked.of_kind(*NAMES_OF_KINDS):
        if is_ours(term) or is_reserved(term):
            continue
        namespace, local = _split(term)
        if _MADE_UP.fullmatch(local):
            way_out = f"rename it to what it is called, as in dg:IndustrialDistrict or dgi:industry-4-0 ({_RENAME})"
            yield checked.flaw(Severity.ERROR, term, "has a name that Protégé made up", way_out)
        elif str(term).startswith((BASE, _PROTEGE)) or any(
            fuzz.ratio(namespace, our) >= _NEAR for our in (TERM, THING)
        ):
            ours = THING if OWL.NamedIndividual in checked.kinds[term] else TERM
            message = f"is outside the namespaces of districtgraph; did you mean {compress(ours + local)!r}?"
            yield checked.flaw(Severity.ERROR, term, message, f"rename it to {ours + local} ({_RENAME})")
        elif namespace not in known and not _has_origin(checked, term):
            message = f"is of a vocabulary that is not known here{did_you_mean(namespace, known)}"
            way_out = "correct the IRI, or say where the term comes from with dcterms:source"
            yield checked.flaw(Severity.WARNING, term, message, way_out)


def same_names(checked: Checked) -> Iterator[Flaw]:
    """No two classes, and no two properties, have one local name, which is their key; nor names that differ by case."""
    by_name: dict[tuple[str, str], list[URIRef]] = defaultdict(list)
    for term in checked.of_kind(*NAMES_OF_KINDS):
        if not is_reserved(term) and (sort := _sort(checked.kinds[term])):
            by_name[sort, _split(term)[1].casefold()].append(term)
    for terms in by_name.values():
        for term in [term for term in terms if term.startswith(BASE)]:
            same = [other for other in terms if other != term and _split(other)[1] == _split(term)[1]]
            near = [other for other in terms if other < term and other.startswith(BASE) and other not in same]
            if same:
                message = f"has the local name of {named(same)}, and files name terms by that"
                yield checked.flaw(Severity.WARNING, term, message, f"rename one of them ({_RENAME})")
            if near:
                message = f"differs from {named(near)} by case alone"
                yield checked.flaw(Severity.ERROR, term, message, f"rename one of them ({_RENAME})")


def collections(checked: Checked) -> Iterator[Flaw]:
    """No two classes have one plural, which names the collection of their things, nor one that names something else."""
    by_name: dict[str, list[URIRef]] = defaultdict(list)
    for term in checked.of_kind(OWL.Class):
        if not is_reserved(term):
            by_name[collection_name(_split(term)[1])].append(term)
    for name, terms in by_name.items():
        for term in [term for term in terms if term.startswith(BASE)]:
            others = [other for other in terms if _split(other)[1].casefold() != _split(term)[1].casefold()]
            if others or name in RESERVED:
                taken = f"{named(others)} is called so too" if others else "something else is called so"
                message = f"would have the collection {name!r}, and {taken}"
                yield checked.flaw(Severity.ERROR, term, message, f"rename it ({_RENAME})")


def _sort(kinds: frozenset[Node]) -> str:
    """Return among which terms a name is looked up; annotation properties of others are not looked up by theirs."""
    if kinds & {OWL.ObjectProperty, OWL.DatatypeProperty}:
        return "property"
    if OWL.NamedIndividual in kinds:
        return "individual"
    return "class" if OWL.Class in kinds else ""


def _has_origin(checked: Checked, term: URIRef) -> bool:
    return any((term, predicate, None) in checked.graph for predicate in (DCTERMS.source, RDFS.isDefinedBy))


def _split(term: str) -> tuple[str, str]:
    """Return the namespace and the local name of an IRI."""
    start = max(term.rfind("#"), term.rfind("/")) + 1
    return term[:start], term[start:]
