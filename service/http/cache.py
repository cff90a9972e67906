"""Keeps replies that cannot change, the latest used first, within a bound of bytes."""

from collections import OrderedDict
from collections.abc import Hashable

from service.http.exchange import Reply

_OVERHEAD = 1_000
_LARGEST_PART = 8


class Cache:
    """Replies by what was asked, of which dataset."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._replies: OrderedDict[Hashable, Reply] = OrderedDict()
        self.bytes = 0

    def get(self, key: Hashable) -> Reply | None:
        """Return the reply to what `key` asks, or None."""
        reply = self._replies.get(key)
        if reply is not None:
            self._replies.move_to_end(key)
        return reply

    def put(self, key: Hashable, reply: Reply) -> None:
        """Keep a reply, and forget the oldest where there are too many bytes."""
        if key in self._replies or _size(reply) > self._max_bytes // _LARGEST_PART:
            return
        self._replies[key] = reply
        self.bytes += _size(reply)
        while self.bytes > self._max_bytes:
            _, oldest = self._replies.popitem(last=False)
            self.bytes -= _size(oldest)

    def __len__(self) -> int:
        return len(self._replies)


def _size(reply: Reply) -> int:
    return len(reply.body) + _OVERHEAD
