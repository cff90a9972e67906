"""The processes over one release and what was written since."""

import asyncio
from contextlib import suppress

from loaders.errors import ReleaseError
from loaders.release import Release
from loaders.retention import hold
from service.engine.lanes import Lanes
from service.engine.pool import Pool
from service.engine.processes import Template
from service.engine.worker import Limits
from service.store.dataset import View
from service.store.journal import Place
from service.store.patch import Rows

_EVERYTHING: View = frozenset()
_MOST_VIEWS = 8
_MOST_IDLE = 8


class Generation:
    """Pools of workers, one for each view, and the release that they answer from; None where all was written."""

    def __init__(
        self,
        release: Release | None,
        template: Template,
        place: Place,
        owned: frozenset[str],
        limits: Limits,
        lanes: Lanes,
    ) -> None:
        self.release = release
        self.owned = owned
        self.name = "empty" if release is None else release.id
        self.version = ""
        self._template = template
        self._limits = limits
        self.lanes = lanes
        self._pools: dict[View, Pool] = {_EVERYTHING: self._pool(template)}
        self._narrowing = asyncio.Lock()
        self._held = None
        if release is not None:
            with suppress(ReleaseError):  # it is in memory, whatever befalls the files
                self._held = hold(release)
        self._users = 0
        self._is_retired = self._is_lost = False
        self._come_to(place)

    def is_alive(self) -> bool:
        """Tell whether workers can be forked."""
        return not self._is_lost and self._template.is_alive()

    def workers(self) -> tuple[int, int]:
        """Return how many workers are at work, and how many wait for something to do."""
        pools = self._pools.values()
        return sum(pool.busy for pool in pools), sum(pool.idle for pool in pools)

    def __enter__(self) -> "Generation":
        """Keep the processes until the block is left."""
        self._users += 1
        return self

    def __exit__(self, *_: object) -> None:
        """End them where they are out of date, and nobody else uses them."""
        self._users -= 1
        if self._is_retired and not self._users:
            self.end()

    async def pool(self, view: View) -> Pool:
        """Return the workers that know what `view` leaves, and nothing else. Raises EngineError."""
        if (found := self._pools.get(view)) is not None:
            return found
        async with self._narrowing:
            if view not in self._pools:
                if len(self._pools) > _MOST_VIEWS:
                    self._forget(next(known for known in self._pools if known != _EVERYTHING))
                self._pools[view] = self._pool(await self._template.narrowed(view))
            return self._pools[view]

    def lose(self, view: View) -> None:
        """Take note that the process has ended that `view` was forked from, or was to be."""
        if view == _EVERYTHING or view not in self._pools:
            self._is_lost = True
        else:
            self._forget(view)

    async def prepare(self) -> bool:
        """Go a step further in having workers ready; tell whether there was one to be done. Raises EngineError."""
        if sum(self.workers()) >= self.lanes.short:  # no more copies than fit into the memory, whatever the views
            return False
        return any([await pool.prepare() for pool in [*self._pools.values()]])

    async def apply(self, rows: Rows, place: Place) -> None:
        """Take up what was written before `place`; whoever asks from now on is answered with it. Raises EngineError."""
        async with self._narrowing:
            await self._template.apply(rows)
            for view in [view for view in self._pools if view != _EVERYTHING]:
                self._forget(view)
            self._pools[_EVERYTHING].retire()
            self._pools[_EVERYTHING] = self._pool(self._template)
            self._come_to(place)

    def retire(self) -> None:
        """End the processes as soon as nobody uses them any more."""
        self._is_retired = True
        if not self._users:
            self.end()

    def end(self) -> None:
        """End the processes."""
        for pool in self._pools.values():
            pool.end()
        if self._held is not None:
            self._held.close()

    def _pool(self, template: Template) -> Pool:
        return Pool(template, self._limits, min(_MOST_IDLE, self.lanes.short // 2))

    def _forget(self, view: View) -> None:
        self._pools.pop(view).end()

    def _come_to(self, place: Place) -> None:
        """Tell the dataset from every other: its version changes with a release, and with a write."""
        self.place = place
        self.version = f"{self.name}-{place.name}" if place.name else self.name
