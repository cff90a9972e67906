"""A request, and the reply to it, for what stands outside the web framework."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]

from service.errors import ClientGoneError, MediaTypeError, RequestError, SlowRequestError, TooLargeError

__all__ = ["HTTPProtocol", "Headers", "Part", "ProtocolClosed", "Reply", "Request", "Scope"]

Headers = list[tuple[str, str]]

_BODY_SECONDS = 20.0
_BYTES_A_SECOND = 500_000


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file: those in `bytes`."""

    path: Path
    bytes: range


@dataclass(slots=True)
class Reply:
    """A status, headers and a body, which is whole before its status goes out.

    `is_known` tells that it was sent before, and will be the same as long as the dataset is; `form` is that of the
    query that it answers, "" for all else. `part` is sent in place of a body that is never read as a whole.
    """

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    is_known: bool = False
    form: str = ""
    part: Part | None = None

    @property
    def length(self) -> int:
        """The bytes of the body."""
        return len(self.body) if self.part is None else len(self.part.bytes)

    def header(self, name: str) -> str | None:
        """Return the value of a header; `name` is in lower case, as all are here."""
        return next((value for key, value in self.headers if key == name), None)


class Request:
    """A request as it comes from the server: its method, its path (decoded), its query string (as it was sent)."""

    __slots__ = ("_headers", "_protocol", "address", "id", "method", "path", "query_string", "scheme")

    def __init__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        self.method: str = scope.method
        self.path: str = scope.path
        self.query_string: str = scope.query_string
        self.scheme: str = scope.scheme
        self.address = scope.client.rpartition(":")[0].strip("[]")
        self.id = ""
        self._headers = scope.headers
        self._protocol = protocol

    def header(self, name: str) -> str:
        """Return the value of a header, several joined by commas (RFC 9110, section 5.3), "" where there is none."""
        values = self._headers.get_all(name)  # type: ignore[attr-defined]
        return values[0] if len(values) == 1 else ", ".join(values)

    def has_header(self, name: str) -> bool:
        """Tell whether there is such a header, be it one that cannot be read."""
        return name in self._headers

    def headers(self) -> Iterable[tuple[str, str]]:
        """Return every header."""
        return self._headers.items()

    async def body(self, max_bytes: int) -> bytes:
        """Return the body.

        Raises TooLargeError as soon as it is longer than `max_bytes`, MediaTypeError where it is compressed,
        SlowRequestError where it takes too long, ClientGoneError where the client leaves, and RequestError where
        it ends before it should.
        """
        announced = self.header("content-length")
        if announced.isdigit() and int(announced) > max_bytes:
            raise TooLargeError(f"a body may have {max_bytes} bytes here")
        if self.header("content-encoding").lower() not in ("", "identity"):
            raise MediaTypeError("send the body as it is, without a Content-Encoding")
        body = bytearray()
        try:
            async with asyncio.timeout(_BODY_SECONDS + max_bytes / _BYTES_A_SECOND):
                async for chunk in self._protocol:
                    body += chunk
                    if len(body) > max_bytes:
                        raise TooLargeError(f"a body may have {max_bytes} bytes here")
        except TimeoutError as error:
            raise SlowRequestError("the body takes too long to come") from error
        except ProtocolClosed as error:
            raise ClientGoneError("the client went away") from error
        if announced.isdigit() and len(body) < int(announced):
            raise RequestError("the body is shorter than its Content-Length")
        return bytes(body)

    async def gone(self) -> None:
        """Return when the client has gone away."""
        await self._protocol.client_disconnect()
