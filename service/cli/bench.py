"""Commands that measure the service."""

import json
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from service.cli.options import reporting_errors, settings_with, show_progress

_SERVERS = ("districtgraph", "oxigraph", "rdflib-endpoint", "virtuoso")
_REASONERS = ("districtgraph", "owlrl", "reasonable")
_WAYS = {
    "districtgraph": ("districtgraph, one graph", "districtgraph, two graphs", "districtgraph, a source"),
    "oxigraph": ("oxigraph load, one graph", "oxigraph load, two graphs"),
    "rdflib": ("rdflib",),
    "virtuoso": ("virtuoso",),
}
_QUERIES = ("point", "join", "aggregation", "brokerage", "text", "path", "large")


@click.group()
def bench() -> None:
    """Measure the service beside others."""


def _names(known: Iterable[str]) -> Any:
    """Return what reads a list of names, parted by commas, in the order in which they are known."""

    def read(context: click.Context, option: click.Parameter, given: str) -> tuple[str, ...]:
        names = {name.strip() for name in given.split(",") if name.strip()}
        if unknown := sorted(names - set(known)):
            raise click.BadParameter(f"no {', '.join(unknown)}; there are {', '.join(known)}")
        return tuple(name for name in known if name in names)

    return read


_format_option = click.option(
    "--format", "format_", type=click.Choice(["table", "json"]), default="table", help="What is printed."
)


@bench.command()
@click.option(
    "--triples",
    type=click.IntRange(10_000),
    multiple=True,
    default=(1_000_000,),
    show_default=True,
    help="Size of the graph; of several, it is told how figures grow.",
)
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
@click.option(
    "--on-disk",
    is_flag=True,
    help="Have our server read from the disk, whatever the size; all are under load for a while before each cell.",
)
@_format_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON to this file as well.")
@reporting_errors
def http(triples: tuple[int, ...], output: Path | None, format_: str, **plan: Any) -> None:
    """Measure SPARQL over HTTP beside the Oxigraph server, rdflib-endpoint and Virtuoso, as far as they are installed.

    All get the same generated graph and the same queries under the load of wrk, in each round one server right after
    the other. Cold: no query is asked twice. Warm: the same few again and again.
    """
    from service.bench.measurement import Plan, measure_sizes
    from service.bench.report import sizes_report

    def measure() -> dict[str, Any]:
        document = measure_sizes(triples, Plan(triples=0, **plan), show_progress)
        if output is not None:
            output.write_text(_as_json(document), encoding="utf-8")
        return document

    _tell(measure, sizes_report, format_)


@bench.command("load")
@click.option(
    "--triples", type=click.IntRange(1000), multiple=True, default=(100_000, 1_000_000, 10_000_000), show_default=True
)
@click.option("--ways", default=",".join(_WAYS), show_default=True, callback=_names(_WAYS), help="Which are measured.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often, for the median.")
@click.option(
    "--patience", type=click.IntRange(1), default=900, show_default=True, help="Seconds that one is waited for."
)
@_format_option
@reporting_errors
def load_(triples: tuple[int, ...], ways: tuple[str, ...], rounds: int, patience: int, format_: str) -> None:
    """Measure how long it takes to load files of N-Triples, the memory, and the size on the disk.

    Beside `oxigraph load`, rdflib (in memory) and Virtuoso, as far as they are installed. A release has each graph
    twice, by its name and in the merge of all; so each way of ours is held against what loads as much.
    """
    from service.bench.bulk import Plan, loading_report, measure_loading

    names = [way for group in ways for way in _WAYS[group]]
    _tell(lambda: measure_loading(Plan(triples, names, rounds, patience), show_progress), loading_report, format_)


@bench.command()
@click.option("--titles", type=click.IntRange(1000), multiple=True, default=(10_000, 100_000, 1_000_000))
@click.option("--seed", type=int, default=2021, show_default=True, help="What the titles are generated from.")
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="How often each is asked.")
@_format_option
@reporting_errors
def search(titles: tuple[int, ...], seed: int, rounds: int, format_: str) -> None:
    """Measure the search among generated titles: making the index, its size, and each kind of question.

    Beside SQLite's FTS5 with its own rank (BM25), which knows no inflections, corrections or closed graphs, and SPARQL
    with a regular expression.
    """
    from service.bench.searching import measure_searching, searching_report

    _tell(lambda: measure_searching(titles, seed, rounds, show_progress), searching_report, format_)


@bench.command()
@click.option(
    "--works", type=click.IntRange(1000), multiple=True, default=(10_000, 100_000, 1_000_000), show_default=True
)
@click.option("--seed", type=int, default=2021, show_default=True, help="What the works are generated from.")
@_format_option
@reporting_errors
def literature(works: tuple[int, ...], seed: int, format_: str) -> None:
    """Measure how long `load literature` takes with generated works of OpenAlex, the memory, and the size on the disk.

    Each time beside a release of the papers alone, in a folder of its own, and with the release that comes of it.
    """
    from service.bench.literature import literature_report, measure_literature

    _tell(lambda: measure_literature(works, seed, show_progress), literature_report, format_)


@bench.command()
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Folder of the releases.")
@click.option("--rounds", type=click.IntRange(1), default=40, show_default=True, help="How often each is asked.")
@_format_option
@reporting_errors
def rest(state: Path | None, rounds: int, format_: str) -> None:
    """Measure REST of the current release: lists of 100, filters, search, suggestions, a comparison.

    One client asks one after the other, and a point query in each round, so that the moods of the machine show.
    """
    from service.bench.rest import measure_rest, rest_report

    _tell(lambda: measure_rest(settings_with(state=state).state, rounds, show_progress), rest_report, format_)


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
@_format_option
@reporting_errors
def reason(triples: tuple[int, ...], reasoners: tuple[str, ...], rounds: int, patience: int, format_: str) -> None:
    """Measure how long it takes to find all that follows from the ontology and generated facts, and the memory.

    Beside owlrl and reasonable, as far as they are installed. Each works in a process of its own, in each round one
    right after the other.
    """
    from service.bench.reason import measure_reasoning, reason_report

    names = tuple(dict.fromkeys(("districtgraph", *reasoners)))
    _tell(lambda: measure_reasoning(triples, names, rounds, patience, show_progress), reason_report, format_)


@bench.command("build")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often, for the median.")
@_format_option
@reporting_errors
def build_(rounds: int, format_: str) -> None:
    """Measure how long a build takes after small edits of the corpus, beside one from the sources.

    On a copy of what is installed; each build is a process of its own.
    """
    from service.bench.build import build_report, measure_builds

    _tell(lambda: measure_builds(rounds, show_progress), build_report, format_)


@bench.command()
@click.option("--actors", type=click.IntRange(100), default=5000, show_default=True, help="Size of the networks.")
@_format_option
@reporting_errors
def networks(actors: int, format_: str) -> None:
    """Measure how long it takes to compute what is stated of networks of actors, and the memory, beside networkx.

    Two networks are generated; in one of them a few actors have most of the ties. Brokerage is that by two partitions,
    beside what is to be expected by both models. networkx, which takes long, gets networks of fewer actors.
    """
    from service.bench.networks import measure_networks, networks_report

    _tell(lambda: measure_networks(actors, show_progress), networks_report, format_)


def _tell(measure: Callable[[], dict[str, Any]], report: Callable[[Any], str], format_: str) -> None:
    """Measure, and print what was found."""
    signal.signal(signal.SIGTERM, _interrupt)
    document = measure()
    click.echo(_as_json(document) if format_ == "json" else report(document), nl=False)


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _interrupt(number: int, frame: object) -> None:
    """Let SIGTERM end as Ctrl-C does, with every server that was started."""
    raise KeyboardInterrupt
