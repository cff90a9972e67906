"""Reads the values of a shape's parameters, as SPARQL writes them, and says of a wrong one what must stand there."""

import re

import pyoxigraph as ox

from ontology.errors import OntologyFileError
from ontology.iris import RDF, SH
from ontology.shapes_graph import Node, ShapesGraph

# So many values are told apart in pairs, one variable each.
MAX_COUNT = 5

_LANGUAGE_RANGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class Parameters:
    """The parameters of the shapes of a graph. Raises OntologyFileError, with file and line, for a wrong value."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph

    def path(self, shape: Node) -> str | None:
        """Return the path of a property shape in SPARQL, or None for a node shape."""
        path = self._graph.value(shape, SH + "path")
        return None if path is None else self._path(shape, path)

    def path_beside(self, shape: Node, name: str) -> str:
        """Return the path of `shape`, which its parameter `name` needs."""
        path = self.path(shape)
        if path is None:
            raise self._graph.fault(shape, SH + name, f"sh:{name} needs a sh:path beside it")
        return path

    def is_active(self, shape: Node) -> bool:
        """Tell whether `shape` is not deactivated."""
        return not self.is_true(shape, self._graph.value(shape, SH + "deactivated") or ox.Literal(False))

    def is_true(self, shape: Node, value: Node) -> bool:
        """Tell whether `value` is true, and not false."""
        text = getattr(value, "value", "")
        if text not in ("true", "false"):
            raise self._fault(shape, value, f"{value} must be true or false")
        return bool(text == "true")

    def iri(self, shape: Node, value: Node) -> ox.NamedNode:
        """Return `value`, which must be an IRI."""
        if not isinstance(value, ox.NamedNode):
            raise self._fault(shape, value, f"{value} must be an IRI")
        return value

    def literal(self, shape: Node, value: Node) -> ox.Literal:
        """Return `value`, which must be a literal."""
        if not isinstance(value, ox.Literal):
            raise self._fault(shape, value, f"{value} must be a text or a number")
        return value

    def integer(self, shape: Node, name: str, value: Node) -> int:
        """Return the number that the parameter `name` of `shape` gives."""
        text = getattr(value, "value", "")
        limit = MAX_COUNT if name.endswith("Count") else 10_000
        if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > limit:
            raise self._graph.fault(shape, SH + name, f"sh:{name} must be a whole number from 0 to {limit}")
        return int(text)

    def regex(self, shape: Node, pattern: Node, text: str) -> str:
        """Return whether `text` matches `pattern`, with the flags of `shape`."""
        flags = self._graph.value(shape, SH + "flags") or ox.Literal("")
        arguments = f"{self.literal(shape, pattern)}, {self.literal(shape, flags)}"
        solutions = ox.Store().query(f'SELECT (REGEX("", {arguments}) AS ?matches) {{}}')
        assert isinstance(solutions, ox.QuerySolutions)
        if next(solutions)["matches"] is None:
            raise self._graph.fault(shape, SH + "pattern", f"{pattern} is no regular expression of SPARQL")
        return f"REGEX({text}, {arguments})"

    def languages(self, shape: Node, value: Node) -> str:
        """Return a regular expression for the tags that a list of language ranges matches, as langMatches does."""
        ranges = [self.literal(shape, item).value for item in self._graph.items(shape, value)]
        if wrong := [text for text in ranges if not _LANGUAGE_RANGE.fullmatch(text)]:
            raise self._graph.fault(shape, SH + "languageIn", f"{wrong[0]!r} is no language tag")
        return f"^({'|'.join(ranges)})(-|$)"

    def _path(self, shape: Node, path: Node) -> str:
        """Return a property path, https://www.w3.org/TR/shacl/#property-paths, in SPARQL."""
        if isinstance(path, ox.NamedNode):
            return str(path)
        properties = self._graph.properties(path)
        if RDF + "first" in properties:
            return f"({'/'.join(self._path(shape, item) for item in self._graph.items(shape, path))})"
        for property_, (value, *_) in properties.items():
            name = property_.removeprefix(SH)
            if name == "alternativePath":
                return f"({'|'.join(self._path(shape, item) for item in self._graph.items(shape, value))})"
            if name == "inversePath":
                return f"(^{self._path(shape, value)})"
        message = "sh:path must be a property, a list of them, sh:inversePath or sh:alternativePath"
        raise self._graph.fault(shape, SH + "path", message)

    def _fault(self, shape: Node, value: Node, message: str) -> OntologyFileError:
        return self._graph.fault(shape, getattr(value, "value", None), message)
