"""Those who had their turn and are not done: while somebody else begins, only few of them go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.engine.processes import Worker


class Crowd:
    """Workers that go on after their first turn, the earliest first; all but a `few` are stopped while others begin."""

    def __init__(self, few: int) -> None:
        self._few = few
        self._is_stopped: dict[Worker, bool] = {}
        self._beginners = 0

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Let somebody begin."""
        self._beginners += 1
        self._order()
        try:
            yield
        finally:
            self._beginners -= 1
            self._order()

    @contextmanager
    def going_on(self, worker: Worker) -> Iterator[None]:
        """Have `worker` go on with the others."""
        self._is_stopped[worker] = False
        self._order()
        try:
            yield
        finally:
            if self._is_stopped.pop(worker):
                worker.go_on()
            self._order()

    def _order(self) -> None:
        for number, (worker, was_stopped) in enumerate(self._is_stopped.items()):
            is_stopped = self._beginners > 0 and number >= self._few
            if is_stopped != was_stopped:
                self._is_stopped[worker] = is_stopped
                worker.stop() if is_stopped else worker.go_on()
