"""Reads parts on a Dask cluster: machines that see the same files, or processes of this one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from loaders.code import code_digest
from loaders.errors import ClusterError
from loaders.loading.parts import Reader, ReadPart, read_part
from loaders.loading.plan import Part

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
_PACKAGES = ("loaders", "ontology")
_PATIENCE_SECONDS = 10


def on_cluster(address: str) -> Reader:
    """Return what reads parts on the cluster whose scheduler is at `address`, or with `local` on one of this machine.

    Its workers have the same version of districtgraph, and the same paths to the files and to the state folder.
    """

    def read(parts: Sequence[Part], folder: Path) -> Iterator[ReadPart]:
        from distributed import KilledWorker, as_completed
        from distributed.client import FutureCancelledError

        with _connected(address) as client:
            _check(client, folder.resolve())
            waiting = iter(parts)
            # Two a worker, so that none waits for its next part, and the scheduler does not hold all of them.
            first = islice(waiting, 2 * sum(client.nthreads().values()))
            try:
                done = as_completed(_submitted(client, part, folder.resolve()) for part in first)
                for future in done:
                    yield future.result()
                    for part in islice(waiting, 1):
                        done.add(_submitted(client, part, folder.resolve()))
            except (KilledWorker, FutureCancelledError) as error:
                message = f"workers of the cluster at {address} ended ({error}); look at their logs, then load again"
                raise ClusterError(message) from error

    return read


def _submitted(client: "Client", part: Part, folder: Path) -> object:
    return client.submit(read_part, part, folder, pure=False)


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError("Dask is not installed: pip install 'districtgraph[cluster]'") from error
    if address == LOCAL:
        with (
            LocalCluster(threads_per_worker=1, dashboard_address=None, silence_logs=40) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=_PATIENCE_SECONDS)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no scheduler of Dask answers at {address} ({error}); see 'dask scheduler'") from error
    with client:
        yield client


def _check(client: "Client", folder: Path) -> None:
    """Raise ClusterError where a worker has other code than this process, or does not see the folder."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
    except TimeoutError as error:
        raise ClusterError("the cluster has no worker; see 'dask worker'") from error
    for worker, digest in client.run(code_digest, _PACKAGES).items():
        if digest != code_digest(_PACKAGES):
            raise ClusterError(f"worker {worker} has another version of districtgraph; install the same one there")
    for worker, sees in client.run(Path.is_dir, folder).items():
        if not sees:
            message = f"worker {worker} does not see {folder}; share the state folder and the files under one path"
            raise ClusterError(message)
