"""Says what a loader is to do: a source, the files it comes from, and the parts that these are read in."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ontology.iris import GRAPH

Fault = Callable[[str, int, str], None]
"""Reports a record that cannot be read: its file, its line, and what is wrong."""


class Part(Protocol):
    """A stretch of a source that is read on its own, in any order and in any process."""

    @property
    def key(self) -> str:
        """What names the part among those of its plan, also as a file."""

    def triples(self, fault: Fault) -> Iterator[bytes]:
        """Yield its triples as lines of canonical N-Triples, leaving out each record that `fault` is told of."""


@dataclass(frozen=True)
class Plan:
    """A source to be loaded: its name, its title, the files it is read from, and its parts.

    `about` is what the manifest of a release says of it beside: its licence, its DOI. `basis` tells what else its
    triples depend on: a load that was begun on another one is not gone on with. `expected` are IRIs that somebody spoke
    of: it is told which of them the source says nothing of.
    """

    name: str
    title: str
    files: Sequence[Path]
    parts: Sequence[Part]
    about: Mapping[str, Any] = field(default_factory=dict)
    basis: str = ""
    expected: Collection[str] = ()

    @property
    def graph(self) -> str:
        """The IRI of the graph that the source becomes."""
        return GRAPH + self.name
