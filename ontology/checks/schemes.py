"""Checks that concepts stand in schemes, and that schemes have an order from the top, as SKOS wants."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from rdflib import URIRef
from rdflib.namespace import RDF, SKOS
from rdflib.term import Node

from ontology.checks.checked import Checked, Flaw, in_order, is_ours, named
from ontology.checks.told import told
from ontology.findings import Severity
from ontology.iris import compress

_WARNING = Severity.WARNING


def in_schemes(checked: Checked) -> Iterator[Flaw]:
    """Each concept is in a scheme, and what is above it is a concept of the same scheme."""
    concepts, schemes = _instances(checked, SKOS.Concept), _instances(checked, SKOS.ConceptScheme)
    for concept in concepts:
        found = set(checked.graph.objects(concept, SKOS.inScheme))
        if not found:
            yield checked.flaw(_WARNING, concept, "is a concept and in no scheme", "add skos:inScheme")
        for scheme in in_order(found - set(schemes)):
            message = f"is in the scheme {compress(str(scheme))}, which is no skos:ConceptScheme"
            yield checked.flaw(Severity.ERROR, concept, message, "name the scheme", str(scheme))
        for broad in in_order(checked.graph.objects(concept, SKOS.broader)):
            above = set(checked.graph.objects(broad, SKOS.inScheme))
            if broad not in concepts:
                message = f"has {compress(str(broad))} as its broader concept, which is no concept"
                yield checked.flaw(Severity.ERROR, concept, message, "name a concept", str(broad))
            elif found and above and not found & above:
                message = f"has {compress(str(broad))} above it, which is in another scheme, {named(in_order(above))}"
                way_out = "use skos:related, or put the two into one scheme"
                yield checked.flaw(_WARNING, concept, message, way_out, str(broad))


def types(checked: Checked) -> Iterator[Flaw]:
    """Each concept is of the class that the other concepts of its scheme are of."""
    for scheme in _instances(checked, SKOS.ConceptScheme):
        inside = sorted(c for c in set(checked.graph.subjects(SKOS.inScheme, scheme)) if isinstance(c, URIRef))
        of = {c: {t for t in checked.graph.objects(c, RDF.type) if is_ours(t)} for c in inside}
        counts = Counter(type_ for types in of.values() for type_ in types)
        common = {type_ for type_, count in counts.items() if count > len(inside) / 2}
        for concept in inside:
            if common and not common & of[concept]:
                names = named(in_order(common))
                message = f"is in the scheme {compress(str(scheme))}, whose concepts are {names}, and is none"
                yield checked.flaw(_WARNING, concept, message, f"add the type {names}, or move it to its own scheme")


def tops(checked: Checked) -> Iterator[Flaw]:
    """Each scheme has a concept at its top, and nothing is above a top concept."""
    stated = set(checked.graph.subject_objects(SKOS.hasTopConcept))
    stated |= {(scheme, concept) for concept, scheme in checked.graph.subject_objects(SKOS.topConceptOf)}
    for scheme in _instances(checked, SKOS.ConceptScheme):
        inside = set(checked.graph.subjects(SKOS.inScheme, scheme))
        top = {concept for of, concept in stated if of == scheme}
        if not top and not any((concept, SKOS.broader, None) not in checked.graph for concept in inside):
            way_out = "add concepts to it, one of them without skos:broader"
            yield checked.flaw(_WARNING, scheme, "is a scheme without a concept at its top", way_out)
        for concept in in_order(top):
            if above := set(checked.graph.objects(concept, SKOS.broader)) & inside:
                message = f"is at the top of {compress(str(scheme))} and has {named(in_order(above))} above it"
                yield checked.flaw(_WARNING, concept, message, "drop skos:topConceptOf or skos:broader")


@lru_cache(maxsize=4)
def _instances(checked: Checked, class_: Node) -> dict[URIRef, None]:
    """Return the things of ours in `class_` or a class below it, in order."""
    pairs = sorted(checked.graph.subject_objects(RDF.type))
    found = (thing for thing, type_ in pairs if class_ in told(checked).ways_up(type_))
    return dict.fromkeys(thing for thing in found if isinstance(thing, URIRef) and is_ours(thing))
