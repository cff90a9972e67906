"""Commands that measure the service."""

import json
import signal
from pathlib import Path
from typing import Any

import click

from service.cli.options import reporting_errors, settings_with, show_progress

_SERVERS = ("districtgraph", "oxigraph", "rdflib-endpoint", "virtuoso")
_REASONERS = ("districtgraph", "owlrl", "reasonable")
_QUERIES = ("point", "join", "aggregation", "brokerage", "text", "path", "large")


@click.group()
def bench() -> None:
    """Measure the service beside others."""


def _names(known: tuple[str, ...]) -> Any:
    """Return what reads a list of names, parted by commas, in the order in which they are known."""

    def read(context: click.Context, option: click.Parameter, given: str) -> tuple[str, ...]:
        names = {name.strip() for name in given.split(",") if name.strip()}
        if unknown := sorted(names - set(known)):
            raise click.BadParameter(f"no {', '.join(unknown)}; there are {', '.join(known)}")
        return tuple(name for name in known if name in names)

    return read


@bench.command()
@click.option("--triples", type=click.IntRange(10_000), default=1_000_000, show_default=True, help="Size of the graph.")
@click.option("--seed", type=int, default=2021, show_default=True, help="What the graph is generated from.")
@click.option(
    "--servers", default=",".join(_SERVERS), show_default=True, callback=_names(_SERVERS), help="Which are measured."
)
@click.option(
    "--queries", default=",".join(_QUERIES), show_default=True, callback=_names(_QUERIES), help="Which are asked."
)
@click.option("--connections", type=click.IntRange(1, 1000), default=8, show_default=True, help="How many at once.")
@click.option("--seconds", type=click.IntRange(1), default=5, show_default=True, help="How long each cell is measured.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often, for the median.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is printed.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON to this file as well.")
@reporting_errors
def http(output: Path | None, format_: str, **plan: Any) -> None:
    """Measure SPARQL over HTTP beside the Oxigraph server, rdflib-endpoint and Virtuoso, as far as they are installed.

    All get the same generated graph and the same queries under the load of wrk, in each round one server right after
    the other. Cold: no query is asked twice. Warm: the same few again and again.
    """
    from service.bench.measurement import Plan, measure
    from service.bench.report import report

    signal.signal(signal.SIGTERM, _interrupt)
    document = measure(Plan(**plan), show_progress)
    as_json = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if output is not None:
        output.write_text(as_json, encoding="utf-8")
    click.echo(as_json if format_ == "json" else report(document), nl=False)


@bench.command()
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Folder of the releases.")
@click.option("--rounds", type=click.IntRange(1), default=40, show_default=True, help="How often each is asked.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is printed.")
@reporting_errors
def rest(state: Path | None, rounds: int, format_: str) -> None:
    """Measure REST of the current release: lists of 100, filters, search, suggestions, a comparison.

    One client asks one after the other, and a point query in each round, so that the moods of the machine show.
    """
    from service.bench.rest import measure_rest, rest_report

    signal.signal(signal.SIGTERM, _interrupt)
    document = measure_rest(settings_with(state=state).state, rounds, show_progress)
    as_json = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    click.echo(as_json if format_ == "json" else rest_report(document), nl=False)


@bench.command()
@click.option(
    "--triples", type=click.IntRange(1000), multiple=True, default=(5_000, 50_000, 500_000), show_default=True
)
@click.option(
    "--reasoners",
    default=",".join(_REASONERS),
    show_default=True,
    callback=_names(_REASONERS),
    help="Which are measured, beside districtgraph.",
)
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often, for the median.")
@click.option(
    "--patience", type=click.IntRange(1), default=120, show_default=True, help="Seconds that one is waited for."
)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is printed.")
@reporting_errors
def reason(triples: tuple[int, ...], reasoners: tuple[str, ...], rounds: int, patience: int, format_: str) -> None:
    """Measure how long it takes to find all that follows from the ontology and generated facts, and the memory.

    Beside owlrl and reasonable, as far as they are installed. Each works in a process of its own, in each round one
    right after the other.
    """
    from service.bench.reason import measure_reasoning, reason_report

    signal.signal(signal.SIGTERM, _interrupt)
    names = tuple(dict.fromkeys(("districtgraph", *reasoners)))
    document = measure_reasoning(triples, names, rounds, patience, show_progress)
    as_json = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    click.echo(as_json if format_ == "json" else reason_report(document), nl=False)


@bench.command("build")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often, for the median.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is printed.")
@reporting_errors
def build_(rounds: int, format_: str) -> None:
    """Measure how long a build takes after small edits of the corpus, beside one from the sources.

    On a copy of what is installed; each build is a process of its own.
    """
    from service.bench.build import build_report, measure_builds

    signal.signal(signal.SIGTERM, _interrupt)
    document = measure_builds(rounds, show_progress)
    as_json = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    click.echo(as_json if format_ == "json" else build_report(document), nl=False)


@bench.command()
@click.option("--actors", type=click.IntRange(100), default=5000, show_default=True, help="Size of the networks.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is printed.")
@reporting_errors
def networks(actors: int, format_: str) -> None:
    """Measure how long it takes to compute what is stated of networks of actors, and the memory, beside networkx.

    Two networks are generated; in one of them a few actors have most of the ties. Brokerage is that by two partitions,
    beside what is to be expected by both models. networkx, which takes long, gets networks of fewer actors.
    """
    from service.bench.networks import measure_networks, networks_report

    signal.signal(signal.SIGTERM, _interrupt)
    document = measure_networks(actors, show_progress)
    as_json = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    click.echo(as_json if format_ == "json" else networks_report(document), nl=False)


def _interrupt(number: int, frame: object) -> None:
    """Let SIGTERM end as Ctrl-C does, with every server that was started."""
    raise KeyboardInterrupt
