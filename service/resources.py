"""What every request is answered with: the engine, who may do what, the cache, the rates, the counts."""

import asyncio
from contextlib import suppress

from loaders.code import SERVING, code_digest
from loaders.errors import LoaderError
from service.edition import Editions
from service.engine.engine import Engine
from service.engine.worker import Job
from service.errors import ServiceError
from service.explanation.passages import passages_of
from service.explanation.reasoning import Reasoning
from service.http.access import Access, Client, is_loopback
from service.http.cache import Cache
from service.http.exchange import Request
from service.http.metrics import Metrics
from service.http.rates import Rates
from service.linked_data.files import Digests
from service.problem_types import type_of
from service.reader import Reader
from service.release_queries import ReleaseQueries
from service.search.index import SearchIndexes
from service.settings import Settings
from service.sparql.reach import Reach
from service.store.patch import Rows
from service.things.model import Model, packaged_model


class Resources:
    """The resources of a service with these settings; made in the event loop that it runs in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.is_ending = False
        self.engine = Engine(settings, memory_bytes=settings.memory_megabytes * 1_000_000)
        self.access = Access(settings)
        self.cache = Cache(settings.cache_megabytes * 1_000_000)
        self.rates = Rates(settings.client_seconds)
        self.editions = Editions(Reader(self.engine))
        self.indexes = SearchIndexes(Reader(self.engine))
        self.queries = ReleaseQueries(Reader(self.engine), is_empty=settings.empty)
        self.digests = Digests()
        self.passages = passages_of(settings)
        self.reach = Reach(tuple(settings.services))
        self.metrics = Metrics()
        workers = self.engine.workers
        waiting = "Queries that wait for a worker"
        self.metrics.gauge("queries_waiting", waiting, lambda: max(0, self.engine.waiting - workers()[0]))
        self.metrics.gauge("workers_busy", "Workers that evaluate", lambda: workers()[0])
        self.metrics.gauge("workers_idle", "Workers that wait for a query", lambda: workers()[1])
        self.metrics.gauge("cache_bytes", "Bytes of the answers that are kept", lambda: self.cache.bytes)
        self.metrics.gauge("cache_answers", "Answers that are kept", lambda: len(self.cache))
        self.metrics.version(lambda: self.engine.version or "")
        self._preparing = asyncio.create_task(self._prepare())

    def reader(self, request: Request, client: Client) -> Reader:
        """Return the engine as a client sees it; this machine itself and an admin pay nothing."""
        rates = None if is_loopback(request.address) or client.is_admin else self.rates
        return Reader(self.engine, client.view, request.gone, rates, client.name)

    async def model(self) -> Model:
        """Return what REST makes of the ontology that is served. Raises ReleaseError."""
        if self.settings.empty:
            return await asyncio.to_thread(packaged_model)
        return (await self.editions.current()).model

    async def reasoning(self) -> Reasoning | None:
        """Return the rules by which the release that is served was inferred, if there is one. Raises ReleaseError."""
        return None if self.settings.empty else await (await self.editions.current()).reasoning()

    async def write(self, job: Job[Rows], client: Client, what: str) -> Rows:
        """Carry out what a client writes, and count it; returns what it changed. Raises ServiceError."""
        try:
            rows = await self.engine.write(job, client.view, client.may_change, client.name, what)
        except ServiceError as error:
            self.metrics.write(type_of(error).name)
            raise
        self.metrics.write("done")
        return rows

    async def _prepare(self) -> None:
        """Read the ontology, its rules and the queries before somebody asks, who is told what is wrong with them."""
        await asyncio.to_thread(code_digest, SERVING)
        with suppress(ServiceError, LoaderError):
            await self.model()
            await self.queries.current()
            await self.reasoning()

    async def close(self) -> None:
        """End every process."""
        self._preparing.cancel()
        with suppress(asyncio.CancelledError):
            await self._preparing
        await self.engine.close()
