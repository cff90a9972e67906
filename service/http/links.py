"""Links between the pages of a list."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode


def page_links(path: str, parameters: Mapping[str, str], total: int, limit: int, offset: int) -> str:
    """Return the Link header (RFC 8288) of a page: the first, previous, next and last one, as far as there are."""
    last = max(0, (total - 1) // limit * limit)
    pages = {"first": 0}
    if offset > 0:
        pages["prev"] = max(0, min(offset - limit, last))
    if offset + limit < total:
        pages["next"] = offset + limit
    pages["last"] = last
    kept = {name: value for name, value in parameters.items() if name not in ("limit", "offset")}
    return ", ".join(
        f'<{quote(path)}?{urlencode({**kept, "limit": limit, "offset": start})}>; rel="{relation}"'
        for relation, start in pages.items()
    )
