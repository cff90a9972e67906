"""Shows the explanation of a triple as text."""

from collections.abc import Iterable, Iterator

from service.explanation.schema import Axiom, Citation, Claim, Evidence, Explanation, Fact, Proof
from service.explanation.words import place, shown, statement, stating


def explanation_text(document: Explanation) -> str:
    """Return an explanation as text: a line a fact, a step, a claim or a place in a source."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Explanation) -> Iterator[str]:
    yield statement(document)
    kinds = [kind for kind, is_so in (("stated", document.stated), ("inferred", document.inferred)) if is_so]
    yield " and ".join(kinds) or "not stated of them as such"
    for graph in document.graphs:
        yield f"  in {graph}"
    yield from _facts("stated in", document.facts)
    yield from _proofs(document)
    for situation in document.situations:
        yield from _facts(f"joined by {situation.label} ({situation.href})", situation.facts)
    if document.claims:
        total = document.more["claims"].total if document.more else len(document.claims)
        yield f"claims ({total})"
        for claim in document.claims:
            yield from _claim(claim)
    for one in document.disagreements:
        yield f"{one.claim.label}, with which disagrees"
        yield from _claim(one.disagreesWith)


def _proofs(document: Explanation) -> Iterator[str]:
    if document.unproven:
        yield document.unproven
    for number, proof in enumerate(document.proofs, start=1):
        bound = "" if document.proofs_are_complete else ", and there may be more"
        yield f"proof {number} of {len(document.proofs)}{bound}"
        yield from _proof(proof, "  ")


def _proof(proof: Proof, indent: str) -> Iterator[str]:
    yield indent + statement(proof)
    within = indent + "  "
    if not proof.rules:
        evidence = [one for fact in proof.facts for one in fact.evidence]
        yield from (within + line for line in (_evidence(evidence) if evidence else [stating(proof)]))
        return
    if proof.axioms:
        yield f"{within}follows, as {'; '.join(map(_axiom, proof.axioms))} ({', '.join(r.name for r in proof.rules)})"
    else:
        for rule in proof.rules:
            yield f"{within}follows by {rule.name}: {rule.summary}{_sources(rule.sources)}"
    for premise in proof.premises:
        yield from _proof(premise, within)


def _axiom(axiom: Axiom) -> str:
    return axiom.label + _sources(axiom.sources)


def _sources(sources: Iterable[Citation]) -> str:
    told = "; ".join(f"{one.source.label}, {one.section}" if one.source else one.text for one in sources)
    return f" [{told}]" if told else ""


def _facts(heading: str, facts: Iterable[Fact]) -> Iterator[str]:
    for number, fact in enumerate(facts):
        if number == 0:
            yield heading
        if fact.subject and fact.property and fact.object is not None:
            yield f"  {fact.subject.label} · {fact.property.label} · {shown(fact.object)}"
        yield from (f"    {line}" for line in _evidence(fact.evidence))


def _claim(claim: Claim) -> Iterator[str]:
    yield f"  {claim.summary or claim.label}"
    marks = [mark.label for mark in (claim.modality, claim.claimKind) if mark]
    marks += [", ".join(who.label for who in claim.claimant)]
    marks += [f"from {', '.join(work.label for work in claim.attributedTo)}"] if claim.attributedTo else []
    yield f"    {'; '.join(filter(None, marks))}"
    yield from (f"    {line}" for line in _evidence(claim.evidence))


def _evidence(evidence: Iterable[Evidence]) -> Iterator[str]:
    for one in evidence:
        yield place(one)
        if one.passage:
            yield f'  "{one.passage}"'
