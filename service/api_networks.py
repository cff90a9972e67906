"""The REST routes of networks: which there are, their ties in the formats of network programs, and brokerage."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import RedirectResponse

from service.http.answers import Validator, media_type_of, reader_of
from service.http.parameters import check_parameters, takes, without_blanks
from service.networks import formats
from service.networks.pages import NetworkView, list_page, network_page
from service.networks.periods import wanted_period
from service.networks.reading import brokerage, network, networks
from service.networks.schema import BrokerageDocument, NetworkDocument, Networks
from service.reader import Reader
from service.sparql.openapi import problems
from service.steady import steadily
from service.store.html import HTML
from service.templating import PAGE_POLICY

router = APIRouter(tags=["networks"], responses=problems(400, 401, 404, 405, 406, 414, 429, 503))

_JSON, _CSV, _GRAPHML, _GEXF = "application/json", "text/csv", "application/graphml+xml", "application/gexf+xml"
_OF_NETWORK = (_JSON, _GRAPHML, _GEXF, _CSV, HTML)
_WRITERS: dict[str, Callable[[Any], bytes]] = {
    _GRAPHML: formats.graphml,
    _GEXF: formats.gexf,
    _CSV: formats.edge_list,
}
_CHOOSING = ("technology", "source", "tieRelation", "fromYear", "toYear", "format")
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}

Name = Annotated[
    str, Path(description="`all`, or the id of a district or programme.", examples=["castellon"], max_length=200)
]
# A form sends what is left blank too, which says nothing.
Year = Annotated[Annotated[int, Field(ge=-9999, le=9999)] | None, BeforeValidator(lambda given: given or None)]
Format = Annotated[str | None, Query(alias="format", description="A format, in place of the Accept header.")]


@router.get(
    "/api/networks",
    summary="The networks of actors",
    operation_id="list_networks",
    response_model=Networks,
    responses={200: {"content": {HTML: _TEXT}}},
    dependencies=[takes("format")],
)
async def list_networks(request: Request, format_: Format = None) -> Response:
    """Return the networks of actors that the build made: of all ties, and of each district and programme."""
    return await _answered(request, (_JSON, HTML), lambda reader, _: networks(reader), {HTML: list_page})


@router.get(
    "/api/networks/{name}",
    summary="A network: actors and ties",
    operation_id="get_network",
    response_model=NetworkDocument,
    responses={200: {"content": dict.fromkeys((*_WRITERS, HTML), _TEXT)}},
)
async def get_network(
    request: Request,
    name: Name,
    technology: Annotated[
        str | None, Query(max_length=1000, description="Only ties that are about it.", examples=["drones"])
    ] = None,
    source: Annotated[
        str | None, Query(max_length=1000, description="Only what it states.", examples=["hervas-oliver-2019"])
    ] = None,
    tie_relation: Annotated[
        str | None,
        Query(alias="tieRelation", max_length=1000, description="Only ties of this kind.", examples=["brokersFor"]),
    ] = None,
    from_year: Annotated[
        Year,
        Query(alias="fromYear", description="Only ties of this year or later.", examples=[2018]),
    ] = None,
    to_year: Annotated[
        Year,
        Query(alias="toYear", description="Only ties of this year or earlier.", examples=[2020]),
    ] = None,
    format_: Format = None,
) -> Response:
    """Return a network for cytoscape.js (JSON), Gephi (GEXF), other programs (GraphML), or as a list of ties (CSV).

    The years of a tie are those of what it rests on, or else of the activity or policy that this takes place in; ties
    without a year are left out where years are asked for. A browser gets a page that draws it.
    """
    if media_type_of(request, _OF_NETWORK) == HTML and (filled := without_blanks(request)):
        return RedirectResponse(filled, 303, {"Vary": "Accept"})
    asked = request.query_params.multi_items()
    check_parameters(asked, _CHOOSING)
    period = wanted_period(from_year, to_year)

    async def read(reader: Reader, sent: str) -> NetworkDocument | NetworkView:
        found = await network(reader, name, technology, source, tie_relation, period)
        if sent != HTML:
            return found
        return NetworkView(network=found, brokerage=await brokerage(reader, name, None))

    pages = {HTML: lambda view: network_page(view, asked)}
    return await _answered(request, _OF_NETWORK, read, _WRITERS | pages)


@router.get(
    "/api/networks/{name}/brokerage",
    summary="Who plays which role of brokerage in a network",
    operation_id="get_network_brokerage",
    response_model=BrokerageDocument,
    responses={200: {"content": {_CSV: _TEXT}}},
    dependencies=[takes("partition", "format")],
)
async def get_brokerage(
    request: Request,
    name: Name,
    partition: Annotated[
        str | None,
        Query(max_length=100, description="By what actors are divided: kind, district or inside.", examples=["kind"]),
    ] = None,
    format_: Format = None,
) -> Response:
    """Return how often each role is played, and how often where ties, or groups, fall by chance."""
    return await _answered(
        request, (_JSON, _CSV), lambda reader, _: brokerage(reader, name, partition), {_CSV: formats.scores}
    )


async def _answered(
    request: Request,
    offered: tuple[str, ...],
    read: Callable[[Reader, str], Awaitable[BaseModel]],
    writers: dict[str, Callable[[Any], bytes]],
) -> Response:
    sent = media_type_of(request, offered)
    validator = Validator(request, sent)
    if known := await validator.known():
        return known

    async def of_one_state(steady: Reader) -> tuple[BaseModel, str, str]:
        return await read(steady, sent), await steady.version(), (await steady.release()).id

    document, version, release = await steadily(reader_of(request), of_one_state)
    content = writers[sent](document) if sent in writers else document.model_dump_json().encode()
    headers = {"Content-Security-Policy": PAGE_POLICY} if sent == HTML else {}
    return validator.answer(content, version, release, headers)
