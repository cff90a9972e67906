"""A release: a folder named by the hash of its content.

releases/<id>/dataset.nq      every quad of the release, canonical and sorted; its SHA-256 begins with <id>
releases/<id>/index/          the same quads in a store, with the description of the release, and their merge
releases/<id>/dataset.*.zst   the same quads to be downloaded, as N-Quads and TriG
releases/<id>/ontology.zip    the files that the graph of the ontology was read from, and its alignments
releases/<id>/search.sqlite   the index that texts are searched in
releases/<id>/queries.zip     the named queries
releases/<id>/manifest.json   sources, counts, checks and versions
releases/<id>/sources/        the sources that were loaded, if any; then their triples stand in the index too, and
releases/<id>/sources.sqlite  the index of their texts, and
releases/<id>/core/           a store without them, of which the next release is made
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.canonical import release_id
from loaders.errors import ReleaseError
from loaders.graphs import RELEASE, merged_lines
from loaders.loading.source import LoadedSource, loaded_in
from loaders.release_index import Before, identities

INDEX, CORE = "index", "core"


@dataclass(frozen=True)
class Release:
    """A published release: its id and its folder."""

    id: str
    folder: Path

    @property
    def store(self) -> Path:
        """The folder of the indexed quads, to be opened read-only."""
        return self.folder / INDEX

    @property
    def ontology(self) -> Path:
        """The packed files of the ontology; a release that an older version built has none until it is built again."""
        return self.folder / "ontology.zip"

    @property
    def search(self) -> Path:
        """The index that is searched; a release that an older version built has none until it is built again."""
        return self.folder / "search.sqlite"

    @property
    def queries(self) -> Path:
        """The packed named queries; a release that an older version built has none until it is built again."""
        return self.folder / "queries.zip"

    @property
    def core(self) -> Path:
        """The folder of the indexed quads without those of sources that were loaded."""
        core = self.folder / CORE
        return core if core.is_dir() else self.store

    @cached_property
    def loaded(self) -> Sequence[LoadedSource]:
        """The sources that were loaded, in the order of their names."""
        return loaded_in(self.folder)

    @property
    def with_sources(self) -> Before | None:
        """Its stores, where it has loaded sources and is not damaged."""
        try:
            quads = self.manifest()["index"]["quads"]
            return Before(self.store, self.core, self.loaded, quads)
        except (LookupError, ReleaseError):
            return None

    def is_whole(self) -> bool:
        """Tell whether the folder is there, its quads are those that the id names, and the stores have as many.

        That is these, their merge, and the description of the release twice.
        """
        try:
            self.verified()
            content = self.content()
            store = ox.Store.read_only(str(self.core))
            described = sum(1 for _ in store.quads_for_pattern(None, None, None, RELEASE))
            is_whole = len(store) == content.count(b"\n") + merged_lines(content).count(b"\n") + 2 * described
            for source in self.loaded:
                source.verify()
            if self.loaded:
                is_whole &= len(ox.Store.read_only(str(self.store))) == self.manifest()["index"]["quads"]
            return is_whole
        except (OSError, RuntimeError, LookupError, ReleaseError):
            return False

    def content(self) -> bytes:
        """Return the canonical N-Quads, but for those of sources that were loaded.

        Raises ReleaseError where they are not what the id names.
        """
        try:
            content = (self.folder / "dataset.nq").read_bytes()
        except OSError as error:
            raise ReleaseError(f"release {self.id} is damaged (dataset.nq: {error.strerror}); build again") from error
        if release_id(content, identities(self.loaded)) != self.id:
            raise ReleaseError(f"release {self.id} is damaged (dataset.nq is not what was published); build again")
        return content

    def quads(self) -> list[ox.Quad]:
        """Return every quad of the release. Raises ReleaseError where its content is not what the id names."""
        return list(ox.parse(self.content(), format=ox.RdfFormat.N_QUADS))

    def packed_queries(self) -> bytes | None:
        """Return the packed named queries, None where there are none."""
        return self.queries.read_bytes() if self.queries.is_file() else None

    def manifest(self) -> dict[str, Any]:
        """Return the manifest. Raises ReleaseError where it is missing or damaged."""
        try:
            manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseError(f"release {self.id} is damaged (manifest.json: {error}); build again") from error
        return manifest

    def verified(self) -> int:
        """Return how many passages were verified when the release was made. Raises ReleaseError."""
        match self.manifest():
            case {"checks": {"evidence": {"passed": int(passed)}}}:
                return passed
        raise ReleaseError(f"release {self.id} is damaged (manifest.json lacks its checks); build again")
