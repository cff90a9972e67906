"""Each named query gives the rows that the papers say, as `tests/expected/<query>.yaml` has them by hand.

A row of the file names some cells of a row that must be there: things by id, `…Label` for a label, and for a cell
that lists several values those that it must have. `count` is the number of all rows; no row may match one under
`never`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import PROJECT, Service

from ontology.iris import PREFIXES

EXPECTED = sorted((PROJECT / "tests/expected").glob("*.yaml"))
# Those that ask of a loaded source: tests/test_loaders_indicators.py and test_loaders_mapped.py ask them.
ELSEWHERE = sorted((PROJECT / "tests/expected").glob("*/*.yaml"))
Case = tuple[str, dict[str, Any]]


def cases_in(files: Iterable[Path]) -> list[Case]:
    """Return the questions of files with expected answers, each with what it is asked with and what is to come."""
    return [(file.stem, case) for file in files for case in yaml.safe_load(file.read_text())]


def cases_of(source: str) -> list[Case]:
    """Return those of questions that ask of a loaded source."""
    return cases_in(sorted((PROJECT / "tests/expected" / source).glob("*.yaml")))


CASES = cases_in(EXPECTED)


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda value: str(value)[:60])
def test_a_question_has_its_answer(name: str, case: dict[str, Any], service: Service) -> None:
    has_answer(service, name, case)


def has_answer(service: Service, name: str, case: dict[str, Any]) -> None:
    """Hold the answer to a question against what is expected."""
    answer = service.get(f"/api/queries/{name}", params=case["with"])
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    for wanted in case["rows"]:
        assert any(has(row, wanted) for row in rows), (wanted, rows[:40])
    for unwanted in case.get("never", []):
        assert not any(has(row, unwanted) for row in rows), unwanted
    assert len(rows) == case.get("count", len(rows))


def test_every_question_has_expected_answers() -> None:
    expected = sorted(file.stem for file in [*EXPECTED, *ELSEWHERE])
    assert expected == sorted(file.stem for file in (PROJECT / "queries").rglob("*.rq"))


def has(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(matches(row, column, value) for column, value in wanted.items())


def matches(row: dict[str, Any], column: str, value: Any) -> bool:
    if column.endswith("Label") and column not in row:
        cell = row[column.removesuffix("Label")]
        return cell is not None and bool(cell["label"] == value)
    cell = row[column]
    if isinstance(cell, dict):
        return local(cell["iri"]) == value
    if isinstance(value, list):
        parts = {part for piece in str(cell).split("; ") for part in piece.split(", ")}
        return {str(item) for item in value} <= parts
    return bool(cell == value)


def local(iri: str) -> str:
    for namespace in PREFIXES.values():
        iri = iri.removeprefix(namespace)
    return Path(iri).name
