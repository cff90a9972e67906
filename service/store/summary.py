"""Sums up a graph, in a worker: how many triples it has, what it is called after, of which classes its things are."""

import json
from dataclasses import dataclass

import pyoxigraph as ox

from loaders.graphs import ONTOLOGY
from ontology.iris import BASE, GRAPH, PREFIXES, RDF, TERM, THING
from service.errors import UnknownGraphError
from service.store.dataset import Dataset
from service.store.evaluation import Query

_JSON = "application/sparql-results+json"
_MOST_CLASSES = 12
_TRIPLES = "SELECT (COUNT(*) AS ?triples) WHERE { GRAPH %(graph)s { ?s ?p ?o } }"
_ABOUT = f"""SELECT ?label ?title ?doi WHERE {{ GRAPH %(graph)s {{
    VALUES ?thing {{ %(things)s }}
    ?thing <{PREFIXES["rdfs"]}label>|<{PREFIXES["dcterms"]}title> ?label
    OPTIONAL {{ ?thing <{TERM}title> ?title }} OPTIONAL {{ ?thing <{TERM}doi> ?doi }}
    FILTER(LANG(?label) IN ("", "en")) }} }} ORDER BY ?label LIMIT 1"""
_CLASSES = f"""SELECT ?class ?label ?things WHERE {{
    {{ SELECT ?class (COUNT(?thing) AS ?things) WHERE {{
         GRAPH %(graph)s {{ ?thing <{RDF}type> ?class }} FILTER(isIRI(?class)) }}
       GROUP BY ?class ORDER BY DESC(?things) ?class LIMIT {_MOST_CLASSES} }}
    OPTIONAL {{ GRAPH {ONTOLOGY} {{ ?class <{PREFIXES["rdfs"]}label> ?label FILTER(LANG(?label) = "en") }} }}
}} ORDER BY DESC(?things) ?class"""


@dataclass(frozen=True)
class KindOfThing:
    """A class, its label ("" where it has none), and how many things of it there are."""

    iri: str
    label: str
    things: int


@dataclass(frozen=True)
class Summary:
    """What a graph is: its triples, the label, the title and the DOI of what it is called after, its largest classes.

    The texts are "" where there are none.
    """

    triples: int
    label: str
    title: str
    doi: str
    kinds: tuple[KindOfThing, ...]


@dataclass(frozen=True)
class Summarising:
    """The graph to sum up, by its IRI."""

    graph: str

    def run(self, dataset: Dataset, max_bytes: int) -> Summary:
        """Return the summary. Raises UnknownGraphError or EngineError."""
        graph = ox.NamedNode(self.graph)
        if not dataset.has_graph(graph):
            raise UnknownGraphError(f"there is no graph {graph}")
        name = self.graph.removeprefix(GRAPH)
        things = " ".join(str(ox.NamedNode(namespace + name)) for namespace in (THING, BASE))

        def rows(query: str) -> list[dict[str, str]]:
            content = Query(query % {"graph": graph, "things": things}, _JSON).run(dataset, max_bytes)
            bindings = json.loads(content)["results"]["bindings"]
            return [{variable: term["value"] for variable, term in row.items()} for row in bindings]

        (counted,) = rows(_TRIPLES)
        about = next(iter(rows(_ABOUT)), {})
        kinds = (KindOfThing(row["class"], row.get("label", ""), int(row["things"])) for row in rows(_CLASSES))
        label, title, doi = (about.get(each, "") for each in ("label", "title", "doi"))
        return Summary(int(counted["triples"]), label, title, doi, tuple(kinds))
