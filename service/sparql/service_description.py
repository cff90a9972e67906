"""Describes the SPARQL service in RDF (SPARQL 1.1 Service Description): features, formats, graphs and their sizes."""

from collections.abc import Iterator

import pyoxigraph as ox

from ontology.graphs import as_graph, canonical
from ontology.iris import PREFIXES, RDF, XSD
from service.engine.engine import Answer
from service.http.exchange import Reply
from service.resources import Resources
from service.sparql.negotiation import GRAPHS, SOLUTIONS, choose, content_type
from service.store.dataset import View
from service.store.evaluation import Query
from service.store.html import HTML
from service.store.uploads import UPLOADS
from service.tables import Table

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = PREFIXES["void"]
_FORMATS = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
    "application/trig": "TriG",
    "application/n-quads": "N-Quads",
}
# The endpoint is where the client found it, which a relative reference says without knowing any host; N-Triples and
# N-Quads have none, and leave it out.
_HERE = "urn:districtgraph:here"
_HERE_IN = {
    "text/turtle": (f"<{_HERE}>".encode(), b"<>"),
    "application/trig": (f"<{_HERE}>".encode(), b"<>"),
    "application/rdf+xml": (f'rdf:resource="{_HERE}"'.encode(), b'rdf:resource=""'),
    "application/ld+json": (f'"{_HERE}"'.encode(), b'""'),
}
_COUNTS = """SELECT ?graph ?triples {
    { SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph }
    UNION { SELECT (COUNT(*) AS ?triples) { ?s ?p ?o } }
}"""


async def describe(accept: str, view: View, resources: Resources) -> Reply:
    """Return the description of the service as who sees this much of it may have it. Raises ServiceError."""
    offered = tuple(media_type for media_type, sent in GRAPHS.items() if media_type == sent and media_type != HTML)
    media_type = choose(accept, offered)
    version = resources.engine.version or await resources.engine.loaded()
    if (known := resources.cache.get(("description", version, view, media_type))) is not None:
        return known
    answer = await graph_counts(view, resources)
    settings = resources.settings
    endpoint = _HERE if media_type in _HERE_IN else None
    triples = canonical(_description(answer.content, settings.default_graph == "union", endpoint))
    if media_type == "text/turtle":
        graph = as_graph(triples)
        graph.bind("sd", _SD)
        content = graph.serialize(format="turtle", encoding="utf-8").replace(*_HERE_IN[media_type])
    else:
        format_ = ox.RdfFormat.from_media_type(media_type)
        serialized = ox.serialize(triples, format=format_, prefixes=PREFIXES | {"sd": _SD})
        assert serialized is not None
        content = serialized.replace(*_HERE_IN[media_type]) if media_type in _HERE_IN else serialized
    reply = Reply(200, [("content-type", content_type(media_type)), ("vary", "Accept, Authorization")], content)
    resources.cache.put(("description", answer.version, view, media_type), reply)
    return reply


async def graph_counts(view: View, resources: Resources) -> Answer[dict[str, int]]:
    """Return the number of triples of each graph that `view` leaves, "" for the default graph. Raises ServiceError."""
    answer = await resources.engine.answer(Query(_COUNTS, "application/sparql-results+json", as_set=True), view)
    rows = Table.parse(answer.content).rows
    graphs = {row["graph"]["value"] if "graph" in row else "": int(row["triples"]["value"]) for row in rows}
    return Answer(graphs, answer.release, answer.version, answer.seconds)


def _description(graphs: dict[str, int], is_union: bool, endpoint: str | None) -> Iterator[ox.Triple]:
    """Yield the description; `graphs` has the number of triples of each graph, "" for the default graph."""
    service, dataset, default = ox.BlankNode("service"), ox.BlankNode("dataset"), ox.BlankNode("default")
    yield _says(service, RDF + "type", _SD + "Service")
    if endpoint:
        yield _says(service, _SD + "endpoint", endpoint)
    for language in ("SPARQL11Query", "SPARQL11Update"):
        yield _says(service, _SD + "supportedLanguage", _SD + language)
    for feature in ("EmptyGraphs", *(["UnionDefaultGraph"] if is_union else [])):
        yield _says(service, _SD + "feature", _SD + feature)
    for media_type in sorted({*SOLUTIONS.values(), *GRAPHS.values()}):
        if media_type in _FORMATS:
            yield _says(service, _SD + "resultFormat", f"http://www.w3.org/ns/formats/{_FORMATS[media_type]}")
    for media_type in UPLOADS:
        yield _says(service, _SD + "inputFormat", f"http://www.w3.org/ns/formats/{_FORMATS[media_type]}")
    yield _says(service, _SD + "defaultDataset", dataset)
    yield _says(dataset, RDF + "type", _SD + "Dataset")
    yield _says(dataset, _SD + "defaultGraph", default)
    yield _says(default, RDF + "type", _SD + "Graph")
    yield _has(default, graphs.pop(""))
    for number, (graph, triples) in enumerate(sorted(graphs.items())):
        named, content = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        yield _says(dataset, _SD + "namedGraph", named)
        yield _says(named, RDF + "type", _SD + "NamedGraph")
        yield _says(named, _SD + "name", graph)
        yield _says(named, _SD + "graph", content)
        yield _says(content, RDF + "type", _SD + "Graph")
        yield _has(content, triples)


def _has(graph: ox.BlankNode, triples: int) -> ox.Triple:
    return _says(graph, _VOID + "triples", ox.Literal(str(triples), datatype=ox.NamedNode(XSD + "integer")))


def _says(subject: ox.BlankNode, predicate: str, value: str | ox.BlankNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value) if isinstance(value, str) else value)
