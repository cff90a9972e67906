"""Remembers the latest questions as they came in: who asks the same again is answered before anything is read."""

from service.http.exchange import Headers, Reply, Scope
from service.http.validators import version_in

_MOST = 1_000
_LARGEST = 65_536
# What makes of the same address another request.
_TELLING = ("authorization", "if-none-match", "x-request-id", "x-forwarded-for")

Key = tuple[str, str, tuple[str, ...], tuple[str, ...]]


class Recent:
    """Replies to whoever asks without a token, by the address and what is accepted, each of a state of the dataset."""

    def __init__(self) -> None:
        self._replies: dict[Key, tuple[str, Headers, bytes, str]] = {}

    def find(self, scope: Scope, version: str | None) -> tuple[Headers, bytes, str] | None:
        """Return headers, body and form of the reply to a request, where it is known for this dataset."""
        if scope.method != "GET":
            return None
        found = self._replies.get(_key(scope))
        if found is None or found[0] != version:
            return None
        headers = scope.headers
        return None if any(name in headers for name in _TELLING) else found[1:]

    def remember(self, scope: Scope, reply: Reply, headers: Headers) -> None:
        """Keep a reply that has an entity tag, with the headers that it is sent with each time."""
        tag = reply.header("etag")
        if tag is None or scope.method != "GET" or "authorization" in scope.headers or len(reply.body) > _LARGEST:
            return
        if len(self._replies) >= _MOST:
            self._replies.clear()
        length = ("content-length", str(len(reply.body)))
        self._replies[_key(scope)] = (version_in(tag), [*headers, length], reply.body, reply.form)


def _key(scope: Scope) -> Key:
    headers = scope.headers
    accept, coding = headers.get_all("accept"), headers.get_all("accept-encoding")  # type: ignore[attr-defined]
    return (scope.path, scope.query_string, tuple(accept), tuple(coding))
