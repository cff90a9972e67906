"""Commands on large sources: load them into a release, list them, take them out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from service.cli.options import (
    interrupt_on_sigterm,
    papers_option,
    reporting_errors,
    settings_with,
    show_progress,
    state_option,
)

_skip_option = click.option("--skip-bad", is_flag=True, help="Leave out records that cannot be read, and tell of them.")
_FIRST = 10


@click.group()
def load() -> None:
    """Load a large source into a graph of its own, and build a release with it.

    A load that was interrupted goes on where it was when it is called again.
    """
    interrupt_on_sigterm()


@load.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_skip_option
@papers_option
@state_option
@reporting_errors
def indicators(folder: Path, skip_bad: bool, papers: Path | None, state: Path | None) -> None:
    """Load regional indicators as observations of a data set (RDF Data Cube).

    FOLDER has I40_indicator_db.tsv, with a row for each region and year and a column for each indicator, and
    column_description.tsv, which tells what the columns are.
    """
    from loaders.indicators.observations import plan

    _load(lambda: plan(folder), skip_bad, settings_with(state=state, papers=papers))


@load.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--name", default="literature", show_default=True, help="What the source and its graph are called.")
@click.option(
    "--decisions", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What a curator said of matches."
)
@click.option("--cluster", metavar="ADDRESS", help="Read on the Dask cluster of this scheduler; 'local': on one here.")
@_skip_option
@papers_option
@state_option
@reporting_errors
def literature(
    paths: tuple[Path, ...],
    name: str,
    decisions: Path | None,
    cluster: str | None,
    skip_bad: bool,
    papers: Path | None,
    state: Path | None,
) -> None:
    """Load works as publications, and match them to the works that the papers cite.

    PATHS are files, or folders of them: works of OpenAlex (answers of its API, or its snapshot), of Crossref, CSL-JSON,
    BibTeX or RIS, packed by gzip or not. What a file is, is seen from its content.
    """
    from loaders.literature.works import plan
    from loaders.releases import Releases

    settings = settings_with(state=state, papers=papers)
    if Releases(settings.state).current() is None:
        _build(settings)
    corpus = [quad.triple for quad in Releases(settings.state).require_current().quads()]
    _load(lambda: plan(name, paths, decisions, corpus), skip_bad, settings, cluster)


@load.command()
@click.argument("mapping")
@click.option("--from", "origins", multiple=True, metavar="FILE|IRI", help="Files of RDF, or a SPARQL endpoint.")
@_skip_option
@papers_option
@state_option
@reporting_errors
def graph(mapping: str, origins: tuple[str, ...], skip_bad: bool, papers: Path | None, state: Path | None) -> None:
    """Load a graph that others made, by SPARQL CONSTRUCTs that say what of it becomes what.

    MAPPING is the name of one that comes with districtgraph, or a folder with mapping.yaml and .rq files
    (docs/loading.md).
    """
    from loaders.mapped.loading import planned
    from loaders.mapped.mapping import read_mapping
    from loaders.progress import Progress

    settings = settings_with(state=state, papers=papers)
    with planned(read_mapping(mapping), origins, settings.state, Progress(show_progress)) as plan:
        _load(lambda: plan, skip_bad, settings)


@load.command()
@click.argument("metadata", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_skip_option
@papers_option
@state_option
@reporting_errors
def table(metadata: Path, files: tuple[Path, ...], skip_bad: bool, papers: Path | None, state: Path | None) -> None:
    """Load tables (CSV, TSV, XLSX), by what METADATA says of their columns.

    METADATA is a file NAME-metadata.json of CSV on the Web (docs/loading.md); the tables are beside it, or FILES.
    """
    from loaders.tables.loading import plan
    from loaders.tables.metadata import read_metadata

    _load(lambda: plan(read_metadata(metadata), files), skip_bad, settings_with(state=state, papers=papers))


@click.group("sources")
def sources_() -> None:
    """Show the large sources that were loaded, or take one out."""


@sources_.command("list")
@state_option
@reporting_errors
def list_(state: Path | None) -> None:
    """List them, with their triples."""
    from loaders.loading.source import loaded_in

    for source in loaded_in(settings_with(state=state).state):
        about = source.about
        click.echo(f"{source.name}\t{about['triples']} triples\tloaded {about['loaded']}\t{about['title']}")


@sources_.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Take it out without asking.")
@papers_option
@state_option
@reporting_errors
def remove(name: str, yes: bool, papers: Path | None, state: Path | None) -> None:
    """Take a source out, and build a release without it; releases that have it keep it."""
    from loaders.loading.source import remove as remove_source

    settings = settings_with(state=state, papers=papers)
    if not (yes or click.confirm(f"take {name} out of {settings.state}?")):
        return
    remove_source(settings.state, name)
    _build(settings)


def _load(plan: Callable[[], Any], skip_bad: bool, settings: Any, cluster: str | None = None) -> None:
    from loaders.loading.cluster import on_cluster
    from loaders.loading.load import load as load_source
    from loaders.loading.parts import in_processes
    from loaders.progress import Progress

    progress = Progress(show_progress)
    read = in_processes if cluster is None else on_cluster(cluster)
    loaded = load_source(plan(), settings.state, read, skip_bad=skip_bad, progress=progress)
    for fault in loaded.faults[:_FIRST]:
        click.echo(f"left out: {fault}", err=True)
    if loaded.left_out > _FIRST:
        click.echo(f"left out: {loaded.left_out - _FIRST} more", err=True)
    for iri in loaded.missing:
        click.echo(f"decided upon, and not in the source: {iri}", err=True)
    _build(settings)
    about = loaded.source.about
    click.echo(f"graph     {about['graph']}")
    click.echo(f"triples   {about['triples']} in it")
    if loaded.left_out:
        click.echo(f"left out  {loaded.left_out} records")


def _build(settings: Any) -> None:
    from loaders.build import build

    built = build(settings.state, settings.papers, show_progress)
    click.echo(f"release   {built.release.id}")
    click.echo(f"folder    {built.release.folder}")
