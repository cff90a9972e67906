"""Checks the ontology and what uses it, or compares it with a release, for the command line."""

import json
from collections.abc import Sequence
from pathlib import Path

from loaders import ontology_checks
from loaders.consistency import contradictions
from loaders.difference import against
from loaders.progress import Tell
from loaders.reasoning.domain_rules import domain_rule
from loaders.releases import Releases
from loaders.surroundings import Surroundings, surroundings
from ontology.checks.checked import Checked
from ontology.checks.reading import SavedFile, read_for_check
from ontology.checks.reasoning import impossible
from ontology.checks.registry import found, run_checks
from ontology.checks.rules import unreadable
from ontology.errors import ReasonerError, UnsoundOntologyError
from ontology.findings import Finding, Severity, has_errors
from ontology.reasoner import find_reasoner
from service.show_difference import difference_text
from service.show_findings import Report

PACKAGES = ("ontology", "queries", "loaders", "service")
REASONING_SECONDS = 60.0


def check_ontology(files: Sequence[Path], progress: Tell) -> Report:
    """Check the modules, each of `files` in the place of the one that has its ontology IRI, and what uses them."""
    checked, findings = read_for_check(_saved(files))
    findings += run_checks(checked)
    around = _around(checked, findings)
    if around is not None:
        for find in ontology_checks.CHECKS.values():
            findings += find(around)
    findings += _reasoned(checked, around, has_errors(findings), progress)
    return Report(sorted(set(findings)), len(checked.modules))


def compare(state: Path, release: str, files: Sequence[Path], format_: str, progress: Tell) -> str:
    """Return how the ontology at hand, with `files` in place of their modules, differs from that of `release`.

    `format_` is `text` or `json`. Raises ReleaseError, which lists the releases that exist, or UnsoundOntologyError
    where a file cannot be read.
    """
    of_release = Releases(state).named(release)
    checked, findings = read_for_check(_saved(files))
    findings += (found("rule", flaw) for flaw in unreadable(checked))
    if findings:
        raise UnsoundOntologyError(findings)
    triples = (triple for module in checked.modules for triple in module.triples)
    report = against(triples, [domain_rule(rule) for rule in checked.rules], of_release, progress)
    if format_ == "json":
        return json.dumps(report.document(), indent=2, ensure_ascii=False) + "\n"
    return difference_text(report)


def _saved(files: Sequence[Path]) -> list[SavedFile]:
    return [SavedFile(str(file), file.read_bytes()) for file in files]


def _around(checked: Checked, findings: list[Finding]) -> Surroundings | None:
    """Return what uses the ontology, or None where too little of it can be read to hold anything against it."""
    if checked.unread:
        message = "was not held against corpus, queries, shapes and code, nor searched for undeclared terms"
        files = ", ".join(sorted(set(checked.unread)))
        findings.append(_note("unread", message, f"first correct what is told of {files}"))
        return None
    return surroundings(checked, PACKAGES)


def _reasoned(checked: Checked, around: Surroundings | None, faulty: bool, progress: Tell) -> list[Finding]:
    """Return what the reasoner finds in the ontology and the corpus, or a note why it was not asked."""
    message = "was not searched for what only a reasoner finds"
    if faulty or around is None:
        return [_note("reasoner", message, "correct the errors first")]
    reasoner = find_reasoner(REASONING_SECONDS)
    if reasoner is None:
        return [_note("reasoner", message, "install Java (Debian: default-jre-headless)")]
    findings: list[Finding] = []
    try:
        findings += (found("impossible", flaw) for flaw in impossible(checked, reasoner, progress))
        if not findings:
            findings += contradictions(around, reasoner, progress)
    except ReasonerError as error:
        way_out = f"check again with fewer programs running (it has {REASONING_SECONDS:.0f} s), or simplify the axioms"
        findings.append(Finding(Severity.WARNING, "ontology", 1, "reasoner", "the ontology", str(error), way_out))
    return findings


def _note(check: str, message: str, way_out: str) -> Finding:
    return Finding(Severity.NOTE, "ontology", 1, check, "the ontology", message, way_out)
