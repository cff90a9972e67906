"""Reads the SHACL shapes of the ontology into constraints: each a query for what breaks it, and words for a curator.

The part of SHACL that is known is what `constraint_components.py` compiles, targets, property paths and SPARQL-based
constraints; anything else in a shapes file is an error, and never passed over.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from ontology.constraint_components import Compiler, Component
from ontology.findings import Severity
from ontology.iris import RDF, RDFS, SH
from ontology.shape_parameters import Parameters
from ontology.shapes_graph import Node, ShapesGraph, read_shapes_files

# Where a query may be told which focus nodes to look at; no SPARQL has this character.
_HERE = "\0"
_TARGETS = {
    SH + "targetClass": _HERE + "?class <{rdfs}subClassOf>* {value} . ?this a ?class .",
    SH + "targetNode": _HERE + "VALUES ?this {{ {value} }}",
    SH + "targetSubjectsOf": "{{ SELECT DISTINCT ?this WHERE {{ " + _HERE + "?this {value} ?any }} }}",
    SH + "targetObjectsOf": "{{ SELECT DISTINCT ?this WHERE {{ " + _HERE + "?any {value} ?this }} }}",
}
_SEVERITIES = {"Violation": Severity.ERROR, "Warning": Severity.WARNING, "Info": Severity.NOTE}
PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>\s]*>|#[^\n]*')
_ELSEWHERE = re.compile(r"\b(GRAPH|FROM|SERVICE)\b", re.IGNORECASE)
_SELECT = re.compile(r"\s*SELECT\s+(?:DISTINCT\s+)?((?:[?$]\w+\s+)+)WHERE\s*\{", re.IGNORECASE)


@dataclass(frozen=True)
class Constraint:
    """One thing that a shape asks of its focus nodes.

    `component` is the IRI of the constraint component, `path` the path of the property shape as SPARQL has it.
    """

    file: str
    line: int
    shape: str
    component: str
    path: str | None
    severity: Severity
    message: str
    template: str

    @property
    def query(self) -> str:
        """The SELECT for what breaks it.

        Its variables: `?focus` the focus node, `?value` the value at fault and `?path` the property where there is
        one, and what else `message` names as `{?name}`.
        """
        return self.template.replace(_HERE, "")

    def query_about(self, nodes: Iterable[ox.NamedNode | ox.BlankNode | ox.Literal]) -> str:
        """Return the same for some focus nodes alone, none of them blank."""
        return self.template.replace(_HERE, f"VALUES ?this {{ {' '.join(map(str, nodes))} }} ")


def read_constraints(directory: Traversable | None = None) -> list[Constraint]:
    """Read every file of the folder `shapes` of the ontology in `directory`, by default the packaged one.

    Raises OntologyFileError, with file and line, for what is no Turtle or no shape that is known here.
    """
    graph = ShapesGraph(list(read_shapes_files(directory)))
    constraints = [constraint for node in graph.subjects() for constraint in _Reader(graph).constraints(node)]
    if (unused := graph.unused()) is not None:
        raise graph.fault(unused, None, "nothing uses this; give it a target (sh:targetClass …), or remove it")
    return constraints


class _Reader:
    """Reads the constraints of the shapes of a graph that have a target."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._compiler = Compiler(graph)
        self._parameters = Parameters(graph)

    def constraints(self, shape: Node) -> list[Constraint]:
        """Return the constraints of `shape`, and of the property shapes in it, where it has a target."""
        targets = list(self._targets(shape))
        return self._of_shape(shape, targets, "?this", ()) if targets else []

    def _targets(self, shape: Node) -> Iterator[str]:
        for property_, pattern in _TARGETS.items():
            if self._graph.says(shape, property_):
                for value in self._graph.values(shape, property_):
                    yield pattern.format(rdfs=RDFS, value=self._parameters.iri(shape, value))

    def _of_shape(self, shape: Node, starts: list[str], focus: str, within: tuple[Node, ...]) -> list[Constraint]:
        """Return the constraints of `shape` for the `focus` that each pattern of `starts` binds."""
        if shape in within:
            raise self._graph.fault(shape, None, "the shape refers to itself, which has no defined meaning")
        found = [self._of_component(shape, each, starts, focus) for each in self._compiler.components(shape)]
        found += [self._sparql(shape, each, starts, focus) for each in self._graph.values(shape, SH + "sparql")]
        for nested in self._graph.values(shape, SH + "property"):
            self._parameters.path_beside(nested, "property")
            pattern, value = self._compiler.values(shape, focus)
            found += self._of_shape(nested, [f"{start} {pattern}" for start in starts], value, (*within, shape))
        return found if self._parameters.is_active(shape) else []

    def _of_component(self, shape: Node, component: Component, starts: list[str], focus: str) -> Constraint:
        pattern, value = self._compiler.failure(shape, component, focus)
        broken = " UNION ".join(f"{{ {start} {pattern} }}" for start in starts)
        found = f"({focus} AS ?focus)" + (f" ({value} AS ?value)" if value else "")
        return self._constraint(shape, component.iri, f"SELECT DISTINCT {found} WHERE {{ {broken} }}", shape, ())

    def _sparql(self, shape: Node, node: Node, starts: list[str], focus: str) -> Constraint:
        """Return a SPARQL-based constraint, https://www.w3.org/TR/shacl/#sparql-constraints."""
        if focus != "?this" or self._parameters.path(shape) is not None:
            raise self._graph.fault(shape, SH + "sparql", "sh:sparql is for node shapes with a target")
        for property_ in self._graph.properties(node):
            if property_ not in (SH + "select", SH + "prefixes", SH + "message", RDF + "type"):
                raise self._graph.fault(node, property_, f"<{property_}> is not known in a sh:sparql")
        select = getattr(self._graph.value(node, SH + "select"), "value", "")
        head = _SELECT.match(select)
        if elsewhere := _ELSEWHERE.search(_TEXT.sub(" ", select)):
            message = f"{elsewhere[0]} is not for a sh:select, which is asked of all graphs merged; leave it out"
            raise self._graph.fault(node, SH + "select", message)
        variables = [f"?{name[1:]}" for name in head[1].split()] if head else []
        if head is None or "?this" not in variables:
            raise self._graph.fault(node, SH + "select", "sh:select must read SELECT $this … WHERE { … }")
        others = " ".join(variable for variable in variables if variable != "?this")
        others += "" if "?value" in variables else " (?this AS ?value)"
        targets = " UNION ".join(f"{{ {start} }}" for start in starts)
        query = (
            f"{self._prefixes(node)}SELECT DISTINCT (?this AS ?focus) {others} WHERE {{ "
            f"{{ SELECT DISTINCT ?this WHERE {{ {targets} }} }} {_HERE} {select[head.end() :]}"
        )
        try:
            ox.Store().query(query.replace(_HERE, ""))
        except SyntaxError as error:
            raise self._graph.fault(node, SH + "select", f"not SPARQL ({error.msg})") from error
        own_words = node if self._graph.values(node, SH + "message") else shape
        return self._constraint(shape, SH + "SPARQLConstraintComponent", query, own_words, variables)

    def _prefixes(self, node: Node) -> str:
        found = ""
        for header in self._graph.values(node, SH + "prefixes"):
            for declared in self._graph.values(header, SH + "declare"):
                prefix, namespace = (self._graph.value(declared, SH + name) for name in ("prefix", "namespace"))
                found += f"PREFIX {getattr(prefix, 'value', '')}: <{getattr(namespace, 'value', '')}>\n"
        return found

    def _constraint(
        self, shape: Node, component: str, query: str, words: Node, variables: Collection[str]
    ) -> Constraint:
        """Return a constraint of `shape` with the message of the node `words`, which may name `variables`."""
        severity = self._graph.value(shape, SH + "severity")
        known = getattr(severity, "value", SH + "Violation").removeprefix(SH)
        if known not in _SEVERITIES:
            raise self._graph.fault(shape, SH + "severity", f"sh:severity must be one of {', '.join(_SEVERITIES)}")
        messages = self._graph.values(words, SH + "message")
        english = [m.value for m in messages if isinstance(m, ox.Literal) and m.language in (None, "en")]
        if not english:
            raise self._graph.fault(words, None, "needs a sh:message in English that tells a curator what to do")
        for name in PLACEHOLDER.findall(english[0]):
            if f"?{name}" not in variables:
                raise self._graph.fault(words, SH + "message", f"{{?{name}}} is no variable of its sh:select")
        file, line = self._graph.place(shape)
        path = self._parameters.path(shape)
        return Constraint(file, line, self._graph.name(shape), component, path, _SEVERITIES[known], english[0], query)
