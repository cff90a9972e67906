"""Runs the cases of OWL 2 RL that the W3C has of Michael Schneider and Kai Mainzer against our reasoner.

    python tests/w3c_owl.py FOLDER

prints the cases in FOLDER that fail, each with its reason, and the counts. FOLDER is the sub-suite `owl2rl` of the
"test collection for the OWL 2 RDF-Based Semantics" of November 2009: a folder a case, with its type in
`NAME.metadata.properties`, and its graphs in `NAME.premisegraph.ttl` and `NAME.conclusiongraph.ttl`, or, where they
contradict each other, in `NAME.graph.ttl`.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
from rl_cases import Case, failure

BASE = "http://www.example.org/"


class CaseFileError(Exception):
    """A file of a case is not as the suite says; the message names it."""


def suite(folder: Path) -> list[Case]:
    """Return the cases in `folder` by name. Raises CaseFileError."""
    return [_case(path) for path in sorted(folder.iterdir()) if path.is_dir()]


def _case(folder: Path) -> Case:
    kind = _type(folder / f"{folder.name}.metadata.properties")
    if kind == "INCONSISTENCY":
        return Case(folder.name, _triples(folder / f"{folder.name}.graph.ttl"), None)
    if kind in ("POSITIVE_ENTAILMENT", "NEGATIVE_ENTAILMENT"):
        premises, conclusion = (
            _triples(folder / f"{folder.name}.{part}graph.ttl") for part in ("premise", "conclusion")
        )
        return Case(folder.name, premises, conclusion, holds=kind.startswith("POSITIVE"))
    if kind == "CONSISTENCY":
        return Case(folder.name, _triples(folder / f"{folder.name}.graph.ttl"), None, holds=False)
    raise CaseFileError(f"{folder}: its type is {kind!r}, which the suite does not have")


def _type(file: Path) -> str:
    for entry in ElementTree.parse(file).iter("entry"):
        if entry.get("key") == "testcase.type":
            return (entry.text or "").strip()
    raise CaseFileError(f"{file}: has no testcase.type")


def _triples(file: Path) -> tuple[ox.Triple, ...]:
    try:
        parsed = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=BASE)
        return tuple(quad.triple for quad in parsed)
    except (OSError, SyntaxError) as error:
        raise CaseFileError(f"{file}: {error}") from error


def main() -> None:
    cases = suite(Path(sys.argv[1]))
    failed = {case.name: why for case in cases if (why := failure(case)) is not None}
    print(*(f"{name}: {why}" for name, why in failed.items()), sep="\n")
    print(f"{len(cases)} cases, {len(failed)} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
