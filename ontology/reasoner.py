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
from ontology.iris import OWL, RDF, RDFS, XSD

_IMPORTS = ox.NamedNode(OWL + "imports")
_MEGABYTES = 2000
# Questions are short: to compile for speed and to collect garbage in parallel takes more time than it saves.
_BRIEF = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_NARROWING_SECONDS = 120.0

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
            command = [self.java, *_BRIEF, f"-Xmx{_MEGABYTES}M", "-Dfile.encoding=UTF-8", "-cp", _class_path()]
            command += ["org.semanticweb.HermiT.cli.CommandLine", *options, file.as_uri()]
            output, status = self._run(command)
        if "InconsistentOntologyException" in output:
            return None
        if status != 0:
            raise ReasonerError(f"HermiT ended with: {_cause(output)}")
        return output

    def _run(self, command: list[str]) -> tuple[str, int]:
        left = max(0.1, self.deadline - time.monotonic())
        try:
            ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=left, check=False)
        except subprocess.TimeoutExpired as error:
            raise ReasonerError("HermiT took too long") from error
        return ran.stdout.decode(errors="replace"), ran.returncode

    def for_narrowing(self) -> "Reasoner":
        """Return the reasoner with time of its own for the many short questions of `narrow`."""
        return Reasoner(self.java, time.monotonic() + _NARROWING_SECONDS)


def find_reasoner(seconds: float) -> Reasoner | None:
    """Return the reasoner, which has so many seconds from now on, or None where there is no Java to run it."""
    java = shutil.which("java")
    return Reasoner(java, time.monotonic() + seconds) if java is not None else None


def narrow(
    groups: Sequence[Group], contradicts: Callable[[Sequence[Group]], bool], near: Iterable[str] = ()
) -> list[Group]:
    """Return few of `groups` that contradict still, given that all of them do; without any of these they do not.

    One after the other is found as the last of the shortest row of groups that contradicts together with those found.
    The row begins with those that share most with them, or with the IRIs `near`, so that it is short.
    """
    kept: list[Group] = []
    rest = list(groups)
    while rest and not (kept and contradicts(kept)):
        names = {*near, *(name for group in kept for name in names_in(group))}
        rest = _nearest_first(rest, names)
        low, high = 0, 1 if names else len(rest)
        while high < len(rest) and not contradicts([*kept, *rest[:high]]):
            low, high = high, high * 2
        high = min(high, len(rest))
        while high - low > 1:
            middle = (low + high) // 2
            if contradicts([*kept, *rest[:middle]]):
                high = middle
            else:
                low = middle
        kept.append(rest[high - 1])
        rest = rest[: high - 1]
    return kept


def names_in(group: Group) -> set[str]:
    """Return the IRIs in the triples of `group` but for those of OWL and the languages below it."""
    names = {term.value for triple in group[1] for term in triple if isinstance(term, ox.NamedNode)}
    return {name for name in names if not name.startswith((OWL, RDF, RDFS, XSD))}


def _nearest_first(groups: Sequence[Group], near: set[str]) -> list[Group]:
    """Return `groups` by how many steps from name to name lead to them from those that are `near`."""
    ordered: list[Group] = []
    left = [(group, names_in(group) | {group[0]}) for group in groups]
    while left:
        reached = [(group, names) for group, names in left if names & near]
        if not reached:
            return ordered + [group for group, _ in left]
        ordered += (group for group, _ in reached)
        near = near.union(*(names for _, names in reached))
        left = [(group, names) for group, names in left if not any(group is other for other, _ in reached)]
    return ordered


def _class_path() -> str:
    package = find_spec("owlready2")
    assert package is not None and package.submodule_search_locations is not None
    folder = Path(package.submodule_search_locations[0], "hermit")
    return f"{folder}:{folder / 'HermiT.jar'}"


def _cause(output: str) -> str:
    """Return the message in what Java prints of an exception, without where it came about."""
    lines = [line.strip() for line in output.splitlines() if not line.lstrip().startswith("at ")]
    return " ".join(filter(None, lines))[:500] or "no message"
