"""Finds releases in the state folder, for those who ask by name and for those who want them all."""

import asyncio
from contextlib import suppress
from functools import lru_cache

from loaders.errors import ReleaseError, UnknownReleaseError
from loaders.release import Release
from loaders.releases import Releases
from service.linked_data.published import Published
from service.resources import Resources
from service.store.dataset import View


async def published(name: str, view: View, resources: Resources) -> Published:
    """Return the release that `name` is the id of, or begins it; `current` is the one that is answered from.

    Raises UnknownReleaseError, ReleaseError or EngineError.
    """
    served = await _served(resources)
    if name == "current" and served is not None:
        return await asyncio.to_thread(Published.read, served, True, view)
    releases = Releases(resources.settings.state)
    if served is None and (name == "current" or not releases.all()):
        raise UnknownReleaseError(f"no release {name[:100]!r}: this service answers from what was written to it")
    release = await asyncio.to_thread(releases.named, name)
    return await asyncio.to_thread(Published.read, release, release == served, view)


async def all_published(view: View, resources: Resources) -> list[Published]:
    """Return every release that is whole, the latest first. Raises ReleaseError or EngineError."""
    return await asyncio.to_thread(_read_all, await _served(resources), view, Releases(resources.settings.state))


async def _served(resources: Resources) -> Release | None:
    """Return the release that is answered from, None where all was written."""
    return None if resources.settings.empty else await resources.engine.release()


def _read_all(served: Release | None, view: View, releases: Releases) -> list[Published]:
    found = []
    for release in releases.all():
        with suppress(ReleaseError, OSError):  # one that is damaged keeps nobody from the others
            stat = (release.folder / "manifest.json").stat()
            found.append(_read(release, release == served, view, (stat.st_ino, stat.st_mtime_ns, stat.st_size)))
    return sorted(found, key=lambda each: (each.built, each.id), reverse=True)


@lru_cache(maxsize=64)
def _read(release: Release, is_served: bool, view: View, _state: tuple[int, int, int]) -> Published:
    """Read a manifest once for as long as its file is the same: a home page needs two, but the order of all."""
    return Published.read(release, is_served, view)
