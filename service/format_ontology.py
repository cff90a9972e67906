"""Brings files of the ontology to their canonical form, for the command line."""

from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from pathlib import Path

from ontology.formatting import Formatted, formatted, write


def format_ontology(
    files: Sequence[Path], say: Callable[[str], None], agrees: Callable[[str], bool], check: bool
) -> bool:
    """Bring files of the ontology to their canonical form, by default all modules; with `check`, only look.

    `say` takes what was found and done; `agrees` is asked before a file takes the place of a module. Returns whether
    all is as it should be now. Raises OntologyFileError, and then nothing was written.
    """
    found = formatted(Path(str(resources.files("ontology"))), files)
    pending = [file for file in found if not file.is_canonical]
    for file in pending:
        for line in _described(file):
            say(line)
    if not pending:
        say(f"canonical: {', '.join(file.place.name for file in found)}")
    elif check:
        say(" ".join(["to make them canonical: districtgraph format ontology", *map(str, files)]))
    elif all(agrees(f"replace {file.place.name} with {file.name}?") for file in pending if file.difference):
        write(pending)
        say(f"written: {', '.join(file.place.name for file in pending)}")
        return True
    else:
        say("nothing is written")
    return not pending


def _described(file: Formatted) -> Iterator[str]:
    yield f"{file.name}: for {file.place.name}, {file.difference}" if file.difference else f"{file.name}: not canonical"
    if file.comments:
        lines = ", ".join(map(str, file.comments[:5])) + (", …" if len(file.comments) > 5 else "")
        yield (
            f"{file.name}:{file.comments[0]}: the canonical form has no comments, and loses those of lines {lines}; "
            "what should stay goes into an rdfs:comment"
        )
