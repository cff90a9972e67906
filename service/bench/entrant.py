"""A server among those that are measured: started when it is first needed, and anew where it got stuck."""

import shutil
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from loaders.progress import Tell
from service.bench.agreement import Agreement
from service.bench.cells import Cache, Cell, Loading, without_answer
from service.bench.errors import ServerError
from service.bench.machine import load_average
from service.bench.memory import MemoryWatch
from service.bench.process_tree import settle
from service.bench.servers import Server
from service.bench.servers.server import Running, Site
from service.bench.workload import Question

_MOST_SECONDS_TO_SETTLE = 60.0


@dataclass
class Entrant:
    """One server, where it works, how it is put under load, and what was found about it so far.

    `left_out` tells why it did not start, None where it did.
    """

    server: Server
    site: Site
    loading: Loading
    progress: Tell
    about: dict[str, Any]
    left_out: str | None = None
    _running: Running | None = None
    _memory: MemoryWatch | None = None
    _open: ExitStack = field(default_factory=ExitStack)

    def prepare(self, question: Question, agreement: Agreement) -> float | ServerError:
        """Start the server if need be, and hold its answer against those of others; return the seconds that it took.

        Returns an error where there is no answer.
        """
        try:
            running = self._started()
        except ServerError as error:
            self.progress(f"{self.server.name} is left out: {error}")
            self.left_out = str(error)
            return error
        try:
            return agreement.hold(self.server.name, running.endpoint, question)
        except ServerError as error:
            self.progress(f"{self.server.name}: {question.name}: {error}")
            return error

    def cell(self, question: Question, cache: Cache, alone: float | ServerError, round_: int) -> Cell:
        """Measure a cell, where one answer alone takes `alone` seconds; without an answer where that is an error."""
        if isinstance(alone, ServerError):
            return without_answer(self.server.name, question.name, cache, alone)
        try:
            measured = self.loading.cell(self.server.name, self._started(), question, cache, alone, round_)
        except ServerError as error:
            measured = without_answer(self.server.name, question.name, cache, error)
        rate = f"{measured.requests_per_second:,.1f} answers a second"
        note = measured.note and f" ({measured.note})"
        self.progress(f"{self.server.name}: {question.name}, {cache}: {rate}{note}")
        return measured

    def rest(self) -> None:
        """Wait until the server is at rest; end it where it has died or does not come to rest."""
        if self._running is None:
            return
        process = self._running.process
        if process.poll() is not None or not settle(process.pid, _MOST_SECONDS_TO_SETTLE):
            self.end()

    def end(self) -> None:
        """End the server, and keep the most memory that it took."""
        if self._memory is not None:
            self._memory.look()
            self.about["peak_bytes"] = max(self._memory.peak, self.about.get("peak_bytes", 0))
        self._running, self._memory = None, None
        self._open.close()

    def _started(self) -> Running:
        if self._running is None:
            self.progress(f"{self.server.name}: loading")
            self.about["load_average"] = load_average()
            shutil.rmtree(self.site.folder, ignore_errors=True)
            self.site.folder.mkdir()
            begun = time.monotonic()
            self._running = self._open.enter_context(self.server.serving(self.site))
            self._memory = self._open.enter_context(MemoryWatch(self._running.process.pid))
            self.about.setdefault("load_seconds", round(time.monotonic() - begun, 1))
            self.about.setdefault("loaded_bytes", self._memory.look())
        return self._running


def middle(rounds: list[Cell]) -> Cell:
    """Return the cell of the median rate, with the rates of all."""
    rates = [cell.requests_per_second for cell in rounds]
    median = statistics.median_low(rates)
    return replace(rounds[rates.index(median)], rates=tuple(rates))
