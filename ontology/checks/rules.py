"""Checks the rules of the domain: each can be read, and uses terms of the ontology as what they are."""

from collections.abc import Iterator
from functools import partial

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import OWL, RDF, XSD
from rdflib.term import Node

from ontology.checks.checked import PROPERTIES, Checked, Flaw
from ontology.checks.deprecation import deprecated, way_out_of
from ontology.checks.text_file import TextFile
from ontology.findings import Severity
from ontology.iris import TERM, compress
from ontology.nearest import did_you_mean
from ontology.rule_files import RuleFile
from ontology.rule_joins import Pattern
from ontology.rule_lines import line_of

_TYPE = ox.NamedNode(str(RDF.type))
_LOGICAL = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty})
_ANY = PROPERTIES | {OWL.Class, OWL.NamedIndividual}
_NAMES: dict[frozenset[Node], str] = {
    frozenset(PROPERTIES): "property",
    _LOGICAL: "property",
    frozenset({OWL.Class}): "class",
}
_INDIVIDUAL = frozenset({OWL.NamedIndividual})


def unreadable(checked: Checked) -> Iterator[Flaw]:
    """Each rule is a CONSTRUCT from triple patterns and FILTERs, with a summary and a source."""
    for error in checked.broken_rules:
        name = error.file.rpartition("/")[2].removesuffix(".rq")
        file = TextFile(error.file, b"")
        yield Flaw(Severity.ERROR, file, f"rule {name}", error.reason, error.way_out, line=error.line)


def terms(checked: Checked) -> Iterator[Flaw]:
    """Each term of a rule is declared, as what the rule uses it for."""
    for rule in checked.rules:
        for iri, kinds in dict.fromkeys(_uses(rule)):
            found = checked.kinds.get(URIRef(iri), frozenset())
            if not found & kinds:
                yield _misused(checked, rule, iri, kinds, found)


def conclusions(checked: Checked) -> Iterator[Flaw]:
    """Each rule concludes something by terms of ours that fact files could state, and no text where a thing belongs."""
    for rule in checked.rules:
        texts = _texts(checked, rule)
        for one in rule.syntax.conclusions:
            term = one[2] if one[1] == _TYPE else one[1]
            flaw = partial(_flaw, rule)
            if isinstance(term, ox.Variable | ox.Literal):
                yield flaw("rdf:type", "concludes a class that it does not name", "name the class", "a", "rdf:type")
            elif not term.value.startswith(TERM):
                name = compress(term.value)
                reason = f"concludes something by {name}, which is not of this ontology"
                yield flaw(term.value, reason, "conclude something by a term of dg:", name, "a")
            elif one[0] in texts or (one[2] in texts and _is_of(checked, one, OWL.ObjectProperty)):
                slot = one[0] if one[0] in texts else one[2]
                reason = f"takes {slot} for a thing, which has texts or numbers for values"
                yield flaw(term.value, reason, "conclude it of the thing that has the value", str(slot))
            elif isinstance(one[2], ox.Literal) and _is_of(checked, one, OWL.ObjectProperty):
                reason = f"gives {one[2]} to a property of things"
                yield flaw(term.value, reason, "name a thing, or use a data property", compress(term.value))


def old_terms(checked: Checked) -> Iterator[Flaw]:
    """No rule uses a deprecated term."""
    old = deprecated(checked)
    for rule in checked.rules:
        for iri in dict.fromkeys(iri for iri, _ in _uses(rule)):
            if (term := URIRef(iri)) in old:
                message = f"uses {compress(iri)}, which is deprecated"
                yield _flaw(rule, iri, message, way_out_of(old, term), compress(iri), severity=Severity.WARNING)


def _uses(rule: RuleFile) -> Iterator[tuple[str, frozenset[Node]]]:
    """Yield the IRIs of a rule, each with what it must be declared as."""
    for one in (*rule.syntax.premises, *rule.syntax.conclusions):
        is_conclusion = one in rule.syntax.conclusions
        for place, slot in enumerate(one):
            if isinstance(slot, ox.NamedNode) and slot != _TYPE:
                if place == 1:
                    yield slot.value, _LOGICAL if is_conclusion else PROPERTIES
                else:
                    yield slot.value, frozenset({OWL.Class}) if place == 2 and one[1] == _TYPE else _INDIVIDUAL
    yield from ((iri, _ANY) for iri in rule.syntax.named if not iri.startswith(str(XSD)))


def _misused(checked: Checked, rule: RuleFile, iri: str, kinds: frozenset[Node], found: frozenset[Node]) -> Flaw:
    name = compress(iri)
    wanted = _NAMES.get(kinds, "concept" if kinds == _INDIVIDUAL else "term")
    if found:
        return _flaw(rule, iri, f"uses {name} as a {wanted}, which it is not", f"name a {wanted}", name)
    known = (compress(str(term)) for term, declared in checked.kinds.items() if declared & kinds)
    reason = f"uses {name}, a {wanted} that is declared nowhere{did_you_mean(name, known)}"
    return _flaw(rule, iri, reason, "correct the name, or declare the term in a module", name)


def _texts(checked: Checked, rule: RuleFile) -> set[ox.Variable]:
    """Return the variables that stand for values of data properties."""
    return {
        one[2]
        for one in rule.syntax.premises
        if isinstance(one[2], ox.Variable) and _is_of(checked, one, OWL.DatatypeProperty)
    }


def _is_of(checked: Checked, one: Pattern, kind: Node) -> bool:
    return kind in checked.kinds.get(URIRef(one[1].value), frozenset())


def _flaw(
    rule: RuleFile, term: str, message: str, way_out: str, *mentions: str, severity: Severity = Severity.ERROR
) -> Flaw:
    line = line_of(rule.content, *mentions, f"<{term}>")
    return Flaw(severity, TextFile(rule.file, b""), f"rule {rule.name}", message, way_out, line=line)
