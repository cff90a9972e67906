"""Compiles what a SHACL shape asks of a node into SPARQL.

Variables that a method is given are bound where its text will stand; for the rest it makes new ones. The names of
components, and what they mean, are those of https://www.w3.org/TR/shacl/#core-components.
"""

from dataclasses import dataclass
from itertools import combinations, count

import pyoxigraph as ox

from ontology.iris import RDF, RDFS, SH, XSD, compress
from ontology.nearest import did_you_mean
from ontology.shape_parameters import Parameters
from ontology.shapes_graph import Node, ShapesGraph

_COMPARISONS = {"minInclusive": ">=", "maxInclusive": "<=", "minExclusive": ">", "maxExclusive": "<"}
_LENGTHS = {"minLength": ">=", "maxLength": "<="}
_LOGIC = {"not", "and", "or", "xone", "node"}
_OF_A_VALUE = {"class", "datatype", "nodeKind", "pattern", "languageIn", "in", *_COMPARISONS, *_LENGTHS, *_LOGIC}
_OF_A_PAIR = {"equals", "disjoint", "lessThan", "lessThanOrEquals"}
_OF_A_SET = {"minCount", "maxCount", "uniqueLang", "hasValue", "qualifiedMinCount", "qualifiedMaxCount"}
_REPEATABLE = {"class", "hasValue", *_LOGIC, *_OF_A_PAIR}
_BESIDE = {
    *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "path", "property", "sparql", "message"),
    *("severity", "deactivated", "name", "description", "order", "group", "flags", "qualifiedValueShape"),
}
_NODE_KINDS = {
    "IRI": ("isIRI",),
    "BlankNode": ("isBlank",),
    "Literal": ("isLiteral",),
    "BlankNodeOrIRI": ("isBlank", "isIRI"),
    "BlankNodeOrLiteral": ("isBlank", "isLiteral"),
    "IRIOrLiteral": ("isIRI", "isLiteral"),
}
_CASTS = {XSD + name for name in ("boolean", "integer", "decimal", "double", "float", "date", "dateTime")}
_DATATYPES = {*_CASTS, XSD + "string", XSD + "anyURI", RDF + "langString"}


@dataclass(frozen=True)
class Component:
    """One constraint of a shape: its name as SHACL has it, such as `minCount`, and its value."""

    name: str
    value: Node

    @property
    def iri(self) -> str:
        """The IRI of the constraint component, such as `sh:MinCountConstraintComponent`."""
        return f"{SH}{self.name[0].upper()}{self.name[1:]}ConstraintComponent"


class Compiler:
    """Compiles the shapes of a graph. Raises OntologyFileError, with file and line, for what it does not know."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._parameters = Parameters(graph)
        self._numbers = count()
        self._open: list[Node] = []

    def components(self, shape: Node) -> list[Component]:
        """Return the constraints of `shape` itself, without those of its `sh:property`."""
        known = _OF_A_VALUE | _OF_A_PAIR | _OF_A_SET
        found = []
        for property_, values in self._graph.properties(shape).items():
            name = property_.removeprefix(SH)
            if property_ == RDF + "type":
                if others := {value.value for value in values} - {SH + "NodeShape", SH + "PropertyShape"}:
                    message = "a shape is a sh:NodeShape or a sh:PropertyShape, and nothing else"
                    raise self._graph.fault(shape, others.pop(), message)
            elif property_ == SH + name and name in known:
                if name not in _REPEATABLE:
                    self._graph.value(shape, property_)
                found += [Component(name, value) for value in values]
            elif property_ != SH + name or name not in _BESIDE:
                near = did_you_mean(name, sorted(known | _BESIDE))
                raise self._graph.fault(shape, property_, f"{compress(property_)} is not known in a shape{near}")
        return found

    def values(self, shape: Node, focus: str) -> tuple[str, str]:
        """Return a pattern that binds the value nodes of `shape`, and their variable: of a node shape, the focus."""
        path = self._parameters.path(shape)
        if path is None:
            return "", focus
        value = self._variable()
        return f"{focus} {path} {value} .", value

    def failure(self, shape: Node, component: Component, focus: str) -> tuple[str, str | None]:
        """Return a pattern with a solution for each way in which `focus` breaks it, and the variable of the value."""
        if component.name in _OF_A_SET:
            return f"FILTER(!{self._holds_of_set(shape, component, focus)})", None
        if component.name in _OF_A_PAIR:
            return self._pair_failure(shape, component, focus)
        pattern, value = self.values(shape, focus)
        return f"{pattern} FILTER(!{self._holds(shape, component, value)})", value

    def _conforms(self, within: Node, shape: Node, focus: str) -> str:
        """Return an expression for whether `focus` meets all that `shape` asks, which `within` refers to."""
        if not self._graph.properties(shape):
            raise self._graph.fault(
                within, getattr(shape, "value", None), f"there is no shape {compress(str(shape)[1:-1])}"
            )
        if shape in (*self._open, within):
            raise self._graph.fault(within, None, "the shape refers to itself, which has no defined meaning")
        if self._graph.values(shape, SH + "sparql"):
            raise self._graph.fault(
                shape, SH + "sparql", "sh:sparql is for shapes with a target, not for those within others"
            )
        self._open.append(within)
        found = []
        for component in self.components(shape):
            if component.name in _OF_A_SET:
                found.append(self._holds_of_set(shape, component, focus))
            elif component.name in _OF_A_VALUE and self._parameters.path(shape) is None:
                found.append(self._holds(shape, component, focus))
            else:
                found.append(f"NOT EXISTS {{ {self.failure(shape, component, focus)[0]} }}")
        for nested in self._graph.values(shape, SH + "property"):
            self._parameters.path_beside(nested, "property")
            pattern, value = self.values(shape, focus)
            holds = self._conforms(shape, nested, value)
            found.append(f"NOT EXISTS {{ {pattern} FILTER(!{holds}) }}" if pattern else holds)
        self._open.pop()
        return f"({' && '.join(found)})" if found and self._parameters.is_active(shape) else "true"

    def _holds(self, shape: Node, component: Component, value: str) -> str:
        """Return an expression for whether a single value node meets the component; it never errs."""
        name, wanted, read = component.name, component.value, self._parameters
        if name in _LOGIC:
            return self._logic(shape, component, value)
        if name in _COMPARISONS:
            return f"COALESCE({value} {_COMPARISONS[name]} {read.literal(shape, wanted)}, false)"
        if name in _LENGTHS:
            length = read.integer(shape, name, wanted)
            return f"(!isBlank({value}) && COALESCE(STRLEN(STR({value})) {_LENGTHS[name]} {length}, false))"
        if name == "pattern":
            return f"(!isBlank({value}) && COALESCE({read.regex(shape, wanted, f'STR({value})')}, false))"
        if name == "class":
            return f"(EXISTS {{ {value} a/<{RDFS}subClassOf>* {read.iri(shape, wanted)} }})"
        if name == "datatype":
            return self._has_datatype(shape, read.iri(shape, wanted), value)
        if name == "nodeKind":
            kinds = _NODE_KINDS.get(read.iri(shape, wanted).value.removeprefix(SH))
            if kinds is None:
                raise self._graph.fault(
                    shape, SH + name, f"{wanted} is no kind of node, but {', '.join(_NODE_KINDS)} are"
                )
            return f"({' || '.join(f'{kind}({value})' for kind in kinds)})"
        if name == "languageIn":
            return f'COALESCE(REGEX(LANG({value}), "{read.languages(shape, wanted)}", "i"), false)'
        tests = [f"sameTerm({value}, {item})" for item in self._graph.items(shape, wanted)]
        return f"({' || '.join(tests) or 'false'})"

    def _logic(self, shape: Node, component: Component, value: str) -> str:
        name, wanted = component.name, component.value
        shapes = [wanted] if name in ("not", "node") else self._graph.items(shape, wanted)
        holds = [self._conforms(shape, each, value) for each in shapes]
        if name == "not":
            return f"(!{holds[0]})"
        if name == "xone":
            return f"({' + '.join(f'IF({each}, 1, 0)' for each in holds)} = 1)"
        return f"({(' || ' if name == 'or' else ' && ').join(holds)})"

    def _has_datatype(self, shape: Node, datatype: ox.NamedNode, value: str) -> str:
        if datatype.value not in _DATATYPES:
            raise self._graph.fault(
                shape, datatype.value, f"{compress(datatype.value)} is no datatype that is known in a shape"
            )
        test = f"isLiteral({value}) && DATATYPE({value}) = {datatype}"
        if datatype.value in _CASTS:
            test += f" && COALESCE(isLiteral({datatype}(STR({value}))), false)"
        return f"({test})"

    def _holds_of_set(self, shape: Node, component: Component, focus: str) -> str:
        """Return an expression for whether the value nodes together meet the component."""
        name, wanted, read = component.name, component.value, self._parameters
        if name == "hasValue" and read.path(shape) is None:
            return f"sameTerm({focus}, {wanted})"
        path = read.path_beside(shape, name)
        if name == "hasValue":
            return f"(EXISTS {{ {focus} {path} {wanted} }})"
        if name == "uniqueLang":
            one, other = self._variable(), self._variable()
            test = f'!sameTerm({one}, {other}) && LANG({one}) != "" && LCASE(LANG({one})) = LCASE(LANG({other}))'
            twice = f"(NOT EXISTS {{ {focus} {path} {one} , {other} . FILTER({test}) }})"
            return twice if read.is_true(shape, wanted) else "true"
        is_least = name in ("minCount", "qualifiedMinCount")
        number = read.integer(shape, name, wanted) + (not is_least)
        values = [self._variable() for _ in range(number)]
        tests = [f"!sameTerm({one}, {other})" for one, other in combinations(values, 2)]
        if name.startswith("qualified"):
            qualified = self._graph.value(shape, SH + "qualifiedValueShape")
            if qualified is None:
                raise self._graph.fault(shape, SH + name, f"sh:{name} needs a sh:qualifiedValueShape beside it")
            tests += [self._conforms(shape, qualified, value) for value in values]
        so_many = " ".join(f"{focus} {path} {value} ." for value in values)
        so_many += f" FILTER({' && '.join(tests)})" if tests else ""
        return f"({'' if is_least else 'NOT '}EXISTS {{ {so_many} }})"

    def _pair_failure(self, shape: Node, component: Component, focus: str) -> tuple[str, str]:
        """Return how the values of the path break what it asks of those of another property."""
        path = self._parameters.path_beside(shape, component.name)
        property_ = self._parameters.iri(shape, component.value)
        value, other = self._variable(), self._variable()
        has, other_has = f"{focus} {path} {value} .", f"{focus} {property_} {value} ."
        if component.name == "disjoint":
            return f"{has} {other_has}", value
        if component.name == "equals":
            one = f"{has} FILTER NOT EXISTS {{ {other_has} }}"
            return f"{{ {one} }} UNION {{ {other_has} FILTER NOT EXISTS {{ {has} }} }}", value
        sign = "<" if component.name == "lessThan" else "<="
        return f"{has} {focus} {property_} {other} . FILTER(!COALESCE({value} {sign} {other}, false))", value

    def _variable(self) -> str:
        return f"?v{next(self._numbers)}"
