"""Answers at the IRI of a release: what it is, as a page and as RDF, and its files."""

import asyncio
import base64

from loaders.citation import LICENSE, citation, title
from ontology.iris import RELEASE
from service.http.access import Client
from service.http.exchange import Headers, Part, Reply, Request
from service.http.parameters import takes_none
from service.http.ranges import range_in
from service.http.validators import RELEASE_HEADER, is_known
from service.linked_data.files import CHECKSUMS, CITATIONS, FILES, Digests, File, downloads, file_named
from service.linked_data.lookup import all_published, published
from service.linked_data.pages import rendered, up
from service.linked_data.published import Published
from service.linked_data.release_description import description
from service.linked_data.replies import NAMES, SUFFIXES, described, links, negotiated, split_suffix
from service.linked_data.statements import written
from service.resources import Resources
from service.sparql.negotiation import GRAPHS, content_type
from service.store.html import HTML

PATH = "/release"
_OFFERED = {accepted: sent for accepted, sent in GRAPHS.items() if sent in (*SUFFIXES.values(), HTML)}
# What a browser shows; all else it keeps as a file.
_SHOWN = ("application/json", "text/plain")


async def release(request: Request, client: Client, resources: Resources) -> Reply:
    """Answer a request for a release or for one of its files. Raises ReleaseError or ServiceError."""
    resources.access.require_reader(client)
    takes_none(request)
    name, _, file = request.path.removeprefix(PATH).removeprefix("/").partition("/")
    if not name:
        return Reply(303, [("location", f"{up(request.path)}release/current")])
    if file:
        found = await published(name, client.view, resources)
        return await _download(request, found, file, resources.digests)
    stem, media_type = split_suffix(name, SUFFIXES)
    media_type = media_type or negotiated(request, _OFFERED)
    found = await published(stem, client.view, resources)
    others = await all_published(client.view, resources) if media_type == HTML else []
    content = await asyncio.to_thread(_content, request.path, found, others, media_type, resources.digests)
    iri = RELEASE + found.id
    cited = (f'<{iri}>; rel="cite-as"', f'<{LICENSE}>; rel="license"')
    link = links(request, iri, f"release/{found.id}", SUFFIXES, *cited)
    location = f"{up(request.path)}release/{found.id}"
    return described(request, content, media_type, link, {"content-location": location, RELEASE_HEADER: found.id})


def _content(path: str, found: Published, others: list[Published], media_type: str, digests: Digests) -> bytes:
    files = list(downloads(found, digests))
    triples = list(description(found, files))
    if media_type != HTML:
        return written(triples, media_type)
    return rendered(
        "release.html",
        path,
        triples,
        title=title(),
        release=found,
        iri=RELEASE + found.id,
        citation=citation(found.id, found.manifest),
        license=LICENSE,
        files=files,
        checksums=CHECKSUMS,
        citations=CITATIONS,
        suffixes=SUFFIXES,
        names=NAMES,
        others=[other for other in others if other.id != found.id],
    )


async def _download(request: Request, found: Published, name: str, digests: Digests) -> Reply:
    file = await asyncio.to_thread(file_named, found, name, digests)
    headers = _headers(found, name, file)
    tag = f'"{file.digest}"'
    if is_known(request.header("if-none-match"), tag):
        return Reply(304, headers)
    headers.append(("content-type", content_type(FILES[name])))
    asked = None
    if request.method == "GET" and request.header("if-range") in ("", tag):
        asked = range_in(request.header("range"), file.size)
    sent = asked or range(file.size)
    if asked is not None:
        headers.append(("content-range", f"bytes {sent.start}-{sent.stop - 1}/{file.size}"))
    status = 200 if asked is None else 206
    if isinstance(file.content, bytes):
        return Reply(status, headers, file.content[sent.start : sent.stop])
    return Reply(status, headers, part=Part(file.content, sent))


def _headers(found: Published, name: str, file: File) -> Headers:
    kept = "inline" if FILES[name] in _SHOWN else "attachment"
    digest = base64.b64encode(bytes.fromhex(file.digest)).decode()
    return [
        ("etag", f'"{file.digest}"'),
        ("accept-ranges", "bytes"),
        ("content-disposition", f'{kept}; filename="districtgraph-{found.id}-{name}"'),
        ("repr-digest", f"sha-256=:{digest}:"),  # RFC 9530
        ("cache-control", "no-cache"),
        ("vary", "Authorization"),
        ("x-content-type-options", "nosniff"),
        ("link", f'<{RELEASE}{found.id}/{name}>; rel="canonical", <{LICENSE}>; rel="license"'),
        (RELEASE_HEADER, found.id),
    ]
