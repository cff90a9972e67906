"""What can go wrong with the files of the ontology.

OntologyError
├── OntologyFileError      a module or the catalog is missing or cannot be parsed
│   ├── UnmergedFileError  git left the versions of two people in it
│   └── RuleFileError      a rule of the domain is not one
├── UnsoundOntologyError   checks found errors in it; lists every Finding
├── ReasonerError          the reasoner gave no answer
└── UnknownTermError       there is no such class or property; names the nearest
"""

from collections.abc import Iterable

from ontology.findings import Finding


class OntologyError(Exception):
    """Anything that keeps the ontology from being read or used."""


class OntologyFileError(OntologyError):
    """A module or the catalog cannot be read; the message begins with `file:line:` where it has a line."""

    way_out = "open the last good version in Protégé and save it again as Turtle"


class UnmergedFileError(OntologyFileError):
    """A file still has the marks between which git leaves the versions of two people."""

    way_out = "keep what is right of the two, above and below =======, and delete the lines of the marks"


class RuleFileError(OntologyFileError):
    """A file in `ontology/rules` is no rule; `line`, `reason` and `way_out` say where, why, and what to do."""

    def __init__(self, file: str, line: int, reason: str, way_out: str) -> None:
        self.file, self.line, self.reason, self.way_out = file, line, reason, way_out
        super().__init__(f"{file}:{line}: {reason}; {way_out}")


class UnsoundOntologyError(OntologyError):
    """The ontology has errors; nothing is built from it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings)
        super().__init__("\n".join(map(str, self.findings)))


class ReasonerError(OntologyError):
    """The reasoner gave no answer: it took too long, or it ended with a message of its own."""


class UnknownTermError(OntologyError):
    """A name that no term of the ontology has."""
