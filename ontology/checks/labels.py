"""Checks the labels and definitions of our terms: there, in English, one a language, and telling terms apart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from rdflib import Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from ontology.checks.checked import PROPERTIES, Checked, Flaw, is_ours, is_reserved, named
from ontology.findings import Severity
from ontology.iris import compress
from ontology.nearest import did_you_mean

LANGUAGES = ("es", "de", "it", "nb", "pl")
_LABELS = (SKOS.prefLabel, RDFS.label)
_KNOWN = ("en", *LANGUAGES)
_TEXTS = (*_LABELS, SKOS.altLabel, SKOS.definition, SKOS.example, SKOS.scopeNote, SKOS.changeNote)
_FIRST_WORDS = 40
_MOST_OWNERS = 3


def missing(checked: Checked) -> Iterator[Flaw]:
    """Each term has a label and a definition in English."""
    said_by = _mentioned(checked)
    labelled = {term for term in checked.ours if _has_english(labels(checked)[term])}
    defined = {term for term in checked.ours if _has_english(_texts(checked, term, SKOS.definition))}
    for term in checked.ours:
        key = "skos:prefLabel" if OWL.NamedIndividual in checked.kinds[term] else "rdfs:label"
        if term not in labelled | defined:
            # Protégé declares what an axiom misspells when it saves, and says nothing of it.
            alike = [compress(other) for other in labelled if checked.kinds[other] & checked.kinds[term]]
            used = f", and is used in what is said of {named(said_by[term])}" if said_by[term] else ""
            message = f"has neither an English label nor a definition{used}{did_you_mean(compress(term), alike)}"
            way_out = f"if the name is misspelled, correct it; or add {key} and skos:definition"
            yield checked.flaw(Severity.ERROR, term, message, way_out)
        elif term not in labelled:
            others = sorted({str(label.language) for label in labels(checked)[term]})
            message = f"has no English label, and one in {' and '.join(map(repr, others))}" if others else ""
            yield checked.flaw(Severity.ERROR, term, message or "has no English label", f'add {key} "…"@en')
        elif term not in defined:
            way_out = 'add skos:definition "…"@en, in a sentence of our own'
            yield checked.flaw(Severity.ERROR, term, "has no English definition", way_out)


def doubled(checked: Checked) -> Iterator[Flaw]:
    """Each term has one label in a language; others are skos:altLabel."""
    for term in checked.ours:
        by_language: dict[str | None, set[str]] = defaultdict(set)
        for label in labels(checked)[term]:
            by_language[label.language].add(str(label))
        for language, found in sorted(by_language.items(), key=str):
            if len(found) > 1:
                spoken = f"in {language!r}" if language else "without a language"
                message = f"has {len(found)} labels {spoken}: {' and '.join(map(repr, sorted(found)))}"
                yield checked.flaw(Severity.ERROR, term, message, "keep one; make the others skos:altLabel", max(found))


def without_language(checked: Checked) -> Iterator[Flaw]:
    """Each label, definition and note says its language."""
    for predicate in _TEXTS:
        for term, text in checked.graph.subject_objects(predicate):
            if is_ours(term) and isinstance(text, Literal) and not text.language and str(text).strip():
                message = f"has a {compress(str(predicate))} without a language, {_short(text)!r}"
                yield checked.flaw(Severity.WARNING, term, message, 'add one, such as "…"@en', _short(text))


def languages(checked: Checked) -> Iterator[Flaw]:
    """Each text is in English or in one of the languages of the labels, by its tag: es, de, it, nb, pl."""
    for predicate in _TEXTS:
        for term, text in checked.graph.subject_objects(predicate):
            if is_ours(term) and isinstance(text, Literal) and text.language and text.language not in _KNOWN:
                message = f"has a {compress(str(predicate))} in {text.language!r}, {_short(text)!r}"
                way_out = f"correct the language to one of {', '.join(_KNOWN)}; others are not shown or searched"
                yield checked.flaw(Severity.WARNING, term, message, way_out, _short(text))


def kinds_of_label(checked: Checked) -> Iterator[Flaw]:
    """Individuals have skos:prefLabel, as SKOS wants of concepts and schemes."""
    for term in checked.of_kind(OWL.NamedIndividual):
        if is_ours(term) and (term, SKOS.prefLabel, None) not in checked.graph and labels(checked)[term]:
            yield checked.flaw(Severity.WARNING, term, "has rdfs:label and no skos:prefLabel", "make it skos:prefLabel")


def ambiguous(checked: Checked) -> Iterator[Flaw]:
    """No two terms of one kind have the same label in a language."""
    owners: dict[tuple[Node, str], list[URIRef]] = defaultdict(list)
    for term in checked.ours:
        sorts = _sorts(checked, term)
        for label in set(labels(checked)[term]):
            for kind in sorts:
                owners[kind, f"{label.casefold()}@{label.language}"].append(term)
    said: set[tuple[URIRef, ...]] = set()
    for (_, spoken), terms in sorted(owners.items(), key=str):
        if len(set(terms)) > 1 and tuple(terms) not in said:
            said.add(tuple(terms))
            message = f"has the label of {named(sorted(set(terms[:-1])))}, {spoken.rpartition('@')[0]!r}"
            yield checked.flaw(Severity.WARNING, terms[-1], message, "make the labels different, or the terms one")


def repeated(checked: Checked) -> Iterator[Flaw]:
    """No alternative label or definition repeats the label, and no two terms of one kind have one definition."""
    defined: dict[tuple[Node, str], URIRef] = {}
    for term in checked.ours:
        names = {label.casefold() for label in labels(checked)[term]}
        for text in _texts(checked, term, SKOS.altLabel):
            if any(text == label for label in labels(checked)[term]):
                yield checked.flaw(
                    Severity.WARNING, term, f"has its label as skos:altLabel, {str(text)!r}", "remove it"
                )
        for text in _texts(checked, term, SKOS.definition):
            plain = text.casefold().rstrip(".")
            if plain in names:
                yield checked.flaw(Severity.WARNING, term, "has its label as definition", "say what it means")
                continue
            keys = [(kind, f"{plain}@{text.language}") for kind in _sorts(checked, term)]
            others = [other for key in keys if (other := defined.setdefault(key, term)) != term]
            if plain and others:
                message = f"has the definition of {compress(others[0])}"
                way_out = "say what tells the two apart, or make them one"
                yield checked.flaw(Severity.WARNING, term, message, way_out, _short(text))


def untranslated(checked: Checked) -> Iterator[Flaw]:
    """Each term whose siblings, in its scheme or below the same class, are translated is so too: es, de, it, nb, pl."""
    for siblings in _siblings(checked):
        if any({label.language for label in labels(checked)[term]} & {*LANGUAGES} for term in siblings):
            for term in siblings:
                spoken = {label.language for label in labels(checked)[term]}
                if lacking := [language for language in LANGUAGES if language not in spoken]:
                    message = f"has no label in {', '.join(lacking)}"
                    yield checked.flaw(Severity.NOTE, term, message, "add those that you are sure of")


@lru_cache(maxsize=1)
def labels(checked: Checked) -> dict[Node, list[Literal]]:
    """Return the labels of each term, rdfs:label or skos:prefLabel."""
    found: dict[Node, list[Literal]] = defaultdict(list)
    for predicate in _LABELS:
        for term, label in checked.graph.subject_objects(predicate):
            if isinstance(label, Literal):
                found[term].append(label)
    return found


def _mentioned(checked: Checked) -> Mapping[Node, list[URIRef]]:
    """Return the other terms in whose axioms each term of ours stands."""
    found: dict[Node, set[URIRef]] = defaultdict(set)
    for subject, _, object_ in checked.stated_in:
        owner = checked.owner(subject)
        if isinstance(object_, URIRef) and is_ours(object_) and owner is not None and owner != object_:
            found[object_].add(owner)
    return defaultdict(list, {term: sorted(owners)[:_MOST_OWNERS] for term, owners in found.items()})


def _siblings(checked: Checked) -> Iterator[list[URIRef]]:
    """Yield terms that belong together, each once: the concepts of a scheme, and the classes below one class."""
    groups: dict[Node, set[URIRef]] = defaultdict(set)
    seen: set[Node] = set()
    for predicate in (SKOS.inScheme, RDFS.subClassOf):
        for term, above in sorted(checked.graph.subject_objects(predicate)):
            if is_ours(term) and isinstance(term, URIRef) and isinstance(above, URIRef) and term not in seen:
                seen.add(term)
                groups[above].add(term)
    yield from (sorted(group) for _, group in sorted(groups.items()))


def _sorts(checked: Checked, term: URIRef) -> list[Node]:
    """Return among what a label must be one term's own: classes, properties, or the individuals of a class."""
    kinds = checked.kinds[term]
    if OWL.NamedIndividual in kinds:
        return [t for t in checked.graph.objects(term, RDF.type) if not is_reserved(t)]
    return [OWL.ObjectProperty] if kinds & PROPERTIES else [OWL.Class]


def _has_english(texts: Iterable[Literal]) -> bool:
    return any(text.language == "en" and text.strip() for text in texts)


def _texts(checked: Checked, term: Node, predicate: URIRef) -> list[Literal]:
    return [text for text in checked.graph.objects(term, predicate) if isinstance(text, Literal)]


def _short(text: Literal) -> str:
    return str(text)[:_FIRST_WORDS]
