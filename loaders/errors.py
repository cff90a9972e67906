"""What can go wrong between a source file and a release.

LoaderError
├── ClusterError           the machines that are to read a source cannot do it
├── CorpusError            a curated file cannot be read, or says what it must not; lists every Fault
├── EvidenceError          a passage of a paper's text no longer matches its digest; lists every Fault
├── LoadError              a source to be loaded has records that cannot be read; lists Faults
├── EndpointError          a SPARQL endpoint that a source is read from does not answer, or not as SPARQL says
├── PassageNotFoundError   the words to anchor are not in the text
├── NetworkError           ties that no network can be made of
├── UnknownPaperError      no paper of that name in the corpus, or no text of it at hand
└── ReleaseError           a release is missing, damaged or being built by someone else
    └── UnknownReleaseError    there are releases, and none of that name
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a file: where it stands, what it is and what to do about it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class LoaderError(Exception):
    """Anything that keeps a source from becoming a release."""


class _FaultsError(LoaderError):
    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))


class ClusterError(LoaderError):
    """A cluster cannot be reached, has other code, does not see the files, or lost its workers."""


class CorpusError(_FaultsError):
    """Curated files with faults; nothing is built from any of them."""


class EvidenceError(_FaultsError):
    """Evidence that does not match the texts at hand; nothing is built. `report` counts what was verified."""

    def __init__(self, faults: Sequence[Fault], report: str) -> None:
        super().__init__(faults)
        self.report = report

    def __str__(self) -> str:
        return f"{super().__str__()}\nevidence: {self.report}"


class LoadError(_FaultsError):
    """A source with records that cannot be read, `total` of them; nothing of it is loaded."""

    def __init__(self, faults: Sequence[Fault], total: int | None = None) -> None:
        super().__init__(faults)
        self.total = len(faults) if total is None else total

    def __reduce__(self) -> tuple[type["LoadError"], tuple[Sequence[Fault], int]]:
        """Let it come whole out of the process that reads a part."""
        return LoadError, (self.faults, self.total)

    def __str__(self) -> str:
        more = self.total - len(self.faults)
        return f"{super().__str__()}\nand {more} more" if more else super().__str__()


class EndpointError(LoaderError):
    """A SPARQL endpoint that a source is read from does not answer, or not as SPARQL says; nothing is loaded."""


class PassageNotFoundError(LoaderError):
    """The passage to anchor does not stand in the text."""


class UnknownPaperError(LoaderError):
    """The corpus has no such paper, or there is no text of it at hand."""


class NetworkError(LoaderError):
    """Ties that no network can be made of: an actor tied to itself, or one that is in no group."""


class ReleaseError(LoaderError):
    """A release cannot be read, built or published."""


class UnknownReleaseError(ReleaseError):
    """There are releases, and none of that name; the message lists them."""
