"""One cell of the measurement: a server under the load of one query, cold or warm."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from service.bench.errors import ServerError
from service.bench.load import Measured, put_under_load
from service.bench.process_tree import processor_seconds
from service.bench.servers.server import Running
from service.bench.solutions import ask
from service.bench.workload import Question

Cache = Literal["cold", "warm"]
CACHES: tuple[Cache, ...] = ("cold", "warm")
MOST_SECONDS_FOR_AN_ANSWER = 60.0

_REPEATED = 4
_ANSWERS_EACH = 3
# How many times as long as is asked for a cell may last.
_LONGEST = 5
# How many times as long a server that reads from the disk is under load before: what it has not read for half a minute,
# the system may have given up.
_LONGER_BEFORE = 3
# What a server may be thought to answer in a second at most; cold queries are prepared for that, and for so many times
# what the answer that comes alone, after a pause, lets expect.
_MOST_PER_SECOND = 25_000
_QUICKER_UNDER_LOAD = 40
_MOST_A_ROUND = 10_000_000


@dataclass(frozen=True)
class Cell:
    """How many answers a second a server gave to a query, how long they took, what went wrong, and what to know.

    The processor time of a request tells what a rate does not where other processes want the processor too. `rates` are
    those of all rounds, of which this is the one in the middle.
    """

    server: str
    query: str
    cache: Cache
    requests_per_second: float
    requests: int
    p50_ms: float | None
    p99_ms: float | None
    processor_ms: float | None
    refused: int
    broken: int
    note: str
    rates: tuple[float, ...] = ()


@dataclass(frozen=True)
class Loading:
    """How a server is put under load.

    `on_disk` tells whether ours reads from the disk, what of it the system keeps in memory for some time only.
    """

    connections: int
    seconds: int
    folder: Path
    on_disk: bool

    def cell(
        self, server: str, running: Running, question: Question, cache: Cache, alone: float, round_: int = 0
    ) -> Cell:
        """Measure a cell; `alone` is how long one answer takes. Raises ServerError.

        Before that it is under load for longer where it reads from the disk, and else answers each connection once:
        what a server reads first, it has read then. It lasts longer where else a connection would hardly get an answer,
        and is one request alone where even so.
        """
        endpoint = running.endpoint
        if cache == "warm":
            alone = _again(endpoint, question)
        seconds = self._lasting(alone)
        if seconds > _LONGEST * self.seconds:
            return self._one(server, endpoint, question, cache, round_)
        seconds_before = max(seconds, _LONGER_BEFORE * self.seconds) if cache == "cold" else seconds
        first, lines = self._lines(question, cache, alone, round_, seconds_before)
        if self.on_disk:
            put_under_load(endpoint, self._written(first), self.connections, seconds_before)
        else:
            with ThreadPoolExecutor(len(first)) as pool:
                list(pool.map(lambda line: ask(endpoint, line, MOST_SECONDS_FOR_AN_ANSWER), first))
        file = self._written(lines)
        before = processor_seconds(running.process.pid)
        measured = put_under_load(endpoint, file, self.connections, seconds)
        taken = processor_seconds(running.process.pid) - before
        rate = round(measured.answered / measured.seconds, 2)
        p50, p99 = (measured.p50_ms, measured.p99_ms) if measured.requests else (None, None)
        # Workers that have ended by now took time that nobody can tell any more.
        each = round(1000 * taken / measured.requests, 3) if measured.requests and taken > 0 else None
        refused, broken = measured.refused, measured.broken
        notes = [f"lasted {seconds} s"] if seconds > self.seconds else []
        note = "; ".join([*notes, *_notes(measured, None if cache == "warm" else len(lines))])
        return Cell(server, question.name, cache, rate, measured.requests, p50, p99, each, refused, broken, note)

    def _lasting(self, alone: float) -> int:
        """Return the seconds in which every connection should get some answers, if all cores are at work for them."""
        at_once = min(self.connections, os.cpu_count() or 1)
        return max(self.seconds, math.ceil(_ANSWERS_EACH * alone * self.connections / at_once))

    def _one(self, server: str, endpoint: str, question: Question, cache: Cache, round_: int) -> Cell:
        """Measure one request alone, where not even that is answered while a cell lasts."""
        first, again = islice(question.never_twice(round_ * _MOST_A_ROUND), 1), question.repeated(1)
        (line,) = first if cache == "cold" else again
        seconds = ask(endpoint, line, MOST_SECONDS_FOR_AN_ANSWER).seconds
        note = f"one request alone, which took {seconds:.1f} s"
        return Cell(
            server, question.name, cache, round(1 / seconds, 3), 1, seconds * 1000, seconds * 1000, None, 0, 0, note
        )

    def _lines(
        self, question: Question, cache: Cache, alone: float, round_: int, seconds_before: int
    ) -> tuple[list[str], list[str]]:
        """Return the query strings to begin with, for `seconds_before` from the disk, and those that are measured."""
        if cache == "warm":
            return question.repeated(_REPEATED), question.repeated(_REPEATED)
        per_second = min(_MOST_PER_SECOND, 1000 + _QUICKER_UNDER_LOAD * self.connections / alone)
        never_twice = question.never_twice(round_ * _MOST_A_ROUND)
        first = list(islice(never_twice, int(per_second * seconds_before) if self.on_disk else self.connections))
        return first, list(islice(never_twice, int(per_second * self._lasting(alone))))

    def _written(self, query_strings: list[str]) -> Path:
        file = self.folder / "query-strings.txt"
        file.write_text("\n".join(query_strings), encoding="ascii")
        return file


def without_answer(server: str, query: str, cache: Cache, why: ServerError) -> Cell:
    """Return the cell of a query that a server does not answer."""
    return Cell(server, query, cache, 0.0, 0, None, None, None, 0, 0, " ".join(str(why).split())[:300])


def _again(endpoint: str, question: Question) -> float:
    """Ask a query twice, and return how long the second answer takes: where there is a cache, it is in it."""
    (line,) = question.repeated(1)
    return min(ask(endpoint, line, MOST_SECONDS_FOR_AN_ANSWER).seconds for _ in range(2))


def _notes(measured: Measured, prepared: int | None) -> list[str]:
    notes = []
    if not measured.answered:
        notes.append("no answer in the time")
    if measured.refused:
        notes.append(f"{measured.refused} refused")
    if measured.broken:
        notes.append(f"{measured.broken} broken or timed out")
    if prepared is not None and measured.requests > prepared:
        notes.append(f"not wholly cold: only {prepared} queries were prepared")
    return notes
