"""Keeps releases, of which one is the current one.

A state folder holds

    releases/<id>/                a release each
    current                       a link to the release that is served
    before                        a link to the one that was served before it

A release is written beside and renamed into place, so that one which is there is whole.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.canonical import release_id
from loaders.current import current_id, id_before, make_current
from loaders.dumps import write_dumps
from loaders.durable import sync, write
from loaders.errors import ReleaseError, UnknownReleaseError
from loaders.loading.source import FOLDER as SOURCES
from loaders.loading.source import LoadedSource
from loaders.locking import held
from loaders.progress import Tell, nobody
from loaders.release import CORE, INDEX, Release
from loaders.release_files import as_json, with_most_verified, write_store
from loaders.release_index import identities, write_index
from loaders.search_index import write_search_index
from loaders.search_texts import searched_quads

_SHORTEST_PREFIX = 6
_LONGEST_NAME = 100
# The index of the texts of sources, which the next release with these sources has, too.
_OF_SOURCES = "sources.sqlite"


class Releases:
    """The releases in a state folder."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._folder = state / "releases"

    def current(self) -> Release | None:
        """Return the release that is served, or None where nothing has been built yet."""
        name = current_id(self._state)
        return None if name is None else self._there(name)

    def before(self) -> Release | None:
        """Return the release that was served before that one, or None where it is not known or not there any more."""
        name = id_before(self._state)
        return None if name is None else self._there(name)

    def require_current(self) -> Release:
        """Return the release that is served. Raises ReleaseError, which says how to get one."""
        release = self.current()
        if release is None:
            raise ReleaseError(f"no release in {self._state}: run 'districtgraph build', or name another --state")
        return release

    def named(self, name: str) -> Release:
        """Return the release of that id, or of an id that begins with `name`; `current` is the one that is served.

        Raises UnknownReleaseError, which lists the releases that exist, or ReleaseError where there is none at all.
        """
        if name == "current":
            return self.require_current()
        ids = [release.id for release in self.all()]
        if not ids:
            return self.require_current()
        found = [id_ for id_ in ids if id_ == name or (len(name) >= _SHORTEST_PREFIX and id_.startswith(name))]
        if len(found) == 1:
            return Release(found[0], self._folder / found[0])
        if found:
            raise UnknownReleaseError(f"{name!r} begins several releases: {', '.join(found)}; give more of the id")
        raise UnknownReleaseError(
            f"no release {name[:_LONGEST_NAME]!r}; there are: {', '.join(ids)} (give 'current', "
            f"an id, or its first {_SHORTEST_PREFIX} characters or more)"
        )

    def all(self) -> list[Release]:
        """Return every release, in the order of their ids."""
        folders = sorted(folder for folder in self._folder.glob("[!.]*") if folder.is_dir())
        return [Release(folder.name, folder) for folder in folders]

    @contextmanager
    def building(self) -> Iterator[None]:
        """Let nobody else change the releases, and clear what a build leaves behind, killed ones included.

        Raises ReleaseError where another build holds it, or the state folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            message = f"another build is at work in {self._state}, or what else changes releases; wait for it"
            with held(self._state / "build.lock", message):
                self.clear()
                try:
                    yield
                finally:
                    self.clear()
        except OSError as error:
            raise ReleaseError(f"the state folder {self._state} cannot be written ({error})") from error

    def publish(
        self,
        content: bytes,
        description: Collection[ox.Quad],
        manifest: dict[str, Any],
        *,
        ontology: bytes,
        queries: bytes,
        store: Path | None = None,
        loaded: Sequence[LoadedSource] = (),
        progress: Tell = nobody,
    ) -> Release:
        """Write the release of the canonical N-Quads `content` and make it current; to be called in `building`.

        `store` is a folder with a store of them, where there is one already; it is the release's then. `loaded` are
        sources that are to be in it too. `progress` is told how far it is.

        A release that is there already keeps its content. Of its manifest and the new one, the check of the evidence
        is kept that verified more, so that building without the papers' texts takes nothing away. The packed
        `ontology` and `queries` are always the last ones: a comment, a term's move to another module, or a question
        changes no triple. The index to search in and the dumps are always made by this version. A damaged release is
        replaced.
        """
        id_ = release_id(content, identities(loaded))
        release = Release(id_, self._folder / id_)
        is_there = release.is_whole()
        folder = release.folder if is_there else self._folder / f".building-{release.id}"
        if is_there:
            manifest = with_most_verified(manifest, release.manifest())
        else:
            folder.mkdir()
            write(folder / "dataset.nq", content)
            write_store(folder / (CORE if loaded else INDEX), content, description, store)
            for source in loaded:
                source.link_to(folder / SOURCES / source.name)
            if loaded:
                basis = current.with_sources if (current := self.current()) else None
                quads = write_index(folder / INDEX, folder / CORE, loaded, basis, progress)
                manifest = manifest | {"index": {"quads": quads}}
        write_dumps(folder, content)
        of_sources = folder / _OF_SOURCES
        if loaded and not of_sources.exists() and (before := self.current()) and (before.folder / _OF_SOURCES).exists():
            os.link(before.folder / _OF_SOURCES, of_sources)
        write_search_index(folder / release.search.name, searched_quads(content), loaded, of_sources, progress)
        write(folder / release.ontology.name, ontology)
        write(folder / release.queries.name, queries)
        write(folder / "manifest.json", as_json(manifest))
        if not is_there:
            self._put_in_place(folder, release)
        make_current(self._state, release.id)
        return release

    def _put_in_place(self, folder: Path, release: Release) -> None:
        with suppress(FileNotFoundError):
            release.folder.rename(self._folder / f".building-damaged-{release.id}")
        folder.rename(release.folder)
        sync(self._folder)

    def clear(self) -> None:
        """Remove what a build leaves behind, and what was moved to its workplace; to be called in `building`."""
        for left_behind in self._folder.glob(".building-*"):
            shutil.rmtree(left_behind)

    def workplace(self) -> Path:
        """Return a path for a folder of files to be used while building, which `building` clears."""
        return self._folder / ".building-store"

    def _there(self, name: str) -> Release | None:
        release = Release(name, self._folder / name)
        return release if release.folder.is_dir() else None
