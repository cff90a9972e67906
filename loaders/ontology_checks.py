"""Holds the ontology against what uses it: corpus, queries, shapes and code, and against the papers that it cites."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS

from loaders.checking import sections_of
from loaders.selectors import Sections
from loaders.surroundings import Surroundings
from loaders.told_contradictions import told_contradictions
from ontology.checks.checked import is_ours
from ontology.checks.deprecation import deprecated, way_out_of
from ontology.findings import Finding, Severity
from ontology.iris import TERM, THING, compress
from ontology.nearest import did_you_mean
from ontology.rule_files import FOLDER, OURS

_CORRECT = "correct the name here"
_KEEP = "keep the old term, owl:deprecated true, with dcterms:isReplacedBy"


def removed_terms(around: Surroundings) -> Iterator[Finding]:
    """Each term that the corpus, a query, a shape or our code uses is declared."""
    for use in around.uses:
        if use.term not in around.known:
            term = compress(use.term)
            near = did_you_mean(term, (compress(known) for known in around.known if _are_alike(known, use.term)))
            message = f"is used here and declared nowhere{near}"
            ways_out = [_CORRECT, _KEEP] if near else [_KEEP, _CORRECT]
            yield Finding(Severity.ERROR, use.file, use.line, "removed-term", term, message, "; or ".join(ways_out))


def deprecated_terms(around: Surroundings) -> Iterator[Finding]:
    """No deprecated term is used in the corpus, a query, a shape or our code."""
    old = deprecated(around.checked)
    for use in around.uses:
        if (term := URIRef(use.term)) in old:
            message = "is deprecated and still used here"
            name, way_out = compress(use.term), way_out_of(old, term)
            yield Finding(Severity.WARNING, use.file, use.line, "deprecated-term", name, message, way_out)


def unknown_sources(around: Surroundings) -> Iterator[Finding]:
    """Each source that is a text, of a term or a rule, names a paper of the corpus and a section of it."""
    sections = sections_of(around.corpus)
    for (term, predicate, source), module in around.checked.stated_in.items():
        if predicate != DCTERMS.source or not isinstance(source, Literal) or not is_ours(term):
            continue
        message, way_out = _wrong_source(str(source), sections, around.corpus.papers)
        if message:
            line = module.file.line_of(str(term), str(source))
            name = compress(str(term))
            yield Finding(Severity.WARNING, module.file.name, line, "unknown-source", name, message, way_out)
    for rule in around.checked.rules:
        for cited in rule.sources:
            is_text = cited != OURS and not cited.startswith(("http://", "https://"))
            message, way_out = _wrong_source(cited, sections, around.corpus.papers) if is_text else ("", "")
            if message:
                line = next((n for n, text in enumerate(rule.content.split("\n"), 1) if cited in text), 1)
                name = f"rule {rule.name}"
                yield Finding(Severity.WARNING, rule.file, line, "unknown-source", name, message, way_out)


def corpus_faults(around: Surroundings) -> Iterator[Finding]:
    """Each statement of the corpus still fits the domains, ranges and datatypes of the ontology."""
    if any(use.term not in around.known and use.file.startswith("loaders/corpus/") for use in around.uses):
        return  # these faults follow from removed terms, which are told
    for fault in sorted(set(around.faults)):
        way_out = "correct the entry, or the axiom that it does not fit"
        yield Finding(Severity.ERROR, fault.file, fault.line, "corpus", "the corpus", fault.message, way_out)


def refused_conclusions(around: Surroundings) -> Iterator[Finding]:
    """No rule concludes of the corpus what contradicts the ontology."""
    if _can_reason(around):
        for fault in around.consequences.contradictions():
            name, _, message = fault.message.partition(": ")
            message, _, way_out = message.rpartition("; ")
            yield Finding(Severity.ERROR, fault.file, fault.line, "rule-contradiction", name, message, way_out)


def idle_rules(around: Surroundings) -> Iterator[Finding]:
    """Each rule concludes something of the corpus."""
    if _can_reason(around):
        for rule in around.consequences.idle():
            message = "concludes nothing of the corpus"
            way_out = "see whether a premise asks too much, or leave it for papers to come"
            file = f"ontology/{FOLDER}/{rule.name}.rq"
            yield Finding(Severity.WARNING, file, 1, "idle-rule", f"rule {rule.name}", message, way_out)


CHECKS: Mapping[str, Callable[[Surroundings], Iterable[Finding]]] = {
    "removed-term": removed_terms,
    "deprecated-term": deprecated_terms,
    "unknown-source": unknown_sources,
    "corpus": corpus_faults,
    "contradiction": told_contradictions,
    "rule-contradiction": refused_conclusions,
    "idle-rule": idle_rules,
}


def _are_alike(one: str, other: str) -> bool:
    """Tell whether two names are both of things, both of classes or both of properties."""
    if one.startswith(TERM) and other.startswith(TERM):
        return one.removeprefix(TERM)[:1].isupper() is other.removeprefix(TERM)[:1].isupper()
    return one.startswith(THING) and other.startswith(THING)


def _can_reason(around: Surroundings) -> bool:
    """Tell whether corpus and rules are sound enough for anything to be concluded from them."""
    return bool(around.checked.rules and around.quads) and not around.checked.broken_rules


def _wrong_source(source: str, sections: Mapping[str, Sections], papers: Sequence[str]) -> tuple[str, str]:
    """Return what is wrong with a source, and the way out; two empty texts where nothing is."""
    paper, _, section = (part.strip() for part in source.partition(","))
    if paper not in papers:
        near = did_you_mean(paper, papers)
        return f"has the source {source!r}, and the corpus has no such paper{near}", 'write "<paper>, <section>"'
    names = [name for _, name in sections.get(paper, [])]
    if section not in names:
        near = did_you_mean(section, names) if section else ""
        way_out = f"write a section as loaders/corpus/{paper}/paper.yaml names it"
        return f"has the source {source!r}, and that paper has no such section{near}", way_out
    return "", ""
