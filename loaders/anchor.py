"""Prints the evidence entry of a passage, as the curated files write it."""

from pathlib import Path

from loaders.checking import sections_of
from loaders.corpus import Corpus, read_corpus
from loaders.errors import CorpusError, Fault, UnknownPaperError
from loaders.evidence import read_text
from loaders.passages import find_passages
from loaders.selectors import section_at
from loaders.text import digest


def anchor_passage(paper: str, passage: str, papers: Path | None) -> list[str]:
    """Return the evidence entry of each place where `passage` stands in the text of `paper`.

    Raises UnknownPaperError or PassageNotFoundError, or CorpusError where a curated file is no YAML.
    """
    corpus, text = _corpus_and_text(paper, papers)
    sections = sections_of(corpus).get(paper, [])
    return [
        f'{{section: "{section_at(sections, found.start) or "?"}", start: {found.start}, end: {found.end}, '
        f"digest: {found.digest}}}"
        for found in find_passages(text, passage)
    ]


def text_digest(paper: str, papers: Path | None) -> str:
    """Return the digest of the whole normalised text of `paper`. Raises as `anchor_passage` does."""
    return digest(_corpus_and_text(paper, papers)[1])


def _corpus_and_text(paper: str, papers: Path | None) -> tuple[Corpus, str]:
    faults: list[Fault] = []
    corpus = read_corpus(faults)
    if faults:
        raise CorpusError(faults)
    corpus.record(paper)
    text = read_text(paper, papers)
    if text is None:
        raise UnknownPaperError(f"no text of {paper!r} at hand; name the folder of the texts with --papers")
    return corpus, text
