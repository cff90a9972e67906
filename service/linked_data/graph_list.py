"""Answers at /graph: which graphs there are for who asks, as a page and as RDF."""

import asyncio
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from loaders.citation import records
from loaders.graphs import RELEASE as RELEASE_GRAPH
from loaders.graphs import origin_of
from ontology.iris import BASE, GRAPH, THING
from service.http.access import Client
from service.http.exchange import Reply, Request
from service.http.validators import RELEASE_HEADER
from service.linked_data.lookup import published
from service.linked_data.pages import rendered
from service.linked_data.published import Published
from service.linked_data.replies import SUFFIXES, described, links, negotiated
from service.linked_data.statements import english, integer, says, written
from service.resources import Resources
from service.sparql.negotiation import GRAPHS
from service.sparql.service_description import graph_counts
from service.store.html import HTML

_IRI = GRAPH.removesuffix("/")
_OFFERED = {accepted: sent for accepted, sent in GRAPHS.items() if sent in (*SUFFIXES.values(), HTML)}


async def graph_list(request: Request, client: Client, resources: Resources) -> Reply:
    """Answer a request for the list of graphs. Raises ServiceError or ReleaseError."""
    media_type = negotiated(request, _OFFERED)
    answer = await graph_counts(client.view, resources)
    counts = {graph: triples for graph, triples in sorted(answer.content.items()) if graph}
    release = None if resources.settings.empty else await published(answer.release, client.view, resources)
    content = await asyncio.to_thread(_content, request.path, counts, release, media_type)
    link = links(request, _IRI, _IRI.removeprefix(BASE), {})
    return described(request, content, media_type, link, {RELEASE_HEADER: answer.release})


def _content(path: str, counts: Mapping[str, int], release: Published | None, media_type: str) -> bytes:
    papers = {THING + paper: record for paper, record in records(release.manifest).items()} if release else {}
    listed = [(graph, triples, _told(graph, release, papers)) for graph, triples in counts.items()]
    triples = list(_description(listed, papers))
    if media_type != HTML:
        return written(triples, media_type)
    return rendered("graphs.html", path, triples, iri=_IRI, graphs=listed)


def _told(graph: str, release: Published | None, papers: Mapping[str, Mapping[str, str]]) -> str:
    """Return what a graph is, in a few words."""
    record = papers.get(THING + graph.removeprefix(GRAPH))
    if record:
        return f"What is stated by {record['label']}"
    is_of_release = release is not None and (graph in release.graphs or graph == RELEASE_GRAPH.value)
    return origin_of(graph) if is_of_release else "it was written through this service"


def _description(listed: list[tuple[str, int, str]], papers: Mapping[str, Mapping[str, str]]) -> Iterator[ox.Triple]:
    yield says(_IRI, "rdf:type", "void:DatasetDescription")
    for graph, triples, told in listed:
        yield says(_IRI, "foaf:topic", graph)
        yield says(graph, "rdf:type", "void:Dataset")
        yield says(graph, "void:triples", integer(triples))
        yield says(graph, "dcterms:description", english(told))
        if (paper := THING + graph.removeprefix(GRAPH)) in papers:
            yield says(graph, "dcterms:source", paper)
