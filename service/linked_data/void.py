"""Tells machines where to begin, at /.well-known/void: the datasets of this service, by VoID and DCAT."""

import asyncio
from collections.abc import Collection, Iterator

import pyoxigraph as ox

from loaders.citation import title
from loaders.graphs import RELEASE as RELEASE_GRAPH
from ontology.iris import BASE, RELEASE, TERM, THING
from service.http.access import Client
from service.http.exchange import Reply, Request
from service.http.parameters import takes_none
from service.http.validators import RELEASE_HEADER
from service.linked_data.files import downloads
from service.linked_data.lookup import published
from service.linked_data.published import Published
from service.linked_data.release_description import REST, SPARQL, about, description, services
from service.linked_data.replies import SUFFIXES, described, negotiated
from service.linked_data.statements import english, integer, says, written
from service.problems import as_wanted, refusal
from service.questions import SOLUTIONS_JSON
from service.reader import Reader
from service.resources import Resources
from service.sparql.negotiation import GRAPHS
from service.sparql.service_description import graph_counts
from service.store.evaluation import Query
from service.tables import Table

PATH = "/.well-known/void"
_OFFERED = {accepted: sent for accepted, sent in GRAPHS.items() if sent in SUFFIXES.values()}
# What most sources speak of, and most often.
_EXAMPLES = f"""SELECT ?iri WHERE {{
    VALUES ?graph {{ %s }} GRAPH ?graph {{ ?fact <{TERM}factSubject> ?iri }}
    FILTER(STRSTARTS(STR(?iri), "{THING}"))
}} GROUP BY ?iri ORDER BY DESC(COUNT(DISTINCT ?graph)) DESC(COUNT(*)) ?iri LIMIT 3"""


async def well_known(request: Request, client: Client, resources: Resources) -> Reply:
    """Answer a request for the description of the service. Raises ServiceError or ReleaseError."""
    resources.access.require_reader(client)
    if request.path != PATH:
        return as_wanted(request.header("accept"), refusal(404, f"what is well known here is {PATH}"))
    takes_none(request)
    media_type = negotiated(request, _OFFERED)
    version = resources.engine.version or await resources.engine.loaded()
    key = ("void", version, client.view, media_type)
    if (known := resources.cache.get(key)) is None:
        known = await _made(media_type, client, resources.reader(request, client), resources)
        resources.cache.put(key, known)
    release = known.header(RELEASE_HEADER) or ""
    link = f'<{BASE}{PATH[1:]}>; rel="canonical"'
    return described(request, known.body, media_type, link, {RELEASE_HEADER: release})


async def _made(media_type: str, client: Client, reader: Reader, resources: Resources) -> Reply:
    counts = await graph_counts(client.view, resources)
    written_graphs = {graph: triples for graph, triples in counts.content.items() if graph}
    triples, release = list(services()), None
    if not resources.settings.empty:
        release = await published(counts.release, client.view, resources)
        for graph in (*release.graphs, RELEASE_GRAPH.value):
            written_graphs.pop(graph, None)
        files = await asyncio.to_thread(lambda: list(downloads(release, resources.digests)))
        graphs = " ".join(str(ox.NamedNode(graph)) for graph in release.graphs)
        examples = await _iris(reader, _EXAMPLES % graphs)
        triples += [*description(release, files), *_of_release(release, examples)]
    triples += _catalog(written_graphs, release)
    content = await asyncio.to_thread(written, triples, media_type)
    return Reply(200, [(RELEASE_HEADER, counts.release)], content)


def _of_release(release: Published, examples: Collection[str]) -> Iterator[ox.Triple]:
    iri = RELEASE + release.id
    yield says(BASE, "dcat:dataset", iri)
    yield says(BASE + PATH[1:], "foaf:primaryTopic", iri)
    for example in examples:
        yield says(iri, "void:exampleResource", example)


def _catalog(written_graphs: dict[str, int], release: Published | None) -> Iterator[ox.Triple]:
    """Yield what this service has beside a release: the catalog itself, and the graphs that were written."""
    yield says(BASE + PATH[1:], "rdf:type", "void:DatasetDescription")
    yield says(BASE, "rdf:type", "dcat:Catalog")
    yield says(BASE, "dcterms:title", english(title()))
    yield from about(BASE, release)
    for service in (SPARQL, REST):
        yield says(BASE, "dcat:service", service)
    for graph, triples in written_graphs.items():
        yield says(BASE, "dcat:dataset", graph)
        yield says(graph, "rdf:type", "void:Dataset")
        yield says(graph, "void:triples", integer(triples))
        yield says(graph, "void:sparqlEndpoint", SPARQL)


async def _iris(reader: Reader, query: str) -> list[str]:
    answer = await reader.answer(Query(query, SOLUTIONS_JSON))
    return [row["iri"]["value"] for row in Table.parse(answer.content).rows]
