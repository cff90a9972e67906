"""The prefixes that names in answers have: as JSON, and as what Turtle and SPARQL begin with."""

import json

from fastapi import APIRouter, Request, Response

from ontology.iris import PREFIXES
from service.http.conditional import tagged_response
from service.http.parameters import takes
from service.sparql.negotiation import choose
from service.sparql.openapi import problems

_JSON = "application/json"
_LINES = {
    "text/turtle": "@prefix {prefix}: <{namespace}> .\n",
    "application/sparql-query": "PREFIX {prefix}: <{namespace}>\n",
}
_OFFERED = (_JSON, *_LINES)

router = APIRouter(tags=["service"], responses=problems(400, 401, 405, 406, 414))


@router.get(
    "/api/prefixes",
    summary="The prefixes of names",
    operation_id="get_prefixes",
    responses={200: {"content": {media_type: {} for media_type in _OFFERED}}},
    dependencies=[takes()],
)
async def get_prefixes(request: Request) -> Response:
    """Return each prefix with what it stands for."""
    media_type = choose(",".join(request.headers.getlist("accept")), _OFFERED)
    if media_type == _JSON:
        return tagged_response(request, json.dumps({"prefixes": PREFIXES}).encode(), media_type)
    lines = (_LINES[media_type].format(prefix=prefix, namespace=PREFIXES[prefix]) for prefix in PREFIXES)
    return tagged_response(request, "".join(lines).encode(), media_type)
