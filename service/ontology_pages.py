"""The ontology at its own IRIs: HTML for people, RDF for machines, by content negotiation or by suffix."""

import base64
import hashlib
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from ontology.collections import THINGS
from ontology.iris import BASE
from ontology.picture import STYLE
from service.edition import HTML, SVG, Edition, Form
from service.http.validators import RELEASE_HEADER, is_known
from service.page import ONTOLOGY
from service.reader import Reader
from service.sparql.negotiation import GRAPHS, choose, content_type

# Who names nothing in particular is most often a script, and gets Turtle; a browser names HTML.
_OFFERED = {**GRAPHS, HTML: HTML}
_SUFFIXES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_POLICIES = {
    HTML: "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    SVG: f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'",
}


async def ontology(request: Request) -> Response:
    """Answer an ontology IRI or a version IRI, or, with a suffix, one format of it."""
    path = request.url.path.removeprefix(request.scope.get("root_path", "")).lstrip("/")
    edition: Edition = await request.state.resources.editions.current()
    if edition.is_former(path):  # what is known of it stands in the graph
        return RedirectResponse(f"/api/{THINGS}/{quote(BASE + path, safe='')}", 303, {"Vary": "Accept"})
    before, _, suffix = path.rpartition(".")
    if suffix in _SUFFIXES:
        return await _answer(request, edition, edition.resolve(before), _SUFFIXES[suffix])
    iri = edition.resolve(path)
    media_type = _OFFERED[choose(",".join(request.headers.getlist("accept")), tuple(_OFFERED))]
    if media_type == HTML and path != "ontology":
        up = "../" * path.count("/")
        fragment = f"#module-{iri.removeprefix(f'{ONTOLOGY}/')}" if iri != ONTOLOGY else ""
        return RedirectResponse(f"{up}ontology{fragment}", 303, {"Vary": "Accept"})
    return await _answer(request, edition, iri, media_type)


async def picture(request: Request) -> Response:
    """Answer with the picture of the main classes and properties."""
    edition: Edition = await request.state.resources.editions.current()
    return await _answer(request, edition, ONTOLOGY, SVG)


ROUTES = (
    ("/ontology", ontology),
    ("/ontology.{suffix}", ontology),
    ("/ontology/picture.svg", picture),
    ("/ontology/{path:path}", ontology),
)


async def _answer(request: Request, edition: Edition, iri: str, media_type: str) -> Response:
    form = await edition.form(iri, media_type, Reader(request.state.resources.engine))
    compressed = _takes_gzip(request)
    headers = _headers(form, edition.release, media_type, compressed)
    if is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = form.compressed if compressed else form.content
    return Response(content, headers=headers | {"Content-Type": content_type(media_type)})


def _headers(form: Form, release: str, media_type: str, compressed: bool) -> dict[str, str]:
    headers = {
        "ETag": f'"{form.tag}-gzip"' if compressed else f'"{form.tag}"',
        "Vary": "Accept, Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        RELEASE_HEADER: release,
    }
    if media_type in _POLICIES:
        headers["Content-Security-Policy"] = _POLICIES[media_type]
    return headers | ({"Content-Encoding": "gzip"} if compressed else {})


def _takes_gzip(request: Request) -> bool:
    return bool(parse_accept_header(request.headers.get("accept-encoding", ""), Accept)["gzip"] > 0)
