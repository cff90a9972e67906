"""Describes a release in RDF, by DCAT 3, VoID, PROV-O and SPDX: what it is, what it is made of, where it is had."""

from collections.abc import Collection, Iterator

import pyoxigraph as ox

from loaders.citation import DESCRIPTION, LICENSE, author, keywords, records, title
from loaders.dumps import DUMPS
from loaders.graphs import origin_of
from ontology.iris import BASE, GRAPH, RELEASE, THING
from service.linked_data.files import FILES
from service.linked_data.published import Published
from service.linked_data.statements import MEDIA_TYPE, english, integer, iri, says

SPARQL, API = f"{BASE}sparql", f"{BASE}api"
# Each is at an IRI that answers in RDF: an endpoint with its own description, REST in that of the catalog.
REST = f"{BASE}.well-known/void#rest"
_SERVICES = {"sparql": (SPARQL, SPARQL, "SPARQL 1.1 endpoint"), "api": (REST, API, "REST interface")}
_THEME = "http://publications.europa.eu/resource/authority/data-theme/"
_THEMES = ("ECON", "REGI", "TECH")
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"


def description(published: Published, files: Collection[tuple[str, int, str]]) -> Iterator[ox.Triple]:
    """Yield the description of a release; `files` are name, length and SHA-256 of what can be downloaded."""
    release = RELEASE + published.id
    for class_ in ("dcat:Dataset", "void:Dataset"):
        yield says(release, "rdf:type", class_)
    yield says(release, "dcterms:title", english(f"{title()}, release {published.id}"))
    yield from about(release, published)
    yield says(release, "dcterms:identifier", ox.Literal(published.id))
    yield says(release, "dcat:version", ox.Literal(published.id))
    yield says(release, "dcterms:license", LICENSE)
    yield says(release, "dcterms:issued", ox.Literal(published.built, datatype=iri("xsd:dateTime")))
    yield says(release, "dcat:landingPage", release)
    yield says(release, "void:uriSpace", ox.Literal(THING))
    yield from _counts(published)
    for name, size, digest in files:
        if name in DUMPS:
            yield from _dump(release, name, size, digest)
    if published.is_served:
        yield from _access(release)
        yield from services()


def about(dataset: str, published: Published | None) -> Iterator[ox.Triple]:
    """Yield what DCAT-AP wants to know of a catalog and of a dataset alike; the keywords are those of the papers."""
    yield says(dataset, "dcterms:description", english(DESCRIPTION))
    publisher = ox.BlankNode("publisher")
    yield says(dataset, "dcterms:publisher", publisher)
    yield says(publisher, "rdf:type", "foaf:Agent")
    yield says(publisher, "foaf:name", ox.Literal(author()))
    for theme in _THEMES:
        yield says(dataset, "dcat:theme", _THEME + theme)
    for keyword in keywords(published.manifest) if published else ():
        yield says(dataset, "dcat:keyword", english(keyword))


def services() -> Iterator[ox.Triple]:
    """Yield the description of what answers questions."""
    for service, endpoint, text in _SERVICES.values():
        yield says(service, "rdf:type", "dcat:DataService")
        yield says(service, "dcterms:title", english(text))
        yield says(service, "dcat:endpointURL", endpoint)
    yield says(SPARQL, "dcterms:conformsTo", _PROTOCOL)
    yield says(REST, "dcat:endpointDescription", f"{API}/openapi.json")


def _counts(published: Published) -> Iterator[ox.Triple]:
    release = RELEASE + published.id
    yield says(release, "void:triples", integer(published.triples))
    for name in ("classes", "properties"):
        if name in published.manifest["counts"]:
            yield says(release, f"void:{name}", integer(published.manifest["counts"][name]))
    for vocabulary in published.manifest["counts"].get("vocabularies", ()):
        yield says(release, "void:vocabulary", vocabulary)
    for graph, triples in published.graphs.items():
        yield says(release, "void:subset", graph)
        yield says(graph, "rdf:type", "void:Dataset")
        yield says(graph, "void:triples", integer(triples))
        yield says(graph, "dcterms:description", english(f"Graph {graph.removeprefix(GRAPH)}: {origin_of(graph)}"))
    for paper, record in records(published.manifest).items():
        graph = published.manifest["sources"][paper]["graph"]
        yield says(release, "prov:wasDerivedFrom", THING + paper)
        yield says(graph, "dcterms:source", THING + paper)
        if record:
            yield says(graph, "dcterms:title", english(f"What is stated by {record['label']}"))
            yield says(THING + paper, "dcterms:title", english(record.get("title", record["label"])))


def _dump(release: str, name: str, size: int, digest: str) -> Iterator[ox.Triple]:
    address, distribution, checksum = f"{release}/{name}", f"{release}#{name}", f"{release}#sha256-of-{name}"
    yield says(release, "void:dataDump", address)
    yield says(release, "dcat:distribution", distribution)
    yield says(distribution, "rdf:type", "dcat:Distribution")
    yield says(distribution, "dcterms:title", english(name))
    yield says(distribution, "dcterms:license", LICENSE)
    yield says(distribution, "dcat:accessURL", release)
    yield says(distribution, "dcat:downloadURL", address)
    yield says(distribution, "dcat:mediaType", MEDIA_TYPE + DUMPS[name])
    yield says(distribution, "dcat:compressFormat", MEDIA_TYPE + FILES[name])
    yield says(distribution, "dcat:byteSize", integer(size, "nonNegativeInteger"))
    yield says(distribution, "spdx:checksum", checksum)
    yield says(checksum, "rdf:type", "spdx:Checksum")
    yield says(checksum, "spdx:algorithm", "spdx:checksumAlgorithm_sha256")
    yield says(checksum, "spdx:checksumValue", ox.Literal(digest, datatype=iri("xsd:hexBinary")))


def _access(release: str) -> Iterator[ox.Triple]:
    """Yield where a release is answered from, which only the one that is served is."""
    yield says(release, "void:sparqlEndpoint", SPARQL)
    for name, (service, endpoint, text) in _SERVICES.items():
        distribution = f"{release}#{name}"
        yield says(release, "dcat:distribution", distribution)
        yield says(distribution, "rdf:type", "dcat:Distribution")
        yield says(distribution, "dcterms:title", english(text))
        yield says(distribution, "dcat:accessURL", endpoint)
        yield says(distribution, "dcat:accessService", service)
        yield says(service, "dcat:servesDataset", release)
