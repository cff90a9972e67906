"""Reads a request of the SPARQL 1.1 Protocol: its one operation, with the dataset that it is about.

https://www.w3.org/TR/sparql11-protocol/#protocol, section 2.
"""

import math
import re
from codecs import escape_decode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus

import pyoxigraph as ox
from werkzeug.http import parse_options_header

from service.errors import MediaTypeError, QueryRefusedError, TooLargeError
from service.http.exchange import Request
from service.sparql.lexer import with_small_booleans
from service.sparql.query_form import MAX_QUERY_BYTES
from service.store.rdf_dataset import DatasetClause

FORM = "application/x-www-form-urlencoded"
# Percent-encoded, a character takes three.
MAX_FORM_BYTES = 3 * MAX_QUERY_BYTES + 10_000
_MOST_PARAMETERS = 1_000
_BROKEN = re.compile("%(?![0-9A-Fa-f]{2})")

Parameters = Mapping[str, list[str]]


@dataclass(frozen=True)
class Operation:
    """A query or an update, the dataset and the seconds that the request names for it, None where it names none.

    `format` is what it says of a format beside its Accept header, "" for nothing.
    """

    text: str
    dataset: DatasetClause | None
    seconds: float | None = None
    format: str = ""


def query_in(encoded: str, body_parameters: Parameters | None = None, text: str | None = None) -> Operation:
    """Return the query of a query string, of a body of parameters, or `text` itself. Raises QueryRefusedError."""
    if encoded.startswith("query=") and "&" not in encoded and body_parameters is None and text is None:
        return Operation(_unquoted(encoded[len("query=") :]), None)
    parameters = _joined(_decoded(encoded), body_parameters)
    query = _only(parameters, "query") if text is None else text
    dataset = _dataset(parameters, "default-graph-uri", "named-graph-uri")
    return Operation(query, dataset, _seconds(parameters), (parameters.get("format") or [""])[0])


async def query_of(request: Request) -> Operation:
    """Return the query of a POST request. Raises RequestError."""
    text, parameters = await _posted(request, "application/sparql-query")
    return query_in(request.query_string, parameters, text)


async def update_of(request: Request) -> Operation:
    """Return the update of a request. Raises RequestError."""
    text, body = await _posted(request, "application/sparql-update")
    parameters = _joined(_decoded(request.query_string), body)
    update = _only(parameters, "update") if text is None else text
    return Operation(with_small_booleans(update), _dataset(parameters, "using-graph-uri", "using-named-graph-uri"))


def media_type_of(request: Request) -> str:
    """Return the media type of the body, which is in UTF-8. Raises MediaTypeError for another encoding."""
    media_type, options = parse_options_header(request.header("content-type"))
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise MediaTypeError(f"send UTF-8, not {options['charset'][:50]}")
    return media_type.lower()


def absolute_iri(text: str, name: str) -> str:
    """Return `text`, which was given as `name`. Raises QueryRefusedError where it is no absolute IRI."""
    try:
        return ox.NamedNode(text).value
    except ValueError as error:
        raise QueryRefusedError(f"{name} wants an absolute IRI, not {text[:200]!r}") from error


def text_of(body: bytes) -> str:
    """Return the text that a body is in UTF-8. Raises QueryRefusedError."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise QueryRefusedError("the body is not UTF-8") from error


async def _posted(request: Request, direct: str) -> tuple[str | None, Parameters | None]:
    """Return the text that is sent as `direct`, or the parameters that are sent as a form."""
    media_type = media_type_of(request)
    if media_type == direct:
        return text_of(await request.body(MAX_QUERY_BYTES)), None
    if media_type != FORM:
        raise MediaTypeError(f"POST it as {direct} or {FORM}")
    return None, _decoded((await request.body(MAX_FORM_BYTES)).decode("latin-1"))


def _joined(first: dict[str, list[str]], second: Parameters | None) -> Parameters:
    for name, values in (second or {}).items():
        first.setdefault(name, []).extend(values)
    return first


def _only(parameters: Parameters, name: str) -> str:
    texts = parameters.get(name, [])
    if len(texts) != 1:
        raise QueryRefusedError(f"give exactly one {name!r} parameter, not {len(texts)}")
    if len(texts[0]) > MAX_QUERY_BYTES:
        raise TooLargeError(f"the {name} may have {MAX_QUERY_BYTES} characters")
    return texts[0]


def _dataset(parameters: Parameters, default: str, named: str) -> DatasetClause | None:
    """Return the dataset of the request (section 2.1.4); named graphs alone leave the default graph empty."""
    if default not in parameters and named not in parameters:
        return None
    return DatasetClause(_graphs(parameters, default), _graphs(parameters, named))


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(absolute_iri(graph, name) for graph in parameters.get(name, ()))


def _seconds(parameters: Parameters) -> float | None:
    """Return the deadline that `timeout` asks for, in seconds. Raises QueryRefusedError."""
    given = parameters.get("timeout", [])
    if not given:
        return None
    try:
        seconds = float(given[0])
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise QueryRefusedError(f"timeout wants seconds, not {given[0][:50]!r}")
    return seconds


def _unquoted(encoded: str) -> str:
    try:
        if "\\" in encoded or _BROKEN.search(encoded):
            return unquote_plus(encoded, errors="strict")
        # As the escapes of a string of bytes, which takes a tenth of the time of unquote_plus.
        return escape_decode(encoded.replace("+", " ").replace("%", "\\x").encode("ascii"))[0].decode()
    except ValueError as error:
        raise QueryRefusedError("the parameters are not percent-encoded UTF-8") from error


def _decoded(encoded: str) -> dict[str, list[str]]:
    try:
        return parse_qs(
            encoded.encode("ascii").decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError as error:
        raise QueryRefusedError("the parameters are not percent-encoded UTF-8") from error
