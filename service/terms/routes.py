"""The ontology at its own IRIs: HTML for people, RDF for machines, by content negotiation or by suffix."""

from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ontology.collections import THINGS
from ontology.iris import BASE
from service.addresses import TERM_PATH
from service.edition import HTML, SVG, Edition
from service.http.answers import reader_of, resources_of
from service.http.conditional import tagged_response
from service.http.languages import VARY_BY_LANGUAGE, language_of
from service.http.parameters import check_parameters
from service.http.validators import RELEASE_HEADER
from service.linked_data.files import require_ontology
from service.reader import Reader
from service.sparql.negotiation import GRAPHS, choose
from service.templating import PAGE_POLICY, PICTURE_POLICY
from service.terms.examples import examples
from service.terms.pages import term_page
from service.terms.view import ONTOLOGY

# Who names nothing in particular is most often a script, and gets Turtle; a browser names HTML.
_OFFERED = {**GRAPHS, HTML: HTML}
_SUFFIXES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
_POLICIES = {HTML: PAGE_POLICY, SVG: PICTURE_POLICY}


async def ontology(request: Request) -> Response:
    """Answer an ontology IRI or a version IRI, or, with a suffix, one format of it."""
    path = request.url.path.removeprefix(request.scope.get("root_path", "")).lstrip("/")
    edition = await _edition(request)
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
    edition = await _edition(request)
    return _tagged(request, edition, await edition.picture(), SVG)


async def term(request: Request) -> Response:
    """Answer with the page of a term, which has examples of what is open to everybody, as its counts are."""
    edition = await _edition(request)
    view = await edition.view(_public(request), language_of(request, edition.model.labels))
    entry = view.entry_at(request.path_params["anchor"])
    found = await examples(replace(reader_of(request), view=None), entry, view.language)
    return _tagged(request, edition, term_page(view, entry, found, edition.release), HTML)


ROUTES = (
    ("/ontology", ontology),
    ("/ontology.{suffix}", ontology),
    ("/ontology/picture.svg", picture),
    (f"{TERM_PATH}{{anchor:path}}", term),
    ("/ontology/{path:path}", ontology),
)


async def _edition(request: Request) -> Edition:
    """Return the ontology that is served, for who may read it. Raises ForbiddenError or ReleaseError."""
    check_parameters(request.query_params.multi_items())
    require_ontology(reader_of(request).view or frozenset(), "the ontology")
    return await resources_of(request).editions.current()


async def _answer(request: Request, edition: Edition, iri: str, media_type: str) -> Response:
    if media_type == HTML:
        view = await edition.view(_public(request), language_of(request, edition.model.labels))
        return _tagged(request, edition, await edition.page(view), HTML)
    return _tagged(request, edition, await edition.form(iri, media_type), media_type)


def _tagged(request: Request, edition: Edition, content: bytes, media_type: str) -> Response:
    headers = {RELEASE_HEADER: edition.release}
    if media_type == HTML:
        headers["Vary"] = VARY_BY_LANGUAGE
    if media_type in _POLICIES:
        headers["Content-Security-Policy"] = _POLICIES[media_type]
    return tagged_response(request, content, media_type, headers)


def _public(request: Request) -> Reader:
    """Return the engine as everybody sees it."""
    return Reader(resources_of(request).engine)
