"""Asks HermiT, the reasoner that owlready2 ships, for what cannot be: classes, or the ontology as a whole.

HermiT runs as a process of its own, which is killed when it takes too long or its caller ends.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from ontology.errors import ReasonerError
from ontology.iris import OWL

_IMPORTS = ox.NamedNode(OWL + "imports")
_MEGABYTES = 2000

Group = tuple[str, Sequence[ox.Triple]]


@dataclass(frozen=True)
class Reasoner:
    """HermiT, with the time (of `time.monotonic`) at which its answers are no longer waited for."""

    java: str
    deadline: float

    def impossible_classes(self, triples: Iterable[ox.Triple]) -> list[str] | None:
        """Return the IRIs of the classes that can have no instances, or None where `triples` contradict each other.

        Raises ReasonerError.
        """
        output = self._ask(["--no-prefixes", "--unsatisfiable"], triples)
        if output is None:
            return None
        found = {line.strip() for line in output.splitlines() if line.startswith("\t")}
        return sorted(found - {OWL + "Nothing"})

    def is_possible(self, triples: Iterable[ox.Triple], class_: str = OWL + "Thing") -> bool:
        """Tell whether `class_`, by default anything at all, can be by `triples`. Raises ReasonerError."""
        output = self._ask([f"--consistency=<{class_}>"], triples)
        return output is not None and " is not satisfiable" not in output

    def _ask(self, options: list[str], triples: Iterable[ox.Triple]) -> str | None:
        """Return what HermiT prints on `triples`, or None where they contradict each other."""
        with TemporaryDirectory(prefix="districtgraph-") as folder:
            file = Path(folder, "ontology.nt")
            ox.serialize((t for t in triples if t.predicate != _IMPORTS), str(file), format=ox.RdfFormat.N_TRIPLES)
            command = [self.java, f"-Xmx{_MEGABYTES}M", "-Dfile.encoding=UTF-8", "-cp", _class_path()]
            command += ["org.semanticweb.HermiT.cli.CommandLine", *options, file.as_uri()]
            output, status = self._run(command)
        if "InconsistentOntologyException" in output:
            return None
        if status != 0:
            raise ReasonerError(f"HermiT ended with: {_cause(output)}")
        return output

    def _run(self, command: list[str]) -> tuple[str, int]:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            output, _ = process.communicate(timeout=max(0.1, self.deadline - time.monotonic()))
            return output.decode(errors="replace"), process.returncode
        except subprocess.TimeoutExpired as error:
            raise ReasonerError("HermiT took too long") from error
        finally:
            process.kill()
            process.wait()


def find_reasoner(seconds: float) -> Reasoner | None:
    """Return the reasoner, which has so many seconds from now on, or None where there is no Java to run it."""
    java = shutil.which("java")
    return Reasoner(java, time.monotonic() + seconds) if java is not None else None


def narrow(groups: Sequence[Group], contradicts: Callable[[Sequence[Group]], bool]) -> list[Group]:
    """Return few of `groups` that still contradict, given that all of them do.

    Delta debugging (Zeller and Hildebrandt 2002): parts are left out, larger ones first, while the rest contradicts.
    """
    kept = list(groups)
    parts = 2
    while len(kept) > 1:
        size = -(-len(kept) // parts)
        rests = (kept[:start] + kept[start + size :] for start in range(0, len(kept), size))
        smaller = next((rest for rest in rests if rest and contradicts(rest)), None)
        if smaller is not None:
            kept, parts = smaller, max(parts - 1, 2)
        elif size == 1:
            break
        else:
            parts = min(parts * 2, len(kept))
    return kept


def _class_path() -> str:
    package = find_spec("owlready2")
    assert package is not None and package.submodule_search_locations is not None
    folder = Path(package.submodule_search_locations[0], "hermit")
    return f"{folder}:{folder / 'HermiT.jar'}"


def _cause(output: str) -> str:
    """Return the message in what Java prints of an exception, without where it came about."""
    lines = [line.strip() for line in output.splitlines() if not line.lstrip().startswith("at ")]
    return " ".join(filter(None, lines))[:500] or "no message"
