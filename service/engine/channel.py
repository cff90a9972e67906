"""Messages between the processes of the service: pickled, framed by their length, over a pair of Unix sockets."""

import asyncio
import pickle
import socket
import struct
from typing import Any, cast

_LENGTH = struct.Struct("!Q")
_SMALL = 65_536


def pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a channel."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


def send(end: socket.socket, message: object, descriptors: tuple[int, ...] = ()) -> None:
    """Send `message` and open files; blocks. Raises OSError where nobody is at the other end."""
    content = _framed(message)
    if descriptors:
        content = content[socket.send_fds(end, [content], descriptors) :]
    end.sendall(content)


def receive(end: socket.socket) -> Any:
    """Return the next message, after which none comes before it is answered; blocks.

    Raises EOFError where the other end is gone.
    """
    content = end.recv(_SMALL)
    if len(content) < _LENGTH.size:
        content += _exactly(end, _LENGTH.size - len(content))
    length = _LENGTH.size + _LENGTH.unpack_from(content)[0]
    return pickle.loads(memoryview(content + _exactly(end, length - len(content)))[_LENGTH.size :])


def receive_with_files(end: socket.socket, most: int) -> tuple[Any, list[int]]:
    """Return the next message and the open files that came with it; blocks. Raises EOFError as `receive` does."""
    head, descriptors, _, _ = socket.recv_fds(end, _LENGTH.size, most)
    if not head:
        raise EOFError
    head += _exactly(end, _LENGTH.size - len(head))
    return pickle.loads(_exactly(end, *_LENGTH.unpack(head))), descriptors


class Asking(asyncio.BufferedProtocol):
    """The asking end of a channel, in an event loop: a message goes out, and one reply comes back before the next."""

    def __init__(self, greeting: "asyncio.Future[Any] | None") -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._reply = greeting
        self._small = memoryview(bytearray(_SMALL))
        self._large: bytearray | None = None
        self._filled = 0

    @classmethod
    async def at(cls, end: socket.socket, greeting: "asyncio.Future[Any] | None" = None) -> "Asking":
        """Take over an end of a channel; `greeting` will be the first message, where one comes without being asked."""
        end.setblocking(False)
        _, asking = await asyncio.get_running_loop().create_unix_connection(lambda: cls(greeting), sock=end)
        return asking

    @property
    def is_open(self) -> bool:
        """Tell whether somebody is at the other end, as far as is known."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def is_waiting(self) -> bool:
        """Tell whether a reply is owed."""
        return self._reply is not None

    def ask(self, message: object) -> "asyncio.Future[Any]":
        """Send `message` and return what will be its reply, which is EOFError where the other end is gone."""
        assert self._reply is None, "one message at a time"
        self._write(_framed(message))
        return self.expect()

    def expect(self) -> "asyncio.Future[Any]":
        """Return what will be the reply to a message that was sent another way."""
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._reply = reply
        if self._transport is None or self._transport.is_closing():
            self.connection_lost(None)
        return reply

    def close(self) -> None:
        """Leave the channel."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits; nothing is owed any more."""
        reply, self._reply, self._transport = self._reply, None, None
        if reply is not None and not reply.done():
            reply.set_exception(EOFError())
            reply.exception()  # nobody need be waiting for it

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes go: to a large reply itself, or to the place of small ones."""
        return (self._small if self._large is None else memoryview(self._large))[self._filled :]

    def buffer_updated(self, received: int) -> None:
        """Take up the bytes that came, and the reply when they are all there."""
        self._filled += received
        if self._large is None:
            if self._filled < _LENGTH.size:
                return
            end = _LENGTH.size + _LENGTH.unpack_from(self._small)[0]
            if end <= _SMALL:
                if self._filled >= end:
                    self._come(self._small[_LENGTH.size : end])
                return
            self._filled -= _LENGTH.size
            self._large = bytearray(end - _LENGTH.size)
            self._large[: self._filled] = self._small[_LENGTH.size : _LENGTH.size + self._filled]
        if self._filled == len(self._large):
            self._come(self._large)

    def _come(self, content: memoryview | bytearray) -> None:
        reply, self._reply, self._large, self._filled = self._reply, None, None, 0
        if reply is not None and not reply.done():
            reply.set_result(pickle.loads(content))

    def _write(self, content: bytes) -> None:
        if self._transport is not None:
            self._transport.write(content)


def _framed(message: object) -> bytes:
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def _exactly(end: socket.socket, length: int) -> bytes:
    content = bytearray(length)
    view = memoryview(content)
    while view:
        received = end.recv_into(view)
        if not received:
            raise EOFError
        view = view[received:]
    return bytes(content)
