"""Measures servers side by side on the same graph, and puts together what was found."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loaders.progress import Tell
from service.bench.agreement import Agreement
from service.bench.cells import CACHES, Cell, Loading
from service.bench.entrant import Entrant, middle
from service.bench.graph import generate
from service.bench.growth import with_growth
from service.bench.load import wrk_version
from service.bench.machine import machine
from service.bench.servers import SERVERS, Server
from service.bench.servers.server import Site
from service.bench.targets import held
from service.bench.workload import Question, questions


@dataclass(frozen=True)
class Plan:
    """What is measured: triples, seed, servers, queries, connections at once, seconds for each cell, and how often.

    `on_disk` has our server read from the disk what it would hold in memory.
    """

    triples: int
    seed: int
    servers: tuple[str, ...]
    queries: tuple[str, ...]
    connections: int
    seconds: int
    rounds: int
    on_disk: bool = False


@dataclass
class Findings:
    """What was found so far."""

    cells: list[Cell] = field(default_factory=list)
    agreement: Agreement = field(default_factory=Agreement)
    servers: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def measure_sizes(sizes: Sequence[int], plan: Plan, progress: Tell) -> dict[str, Any]:
    """Return the measurement of graphs of several sizes; of one, it is that of `measure`.

    Where they are several, `sizes` are the measurements, and `growth` tells how the time of an answer to one client of
    all those at once, and memory, grow with the graph. Raises BenchError where wrk is missing.
    """
    measured = [measure(replace(plan, triples=size), progress) for size in sorted(sizes)]
    if len(measured) == 1:
        return measured[0]
    cells = [{"triples": each["triples"], **cell} for each in measured for cell in each["cells"]]
    servers = [
        {"triples": each["triples"], "server": name, **about}
        for each in measured
        for name, about in each["servers"].items()
    ]
    growth = [
        *with_growth(cells, "triples", ["server", "query", "cache"], ["p50_ms", "requests_per_second"]),
        *with_growth(servers, "triples", ["server"], ["load_seconds", "loaded_bytes", "peak_bytes"]),
    ]
    return {"bench": "http", "sizes": measured, "growth": [cell for cell in growth if cell["growth"]]}


def measure(plan: Plan, progress: Tell) -> dict[str, Any]:
    """Return the measurement as a document for JSON; `progress` is told each step.

    Servers that are not installed, or do not start, are left out. Raises BenchError where wrk is missing.
    """
    found, begun = Findings(), datetime.now(UTC)
    opening = {"bench": "http", "begun": begun.isoformat(timespec="seconds"), "wrk": wrk_version()}
    opening |= {"machine": machine()} | asdict(plan)
    with tempfile.TemporaryDirectory(prefix="districtgraph-bench-") as name:
        folder = Path(name)
        progress(f"generating {plan.triples:,} triples from seed {plan.seed}")
        graph = generate(plan.triples, plan.seed)
        (folder / "graph").mkdir()
        n_triples = folder / "graph/graph.nt"
        n_triples.write_bytes(graph.n_triples())
        asked, size = questions(graph, plan.queries), len(graph.triples)
        del graph  # it is not to take memory from the servers
        loading = Loading(plan.connections, plan.seconds, folder, plan.on_disk)
        entrants = [
            Entrant(
                server,
                Site(folder / server.name, n_triples, plan.connections, plan.on_disk),
                loading,
                progress,
                found.servers[server.name],
            )
            for server in _installed(plan, found, progress)
        ]
        with ExitStack() as ending:
            for entrant in entrants:
                ending.callback(entrant.end)
            for question in asked:
                _ask(question, entrants, plan.rounds, found)
        found.left_out |= {entrant.server.name: entrant.left_out for entrant in entrants if entrant.left_out}
    return opening | {"triples": size} | _document(found, plan)


def _ask(question: Question, entrants: list[Entrant], rounds: int, found: Findings) -> None:
    """Measure the cells of a question: in each round one server right after the other, for a machine has its moods."""
    alone = {}
    for entrant in entrants:
        if entrant.left_out is None:
            alone[entrant.server.name] = entrant.prepare(question, found.agreement)
            entrant.rest()
    able = [entrant for entrant in entrants if entrant.left_out is None]
    for cache in CACHES:
        measured: dict[str, list[Cell]] = {entrant.server.name: [] for entrant in able}
        for round_ in range(rounds):
            for entrant in able:
                name = entrant.server.name
                measured[name].append(entrant.cell(question, cache, alone[name], round_))
                entrant.rest()
        found.cells += [middle(cells) for cells in measured.values()]


def _installed(plan: Plan, found: Findings, progress: Tell) -> list[Server]:
    chosen = []
    for server in (SERVERS[name] for name in plan.servers):
        version = server.version()
        if version is None:
            found.left_out[server.name] = f"not installed: {server.how_to_get}"
            progress(f"{server.name} is left out: it is not installed ({server.how_to_get})")
        else:
            found.servers[server.name] = {"version": version}
            chosen.append(server)
    return chosen


def _document(found: Findings, plan: Plan) -> dict[str, Any]:
    return {
        "servers": found.servers,
        "left_out": found.left_out,
        "answers": found.agreement.document(),
        "cells": [asdict(cell) for cell in found.cells],
        "targets": list(held(found.cells, on_disk=plan.on_disk)),
    }
