"""The workers over a dataset, or over what of it a client may read, and the template that they are forked from."""

from contextlib import suppress
from dataclasses import replace

from service.engine.processes import Template, Worker
from service.engine.worker import Limits
from service.errors import QueryAbortedError

# What it takes to resolve a name and to ask.
_CONNECTIONS = 64


class Pool:
    """A template and the workers that wait for something to do; `busy` is how many others are at work."""

    def __init__(self, template: Template, limits: Limits, most_idle: int) -> None:
        self.template = template
        self._limits = limits
        self._most_idle = most_idle
        self._dialling = replace(limits, open_files=_CONNECTIONS)
        self._idle: list[Worker] = []
        self._is_current = True
        self._wanted = 0
        self._preparing = 0
        self.busy = 0

    @property
    def idle(self) -> int:
        """How many workers wait for something to do."""
        return len(self._idle) + self._preparing

    async def take(self) -> Worker:
        """Return a worker that is yours until you give it back. Raises EngineError."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_sound():
                self.busy += 1
                return worker
            worker.end()
        return await self.fresh()

    async def fresh(self, may_dial: bool = False) -> Worker:
        """Return a worker that has done nothing yet; one that may dial out is not kept. Raises EngineError."""
        worker = await self.template.fork(self._dialling if may_dial else self._limits)
        worker.is_to_be_kept = not may_dial
        self.busy += 1
        self._wanted = min(self._most_idle, max(self._wanted, self.busy))
        return worker

    def give_back(self, worker: Worker) -> None:
        """Keep a worker for the next, or end it where it still works, is not to be kept, or there are enough."""
        self.busy -= 1
        self._keep(worker)

    async def prepare(self) -> bool:
        """Have as many workers wait as were at work at once, each with memory of its own: one step of the way there.

        Tells whether there was one to be done. Raises EngineError.
        """
        worker = next((worker for worker in reversed(self._idle) if worker.shares_memory and worker.is_sound()), None)
        if worker is None:
            if self.idle + self.busy >= self._wanted:
                return False
            self.give_back(await self.fresh())
            return True
        self._idle.remove(worker)
        self._preparing += 1
        try:
            with suppress(QueryAbortedError):
                await worker.copy_memory()
        finally:
            self._preparing -= 1
            self._keep(worker)
        return True

    def retire(self) -> None:
        """End the workers that wait, and those at work when they are given back: what they know is out of date."""
        self._is_current = False
        for worker in self._idle:
            worker.end()
        self._idle.clear()

    def end(self) -> None:
        """End the processes."""
        self.retire()
        self.template.end()

    def _keep(self, worker: Worker) -> None:
        is_wanted = self._is_current and worker.is_to_be_kept and len(self._idle) < self._most_idle
        if is_wanted and worker.is_sound() and worker.demote():
            self._idle.append(worker)
        else:
            worker.end()
