"""Replies that the digest of their content tags: who has one already is told so, everybody else gets it compressed."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from starlette.requests import Request as FrameworkRequest
from starlette.responses import Response

from service.http.exchange import Reply, Request
from service.http.validators import RELEASE_HEADER, VARY, is_known
from service.sparql.negotiation import content_type
from service.store.coding import coded, coding_for

_REMEMBERED = 32


def tagged_reply(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Reply:
    """Return the reply with `content`, outside the web framework."""
    asked = (request.header("if-none-match"), request.header("accept-encoding"))
    return _tagged(*asked, content, media_type, headers)


def tagged_response(
    request: FrameworkRequest, content: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the same within the web framework."""
    if_none_match, accept_encoding = (
        ",".join(request.headers.getlist(name)) for name in ("if-none-match", "accept-encoding")
    )
    reply = _tagged(if_none_match, accept_encoding, content, media_type, headers or {})
    return Response(reply.body, reply.status, dict(reply.headers))


def _tagged(
    if_none_match: str, accept_encoding: str, content: bytes, media_type: str, headers: Mapping[str, str]
) -> Reply:
    digest, sent, coding = _prepared(content, coding_for(accept_encoding))
    tag = f'"{"-".join(filter(None, (headers.get(RELEASE_HEADER), digest, coding)))}"'
    always = {"etag": tag, "vary": VARY, "cache-control": "no-cache", "x-content-type-options": "nosniff"}
    always |= {name.lower(): value for name, value in headers.items()}
    if is_known(if_none_match, tag):
        return Reply(304, [*always.items()])
    always |= {"content-type": content_type(media_type)} | ({"content-encoding": coding} if coding else {})
    return Reply(200, [*always.items()], sent)


@lru_cache(_REMEMBERED)
def _prepared(content: bytes, coding: str) -> tuple[str, bytes, str]:
    """Return the digest of `content`, what is sent of it, and its coding, "" where it has none."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    sent, coding = coded(content, coding, is_kept=True)
    return digest, sent, coding
