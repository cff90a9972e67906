"""The terms that a query names: those that rdflib's parser finds, and none out of strings and comments."""

import pytest
import rdflib
from rdflib.namespace import RDF
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from ontology.iris import TERM
from queries.named_query import load_queries, parse_query
from queries.terms import terms_named, types_of_parameters

TEXT = """#+ summary: a question
#+ parameters:
#+   x: {type: Firm, summary: one, example: e}
#+   n: {type: integer, summary: one, example: 1}
PREFIX ex: <http://example.org/>
SELECT ?x WHERE {
  ?x dg:broker/dg:place. ?x ex:a.b ?y . # dg:comment
  ?x <http://example.org/c#d> "dg:string" , 'it\\'s', '''dg:long "dg:quoted" ''' ; rdfs:label "a\\"dg:escaped"@en
  FILTER(?n < 5 && ?n>dg:price)
  VALUES ?x { UNDEF }
  VALUES ?n { UNDEF }
}
"""


def test_only_names_count() -> None:
    query = parse_query("question.rq", TEXT)
    labels = "http://www.w3.org/2000/01/rdf-schema#label"
    expected = {TERM + name for name in ("Firm", "broker", "place", "price")}
    expected |= {"http://example.org/a.b", "http://example.org/c#d", labels}
    assert {iri for iri in terms_named(query) if not iri.endswith(("#", "/"))} == expected
    assert types_of_parameters(query) == {"x": TERM + "Firm"}


@pytest.mark.slow
def test_the_named_queries_name_what_rdflib_finds_in_them() -> None:
    for query in load_queries().values():
        prologue, body = parseQuery(query.sparql({}))
        namespaces = {p.prefix or "": str(p.iri) for p in prologue}
        theirs = {iri for iri in names(body, namespaces) if iri != str(RDF.type)}
        others = {*namespaces.values(), *types_of_parameters(query).values()}
        assert theirs <= terms_named(query) <= theirs | others | {str(RDF.type)}, query.name


def names(node: object, namespaces: dict[str, str]) -> set[str]:
    if isinstance(node, CompValue) and node.name == "pname":
        return {namespaces[node.prefix or ""] + (node.localname or "")}
    if isinstance(node, rdflib.URIRef):
        return {str(node)}
    if isinstance(node, str) or not hasattr(node, "__iter__"):
        return set()
    inner = node.values() if isinstance(node, CompValue) else node
    return {iri for part in inner for iri in names(part, namespaces)}
