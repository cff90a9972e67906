"""Shows on a terminal how the ontology at hand differs from that of a release."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from loaders.answers import AnswerDifference
from loaders.consequences import Inferences, Uses
from loaders.difference import Report
from ontology.difference import Change, TermDifference

_UNCHANGED = "The ontology states what that of release {} does; nothing else follows.\n"


def difference_text(report: Report) -> str:
    """Return the report as lines: how much differs, then each term, inference and named query."""
    if not report:
        return _UNCHANGED.format(report.release) + _by_rules(report)
    sections = [
        ("Removed", _terms(report, report.ontology.removed)),
        ("Deprecated", _terms(report, report.ontology.deprecated)),
        ("Changed", _terms(report, report.ontology.changed)),
        ("Added", _terms(report, report.ontology.added)),
        ("Rules removed", report.rules.removed),
        ("Rules changed", report.rules.changed),
        ("Rules added", report.rules.added),
        ("Axioms removed", report.ontology.axioms_removed),
        ("Axioms added", report.ontology.axioms_added),
        ("Inferences lost", _inferences(report.lost, report.ontology.no_longer_below, "no longer")),
        ("Inferences gained", _inferences(report.gained, report.ontology.now_below, "now")),
        ("Named queries affected", _queries(report.queries)),
    ]
    shown = [f"\n{title}\n" + "".join(f"  {line}\n" for line in lines) for title, lines in _with_lines(sections)]
    return _summary(report) + _by_rules(report) + "".join(shown)


def _with_lines(sections: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[str, list[str]]]:
    for title, lines in sections:
        if listed := list(lines):
            yield title, listed


def _summary(report: Report) -> str:
    ontology = report.ontology
    counted = {
        "removed": ontology.removed,
        "deprecated": ontology.deprecated,
        "changed": ontology.changed,
        "added": ontology.added,
    }
    lost = sum(group.count for group in report.lost) + sum(map(len, ontology.no_longer_below.values()))
    gained = sum(group.count for group in report.gained) + sum(map(len, ontology.now_below.values()))
    naming = sum(bool(answer.names) for answer in report.queries)
    answering = sum(bool(answer.gone or answer.come or answer.problem) for answer in report.queries)
    return (
        f"The ontology at hand against that of release {report.release}, on the facts of that release: "
        "what the corpus gained since is not among them\n"
        f"  terms       {', '.join(f'{len(terms)} {what}' for what, terms in counted.items())}\n"
        f"  inferences  {lost} lost, {gained} gained\n"
        f"  facts       {report.facts.count} use a removed, deprecated or changed term{_sources(report.facts)}\n"
        f"  queries     {len(report.queries)} affected: {naming} name such a term, {answering} answer otherwise\n"
    )


def _by_rules(report: Report) -> str:
    if not report.by_rules:
        return ""
    return (
        f"  The rules of inference have changed since that release: by them alone {report.by_rules} inferred "
        "triples differ, which are not counted here.\n"
    )


def _terms(report: Report, terms: Iterable[TermDifference]) -> Iterator[str]:
    for term in terms:
        yield _heading(term)
        if term.namesake:
            yield f"  was it renamed? {term.namesake} has the same label or definition"
        if uses := report.uses.get(term.iri):
            facts = "1 stated fact uses it" if uses.count == 1 else f"{uses.count} stated facts use it"
            yield f"  {facts}{_sources(uses)}{_examples(uses)}"
        if queries := report.naming(term):
            yield f"  named by the {'query' if len(queries) == 1 else 'queries'} {', '.join(queries)}"
        yield from (f"  {_change(change, term in report.ontology.removed)}" for change in term.changes)


def _heading(term: TermDifference) -> str:
    label = f" ({term.label})" if term.label else ""
    return f"{term.kind} {term.name}{label}"


def _change(change: Change, was_removed: bool) -> str:
    was, now = "; ".join(change.before), "; ".join(change.after)
    if was and now:
        return f"{change.aspect}: from {was} to {now}"
    gone = was if was_removed else f"no longer {was}"
    return f"{change.aspect}: {now or gone}"


def _sources(uses: Uses) -> str:
    sources = ", ".join(f"{source} {count}" for source, count in uses.by_source.items())
    return f" ({sources})" if sources else ""


def _examples(found: Uses | Inferences) -> str:
    return f"{': ' if len(found.examples) == found.count else ', e.g. '}{'; '.join(found.examples)}"


def _inferences(groups: Sequence[Inferences], hierarchy: Mapping[str, tuple[str, ...]], verb: str) -> Iterator[str]:
    for wider, narrower in hierarchy.items():
        yield f"below {wider} {verb}: {', '.join(narrower)}"
    for group in groups:
        yield f"{group.kind} {group.term} ({group.label}): {group.count}{_examples(group)}"


def _queries(answers: Iterable[AnswerDifference]) -> Iterator[str]:
    for answer in answers:
        names = f" names {', '.join(answer.names)}" if answer.names else ""
        yield f"{answer.query}{names}"
        if answer.problem:
            yield f"  fault: {answer.problem}"
        if answer.gone or answer.come:
            yield f"  {answer.rows_before} rows become {answer.rows_after}: {answer.gone} go, {answer.come} come"
            yield from (f"  - {' | '.join(row.values())}" for row in answer.gone_examples)
            yield from (f"  + {' | '.join(row.values())}" for row in answer.come_examples)
