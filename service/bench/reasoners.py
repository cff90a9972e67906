"""The reasoners that are measured; run as a program, it lets one of them work on a file of triples and tells how long.

What it prints is JSON: the seconds from the file to all that follows, how many triples follow, and the most memory that
the process took.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def _districtgraph(file: Path) -> int:
    import pyoxigraph as ox

    from loaders.inference import reason

    return len(reason(ox.parse(path=str(file), format=ox.RdfFormat.N_TRIPLES)).inferred)


def _owlrl(file: Path) -> int:
    import owlrl  # type: ignore[import-untyped]
    import rdflib

    graph = rdflib.Graph().parse(file, format="nt")
    stated = len(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return len(graph) - stated


def _reasonable(file: Path) -> int:
    import reasonable  # type: ignore[import-untyped]

    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(file))
    return len(reasoner.reason())


REASONERS: Mapping[str, Callable[[Path], int]] = {
    "districtgraph": _districtgraph,
    "owlrl": _owlrl,
    "reasonable": _reasonable,
}


def main() -> None:
    """Let the reasoner of the first argument work on the file of the second."""
    begun = time.perf_counter()
    follows = REASONERS[sys.argv[1]](Path(sys.argv[2]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": time.perf_counter() - begun, "follows": follows, "peak_bytes": peak}))


if __name__ == "__main__":
    main()
