"""The passages that evidence points to, out of the texts of the papers, where the operator has put and allowed them."""

import asyncio
import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders.errors import LoaderError
from loaders.evidence import read_text
from loaders.text import digest
from ontology.iris import GRAPH, THING
from service.explanation.queries import passage_query
from service.log import log
from service.reader import Reader
from service.settings import Settings
from service.store.selection import Row, Selects, integer_in

_LONGEST = 10_000
_MOST_TEXTS = 32

_State = tuple[int, int, int]


@dataclass(frozen=True)
class _Place:
    """Where a passage stands, by the graph of its own source."""

    evidence: str
    paper: str
    start: int
    end: int
    digest: str


class Passages:
    """Reads passages from a folder of texts; from None where they are not to be shown.

    A text is read when it is first needed, and again when its file has changed. The name of a file is that of a source
    of the release, and nothing else; what anybody wrote into a graph of their own opens none.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._texts: dict[str, tuple[_State, str | None]] = {}
        self._reading = asyncio.Lock()

    async def state(self, reader: Reader) -> str:
        """Return what tells these texts from others, since answers depend on them. Raises ReleaseError."""
        if self._folder is None:
            return ""
        papers = await self._papers(reader)
        states = await asyncio.to_thread(lambda: [(paper, self._state(paper)) for paper in papers])
        return hashlib.sha256(repr(states).encode()).hexdigest()[:16]

    async def of(self, evidence: Iterable[str], reader: Reader) -> dict[str, str]:
        """Return the passages of pieces of evidence, without those whose text is not at hand or is another.

        Only what the reader may see, in the graph of its own source, is looked up. Raises ReleaseError or EngineError.
        """
        wanted = sorted(set(evidence))
        if self._folder is None or not wanted:
            return {}
        (rows,) = (await reader.answer(Selects((passage_query(wanted),)))).content
        papers = frozenset(await self._papers(reader))
        places = [place for place in map(_place, rows) if place is not None and place.paper in papers]
        async with self._reading:
            return await asyncio.to_thread(self._read, places)

    async def _papers(self, reader: Reader) -> list[str]:
        release = await reader.release()
        sources = (await asyncio.to_thread(release.manifest)).get("sources")
        return sorted(sources) if isinstance(sources, Mapping) else []

    def _read(self, places: Iterable[_Place]) -> dict[str, str]:
        found = {}
        for place in places:
            text = self._text(place.paper)
            passage = text[place.start : place.end] if text is not None else ""
            if passage and len(passage) <= _LONGEST and digest(passage) == place.digest:
                found[place.evidence] = passage
        return found

    def _text(self, paper: str) -> str | None:
        state = self._state(paper)
        if state is None:
            return None
        if paper not in self._texts or self._texts[paper][0] != state:
            if len(self._texts) >= _MOST_TEXTS:
                del self._texts[next(iter(self._texts))]
            self._texts[paper] = (state, self._normalised(paper))
        return self._texts[paper][1]

    def _normalised(self, paper: str) -> str | None:
        try:
            return read_text(paper, self._folder)
        except LoaderError as error:
            log(logging.WARNING, "text", paper=paper, error=str(error))
            return None

    def _state(self, paper: str) -> _State | None:
        """Return what changes with the file of a text; None where there is none."""
        assert self._folder is not None
        try:
            stat = (self._folder / f"{paper}.txt").stat()
        except OSError:
            return None
        return (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def passages_of(settings: Settings) -> Passages:
    """Return the passages that the settings let be shown; without a release there are none."""
    return Passages(settings.papers if settings.passages and not settings.empty else None)


def _place(row: Row) -> _Place | None:
    evidence, graph, source, start, end, digest_ = row
    if not (isinstance(evidence, str) and isinstance(source, str) and source.startswith(THING)):
        return None
    paper = source.removeprefix(THING)
    if graph != GRAPH + paper or not (
        isinstance(start, tuple) and isinstance(end, tuple) and isinstance(digest_, tuple)
    ):
        return None
    first, last = integer_in(start[0]), integer_in(end[0])
    if first is None or last is None or first < 0 or last < 0:
        return None
    return _Place(evidence, paper, first, last, digest_[0])
