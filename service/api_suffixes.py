"""The IRI of a thing with a suffix that names a format, as graphs and releases have them: /id/aiju.ttl."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from ontology.collections import THINGS
from service.api_things import dereference
from service.http.answers import FORMATS, reader_of
from service.http.parameters import takes
from service.linked_data.replies import SUFFIXES
from service.store.selection import Selects
from service.things.description import is_there_query
from service.things.unknown import near_things
from service.things.values import iri_of

router = APIRouter(include_in_schema=False)
_SUFFIXES = tuple(suffix for suffix in FORMATS if suffix in (*SUFFIXES, "json", "html"))


async def dereference_format(name: str, request: Request) -> Response:
    """Send who asks for one format of what is said of a thing to that; a name may end as a suffix does."""
    suffix = request.url.path.rpartition(".")[2]
    if await _is_there(request, f"{name}.{suffix}"):
        return await dereference(f"{name}.{suffix}", request)
    if not await _is_there(request, name):
        raise await near_things(reader_of(request), name, None)
    return RedirectResponse(f"{quote(f'/api/{THINGS}/{name}')}?format={suffix}", 303)


for suffix in _SUFFIXES:
    router.get(f"/id/{{name:path}}.{suffix}", dependencies=[takes()])(dereference_format)


async def _is_there(request: Request, name: str) -> bool:
    iri = iri_of(name)
    return iri is not None and bool((await reader_of(request).answer(Selects((is_there_query(iri),)))).content[0])
