"""The RDF dataset that a query is about (SPARQL 1.1 Query, section 13.2), out of what the service holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from loaders.graphs import merged
from service.errors import QueryRefusedError


@dataclass(frozen=True)
class DatasetClause:
    """The graphs that a request or a query names for its default graph and as named graphs, by their IRIs.

    Those of a query are as they stand in it, so that `prologue`, what stands before them, has to resolve them.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prologue: str | None = None

    def resolved(self, base_iri: str) -> "DatasetClause":
        """Return the clause with absolute IRIs, which the engine itself makes of them. Raises QueryRefusedError."""
        if self.prologue is None:
            return self
        return DatasetClause(
            self._absolute(self.default_graphs, self.prologue, base_iri),
            self._absolute(self.named_graphs, self.prologue, base_iri),
        )

    @staticmethod
    def _absolute(names: Iterable[str], prologue: str, base_iri: str) -> tuple[str, ...]:
        values = "\n".join(names)
        try:
            found = ox.Store().query(
                f"{prologue}\nSELECT ?graph {{ VALUES ?graph {{ {values}\n }} }}", base_iri=base_iri
            )
            return tuple(solution["graph"].value for solution in found)  # type: ignore[union-attr]
        except SyntaxError as error:
            raise QueryRefusedError("FROM wants the IRI of a graph") from error


def arguments(store: ox.Store, clause: DatasetClause | None, base_iri: str) -> tuple[ox.Store, dict[str, Any]]:
    """Return a store and what tells it the dataset of `clause`; without one, that is all of the store.

    Several default graphs are merged in a store of their own: in the union of pyoxigraph 0.5.13 a triple of two graphs
    is two solutions. Raises QueryRefusedError.
    """
    if clause is None:
        return store, {}
    clause = clause.resolved(base_iri)
    defaults = [ox.NamedNode(iri) for iri in dict.fromkeys(clause.default_graphs)]
    named = [ox.NamedNode(iri) for iri in clause.named_graphs]
    if len(defaults) < 2 or not isinstance(store, ox.Store):  # a remote one merges them itself
        return store, {"default_graph": defaults, "named_graphs": named}
    dataset = ox.Store()
    for graph in defaults:
        dataset.extend(merged(store.quads_for_pattern(None, None, None, graph)))  # bulk_extend takes 200 MB at once
    for graph in named:
        if store.contains_named_graph(graph):
            dataset.add_graph(graph)
            dataset.extend(store.quads_for_pattern(None, None, None, graph))
    return dataset, {"default_graph": ox.DefaultGraph(), "named_graphs": named}
