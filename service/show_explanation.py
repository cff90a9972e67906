"""Shows the explanation of a triple on a terminal."""

from collections.abc import Iterable, Iterator

from service.explanation.schema import Claim, Evidence, Explanation, Fact, Reference, TypedValue, Value


def explanation_text(document: Explanation) -> str:
    """Return an explanation as text: a line a fact, a claim or a place in a source."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Explanation) -> Iterator[str]:
    yield f"{document.subject.label} · {document.property.label} · {_shown(document.object)}"
    kinds = [kind for kind, is_so in (("stated", document.stated), ("inferred", document.inferred)) if is_so]
    yield " and ".join(kinds) or "not stated of them as such"
    for graph in document.graphs:
        yield f"  in {graph}"
    yield from _facts("stated in", document.facts)
    for situation in document.situations:
        yield from _facts(f"joined by {situation.label} ({situation.href})", situation.facts)
    yield from _facts("other facts of the two", document.related)
    if document.claims:
        total = document.more["claims"].total if document.more else len(document.claims)
        yield f"claims ({total})"
        for claim in document.claims:
            yield from _claim(claim)
    for one in document.disagreements:
        yield f"{one.claim.label}, with which disagrees"
        yield from _claim(one.disagreesWith)


def _facts(heading: str, facts: Iterable[Fact]) -> Iterator[str]:
    for number, fact in enumerate(facts):
        if number == 0:
            yield heading
        if fact.subject and fact.property and fact.object is not None:
            yield f"  {fact.subject.label} · {fact.property.label} · {_shown(fact.object)}"
        yield from _places(fact.evidence)


def _claim(claim: Claim) -> Iterator[str]:
    yield f"  {claim.summary or claim.label}"
    marks = [mark.label for mark in (claim.modality, claim.claimKind) if mark]
    marks += [", ".join(who.label for who in claim.claimant)]
    marks += [f"from {', '.join(work.label for work in claim.attributedTo)}"] if claim.attributedTo else []
    yield f"    {'; '.join(filter(None, marks))}"
    yield from _places(claim.evidence)


def _places(evidence: Iterable[Evidence]) -> Iterator[str]:
    for one in evidence:
        source = one.source.label if one.source else "?"
        yield f"    {source}, section {one.section}, {one.start}-{one.end}"
        if one.passage:
            yield f'      "{one.passage}"'


def _shown(value: Value) -> str:
    if isinstance(value, Reference):
        return value.label
    return value.value if isinstance(value, TypedValue) else str(value)
