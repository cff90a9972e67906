"""Checks that what is deprecated names its replacement, and that the axioms of other terms no longer use it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw, in_order, named
from ontology.findings import Severity
from ontology.iris import compress

_WARNING = Severity.WARNING
# These speak of a deprecated term without using it.
_TELLING = {DCTERMS.replaces, DCTERMS.isReplacedBy, OWL.annotatedSource, OWL.annotatedTarget}


def replacements(checked: Checked) -> Iterator[Flaw]:
    """Each deprecated term names a declared term in its place, which is not deprecated itself."""
    for term, found in deprecated(checked).items():
        if not found:
            way_out = "add dcterms:isReplacedBy with the term to use instead"
            yield checked.flaw(_WARNING, term, "is deprecated and names no replacement", way_out)
        for replacement in found:
            if replacement not in checked.kinds:
                message = f"is replaced by {compress(replacement)}, which is declared nowhere"
                yield checked.flaw(Severity.ERROR, term, message, "name a term that there is", replacement)
            elif replacement in deprecated(checked):
                message = f"is replaced by {compress(replacement)}, which is deprecated too"
                yield checked.flaw(_WARNING, term, message, "name the last replacement", replacement)


def still_used(checked: Checked) -> Iterator[Flaw]:
    """No axiom of another term uses a deprecated one."""
    old = deprecated(checked)
    for (subject, predicate, object_), module in checked.stated_in.items():
        for term in (predicate, object_):
            owner = checked.owner(subject)
            if not isinstance(term, URIRef) or term not in old or owner in (old.keys() | set(old[term])):
                continue  # a replacement may stand below what it replaces, so that old queries find it
            if predicate not in _TELLING:
                where = compress(owner) if owner is not None else "an axiom without a name"
                message = f"is deprecated and still stands in what is said of {where}"
                yield Flaw(_WARNING, module.file, term, message, way_out_of(old, term), str(owner or term), term)


@lru_cache(maxsize=1)
def deprecated(checked: Checked) -> Mapping[Node, list[URIRef]]:
    """Return each deprecated term with what replaces it."""
    found: dict[Node, list[URIRef]] = {}
    for term, value in sorted(checked.graph.subject_objects(OWL.deprecated)):
        if isinstance(value, Literal) and str(value) in ("true", "1"):
            replacements = in_order(checked.graph.objects(term, DCTERMS.isReplacedBy))
            found[term] = [replacement for replacement in replacements if isinstance(replacement, URIRef)]
    return found


def way_out_of(old: Mapping[Node, list[URIRef]], term: Node) -> str:
    """Return what to do where the deprecated `term` is used."""
    return f"use {named(old[term])} instead" if old.get(term) else "use another term"
