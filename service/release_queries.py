"""The named queries that the served release carries, read anew where they have changed."""

import asyncio
import zlib
from collections.abc import Mapping
from zipfile import BadZipFile

from loaders.release import Release
from queries.archive import paged, unpack_queries
from queries.errors import QueryFileError
from queries.named_query import NamedQuery, load_queries
from service.errors import BrokenQueriesError
from service.reader import Reader


class ReleaseQueries:
    """The named queries of the current release; those of this package where there is none (`is_empty`).

    A release that an older version built carries none: it is asked the packaged ones too.
    """

    def __init__(self, reader: Reader, *, is_empty: bool) -> None:
        self._reader = reader
        self._is_empty = is_empty
        self._reading = asyncio.Lock()
        self._current: tuple[object, Mapping[str, NamedQuery]] | None = None

    async def current(self) -> Mapping[str, NamedQuery]:
        """Return the named queries by name, in the order of groups and names; the same object until they change.

        Raises ReleaseError where there is no release, and BrokenQueriesError.
        """
        release = None if self._is_empty else await self._reader.release()
        state = (release.id, _stamp(release)) if release else None
        async with self._reading:
            if self._current is None or self._current[0] != state:
                self._current = (state, await asyncio.to_thread(_read, release))
            return self._current[1]


def _stamp(release: Release) -> tuple[int, int] | None:
    """Return what tells one file of named queries from the next, None where the release has none."""
    try:
        stat = release.queries.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BrokenQueriesError(f"the named queries of release {release.id} cannot be read; build again") from error
    return stat.st_ino, stat.st_mtime_ns


def _read(release: Release | None) -> Mapping[str, NamedQuery]:
    try:
        if release is not None and release.queries.exists():
            return unpack_queries(release.queries.read_bytes())
        return paged(load_queries())
    except QueryFileError as error:
        raise BrokenQueriesError(f"a named query is broken; correct it and build again: {error}") from error
    except (OSError, BadZipFile, zlib.error) as error:
        raise BrokenQueriesError("the file of the named queries is damaged; build again") from error
