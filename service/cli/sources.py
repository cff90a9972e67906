"""Commands on the sources: build them, check them, format them, anchor a passage."""

import sys
from pathlib import Path
from typing import Any

import click

from service.cli.options import papers_option, reporting_errors, settings_with, show_progress, state_option


@click.command()
@state_option
@papers_option
@reporting_errors
def build(state: Path | None, papers: Path | None) -> None:
    """Build a release from the ontology and the corpus, and make it the current one."""
    from loaders import build as building

    settings = settings_with(state=state, papers=papers)
    built = building.build(settings.state, settings.papers, show_progress)
    _show_warnings(built.validation)
    click.echo(f"release   {built.release.id}")
    click.echo(f"folder    {built.release.folder}")
    click.echo(f"triples   {built.counts['triples']}")
    click.echo(f"shapes    {built.validation}")
    click.echo(f"evidence  {built.evidence}")
    if built.verified > built.evidence.passed:
        click.echo(f"          {built.verified} passed when the same release was built before")


@click.group()
def check() -> None:
    """Check source files without building anything."""


@check.command("corpus")
@papers_option
@reporting_errors
def check_corpus(papers: Path | None) -> None:
    """Check every curated file, and with --papers every passage against the texts."""
    from importlib import resources

    from loaders.build import checked_corpus, validated_quads, verified
    from ontology.checks.registry import sound_ontology
    from ontology.vocabulary import vocabulary_of

    ontology = sound_ontology()
    vocabulary = vocabulary_of(ontology.graph)
    corpus = checked_corpus(ontology, vocabulary)
    _, validation, _ = validated_quads(resources.files("ontology"), corpus, vocabulary, lambda step: None)
    _show_warnings(validation)
    report = verified(corpus, settings_with(papers=papers).papers)
    click.echo(f"{len(corpus.entries)} entries and {len(corpus.references)} references, no faults")
    click.echo(f"shapes: {validation}")
    click.echo(f"evidence: {report}")


@check.command("ontology")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--against", "release", help="Tell the difference from a release instead: its id, or 'current'.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@state_option
@reporting_errors
def check_ontology(files: tuple[Path, ...], release: str | None, format_: str, state: Path | None) -> None:
    """Check the ontology, and whatever uses it, as docs/ontology-checks.md tells.

    Each of FILES, saved anywhere in any syntax, takes the place of the module that has its ontology IRI.
    """
    from service import check_ontology as checking

    if release is not None:
        folder = settings_with(state=state).state
        click.echo(checking.compare(folder, release, files, format_, show_progress), nl=False)
        return
    report = checking.check_ontology(files, show_progress)
    click.echo(report.json() if format_ == "json" else report.text(), nl=False)
    sys.exit(1 if report.has_errors else 0)


@click.group("format")
def format_() -> None:
    """Bring source files to their canonical form."""


@format_.command("ontology")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit with 1 where a file is not canonical.")
@click.option("--yes", is_flag=True, help="Replace modules without asking.")
@reporting_errors
def format_ontology(files: tuple[Path, ...], check_only: bool, yes: bool) -> None:
    """Bring FILES to the Turtle that Protégé writes, by default all modules of the ontology.

    A file in the folder of the ontology is rewritten there. A file elsewhere takes the place of the module that has
    its ontology IRI. Any syntax that Protégé saves is read, whatever the file is called, but Manchester syntax.
    """
    from service.format_ontology import format_ontology as format_files

    if not format_files(files, click.echo, lambda question: yes or click.confirm(question), check_only):
        sys.exit(1)


@click.command()
@click.argument("paper")
@click.argument("passage", required=False)
@papers_option
@reporting_errors
def anchor(paper: str, passage: str | None, papers: Path | None) -> None:
    """Print the evidence entry for a PASSAGE of the text of PAPER.

    "first words ... last words" spans what is between them. Without a PASSAGE the digest of the whole text is
    printed, for the record of the paper.
    """
    from loaders.anchor import anchor_passage, text_digest

    folder = settings_with(papers=papers).papers
    if passage is None:
        click.echo(f"textDigest: {text_digest(paper, folder)}")
        return
    found = anchor_passage(paper, passage, folder)
    for entry in found:
        click.echo(f"evidence: {entry}")
    if len(found) > 1:
        click.echo(f"districtgraph: the passage stands in {len(found)} places; give more words", err=True)


def _show_warnings(validation: Any) -> None:
    for warning in validation.warnings:
        click.echo(f"{warning.file}:{warning.line}: warning: {warning.message}", err=True)
