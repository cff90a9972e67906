"""Writes solutions in Turtle, in the vocabulary of result sets that the tests of SPARQL have (rs:ResultSet).

A row that is a graph of its own would need a property for each column, which a question does not name.
"""

from collections.abc import Iterator

import pyoxigraph as ox

from ontology.iris import RDF, XSD

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_INTEGER = ox.NamedNode(f"{XSD}integer")
_TYPE = ox.NamedNode(f"{RDF}type")


def result_set(solutions: ox.QuerySolutions) -> bytes:
    """Return the solutions as a result set in Turtle, each with its place."""
    # One prefix alone: the library writes several in an order of chance.
    content = ox.serialize(_triples(solutions), format=ox.RdfFormat.TURTLE, prefixes={"rs": _RS})
    assert content is not None
    return content


def _triples(solutions: ox.QuerySolutions) -> Iterator[ox.Triple]:
    whole = ox.BlankNode("set")
    yield ox.Triple(whole, _TYPE, _term("ResultSet"))
    for variable in solutions.variables:
        yield ox.Triple(whole, _term("resultVariable"), ox.Literal(variable.value))
    for place, solution in enumerate(solutions, 1):
        row = ox.BlankNode(f"row{place}")
        yield ox.Triple(whole, _term("solution"), row)
        yield ox.Triple(row, _term("index"), ox.Literal(str(place), datatype=_INTEGER))
        for number, variable in enumerate(solutions.variables):
            if (value := solution[variable]) is not None:
                cell = ox.BlankNode(f"row{place}cell{number}")
                yield ox.Triple(row, _term("binding"), cell)
                yield ox.Triple(cell, _term("variable"), ox.Literal(variable.value))
                yield ox.Triple(cell, _term("value"), value)


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(_RS + name)
