"""A release as one client may see it: without the graphs that are hidden from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loaders.errors import ReleaseError
from loaders.release import Release
from service.store.dataset import View

# What counts all graphs together, and so tells of those that are hidden too.
_OF_ALL = ("classes", "properties", "vocabularies", "things_by_class")


@dataclass(frozen=True)
class Published:
    """A release, when it was built, its triples by graph, and what of it is hidden from a client.

    `is_served` tells whether it is the one that queries are answered from.
    """

    release: Release
    is_served: bool
    built: str
    graphs: Mapping[str, int]
    hidden: View
    manifest: Mapping[str, Any]

    @classmethod
    def read(cls, release: Release, is_served: bool, view: View) -> "Published":
        """Read the manifest of a release, for a client from whom `view` is hidden. Raises ReleaseError."""
        manifest = release.manifest()
        match manifest:
            case {"built": str(built), "sources": dict(), "counts": {"triples_by_graph": dict(graphs)}}:
                hidden = view & graphs.keys()
                seen = {graph: triples for graph, triples in graphs.items() if graph not in hidden}
                return cls(release, is_served, built, seen, hidden, _without(manifest, hidden))
        raise ReleaseError(f"release {release.id} is damaged (manifest.json lacks its counts); build again")

    @property
    def id(self) -> str:
        """The id of the release."""
        return self.release.id

    @property
    def triples(self) -> int:
        """How many triples the graphs have that the client may see."""
        return sum(self.graphs.values())

    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the files that each graph was made of, by the IRI of the graph."""
        sources = [*self.manifest["sources"].values(), *self.manifest.get("loaded", {}).values()]
        return {source["graph"]: source for source in sources}


def _without(manifest: Mapping[str, Any], hidden: View) -> Mapping[str, Any]:
    """Return a manifest without what it says of hidden graphs."""
    if not hidden:
        return manifest
    counts = {name: value for name, value in manifest["counts"].items() if name not in _OF_ALL}
    graphs = {graph: triples for graph, triples in counts["triples_by_graph"].items() if graph not in hidden}
    counts |= {"triples": sum(graphs.values()), "triples_by_graph": graphs}
    sources = {name: source for name, source in manifest["sources"].items() if source["graph"] not in hidden}
    kept = {name: value for name, value in manifest.items() if name != "checks"}
    if "loaded" in manifest:
        loaded = {name: source for name, source in manifest["loaded"].items() if source["graph"] not in hidden}
        kept |= {"loaded": loaded}
    return kept | {"counts": counts, "sources": sources}
