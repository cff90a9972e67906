"""Asks the engine how it reads queries, in a process of its own that can neither dial out nor take much.

    python tests/engine_alone.py

answers each line, `["query" | "update", TEXT]` in JSON, with a line: the form of the answer, `update`, `no SPARQL`, or
`an error`.
"""

import json
import re
import resource
import subprocess
import sys

import pyoxigraph as ox

FORMS = {ox.QuerySolutions: "solutions", ox.QueryBoolean: "boolean", ox.QueryTriples: "triples"}


def read(kind: str, text: str) -> str:
    """Return what the engine takes a text for."""
    store = ox.Store()
    store.add(ox.Quad(*[ox.NamedNode("http://example.org/")] * 3))
    try:
        if kind == "query":
            return FORMS[type(store.query(text, base_iri="http://example.org/"))]
        store.update(text, base_iri="http://example.org/")
        return "update"
    except SyntaxError:
        return "no SPARQL"
    except (ValueError, OSError, RuntimeError):
        return "an error"


class Engine:
    """The engine, in a process that is started anew when a text has ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(self, kind: str, text: str) -> str:
        if self._process is None:
            command = [sys.executable, __file__]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([kind, text]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer:
            self.end()
        return answer or "ended the engine"

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def parses(self, kind: str, text: str) -> bool:
        return self.read(kind, text) != "no SPARQL"

    def means(self, keyword: str, kind: str, text: str) -> bool:
        """Tell whether the engine reads `keyword` as one: with another word in its place the text is no SPARQL."""
        other = re.sub(keyword, lambda found: "X" * len(found[0]), text, flags=re.IGNORECASE)
        return self.parses(kind, text) and not self.parses(kind, other)


def main() -> None:
    """Answer line by line."""
    read("query", "ASK {}")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    for line in sys.stdin:
        print(read(*json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
