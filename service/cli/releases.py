"""Commands on the releases in a state folder: list them, remove old ones, go back to one."""

from pathlib import Path

import click

from service.cli.options import reporting_errors, settings_with, size_text, state_option, yes_option


@click.group(invoke_without_command=True)
@state_option
@click.pass_context
@reporting_errors
def releases(context: click.Context, state: Path | None) -> None:
    """List the releases, the last one built first; or do as a command says.

    What two releases have in common stands on the disk once, and counts in the size of both.
    """
    from loaders.retention import kept

    context.obj = state
    if context.invoked_subcommand is not None:
        return
    folder = settings_with(state=state).state
    rows = [("release", "built", "triples", "size", "")]
    for each in kept(folder):
        triples = "damaged" if each.triples is None else str(each.triples)
        is_current = "current" if each.is_current else ""
        rows.append((each.release.id, each.built or "unknown", triples, size_text(each.size), is_current))
    if len(rows) == 1:
        click.echo(f"no release in {folder}: run 'districtgraph build', or name another --state", err=True)
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for release, built, triples, size, is_current in rows:
        cells = (release.ljust(widths[0]), built.ljust(widths[1]), triples.rjust(widths[2]), size.rjust(widths[3]))
        click.echo("  ".join((*cells, is_current)).rstrip())


@releases.command()
@state_option
@click.option("--keep", type=click.IntRange(1), required=True, help="How many of the last ones built stay.")
@yes_option
@click.pass_context
@reporting_errors
def prune(context: click.Context, state: Path | None, keep: int, yes: bool) -> None:
    """Remove old releases; the current one stays, and so does one that a service answers from."""
    from loaders.retention import freed, superfluous
    from loaders.retention import prune as remove

    folder = settings_with(state=state or context.obj).state
    unwanted = superfluous(folder, keep)
    if not unwanted:
        click.echo("nothing to remove")
        return
    for release in unwanted:
        click.echo(f"{release.id} is to be removed", err=True)
    if not yes:
        click.confirm(f"Remove {len(unwanted)} and free {size_text(freed(unwanted))}?", abort=True)
    bytes_freed = {release: freed([release]) for release in unwanted}
    total = freed(unwanted)
    left = remove(folder, unwanted)
    for release in left:
        click.echo(f"districtgraph: {release.id} stays, as something uses it; try again later", err=True)
        total -= bytes_freed[release]
    click.echo(f"{len(unwanted) - len(left)} removed, {size_text(total)} freed")


@releases.command()
@state_option
@click.argument("release", required=False)
@click.pass_context
@reporting_errors
def rollback(context: click.Context, state: Path | None, release: str | None) -> None:
    """Make RELEASE the current one, by default the one that was before; a service that runs takes it up.

    RELEASE is an id, or its first six characters or more.
    """
    from loaders.retention import roll_back

    folder = settings_with(state=state or context.obj).state
    click.echo(f"release {roll_back(folder, release).id} is the current one now")
