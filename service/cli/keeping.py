"""Commands that keep a state folder: backup, restore."""

import sys
from pathlib import Path
from typing import Any

import click

from service.cli.options import (
    interrupt_on_sigterm,
    reporting_errors,
    settings_with,
    show_progress,
    size_text,
    state_option,
    yes_option,
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@state_option
@click.option("--only-current", is_flag=True, help="Leave out all releases but the current one.")
@click.option("--verify", is_flag=True, help="Only verify the backup FILE.")
@yes_option
@reporting_errors
def backup(file: Path, state: Path | None, only_current: bool, verify: bool, yes: bool) -> None:
    """Write a backup of the state folder to FILE, while it is served or not, and verify it.

    It has every release, as each can be cited and asked for by its id, which of them is current, all that was written
    and the tokens.
    """
    from service.keeping.backup import make_backup, verify_backup

    interrupt_on_sigterm()
    if verify:
        click.echo(f"{file} is whole: {_told(verify_backup(file, show_progress))}")
        return
    if file.exists() and not yes:
        click.confirm(f"{file} is there already. Replace it?", abort=True)
    held = make_backup(settings_with(state=state).state, file, show_progress, only_current=only_current)
    click.echo(f"{file} has {_told(held)}; {size_text(file.stat().st_size)}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@state_option
@yes_option
@reporting_errors
def restore(file: Path, state: Path | None, yes: bool) -> None:
    """Restore the backup FILE into a state folder, once all of it is verified.

    A state folder that has something in it is replaced as a whole, its releases, writes and tokens, if that is
    confirmed, or with --yes; until then nothing of it is changed.
    """
    from service.keeping.restore import restore_backup

    interrupt_on_sigterm()
    folder = settings_with(state=state).state

    def is_wanted(held: Any) -> bool:
        return yes or click.confirm(f"{folder} has something in it. Replace all of it by {_told(held)}?")

    held = restore_backup(file, folder, show_progress, is_wanted)
    if held is None:
        raise click.Abort
    click.echo(f"restored to {folder}: {_told(held)}")


def _told(held: Any) -> str:
    """Return what a backup holds, as a sentence goes on."""
    current = f" (current: {held.current})" if held.current else ""
    counts = f"{len(held.releases)} releases{current}, {held.writes} writes, {held.tokens} tokens"
    return f"{counts}, as of {held.made}"


@click.command()
@click.argument("graph", required=False)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice(["nquads", "trig", "turtle", "ntriples"]), help="What is written."
)
@click.option("--release", help="Export a release as it was published, without what was written since: its id.")
@state_option
@yes_option
@reporting_errors
def export(
    graph: str | None, file: Path | None, format_: str | None, release: str | None, state: Path | None, yes: bool
) -> None:
    """Write GRAPH to FILE as RDF, by default everything to standard output.

    GRAPH is an IRI, a short name such as 'inferred', or 'default'. What FILE ends with (.nq, .trig, .ttl, .nt) tells
    the format, if that is not named, and .zst or .gz behind that compresses it. A single argument that ends so is FILE.
    """
    from service.keeping.export import export as export_to
    from service.keeping.export import export_to_file

    interrupt_on_sigterm()
    if file is None and graph is not None and _is_file(graph):
        file = Path(graph)
        graph = None
    format_ = format_ or _format_of(file) or "nquads"
    if graph is None and format_ in ("turtle", "ntriples"):
        raise click.UsageError(f"{format_} has no names of graphs: name a GRAPH, or take nquads or trig")
    folder = settings_with(state=state).state
    if file is None:
        export_to(folder, release, graph, format_, sys.stdout.buffer, show_progress)
        return
    if file.exists() and not yes:
        click.confirm(f"{file} is there already. Replace it?", abort=True)
    written = export_to_file(folder, release, graph, format_, file, show_progress)
    click.echo(f"{file} has {written} triples", err=True)


def _is_file(name: str) -> bool:
    return "://" not in name and (_format_of(Path(name)) is not None or Path(name).suffix in (".zst", ".gz"))


def _format_of(file: Path | None) -> str | None:
    from service.keeping.export import CODINGS, ENDINGS

    if file is None:
        return None
    return ENDINGS.get(file.with_suffix("").suffix if file.suffix in CODINGS else file.suffix)
