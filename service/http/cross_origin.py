"""Lets pages of any origin ask, without credentials of a browser: a token goes into a header (Fetch, section 3.2)."""

from service.http.exchange import Headers, Reply, Request

_EXPOSED = (
    "Content-Encoding, ETag, DistrictGraph-Release, Link, Location, Retry-After, WWW-Authenticate, X-Request-Id, Allow"
    ", Accept-Ranges, Content-Disposition, Content-Location, Content-Range, X-Total-Count, Deprecation"
)
ALLOWED: Headers = [("access-control-allow-origin", "*"), ("access-control-expose-headers", _EXPOSED)]
_METHODS = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"
_DAY = "86400"


def preflight(request: Request) -> Reply:
    """Answer what a browser asks before it sends what is not simple; a wildcard stands for no Authorization there."""
    headers: Headers = [
        ("access-control-allow-methods", _METHODS),
        ("access-control-allow-headers", _asked(request) or "Authorization, Content-Type"),
        ("access-control-max-age", _DAY),
        ("vary", "Access-Control-Request-Headers"),
    ]
    return Reply(204, headers)


def is_preflight(request: Request) -> bool:
    """Tell whether a browser asks for leave."""
    return request.method == "OPTIONS" and bool(request.header("access-control-request-method"))


def _asked(request: Request) -> str:
    asked = request.header("access-control-request-headers")[:1_000]
    return asked if all(c.isalnum() or c in "-_, " for c in asked) else ""
