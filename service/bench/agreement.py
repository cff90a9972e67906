"""Holds the answers of servers to the same queries against each other: rates of wrong answers are worth nothing."""

from dataclasses import dataclass, field
from typing import Any

from service.bench.cells import MOST_SECONDS_FOR_AN_ANSWER
from service.bench.solutions import Answer, ask, difference
from service.bench.workload import Question

_ASKED = 2


@dataclass
class Agreement:
    """The first server's answers to each query, how many solutions every server has, and where they differ."""

    _first: dict[str, tuple[str, list[Answer]]] = field(default_factory=dict)
    _solutions: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    _differences: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def hold(self, server: str, endpoint: str, question: Question) -> float:
        """Compare the server's answers with those of the first; return the seconds of one. Raises ServerError."""
        asked = question.repeated(_ASKED)
        answers = [ask(endpoint, query_string, MOST_SECONDS_FOR_AN_ANSWER) for query_string in asked]
        name = question.name
        self._solutions.setdefault(name, {})[server] = [answer.solutions.total() for answer in answers]
        first, expected = self._first.setdefault(name, (server, answers))
        differing = [line for pair in zip(expected, answers, strict=True) for line in difference(*pair)]
        if differing:
            told = [f"- only {first}, + only {server}", *differing]
            self._differences.setdefault(name, {})[server] = told
        return min(answer.seconds for answer in answers)

    def document(self) -> dict[str, Any]:
        """Return for each query the number of solutions by server, and whether all are the same."""
        return {
            name: {"agree": name not in self._differences, "solutions": counts}
            | ({"differences": self._differences[name]} if name in self._differences else {})
            for name, counts in self._solutions.items()
        }
