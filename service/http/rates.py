"""How much each client may ask for: seconds of evaluation, which come back as time goes by."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from service.errors import RateError

_MINUTE = 60.0
_MOST_CLIENTS = 10_000


class Rates:
    """What each client has left of `seconds` in a minute; it may go below nothing, and then has to wait."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, client: str) -> None:
        """Raise RateError where `client` has nothing left."""
        left = self._left_of(client)
        if left <= 0:
            wait = math.ceil((0.1 - left) * _MINUTE / self._seconds)
            message = f"{self._seconds:g} seconds of evaluation a minute are used up; ask again in {wait} s"
            raise RateError(message, wait)

    def charge(self, client: str, seconds: float) -> None:
        """Take what a query of `client` took."""
        self._left[client] = (self._left_of(client) - seconds, self._clock())
        self._left.move_to_end(client)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)

    def _left_of(self, client: str) -> float:
        left, when = self._left.get(client, (self._seconds, 0.0))
        return min(self._seconds, left + (self._clock() - when) * self._seconds / _MINUTE)
