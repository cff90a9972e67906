"""Sends replies, large ones piece by piece, so that who reads slowly holds little of the machine for long."""

import asyncio
from collections.abc import AsyncIterator

from service.http.exchange import Headers, HTTPProtocol, Part, ProtocolClosed, Reply

_LARGE = 1_000_000
_PIECE = 262_144
_PIECE_SECONDS = 20.0


async def send(protocol: HTTPProtocol, reply: Reply, with_body: bool) -> None:
    """Send a reply, of which the body is left out where the request was HEAD, and close the file that it is of.

    Raises ProtocolClosed where the client is gone, or takes too long for a piece: its connection is cut then, which it
    sees by the Content-Length.
    """
    headers = [(name, value) for name, value in reply.headers if name != "content-length"]
    if reply.status not in (204, 304):
        headers.append(("content-length", str(reply.length)))
    try:
        if not with_body or not reply.length:
            protocol.response_empty(reply.status, headers)
        elif reply.part is not None:
            await _send_pieces(protocol, reply.status, headers, _of_file(reply.part))
        elif reply.length < _LARGE:
            protocol.response_bytes(reply.status, headers, reply.body)
        else:
            await _send_pieces(protocol, reply.status, headers, _of_body(memoryview(reply.body)))
    finally:
        if reply.part is not None:
            reply.part.file.close()


async def _send_pieces(protocol: HTTPProtocol, status: int, headers: Headers, pieces: AsyncIterator[bytes]) -> None:
    stream = protocol.response_stream(status, headers)
    async for piece in pieces:
        try:
            await asyncio.wait_for(stream.send_bytes(piece), _PIECE_SECONDS)
        except TimeoutError as error:
            raise ProtocolClosed("the client takes too long") from error


async def _of_body(body: memoryview) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield bytes(body[start : start + _PIECE])


async def _of_file(part: Part) -> AsyncIterator[bytes]:
    """Yield the bytes of a file as they are sent. Raises ProtocolClosed where it has fewer than when it was opened."""
    part.file.seek(part.bytes.start)
    for start in part.bytes[::_PIECE]:
        length = min(_PIECE, part.bytes.stop - start)
        piece = await asyncio.to_thread(part.file.read, length)
        if len(piece) < length:
            raise ProtocolClosed("the file has become shorter")
        yield piece
