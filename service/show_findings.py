"""Shows what the checks of the ontology find, for people and for machines."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ontology.findings import Finding, Severity, has_errors
from ontology.iris import expand

_MOST_NOTES = 3


@dataclass(frozen=True)
class Report:
    """What the checks found in so many modules, sorted by severity, file and line."""

    findings: Sequence[Finding]
    modules: int

    @property
    def has_errors(self) -> bool:
        """Tell whether nothing would be built from such an ontology."""
        return has_errors(self.findings)

    def text(self) -> str:
        """Return a line a finding, but few of many notes that are alike, and one that counts them."""
        counts = Counter(finding.severity for finding in self.findings)
        told = ", ".join(_counted(counts[severity], severity.name.lower()) for severity in Severity)
        summary = f"{told} in {_counted(self.modules, 'module')}"
        return "".join(f"{line}\n" for line in [*self._lines(), summary])

    def _lines(self) -> Iterator[str]:
        for severity, check in dict.fromkeys((finding.severity, finding.check) for finding in self.findings):
            alike = [finding for finding in self.findings if (finding.severity, finding.check) == (severity, check)]
            shown = alike if severity is not Severity.NOTE or len(alike) <= _MOST_NOTES + 1 else alike[:_MOST_NOTES]
            yield from map(str, shown)
            if left := len(alike) - len(shown):
                yield f"note: {left} more of the kind {check!r}; --format json gives them all"

    def json(self) -> str:
        """Return the document that docs/ontology-checks.md describes."""
        counts = Counter(finding.severity for finding in self.findings)
        summary = {f"{severity.name.lower()}s": counts[severity] for severity in Severity}
        document = {
            "summary": {**summary, "modules": self.modules},
            "findings": [_document(finding) for finding in self.findings],
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _document(finding: Finding) -> dict[str, str | int]:
    iri = expand(finding.term)
    named = {"iri": iri} if iri.startswith(("http:", "https:")) else {}
    return {
        "severity": finding.severity.name.lower(),
        "check": finding.check,
        "term": finding.term,
        **named,
        "file": finding.file,
        "line": finding.line,
        "message": finding.message,
        "way_out": finding.way_out,
    }


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
