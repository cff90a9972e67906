"""The SPARQL 1.1 Protocol's query operation, as a plain route outside FastAPI's."""

import hashlib
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from service.engine import Answer, Engine
from service.errors import MediaTypeError, QueryRefusedError, TooLargeError
from service.negotiation import content_type, media_type_for
from service.query_form import MAX_QUERY_BYTES, form_of

RELEASE_HEADER = "DistrictGraph-Release"


async def sparql(request: Request) -> Response:
    """Answer GET with `?query=`, POST of a form, and POST of `application/sparql-query`."""
    engine: Engine = request.app.state.engine
    query = await _query_text(request)
    media_type = media_type_for(form_of(query), request.headers.get("accept"))
    tag = entity_tag(engine.release().id, media_type, query)
    if request.method in ("GET", "HEAD") and is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
    return answered(await engine.answer(query, media_type), media_type, query)


def answered(answer: Answer, media_type: str, query: str) -> Response:
    """Return an answer with its type, its release and its entity tag."""
    headers = {
        "Content-Type": content_type(media_type),
        "ETag": entity_tag(answer.release, media_type, query),
        "Vary": "Accept",
        RELEASE_HEADER: answer.release,
    }
    return Response(answer.content, headers=headers)


def entity_tag(release: str, media_type: str, query: str) -> str:
    """Return the ETag of the answer to `query` as `media_type` from `release`: it cannot change."""
    digest = hashlib.sha256(f"{media_type}\n{query}".encode()).hexdigest()[:16]
    return f'"{release}-{digest}"'


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the client has the answer with this entity tag already (RFC 9110, section 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    return tag in (candidate.strip().removeprefix("W/") for candidate in given.split(","))


async def _query_text(request: Request) -> str:
    if request.method in ("GET", "HEAD"):
        return _only(_form(request.scope["query_string"]))
    type_ = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if type_ not in ("application/sparql-query", "application/x-www-form-urlencoded"):
        raise MediaTypeError("POST a query as application/sparql-query or application/x-www-form-urlencoded")
    body = await _body(request)
    return _decode(body) if type_ == "application/sparql-query" else _only(_form(body))


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_QUERY_BYTES:
            raise TooLargeError(f"a query may have {MAX_QUERY_BYTES} bytes")
    return body


def _form(encoded: bytes) -> list[str]:
    try:
        return parse_qs(encoded.decode("ascii"), keep_blank_values=True, errors="strict").get("query", [])
    except ValueError as error:
        raise QueryRefusedError("the parameters are not percent-encoded UTF-8") from error


def _only(queries: list[str]) -> str:
    if len(queries) != 1:
        raise QueryRefusedError(f"give exactly one 'query' parameter, not {len(queries)}")
    return queries[0]


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise QueryRefusedError("the query is not UTF-8") from error
