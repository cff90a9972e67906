"""Answers at the IRI of a graph: its triples as RDF, and a page that tells what it is."""

import asyncio
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from loaders.citation import LICENSE
from loaders.graphs import RELEASE as RELEASE_GRAPH
from loaders.graphs import origin_of
from ontology.iris import GRAPH, RELEASE, THING
from ontology.nearest import did_you_mean
from service.engine.engine import Answer
from service.errors import UnknownGraphError
from service.http.access import Client
from service.http.exchange import Reply, Request
from service.http.parameters import takes_none
from service.http.validators import RELEASE_HEADER
from service.linked_data.graph_list import graph_list
from service.linked_data.lookup import published
from service.linked_data.pages import rendered
from service.linked_data.published import Published
from service.linked_data.replies import NAMES, described, links, negotiated, split_suffix
from service.linked_data.replies import SUFFIXES as OF_TRIPLES
from service.linked_data.statements import english, integer, says
from service.questions import SOLUTIONS_JSON
from service.resources import Resources
from service.sparql.graph_store import read_graph
from service.sparql.negotiation import GRAPHS
from service.store.evaluation import Query
from service.store.html import HTML
from service.store.summary import Summarising, Summary
from service.tables import Table

PATH = "/graph"
_SUFFIXES: Mapping[str, str] = {**OF_TRIPLES, "trig": "application/trig", "nq": "application/n-quads"}
_EVERY = f"""SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ }} FILTER(STRSTARTS(STR(?graph), "{GRAPH}")) }}
    ORDER BY ?graph"""
_MOST_NAMES = 30


async def graph(request: Request, client: Client, resources: Resources) -> Reply:
    """Answer a request for a graph. Raises UnknownGraphError, which names those that are near, or ServiceError."""
    resources.access.require_reader(client)
    takes_none(request)
    name = request.path.removeprefix(PATH).removeprefix("/")
    if not name:
        return await graph_list(request, client, resources)
    stem, media_type = split_suffix(name, _SUFFIXES)
    for candidate, told in dict.fromkeys(((stem, media_type), (name, None))):  # a name may end as a suffix does
        for iri in _iris(candidate):
            try:
                return await _answer(request, iri, told or negotiated(request, GRAPHS), client, resources)
            except UnknownGraphError:
                continue
    raise UnknownGraphError(await _unknown(name, request, client, resources))


def _iris(name: str) -> Iterator[ox.NamedNode]:
    """Yield what a path may mean, which comes decoded: the IRI as it reads, or one with percent-encoded characters."""
    for written in dict.fromkeys((name, quote(name, safe="%/:@!$&'()*+,;=~"))):
        try:
            yield ox.NamedNode(GRAPH + written)
        except ValueError:
            continue


async def _answer(request: Request, iri: ox.NamedNode, media_type: str, client: Client, resources: Resources) -> Reply:
    link = links(request, iri.value, f"graph/{iri.value.removeprefix(GRAPH)}", _SUFFIXES)
    if media_type != HTML:
        reply = await read_graph(request, iri, media_type, client, resources)
        reply.headers += [("link", link), ("x-content-type-options", "nosniff")]
        return reply
    answer = await resources.reader(request, client).answer(Summarising(iri.value))
    release = None if resources.settings.empty else await published(answer.release, client.view, resources)
    page = await asyncio.to_thread(_page, request.path, iri.value, answer, release)
    return described(request, page, HTML, link, {RELEASE_HEADER: answer.release})


def _page(path: str, iri: str, answer: Answer[Summary], release: Published | None) -> bytes:
    summary, of_release = answer.content, release is not None and (iri in release.graphs or iri == RELEASE_GRAPH.value)
    triples = list(_description(iri, summary, answer.release if of_release else None))
    return rendered(
        "graph.html",
        path,
        triples,
        iri=iri,
        name=iri.removeprefix(GRAPH),
        summary=summary,
        thing=THING + iri.removeprefix(GRAPH),
        release=answer.release if of_release else None,
        origin=origin_of(iri),
        source=release.sources().get(iri) if release else None,
        license=LICENSE,
        suffixes=_SUFFIXES,
        names=NAMES,
        query=f"SELECT * WHERE {{ GRAPH <{iri}> {{ ?subject ?property ?object }} }} LIMIT 100",
    )


def _description(iri: str, summary: Summary, release: str | None) -> Iterator[ox.Triple]:
    yield says(iri, "rdf:type", "void:Dataset")
    yield says(iri, "dcterms:title", english(summary.title or summary.label or iri.removeprefix(GRAPH)))
    yield says(iri, "void:triples", integer(summary.triples))
    if summary.title:
        yield says(iri, "dcterms:source", THING + iri.removeprefix(GRAPH))
    if release is not None:
        yield says(iri, "dcterms:license", LICENSE)
        yield says(iri, "dcterms:isPartOf", RELEASE + release)


async def _unknown(name: str, request: Request, client: Client, resources: Resources) -> str:
    """Return what to say of a graph that there is not, of those that the client may see."""
    answer = await resources.reader(request, client).answer(Query(_EVERY, SOLUTIONS_JSON))
    names = [row["graph"]["value"].removeprefix(GRAPH) for row in Table.parse(answer.content).rows]
    more = ", …" if len(names) > _MOST_NAMES else ""
    there = f"{', '.join(names[:_MOST_NAMES])}{more}" if names else "none"
    return f"no graph {name[:200]!r}{did_you_mean(name[:200], names)} (there are: {there})"
