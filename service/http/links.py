"""Pages of a list: the cursor that names where one begins, and the links between them."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from service.errors import RequestParameterError

_MOST = 10**9
_NOT_OF_LIST = ("cursor", "limit", "format")


def as_uri(iri: str) -> str:
    """Return an IRI as a URI (RFC 3987, section 3.1), which is what a header can hold."""
    return quote(iri, safe="%/:?#[]@!$&'()*+,;=~")


def canonical_link(iri: str) -> str:
    """Return the link to what is meant, wherever it is served from (RFC 6596)."""
    return f'<{as_uri(iri)}>; rel="canonical"'


@dataclass(frozen=True)
class Pages:
    """The pages of the list that a path and its parameters name."""

    path: str
    parameters: Mapping[str, str]

    def offset(self) -> int:
        """Return how many come before the page that is asked for. Raises RequestParameterError."""
        given = self.parameters.get("cursor")
        if given is None:
            return 0
        try:
            list_, offset = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        except (ValueError, TypeError, RecursionError) as error:
            raise RequestParameterError("the cursor is not one that a page gave; begin without") from error
        if list_ != self._name or type(offset) is not int or not 0 <= offset <= _MOST:
            raise RequestParameterError("the cursor is of another list; begin without")
        return offset

    def next(self, end: int, total: int) -> str | None:
        """Return where the page after the one that ends at `end` is, None where it is the last."""
        if end >= total:
            return None
        cursor = base64.urlsafe_b64encode(json.dumps([self._name, end]).encode()).decode().rstrip("=")
        return self._at({**self._kept(), "cursor": cursor})

    def links(self, next_: str | None) -> str:
        """Return the Link header (RFC 8288) of a page: the first one, and the next where there is one."""
        return ", ".join([f'<{self._at(self._kept())}>; rel="first"', *([f'<{next_}>; rel="next"'] if next_ else [])])

    @property
    def _name(self) -> str:
        kept = {name: value for name, value in self.parameters.items() if name not in _NOT_OF_LIST}
        return hashlib.sha256(f"{self.path}?{urlencode(sorted(kept.items()))}".encode()).hexdigest()[:8]

    def _kept(self) -> dict[str, str]:
        return {name: value for name, value in self.parameters.items() if name != "cursor"}

    def _at(self, parameters: Mapping[str, str]) -> str:
        return f"{quote(self.path)}?{urlencode(parameters)}" if parameters else quote(self.path)
