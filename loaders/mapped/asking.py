"""Asks a graph for the things of a mapping, some at a time, and keeps each answer on the disk until all are there.

An answer is named by the digest of its query, so what was interrupted goes on without asking for anything again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from loaders.durable import write
from loaders.errors import EndpointError, Fault, LoadError
from loaders.mapped.mapping import Mapping, Step
from loaders.mapped.stating import as_stored
from loaders.progress import Progress


class TooMuchError(Exception):
    """A graph that was asked for too much at once: the answer did not come in time, or not whole."""


class Graph(Protocol):
    """What can be asked for the things of a step, and for what a step makes of some of them."""

    def things(self, step: Step, after: str, most: int) -> Sequence[str]:
        """Return the first IRIs of things behind `after`, in the order of their signs; none where there are no more.

        Raises TooMuchError, or EndpointError.
        """

    def made(self, step: Step, things: Sequence[str]) -> Sequence[ox.Triple]:
        """Return what a step makes of some things. Raises TooMuchError, or EndpointError."""


def answers(graph: Graph, mapping: Mapping, folder: Path, progress: Progress) -> Iterator[tuple[Step, Path]]:
    """Have a file in `folder` for each answer, and yield each with its step.

    Raises EndpointError, or LoadError where there are more things than the mapping allows.
    """
    asked = _Asked(graph, folder, mapping.page)
    for step in mapping.steps:
        progress.step(f"asking for {Path(step.file).stem}")
        after, count = "", 0
        while things := asked.things(step, after):
            if not all(one < other for one, other in zip((after, *things), things, strict=False)):
                raise EndpointError(
                    "the endpoint puts IRIs into an order that is none; SPARQL says which (15.1 ORDER BY)"
                )
            after, count = things[-1], count + len(things)
            if count > mapping.most:
                message = f"finds more than {mapping.most} things; narrow '#+ things', or set 'most' in mapping.yaml"
                raise LoadError([Fault(step.file, 1, message)])
            for path in asked.made(step, things):
                yield step, path
            progress.advance_by(f"{count} of {Path(step.file).stem}")


class _Asked:
    """Asks for less at once from when on it was too much."""

    def __init__(self, graph: Graph, folder: Path, most: int) -> None:
        self._graph, self._folder, self._most = graph, folder, most

    def things(self, step: Step, after: str) -> Sequence[str]:
        while True:
            path = self._folder / f"{_digest(step.all_things(), after, str(self._most))}.things"
            if path.exists():
                return path.read_text("utf-8").splitlines()
            try:
                found = self._graph.things(step, after, self._most)
            except TooMuchError as error:
                self._ask_for_less(error)
                continue
            write(path, "".join(f"{thing}\n" for thing in found).encode())
            return found

    def made(self, step: Step, things: Sequence[str]) -> Iterator[Path]:
        waiting = [things]
        while waiting:
            some = waiting.pop(0)
            path = self._folder / f"{_digest(step.construct(some))}.nt"
            if not path.exists():
                if len(some) > self._most:
                    waiting[:0] = [some[: len(some) // 2], some[len(some) // 2 :]]
                    continue
                try:
                    triples = as_stored(self._graph.made(step, some))
                except TooMuchError as error:
                    self._ask_for_less(error, len(some))
                    waiting.insert(0, some)
                    continue
                lines = [*(f"#{thing}\n" for thing in some), *(f"{triple} .\n" for triple in triples)]
                write(path, "".join(lines).encode())
            yield path

    def _ask_for_less(self, error: TooMuchError, asked_for: int | None = None) -> None:
        asked_for = min(self._most, asked_for or self._most)
        if asked_for == 1:
            raise EndpointError(f"{error}, though one thing alone was asked for; look at the CONSTRUCT") from error
        self._most = asked_for // 2


def read_answer(path: Path) -> tuple[Sequence[str], Sequence[ox.Triple]]:
    """Return the things that an answer is about, and what was made of them."""
    content = path.read_bytes()
    things = [line[1:].decode() for line in content.splitlines() if line.startswith(b"#")]
    return things, [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
