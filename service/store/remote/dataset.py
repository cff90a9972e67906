"""A dataset that an engine behind the service holds; workers ask it, and so may be ended at any time."""

from collections.abc import Iterable
from typing import Any, cast

import pyoxigraph as ox

from service.errors import DatasetLostError, EngineError
from service.store.dataset import Dataset, Sources, View
from service.store.journal import Journal
from service.store.patch import Patch
from service.store.remote.endpoint import Endpoint
from service.store.remote.names import Published, published, state_of
from service.store.remote.store import RemoteStore

_MOST_BYTES = 1_000_000_000
_LOOKING_SECONDS = 20.0
# A name is resolved, and a connection may be made anew.
_CONNECTIONS = 64


class Remote(Dataset):
    """What was published to an endpoint, without what is `hidden`; each worker has a connection of its own."""

    is_writable = False

    def __init__(self, engine: str, published: Published, union: bool, hidden: View) -> None:
        super().__init__(union)
        self._engine, self._published, self._hidden = engine, published, hidden
        self.written, self.owned = published.written, published.owned
        self._endpoint: Endpoint | None = None
        self._store: RemoteStore | None = None
        self._merged: Remote | None = None

    @classmethod
    def found(cls, sources: Sources) -> "Remote":
        """Return what an engine holds. Raises EngineError where it is down, or that is not what `sources` are."""
        assert sources.engine is not None
        endpoint = Endpoint(sources.engine, _MOST_BYTES, _LOOKING_SECONDS)
        try:
            held = published(endpoint)
        finally:
            endpoint.close()
        release = "empty" if sources.release is None else sources.release.name
        written = Journal(sources.journal).end().count
        if held is None:
            raise EngineError("the engine holds no release, or is written to; 'districtgraph publish' does that")
        if (held.release, held.written) != (release, written):
            was = f"release {held.release} with {held.written} writes, not {release} with {written}"
            raise EngineError(f"the engine holds {was}; run 'districtgraph publish'")
        if held.closed != sources.closed:
            raise EngineError("other graphs were closed when the engine was written; run 'districtgraph publish'")
        return cls(sources.engine, held, sources.union, frozenset())

    @property
    def everything(self) -> Dataset:
        """The same with the merge of all graphs as the default graph."""
        if self.union:
            return self
        if self._merged is None:
            self._merged = Remote(self._engine, self._published, True, self._hidden)
            self._merged.open()
        return self._merged

    def open(self) -> ox.Store:
        """Return what can be read as a store is."""
        if self._store is None:
            self._endpoint = Endpoint(self._engine, _MOST_BYTES)
            is_whole = self._published.plain
            self._store = RemoteStore(self._endpoint, self._published, self._hidden, self.union, is_whole)
        return cast(ox.Store, self._store)

    def default_graph(self) -> tuple[ox.Store, dict[str, Any]]:
        """Return the same store: the engine is told its default graph each time."""
        return self.open(), {}

    def apply(self, patch: Patch) -> None:
        """Raise EngineError: what an engine holds is published."""
        raise EngineError("what an engine holds is not written here; run 'districtgraph publish'")

    def without(self, view: View) -> "Remote":
        """Return the dataset without the graphs that `view` hides: the engine is not told of them."""
        return Remote(self._engine, self._published, self.union, self._hidden | view)

    def open_files(self) -> int:
        """Return how many connections a worker may have."""
        return _CONNECTIONS

    def foresee(self, things: Iterable[str], property_: str | None = None) -> None:
        """Fetch together what is asked for next. Raises EngineError."""
        self.open()
        assert self._store is not None
        self._store.foresee(things, property_)

    def require_same(self) -> None:
        """Raise DatasetLostError where the engine has been written to since this was found."""
        if self._endpoint is not None and state_of(self._endpoint) != self._published.state:
            raise DatasetLostError("the engine is being written to; ask again in a moment")
