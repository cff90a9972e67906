"""The process that holds the dataset: workers are forked from it, in milliseconds and with all of it at hand.

It has one thread, since only what that one holds is whole in a forked process. A template of what a client may read is
forked from it too.
"""

import gc
import importlib
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial

import pyoxigraph as ox

from service.engine import channel
from service.engine.worker import Limits, work
from service.errors import ServiceError
from service.store.dataset import Dataset, Sources, View
from service.store.loading import load
from service.store.patch import Patch, Rows

# A worker opens no file, and so has to know beforehand what it may be asked to do.
_JOBS = (
    "service.sparql.asked",
    "service.store.reading",
    "service.store.both",
    "service.store.incoming",
    "service.store.listing",
    "service.store.selection",
    "service.store.summary",
    "service.store.writing",
)
# The engine's generator of random numbers goes on with the same ones in every fork; it takes another seed after 64 KiB
# and the block that it is at (https://github.com/rust-random/rand/pull/1379).
_SEED_BYTES = 65_536 + 256
_BLANK_NODE_BYTES = 16


def main() -> None:
    """Hold the dataset of the Sources that come first, until nobody asks any more."""
    end = socket.socket(fileno=int(sys.argv[1]))
    os.setsid()  # out of reach of Ctrl-C, and a group that can be ended as one
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sources: Sources = channel.receive(end)
    try:
        dataset, place = load(sources)
    except ServiceError as error:
        channel.send(end, error)
        return
    channel.send(end, (place, dataset.owned))
    for module in _JOBS:
        importlib.import_module(module)
    _serve(end, dataset)
    dataset.close()
    os.killpg(0, signal.SIGKILL)


def _serve(end: socket.socket, dataset: Dataset) -> None:
    """Do what is asked at the other `end`, until nobody is there any more.

    Limits ask for a worker with these, on the end of a channel that comes with them; a view asks for a template without
    what it hides in the same way; the Rows of a patch are applied.
    """
    gc.freeze()  # what is there now is not walked through, and so not copied, in each worker
    while True:
        try:
            message, descriptors = channel.receive_with_files(end, 1)
        except (EOFError, OSError):
            return
        match message:
            case Limits():
                reply: object = _fork(end, descriptors[0], partial(work, dataset=dataset, limits=message))
            case frozenset():
                reply = _fork(end, descriptors[0], partial(_serve_without, dataset=dataset, view=message))
            case Rows():
                reply = _applied(dataset, message)
        channel.send(end, reply)


def _serve_without(end: socket.socket, dataset: Dataset, view: View) -> None:
    _serve(end, dataset.without(view))


def _applied(dataset: Dataset, rows: Rows) -> ServiceError | None:
    try:
        dataset.apply(Patch.of_rows(rows.content))
    except ServiceError as error:
        return error
    return None


def _fork(end: socket.socket, descriptor: int, live: Callable[[socket.socket], None]) -> int:
    process = os.fork()
    ours = socket.socket(fileno=descriptor)
    if process:
        ours.close()
        return process
    try:
        end.close()
        _take_another_seed()
        live(ours)
    except OSError:
        pass  # nobody listens any more
    except Exception:  # noqa: BLE001 - a forked process must not go on as its parent
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _take_another_seed() -> None:
    """Have the engine draw other random numbers here than in all that is forked from the same process.

    Else blank nodes of two writes would be one, and values of UUID and RAND come again.
    """
    for _ in range(_SEED_BYTES // _BLANK_NODE_BYTES):
        ox.BlankNode()


if __name__ == "__main__":
    main()
