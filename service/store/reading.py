"""Reads a graph whole, in a worker."""

from dataclasses import dataclass

import pyoxigraph as ox

from service.errors import ResultTooLargeError, UnknownGraphError
from service.store.coding import coded
from service.store.dataset import Dataset, Graph


@dataclass(frozen=True)
class Reading:
    """A graph as `media_type`, in a content coding."""

    graph: Graph
    media_type: str
    coding: str

    def run(self, dataset: Dataset, max_bytes: int) -> tuple[bytes, str, str]:
        """Return the graph, its content coding and its entity tag. Raises UnknownGraphError or ResultTooLargeError."""
        if not dataset.has_graph(self.graph):
            raise UnknownGraphError(f"there is no graph {self.graph}")
        format_ = ox.RdfFormat.from_media_type(self.media_type)
        assert format_ is not None, self.media_type
        if format_.supports_datasets:
            quads = dataset.open().quads_for_pattern(None, None, None, self.graph)
            content = ox.serialize(quads, format=format_)
        else:
            content = dataset.open().dump(format=format_, from_graph=self.graph)
        assert content is not None
        if len(content) > max_bytes:
            raise ResultTooLargeError(f"the graph is longer than {max_bytes} bytes; ask for parts of it at /sparql")
        return *coded(content, self.coding), dataset.graph_tag(self.graph)
