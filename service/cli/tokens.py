"""Commands on who may do what, and who did what: tokens, and the journal of writes."""

from datetime import datetime
from pathlib import Path

import click

from service.cli.options import reporting_errors, settings_with, state_option


@click.group()
def token() -> None:
    """Make tokens, with which to write and to read what is closed."""


@token.command()
@state_option
@click.option("--role", type=click.Choice(["reader", "curator", "admin"]), required=True, help="What it allows.")
@click.option("--name", default="somebody", show_default=True, help="Whose it is; the journal names who wrote.")
@click.option("--graph", "graphs", multiple=True, help="IRI of a graph that it is for; by default it is for all.")
@reporting_errors
def create(state: Path | None, role: str, name: str, graphs: tuple[str, ...]) -> None:
    """Make a token and print it; only a digest of it is kept, so that it cannot be read again."""
    from service.http.tokens import Role, Tokens

    click.echo(Tokens(settings_with(state=state).state).create(name, Role(role), frozenset(graphs)))


@token.command("list")
@state_option
@reporting_errors
def list_(state: Path | None) -> None:
    """List whose tokens there are, with their role and the graphs that they are for."""
    from service.http.tokens import Tokens

    for kept in Tokens(settings_with(state=state).state).all():
        click.echo(f"{kept.name}  {kept.role}  {' '.join(sorted(kept.graphs)) or 'all graphs'}")


@token.command()
@state_option
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@reporting_errors
def remove(state: Path | None, name: str, yes: bool) -> None:
    """Remove the tokens of NAME; a service that runs refuses them from then on."""
    from service.http.tokens import Tokens

    if not yes:
        click.confirm(f"Remove every token of {name}?", abort=True)
    removed = Tokens(settings_with(state=state).state).remove(name)
    if not removed:
        raise click.UsageError(f"no token is of {name!r}; 'districtgraph token list' tells whose there are")
    click.echo(f"{removed} removed")


@click.command()
@state_option
@click.option("--who", help="Only what this holder of a token wrote.")
@click.option("--graph", help="Only writes that changed this graph.")
@click.option("--since", type=click.DateTime(), help="Only writes from this time (UTC) on.")
@click.option("--rows", is_flag=True, help="Print what was added and removed too, as an RDF Patch.")
@reporting_errors
def audit(state: Path | None, who: str | None, graph: str | None, since: datetime | None, rows: bool) -> None:
    """Tell who wrote what and when, the first write first."""
    from service.store.journal import Journal

    for written in Journal(settings_with(state=state).state / "journal").transactions():
        graphs = sorted(written.patch.graphs())
        if who not in (None, written.who) or (graph is not None and graph not in graphs):
            continue
        if since is not None and written.when.replace(tzinfo=None) < since:
            continue
        names = " ".join(graph or "default" for graph in graphs)
        counts = f"+{len(written.patch.added)} -{len(written.patch.removed)}"
        when = written.when.isoformat(timespec="seconds")
        click.echo(f"{when}  {written.who}  {written.what}  {counts}  {names}  {written.id}")
        if rows:
            click.echo(written.patch.rows().content.decode(), nl=False)
