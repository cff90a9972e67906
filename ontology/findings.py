"""What a check of the ontology finds: how bad, where, of which term, what is wrong and the way out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is; what is worse sorts first."""

    ERROR = 0  # nothing is built from such an ontology
    WARNING = 1  # it builds, and someone will stumble over it
    NOTE = 2  # it could be better


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a check found.

    `check` names the kind of fault (`undeclared-term`), `term` is the prefixed name of the term that it is about,
    `message` says in plain words what is wrong, `way_out` what to do about it.
    """

    severity: Severity
    file: str
    line: int
    check: str
    term: str
    message: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity.name.lower()}: {self.term}: {self.message}; {self.way_out}"


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether one of `findings` keeps the ontology from being built."""
    return any(finding.severity is Severity.ERROR for finding in findings)
