"""Shows a measurement on a terminal: rates, ratios to the Oxigraph server, times, memory, and the targets."""

import io
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.bench.growth import shown
from service.bench.servers import REFERENCE
from service.bench.tables import printed, table

_WIDTH_WITHOUT_TERMINAL = 140


def sizes_report(document: Mapping[str, Any]) -> str:
    """Return the measurement of graphs of several sizes as tables, and how each figure grows."""
    if "sizes" not in document:
        return report(document)
    columns = ("query", "cache", "triples", "server", "median ms x10", "answers/s x10", "load x10", "memory x10")
    figures = ("p50_ms", "requests_per_second", "load_seconds", "loaded_bytes")
    rows = [
        (
            cell.get("query", "any"),
            cell.get("cache", ""),
            f"{cell['triples']:,}",
            cell["server"],
            *(shown(cell, figure) for figure in figures),
        )
        for cell in document["growth"]
    ]
    growth = table("times as much at ten times the triples", columns, rows, left=("query", "cache", "server"))
    return "\n".join([*map(report, document["sizes"]), printed(growth)])


def report(document: Mapping[str, Any]) -> str:
    """Return the measurement as tables."""
    terminal = Console()
    width = terminal.width if terminal.is_terminal else _WIDTH_WITHOUT_TERMINAL
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal.is_terminal, highlight=False)
    with console.capture() as captured:
        machine = document["machine"]
        memory = machine["memory_bytes"] / 2**30
        console.print(
            f"{machine['processor']}, {machine['cores']} cores, {memory:.0f} GiB; load {machine['load_average']}"
        )
        where = "; districtgraph on the disk" if document["on_disk"] else ""
        often = f"{document['rounds']} x {document['seconds']} s"
        console.print(
            f"{document['triples']:,} triples, {document['connections']} connections, median of {often}{where}"
        )
        console.print(_rates(document))
        if document["targets"]:
            console.print(_targets(document))
        for line in _remarks(document):
            console.print(Text(line))
    return captured.get()


def _rates(document: Mapping[str, Any]) -> Table:
    servers = [name for name in document["servers"] if name not in document["left_out"]]
    cells = {(cell["server"], cell["query"], cell["cache"]): cell for cell in document["cells"]}
    shown = Table(
        title=f"answers a second, times {REFERENCE}; median / 99th percentile · processor time of each, in ms"
    )
    shown.add_column("query")
    shown.add_column("cache")
    for name in servers:
        shown.add_column(f"{name} {document['servers'][name]['version'].partition(' ')[0]}", justify="right")
    for query in document["queries"]:
        shown.add_section()
        for cache in ("cold", "warm"):
            reference = cells.get((REFERENCE, query, cache))
            shown.add_row(query, cache, *(_cell(cells.get((name, query, cache)), reference) for name in servers))
    shown.add_section()
    for label, key in (("memory once loaded", "loaded_bytes"), ("memory at most", "peak_bytes")):
        shown.add_row(label, "", *(_megabytes(document["servers"][name].get(key)) for name in servers))
    shown.add_row("seconds to load", "", *(str(document["servers"][name].get("load_seconds", "")) for name in servers))
    return shown


def _cell(cell: Mapping[str, Any] | None, reference: Mapping[str, Any] | None) -> str:
    if cell is None:
        return ""
    rate, shown = cell["requests_per_second"], f"{cell['requests_per_second']:,.{1 if cell['requests'] < 1000 else 0}f}"
    if cell["note"]:
        shown += "*"
    if reference and reference["requests_per_second"]:
        shown += f"  x{rate / reference['requests_per_second']:.2f}"
    if cell["p50_ms"] is not None:
        shown += f"\n{cell['p50_ms']:,.1f} / {cell['p99_ms']:,.1f}"
    if cell["processor_ms"] is not None:
        shown += f" · {cell['processor_ms']:,.2f}"
    return shown


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:,.0f} MB"


def _targets(document: Mapping[str, Any]) -> Table:
    shown = Table(title="targets, as ratios of rates")
    for column in ("query", "cache", "server", "at least", "measured", ""):
        shown.add_column(column)
    for target in document["targets"]:
        ratio = "no answer there" if target["ratio"] is None else f"{target['ratio']:.2f}"
        met = Text("met", "green") if target["met"] else Text("missed", "bold red")
        shown.add_row(target["query"], target["cache"], target["server"], f"{target['at_least']:g}", ratio, met)
    return shown


def _remarks(document: Mapping[str, Any]) -> list[str]:
    lines = [f"{name} was left out: {why}" for name, why in document["left_out"].items()]
    for name, answers in document["answers"].items():
        for server, differing in answers.get("differences", {}).items():
            lines += [f"{server} answers {name} differently:", *(f"  {line}" for line in differing)]
    if all(answers["agree"] for answers in document["answers"].values()):
        lines.append("all servers gave the same answers")
    lines += [f"* {c['server']}, {c['query']}, {c['cache']}: {c['note']}" for c in document["cells"] if c["note"]]
    return lines
