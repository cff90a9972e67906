"""Commands on a release: serve it, query it, ask it."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from service.cli.options import reporting_errors, settings_with, state_option


@click.command()
@state_option
@click.option("--host", help="Address to serve on.")
@click.option("--port", type=int, help="Port to serve on; 0 takes a free one.")
@click.option("--empty", is_flag=True, default=None, help="Serve no release: a dataset that is written over HTTP.")
@click.option(
    "--default-graph",
    type=click.Choice(["union", "strict"]),
    help="What a query without a dataset is about: the merge of all graphs, or the default graph alone.",
)
@click.option("--engine", metavar="IRI", help="SPARQL endpoint that holds what is served, by 'districtgraph publish'.")
@reporting_errors
def serve(
    state: Path | None,
    host: str | None,
    port: int | None,
    empty: bool | None,
    default_graph: str | None,
    engine: str | None,
) -> None:
    """Serve the current release over HTTP; a newer one is taken up as soon as it is built."""
    from service.server import serve as serve_http

    settings = settings_with(state=state, host=host, port=port, empty=empty, default_graph=default_graph, engine=engine)
    serve_http(settings, lambda url: click.echo(f"districtgraph is at {url}", err=True))


@click.command()
@state_option
@click.option("--engine", metavar="IRI", help="SPARQL endpoint to read what was written from; else the setting.")
@click.option("--graph-store", metavar="IRI", help="Graph store of the same engine, to write to.")
@click.option("--update", metavar="IRI", help="Endpoint for SPARQL Update to write to, where there is no graph store.")
@click.option("--yes", is_flag=True, help="Do not ask before what the engine holds is replaced.")
@reporting_errors
def publish(state: Path | None, engine: str | None, graph_store: str | None, update: str | None, yes: bool) -> None:
    """Publish the current release, and what was written since, to the engine that serves it by 'serve --engine'.

    Credentials are read from DISTRICTGRAPH_ENGINE_USER and _PASSWORD, or _TOKEN. Graphs of the engine that are not of
    the release stay as they are. Example, with Virtuoso: districtgraph publish --engine http://localhost:8890/sparql
    --graph-store http://localhost:8890/sparql-graph-crud-auth
    """
    from service.store.remote.command import publish_current
    from service.store.remote.writing import GraphStore, Updates

    settings = settings_with(state=state, engine=engine)
    if settings.engine is None:
        raise click.UsageError("name the endpoint, by --engine or DISTRICTGRAPH_ENGINE")
    named = [(kind, iri) for kind, iri in ((GraphStore, graph_store), (Updates, update)) if iri is not None]
    if len(named) != 1:
        raise click.UsageError("name what is written to, by --graph-store or by --update")
    ((kind, iri),) = named

    def agreed(release: str) -> bool:
        return yes or click.confirm(f"The engine holds release {release}. Replace it?", err=True)

    publish_current(settings, partial(kind, iri=iri), agreed, lambda told: click.echo(told, err=True))


@click.command()
@state_option
@click.argument("text", required=False)
@click.option("--file", type=click.File(encoding="utf-8"), help="Read the query from a file, - for standard input.")
@click.option("--format", "format_", help="Media type of the answer, such as text/csv or text/turtle.")
@reporting_errors
def query(state: Path | None, text: str | None, file: Any, format_: str | None) -> None:
    """Answer a SPARQL query from the current release, as a table where it has solutions."""
    from service.questions import SOLUTIONS_JSON
    from service.show import table_text
    from service.sparql.negotiation import media_type_for
    from service.sparql.query_form import form_of
    from service.store.evaluation import Query
    from service.tables import Table

    if (text is None) == (file is None):
        raise click.UsageError("give the query either as an argument or with --file")
    sparql = text if text is not None else _read(file)
    form = form_of(sparql)
    as_table = format_ is None and not form.is_graph
    media_type = SOLUTIONS_JSON if as_table else media_type_for(form, format_)
    job = Query(sparql, media_type)
    answer = _answer(settings_with(state=state), lambda reader: reader.answer(job))
    click.echo(table_text(Table.parse(answer.content)) if as_table else answer.content, nl=False)


@click.command()
@state_option
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json", "md"]), default="table")
@reporting_errors
def ask(state: Path | None, name: str | None, parameters: tuple[str, ...], format_: str) -> None:
    """Answer a named query, or list them all where no NAME is given.

    Example: districtgraph ask brokerage place=toy-valley
    """
    from loaders.loading.source import askable_sources
    from loaders.releases import Releases
    from queries.errors import UnknownQueryError
    from queries.named_query import askable, load_queries, query_named
    from service import questions, show

    queries, release = load_queries(), Releases(settings_with(state=state).state).current()
    can_be_asked = askable(queries, askable_sources(release.loaded) if release else [])
    if name is None:
        click.echo(show.list_text(can_be_asked.values()), nl=False)
        return
    asked = query_named(queries, name)
    if asked.name not in can_be_asked and release is not None:
        raise UnknownQueryError(f"{name} asks of {asked.source}, which is not loaded; see 'districtgraph load --help'")
    values = dict(map(_pair, parameters))
    if len(values) < len(parameters):
        raise click.UsageError("a parameter is given twice")
    media_type = "text/csv" if format_ == "csv" else questions.SOLUTIONS_JSON
    answer = _answer(settings_with(state=state), lambda reader: questions.ask(reader, asked, values, media_type))
    click.echo(show.answer_text(asked, values, answer, format_), nl=False)


@click.command()
@state_option
@click.argument("subject")
@click.argument("property_", metavar="PROPERTY")
@click.argument("object_", metavar="OBJECT")
@click.option("--format", "format_", type=click.Choice(["text", "json", "svg"]), default="text")
@reporting_errors
def explain(state: Path | None, subject: str, property_: str, object_: str, format_: str) -> None:
    """Explain why a triple is in the graph: who states or claims it, in which section and position, and how sure.

    What was inferred is proved, down to what is stated. Example: districtgraph explain aiju brokers drones
    """
    from service.edition import Editions
    from service.explanation.asking import explain as explaining
    from service.explanation.document import Writer
    from service.explanation.passages import passages_of
    from service.explanation.picture import explanation_picture
    from service.explanation.reading import asked
    from service.explanation.resolving import resolve
    from service.show_explanation import explanation_text

    settings = settings_with(state=state)
    values = {"subject": subject, "property": property_, "object": object_}

    async def answer(reader: Any) -> Any:
        edition = await Editions(reader).current()
        triple = await resolve(asked(values, edition.model.vocabulary), reader, edition.model)
        found = await explaining(triple, reader, passages_of(settings), await edition.reasoning())
        return Writer(found, edition.model.keys).explanation()

    document = _answer(settings, answer)
    written: Mapping[str, Callable[[], str | bytes]] = {
        "text": lambda: explanation_text(document),
        "json": lambda: document.json_bytes() + b"\n",
        "svg": lambda: explanation_picture(document),
    }
    click.echo(written[format_](), nl=False)


@click.command()
@state_option
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table")
@reporting_errors
def stats(state: Path | None, format_: str) -> None:
    """Count what the release holds: facts by source, things by kind, claims by modality, evidence verified."""
    from queries.named_query import load_queries
    from service.show import statistics_text
    from service.statistics import statistics

    queries = load_queries()
    counted = _answer(settings_with(state=state), lambda reader: statistics(reader, queries))
    click.echo(statistics_text(counted, format_), nl=False)


def _answer(settings: Any, asking: Callable[[Any], Any]) -> Any:
    """Have an engine of this process's own answer, and end its workers."""
    from service.engine.engine import Engine
    from service.reader import Reader

    async def run() -> Any:
        engine = Engine(settings, memory_bytes=0)
        try:
            return await asking(Reader(engine, frozenset()))
        finally:
            await engine.close()

    return asyncio.run(run())


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise click.UsageError(f"write a parameter as name=value, not {parameter!r}")
    return name, value


def _read(file: Any) -> str:
    from service.sparql.query_form import MAX_QUERY_BYTES

    try:
        text: str = file.read(MAX_QUERY_BYTES + 1)
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name} is not UTF-8") from error
    if len(text) > MAX_QUERY_BYTES:
        raise click.UsageError(f"a query may have {MAX_QUERY_BYTES} characters")
    return text
