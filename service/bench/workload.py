"""The queries of a measurement: a template each, with one parameter that changes from request to request."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import count
from string import Template
from urllib.parse import quote

from service.bench.graph import SyntheticGraph

_PARAMETERS: dict[str, tuple[str, Callable[[SyntheticGraph], list[str]]]] = {
    "point": ("actor", lambda graph: graph.actors),
    "join": ("district", lambda graph: graph.districts),
    "aggregation": ("technology", lambda graph: graph.technologies),
    "brokerage": ("region", lambda graph: graph.regions),
    "text": ("word", lambda graph: [f'"{word}"' for word in graph.words]),
    # Not the first, below which are all, and none without a narrower one.
    "path": ("technology", lambda graph: graph.technologies[1 : min(85, len(graph.technologies) // 4)]),
    "large": ("actor", lambda graph: graph.actors),
}
QUERIES = tuple(_PARAMETERS)


@dataclass(frozen=True)
class Question:
    """A query with a parameter, and the RDF terms that this takes, in an order of chance."""

    name: str
    parameter: str
    text: str
    values: tuple[str, ...]

    def asked(self, number: int) -> str:
        """Return the query with the value of that number; the values come round again."""
        return Template(self.text).substitute({self.parameter: self._value(number)})

    def repeated(self, most: int) -> list[str]:
        """Return the query strings of at most `most` different queries, to be asked again and again."""
        return [f"query={quote(self.asked(number))}" for number in range(min(most, len(self.values)))]

    def never_twice(self, first: int = 0) -> Iterator[str]:
        """Yield query strings without end, each of another text: where values come round, a comment differs."""
        start = Template(quote(self.text, safe="$"))
        for number in count(first):
            encoded = start.substitute({self.parameter: quote(self._value(number))})
            yield f"query={encoded}%23%20{number}"

    def _value(self, number: int) -> str:
        return self.values[number % len(self.values)]


def questions(graph: SyntheticGraph, names: tuple[str, ...] = QUERIES) -> list[Question]:
    """Return the questions of these names about `graph`."""
    found = []
    for name in names:
        parameter, values_of = _PARAMETERS[name]
        values = sorted(values_of(graph))
        random.Random(name).shuffle(values)
        found.append(Question(name, parameter, _template(name), tuple(values)))
    return found


def _template(name: str) -> str:
    """Return the text of a query without its comments, which are for readers."""
    text = (resources.files("service.bench") / "queries" / f"{name}.rq").read_text("utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
