"""The reasoners that are measured; run as a program, it lets one of them work on a file of triples and tells how long.

What it prints is JSON: the seconds from the file to all that follows, without those of imports; how many triples that
are; and the most memory that the process took.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Work = Callable[[Path], int | None]


def _districtgraph() -> Work:
    import pyoxigraph as ox

    from loaders.inference import reason

    return lambda file: len(reason(ox.parse(path=str(file), format=ox.RdfFormat.N_TRIPLES)).inferred)


def _owlrl() -> Work:
    import owlrl  # type: ignore[import-untyped]
    import rdflib

    def work(file: Path) -> int:
        graph = rdflib.Graph().parse(file, format="nt")
        stated = len(graph)
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        return len(graph) - stated

    return work


def _reasonable() -> Work:  # which returns some of what is stated, too, so that it is not counted
    import reasonable  # type: ignore[import-untyped]

    def work(file: Path) -> None:
        reasoner = reasonable.PyReasoner()
        reasoner.load_file(str(file))
        reasoner.reason()

    return work


REASONERS: Mapping[str, Callable[[], Work]] = {
    "districtgraph": _districtgraph,
    "owlrl": _owlrl,
    "reasonable": _reasonable,
}


def main() -> None:
    """Let the reasoner of the first argument, once it is imported, work on the file of the second."""
    resource.setrlimit(resource.RLIMIT_AS, (_most_bytes(), resource.RLIM_INFINITY))
    work = REASONERS[sys.argv[1]]()
    begun = time.perf_counter()
    follows = work(Path(sys.argv[2]))
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "follows": follows, "peak_bytes": peak}))


def _most_bytes() -> int:
    """Return three quarters of the memory, so that who wants more ends alone."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4 * 3


if __name__ == "__main__":
    main()
