"""The command line: each command is an operation of a floor below, with arguments, progress and exit status.

Exit status: 0 done, 1 the sources or the evidence have faults, 2 the command could not be carried out.
"""

import asyncio
import sys
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from loaders.errors import CorpusError, EvidenceError, LoaderError
from ontology.errors import OntologyError
from queries.errors import QueryError
from service.errors import ServiceError

_FAULTS = (CorpusError, EvidenceError, OntologyError)
_FAILURES = (LoaderError, QueryError, ServiceError)


def _reporting_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Have `command` end with a message and an exit status instead of a stack trace."""

    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except _FAULTS as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except _FAILURES as error:
            click.echo(f"districtgraph: {error}", err=True)
            sys.exit(2)

    return update_wrapper(run, command)


def _settings(**given: Any) -> Any:
    """Return the settings, those `given` on the command line first."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    from service.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise click.UsageError("; ".join(faults) + " (see the settings in docs/architecture.md)") from error
    except (TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise click.UsageError(f"districtgraph.toml: {error}") from error


_state = click.option("--state", type=click.Path(path_type=Path), help="Folder of the releases.")
_papers = click.option(
    "--papers", type=click.Path(path_type=Path), help="Folder of the papers' texts, one <paper>.txt each."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="districtgraph")
def main() -> None:
    """Who brokered which technology, where, for whom, and in which passage it says so."""


@main.command()
@_state
@_papers
@_reporting_errors
def build(state: Path | None, papers: Path | None) -> None:
    """Build a release from the ontology and the corpus, and make it the current one."""
    from loaders import build as building

    settings = _settings(state=state, papers=papers)
    built = building.build(settings.state, settings.papers, lambda step: click.echo(f"  {step}", err=True))
    click.echo(f"release   {built.release.id}")
    click.echo(f"folder    {built.release.folder}")
    click.echo(f"triples   {built.counts['triples']}")
    click.echo(f"evidence  {built.evidence}")
    if built.verified > built.evidence.passed:
        click.echo(f"          {built.verified} passed when the same release was built before")


@main.command()
@_state
@click.option("--host", help="Address to serve on.")
@click.option("--port", type=int, help="Port to serve on; 0 takes a free one.")
@_reporting_errors
def serve(state: Path | None, host: str | None, port: int | None) -> None:
    """Serve the current release over HTTP; a newer one is taken up as soon as it is built."""
    from service.server import serve as serve_http

    settings = _settings(state=state, host=host, port=port)
    serve_http(settings, lambda url: click.echo(f"districtgraph is at {url}", err=True))


@main.command()
@_state
@click.argument("text", required=False)
@click.option("--file", type=click.File(encoding="utf-8"), help="Read the query from a file, - for standard input.")
@click.option("--format", "format_", help="Media type of the answer, such as text/csv or text/turtle.")
@_reporting_errors
def query(state: Path | None, text: str | None, file: Any, format_: str | None) -> None:
    """Answer a SPARQL query from the current release, as a table where it has solutions."""
    from service.evaluation import Job
    from service.negotiation import media_type_for
    from service.query_form import asked_for
    from service.questions import SOLUTIONS_JSON
    from service.show import table_text
    from service.tables import Table

    if (text is None) == (file is None):
        raise click.UsageError("give the query either as an argument or with --file")
    sparql = text if text is not None else _read(file)
    asked = asked_for(sparql)
    as_table = format_ is None and not asked.form.is_graph
    media_type = SOLUTIONS_JSON if as_table else media_type_for(asked.form, format_)
    job = Job(sparql, media_type, asked.has_dataset)
    answer = _answer(_settings(state=state), lambda engine: engine.answer(job))
    click.echo(table_text(Table.parse(answer.content)) if as_table else answer.content, nl=False)


@main.command()
@_state
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json", "md"]), default="table")
@_reporting_errors
def ask(state: Path | None, name: str | None, parameters: tuple[str, ...], format_: str) -> None:
    """Answer a named query, or list them all where no NAME is given.

    Example: districtgraph ask brokerage place=toy-valley
    """
    from queries.named_query import load_queries, query_named
    from service import questions, show

    queries = load_queries()
    if name is None:
        click.echo(show.list_text(queries.values()), nl=False)
        return
    asked = query_named(queries, name)
    values = dict(map(_pair, parameters))
    if len(values) < len(parameters):
        raise click.UsageError("a parameter is given twice")
    media_type = "text/csv" if format_ == "csv" else questions.SOLUTIONS_JSON
    answer = _answer(_settings(state=state), lambda engine: questions.ask(engine, asked, values, media_type))
    click.echo(show.answer_text(asked, values, answer, format_), nl=False)


@main.group()
def check() -> None:
    """Check source files without building anything."""


@check.command("corpus")
@_papers
@_reporting_errors
def check_corpus(papers: Path | None) -> None:
    """Check every curated file, and with --papers every passage against the texts."""
    from loaders.build import checked_corpus
    from loaders.evidence import verify
    from ontology.vocabulary import load_vocabulary

    corpus = checked_corpus(load_vocabulary())
    report = verify(corpus, _settings(papers=papers).papers)
    if report.faults:
        raise EvidenceError(report.faults, str(report))
    click.echo(f"{len(corpus.entries)} entries and {len(corpus.references)} references, no faults")
    click.echo(f"evidence: {report}")


@main.command()
@click.argument("paper")
@click.argument("passage", required=False)
@_papers
@_reporting_errors
def anchor(paper: str, passage: str | None, papers: Path | None) -> None:
    """Print the evidence entry for a PASSAGE of the text of PAPER.

    "first words ... last words" spans what is between them. Without a PASSAGE the digest of the whole text is
    printed, for the record of the paper.
    """
    from loaders.anchor import anchor_passage, text_digest

    folder = _settings(papers=papers).papers
    if passage is None:
        click.echo(f"textDigest: {text_digest(paper, folder)}")
        return
    found = anchor_passage(paper, passage, folder)
    for entry in found:
        click.echo(f"evidence: {entry}")
    if len(found) > 1:
        click.echo(f"districtgraph: the passage stands in {len(found)} places; give more words", err=True)


@main.group("format")
def format_() -> None:
    """Bring source files to their canonical form."""


@format_.command("ontology")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit with 1 where a file is not canonical.")
@click.option("--yes", is_flag=True, help="Replace modules without asking.")
@_reporting_errors
def format_ontology(files: tuple[Path, ...], check_only: bool, yes: bool) -> None:
    """Bring FILES to the Turtle that Protégé writes, by default all modules of the ontology.

    A file in the folder of the ontology is rewritten there. A file elsewhere takes the place of the module that has
    its ontology IRI. Any syntax that Protégé saves is read, whatever the file is called, but Manchester syntax.
    """
    from service.librarian import format_ontology as format_files

    if not format_files(files, click.echo, lambda question: yes or click.confirm(question), check_only):
        sys.exit(1)


def _answer(settings: Any, asking: Callable[[Any], Any]) -> Any:
    """Have an engine of this process's own answer, and end its workers."""
    from service.engine import Engine

    async def run() -> Any:
        engine = Engine(settings)
        try:
            return await asking(engine)
        finally:
            engine.close()

    return asyncio.run(run())


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise click.UsageError(f"write a parameter as name=value, not {parameter!r}")
    return name, value


def _read(file: Any) -> str:
    from service.query_form import MAX_QUERY_BYTES

    try:
        text: str = file.read(MAX_QUERY_BYTES + 1)
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name} is not UTF-8") from error
    if len(text) > MAX_QUERY_BYTES:
        raise click.UsageError(f"a query may have {MAX_QUERY_BYTES} characters")
    return text
