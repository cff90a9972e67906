"""The REST routes of releases: which there are, and the manifest of each."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from loaders.dumps import DUMPS
from ontology.iris import RELEASE
from service.http.validators import RELEASE_HEADER
from service.linked_data.files import Digests, downloads
from service.linked_data.lookup import all_published, published
from service.linked_data.published import Published
from service.resources import Resources
from service.sparql.openapi import problems
from service.store.dataset import View

_ReleaseName = Annotated[str, Path(alias="id", description="the id of a release, or `current`", examples=["current"])]

router = APIRouter(tags=["releases"], responses=problems(400, 401, 404, 405, 406, 414, 429, 503))


@router.get("/api/releases", summary="The releases that can be had", operation_id="list_releases")
async def list_releases(request: Request, response: Response) -> dict[str, Any]:
    """Return every release in the state folder, the latest first, with where its page and its dumps are."""
    resources: Resources = request.state.resources
    found = await all_published(_view(request), resources)
    response.headers["Vary"] = "Authorization"
    return {"releases": await asyncio.to_thread(lambda: [_listed(each, resources.digests) for each in found])}


@router.get("/api/releases/{id}", summary="The manifest of a release", operation_id="get_release")
async def get_release(name: _ReleaseName, request: Request) -> Response:
    """Return the manifest of a release: its sources, counts, checks and versions.

    It is named by its id, by the first characters of it, or as `current`, the one that is answered from.
    """
    release = await published(name, _view(request), request.state.resources)
    return JSONResponse(dict(release.manifest), headers={RELEASE_HEADER: release.id, "Vary": "Authorization"})


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
    view: View = request.state.reader.view
    return view
