"""What REST routes have in common: who reads, what format and language is wanted, and entity tags."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from loaders.code import SERVING, code_digest
from loaders.graphs import ONTOLOGY
from service.errors import EngineBusyError, RequestParameterError
from service.http.languages import VARY_BY_LANGUAGE, language_of
from service.http.validators import RELEASE_HEADER, VARY, entity_tag, is_known
from service.reader import Reader
from service.resources import Resources
from service.sparql.negotiation import choose, content_type
from service.steady import steadily
from service.store.coding import coded, coding_for
from service.store.dataset import View
from service.things.model import Model
from service.things.wording import Wording

T = TypeVar("T")

FORMATS: Mapping[str, str] = {
    "json": "application/json",
    "jsonld": "application/ld+json",
    "csv": "text/csv",
    "html": "text/html",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "md": "text/markdown",
    "latex": "application/x-latex",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "text": "text/plain",
    "svg": "image/svg+xml",
}
"""What `format` may be, for those who cannot send an Accept header."""


def reader_of(request: Request) -> Reader:
    """Return the engine as the client of a request sees it."""
    reader: Reader = request.state.reader
    return reader


def hidden_from(request: Request) -> View:
    """Return the graphs that the client may not read."""
    view = reader_of(request).view
    return frozenset(resources_of(request).settings.closed_graphs) if view is None else view


def resources_of(request: Request) -> Resources:
    """Return what every request is answered with."""
    resources: Resources = request.state.resources
    return resources


def wording_of(request: Request, model: Model) -> Wording:
    """Return the wording that the client prefers; who may not read the ontology gets English names alone."""
    if ONTOLOGY.value in hidden_from(request):
        return Wording()
    language = language_of(request, model.labels)
    return Wording(language, model.labels.get(language, {}))


def media_type_of(request: Request, offered: tuple[str, ...]) -> str:
    """Return the media type to answer in, by `format` or the Accept header.

    Raises RequestParameterError or NotAcceptableError, which list what is offered.
    """
    given = request.query_params.get("format")
    if given is None:
        return choose(",".join(request.headers.getlist("accept")), offered)
    names = [name for name, media_type in FORMATS.items() if media_type in offered]
    if given not in names:
        raise RequestParameterError(f"there is no format {given[:50]!r} of this (there are: {', '.join(names)})")
    return FORMATS[given]


async def steadily_read(request: Request, model: Model, read: Callable[[Reader], Awaitable[T]]) -> T:
    """Return what `read` makes of one state of the dataset, which is that of the release of `model`.

    Raises EngineBusyError where either changes meanwhile, or what `read` raises.
    """
    found = await steadily(reader_of(request), read)
    if await resources_of(request).model() is not model:
        raise EngineBusyError("a new release was taken up just now; ask again")
    return found


class Validator:
    """Tells whether a client has the answer to a request already, and tags answers.

    `beside` tells the state of what an answer depends on beside the dataset; `language` is that of the names in a page
    which the client could have had in another.
    """

    def __init__(self, request: Request, media_type: str, beside: str = "", language: str | None = None) -> None:
        url, self._coding = request.url, coding_for(",".join(request.headers.getlist("accept-encoding")))
        asked = f"{code_digest(SERVING)}\n{media_type}\n{self._coding}\n{url.path}\n{url.query}\n{beside}"
        if language is not None:
            asked += f"\n{language}"
        self._vary = VARY if language is None else VARY_BY_LANGUAGE
        self._digest = hashlib.sha256(asked.encode()).hexdigest()[:16]
        self._reader = reader_of(request)
        self._if_none_match = ",".join(request.headers.getlist("if-none-match"))
        self._media_type = media_type

    async def known(self) -> Response | None:
        """Return the answer to who has it already. Raises ReleaseError or EngineError.

        Whether there is an answer at all, which is what `*` asks for, is not known before it is there.
        """
        if self._if_none_match.strip() == "*":
            return None
        version = await self._reader.version()
        if not is_known(self._if_none_match, self._tag(version)):
            return None
        return self._not_modified(version, {})

    def answer(self, content: bytes, version: str, release: str, headers: Mapping[str, str]) -> Response:
        """Return `content` with its entity tag, compressed where that is worth it."""
        own = {**headers, RELEASE_HEADER: release}
        if is_known(self._if_none_match, self._tag(version)):
            return self._not_modified(version, own)
        content, coding = coded(content, self._coding)
        if coding:
            own["Content-Encoding"] = coding
        return Response(content, headers=self._always(version) | own | {"Content-Type": content_type(self._media_type)})

    def _not_modified(self, version: str, headers: Mapping[str, str]) -> Response:
        return Response(status_code=304, headers={**self._always(version), **headers})

    def _always(self, version: str) -> dict[str, str]:
        """Return the headers that an answer has, and that there is none as well (RFC 9110, section 15.4.5)."""
        return {"ETag": self._tag(version), "Vary": self._vary, "Cache-Control": "no-cache"}

    def _tag(self, version: str) -> str:
        return entity_tag(version, self._reader.view, self._digest)
