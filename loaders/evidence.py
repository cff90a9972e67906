"""Verifies every passage that the corpus points to against the texts of the papers, where they are at hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loaders.bibliography import reference_evidence
from loaders.checking import as_items
from loaders.corpus import RECORD, Corpus
from loaders.errors import Fault, UnknownPaperError
from loaders.located import Mapping
from loaders.selectors import position
from loaders.text import digest, normalise

MAX_TEXT_BYTES = 20_000_000


@dataclass(frozen=True)
class Pointer:
    """A place in the corpus that points to a passage of a paper's text."""

    source: str
    file: str
    line: int
    start: int
    end: int
    digest: str


@dataclass
class EvidenceReport:
    """How many pointers were held against a text, with what outcome, and the faults of those that failed."""

    performed: int = 0
    passed: int = 0
    failed: int = 0
    without_text: int = 0
    papers_without_text: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{self.performed} performed, {self.passed} passed, {self.failed} failed"
        papers = f" ({', '.join(self.papers_without_text)})" if self.papers_without_text and self.performed else ""
        return f"{counts}, {self.without_text} without text{papers}"


def pointers(corpus: Corpus) -> Iterator[Pointer]:
    """Yield every evidence entry and section heading of a checked corpus, and of its references."""
    for entry in corpus.entries:
        for key in ("evidence", "hasSection"):
            node = entry.values.get(key)
            for item in as_items(node) if node is not None else ():
                if isinstance(item, Mapping):
                    yield _pointer(entry.source, entry.file, item)
    for file, reference in corpus.references:
        if (evidence := reference_evidence(reference)) is not None:
            yield _pointer(file.source, file.name, evidence)


def verify(corpus: Corpus, papers: Path | None) -> EvidenceReport:
    """Hold every pointer of the corpus against the texts in the folder `papers`, one `<paper>.txt` each.

    A paper without a text there is counted and left. Raises UnknownPaperError where the folder is none.
    """
    texts = {paper: text for paper in corpus.papers if (text := read_text(paper, papers)) is not None}
    report = EvidenceReport(papers_without_text=[paper for paper in corpus.papers if paper not in texts])
    for pointer in pointers(corpus):
        text = texts.get(pointer.source)
        if text is None:
            report.without_text += 1
            continue
        report.performed += 1
        if digest(text[pointer.start : pointer.end]) == pointer.digest:
            report.passed += 1
        else:
            report.failed += 1
            message = (
                f"the text of {pointer.source} has another passage at {pointer.start}-{pointer.end}; "
                "anchor it again with 'districtgraph anchor'"
            )
            report.faults.append(Fault(pointer.file, pointer.line, message))
    report.faults.extend(_other_editions(corpus, texts))
    return report


def read_text(paper: str, papers: Path | None) -> str | None:
    """Return the normalised text of `paper` from the folder `papers`, or None where there is none.

    Raises UnknownPaperError where `papers` is no folder, or the text is no UTF-8 or too long.
    """
    if papers is None:
        return None
    if not papers.is_dir():
        raise UnknownPaperError(f"{papers} is no folder; give the one with the papers' texts")
    file = papers / f"{paper}.txt"
    try:
        if file.stat().st_size > MAX_TEXT_BYTES:
            raise UnknownPaperError(f"{file} is longer than {MAX_TEXT_BYTES} bytes; is it the text?")
        return normalise(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UnknownPaperError(f"{file} cannot be read as UTF-8 text ({error})") from error


def _pointer(source: str, file: str, item: Mapping) -> Pointer:
    start, end = position(item, "start") or 0, position(item, "end") or 0
    return Pointer(source, file, item.line, start, end, item.text("digest") or "")


def _other_editions(corpus: Corpus, texts: dict[str, str]) -> Iterator[Fault]:
    for paper, text in texts.items():
        record = corpus.record(paper)
        expected = record.values.text("textDigest")
        if expected is not None and expected != digest(text):
            message = f"the text of {paper} at hand is not the edition that its evidence was anchored in"
            yield Fault(f"loaders/corpus/{paper}/{RECORD}", record.line, message)
