"""Sends replies, large ones piece by piece, so that others have their turn in between."""

import asyncio

from service.http.exchange import HTTPProtocol, ProtocolClosed, Reply

_LARGE = 1_000_000
_PIECE = 262_144
_PIECE_SECONDS = 20.0


async def send(protocol: HTTPProtocol, reply: Reply, with_body: bool) -> None:
    """Send a reply, of which the body is left out where the request was HEAD.

    Raises ProtocolClosed where the client is gone, or takes too long for a piece: its connection is cut then, which it
    sees by the Content-Length.
    """
    headers = [(name, value) for name, value in reply.headers if name != "content-length"]
    if reply.status not in (204, 304):
        headers.append(("content-length", str(reply.length)))
    if not with_body or not reply.length:
        protocol.response_empty(reply.status, headers)
    elif reply.part is not None:
        # The server reads it as the client does; of a stream it takes whatever it is given, and holds that in memory.
        path, bytes_ = str(reply.part.path), reply.part.bytes
        protocol.response_file_range(reply.status, headers, path, bytes_.start, bytes_.stop)
    elif len(reply.body) < _LARGE:
        protocol.response_bytes(reply.status, headers, reply.body)
    else:
        await _send_pieces(protocol, reply.status, headers, memoryview(reply.body))


async def _send_pieces(protocol: HTTPProtocol, status: int, headers: list[tuple[str, str]], body: memoryview) -> None:
    stream = protocol.response_stream(status, headers)
    for start in range(0, len(body), _PIECE):
        try:
            await asyncio.wait_for(stream.send_bytes(bytes(body[start : start + _PIECE])), _PIECE_SECONDS)
        except TimeoutError as error:
            raise ProtocolClosed("the client takes too long") from error
