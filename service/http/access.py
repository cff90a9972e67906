"""Who asks: a bearer token says so, and tells what its holder may read and write."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from loaders.graphs import origin_of
from service.errors import AccessError, ForbiddenError
from service.http.tokens import Role, Token, Tokens
from service.settings import Settings
from service.store.dataset import View
from service.store.patch import Rows

_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Client:
    """Somebody who sends a request: a name for the journal and the rates, the token, and the graphs hidden from it."""

    name: str
    token: Token | None
    view: View

    @property
    def is_admin(self) -> bool:
        """Tell whether it operates the service."""
        return self.token is not None and self.token.role is Role.ADMIN

    def require_writer(self) -> None:
        """Raise AccessError where there is no token, ForbiddenError where it is for reading."""
        if self.token is None:
            raise AccessError("writing needs a bearer token; 'districtgraph token create' makes one")
        if self.token.role is Role.READER:
            raise ForbiddenError("this token is for reading; writing needs one of a curator")

    def may_change(self, rows: Rows, owned: frozenset[str]) -> None:
        """Raise ForbiddenError where `rows` change a graph of a release, or one that the token is not for."""
        for graph in sorted(rows.graphs):
            if graph in owned:
                raise ForbiddenError(f"<{graph}> belongs to a source: {_way_to_change(graph)}")
            if graph in self.view or (self.token and self.token.graphs and graph not in self.token.graphs):
                raise ForbiddenError(f"this token is not for {f'<{graph}>' if graph else 'the default graph'}")


class Access:
    """Tells who sends a request, and whether it is let in."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = Tokens(settings.state)
        self._closed_graphs: View = frozenset(settings.closed_graphs)
        self._is_closed = settings.reads == "closed"
        self._proxies = frozenset(settings.trusted_proxies)

    def client_of(self, authorization: str, address: str) -> Client:
        """Return who sends a request with this Authorization header. Raises AccessError for an unknown token."""
        if not authorization:
            return Client(address, None, self._closed_graphs)
        given = _BEARER.fullmatch(authorization.strip())
        token = self._tokens.named_by(given[1]) if given else None
        if token is None:
            raise AccessError("this token is not known here")
        hidden = self._closed_graphs - token.graphs if token.graphs else frozenset()
        return Client(token.name, token, hidden)

    def require_reader(self, client: Client) -> None:
        """Raise AccessError where reading needs a token and there is none."""
        if self._is_closed and client.token is None:
            raise AccessError("reading needs a bearer token here; ask whoever runs this service for one")

    def address_of(self, peer: str, forwarded_for: str) -> str:
        """Return the address of a client; a proxy that is trusted says whose request it passes on."""
        if peer in self._proxies and forwarded_for:
            return forwarded_for.rpartition(",")[2].strip()[:100]
        return peer


@lru_cache(1_000)
def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _way_to_change(graph: str) -> str:
    return f"{origin_of(graph)}; change them there and run 'districtgraph build'"
