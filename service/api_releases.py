"""The REST routes of releases: which there are, and the manifest of each."""

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from loaders.dumps import DUMPS
from ontology.iris import RELEASE
from service.http.answers import reader_of, resources_of
from service.http.conditional import tagged_response
from service.http.parameters import takes
from service.http.validators import RELEASE_HEADER
from service.linked_data.files import Digests, downloads
from service.linked_data.lookup import all_published, published
from service.linked_data.published import Published
from service.sparql.negotiation import choose
from service.sparql.openapi import problems
from service.store.dataset import View

_ReleaseName = Annotated[str, Path(alias="id", description="the id of a release, or `current`", examples=["current"])]

_OFFERED = ("application/json",)

router = APIRouter(
    tags=["releases"], responses=problems(400, 401, 404, 405, 406, 414, 429, 503), dependencies=[takes()]
)


@router.get(
    "/api/releases", summary="The releases that can be had", operation_id="list_releases", response_model=dict[str, Any]
)
async def list_releases(request: Request) -> Response:
    """Return every release in the state folder, the latest first, with where its page and its dumps are."""
    media_type = choose(",".join(request.headers.getlist("accept")), _OFFERED)
    resources = resources_of(request)
    found = await all_published(_view(request), resources)
    listed = await asyncio.to_thread(lambda: [_listed(each, resources.digests) for each in found])
    return tagged_response(request, json.dumps({"releases": listed}).encode(), media_type)


@router.get("/api/releases/{id}", summary="The manifest of a release", operation_id="get_release")
async def get_release(name: _ReleaseName, request: Request) -> Response:
    """Return the manifest of a release: its sources, counts, checks and versions.

    It is named by its id, by the first characters of it, or as `current`, the one that is answered from.
    """
    media_type = choose(",".join(request.headers.getlist("accept")), _OFFERED)
    release = await published(name, _view(request), resources_of(request))
    content = json.dumps(release.manifest, ensure_ascii=False).encode()
    return tagged_response(request, content, media_type, {RELEASE_HEADER: release.id})


def _listed(release: Published, digests: Digests) -> dict[str, Any]:
    href = f"/release/{release.id}"
    return {
        "id": release.id,
        "iri": RELEASE + release.id,
        "built": release.built,
        "triples": release.triples,
        "current": release.is_served,
        "href": href,
        "manifest": f"/api/releases/{release.id}",
        "dumps": [
            {"href": f"{href}/{name}", "media_type": DUMPS[name], "bytes": size, "sha256": digest}
            for name, size, digest in downloads(release, digests)
            if name in DUMPS
        ],
    }


def _view(request: Request) -> View:
    return reader_of(request).view or frozenset()
