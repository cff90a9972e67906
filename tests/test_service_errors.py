"""Each floor's tree of errors is drawn whole in its module, and every error has its problem document."""

import importlib
import re
from types import ModuleType

import pytest

from service.problems import PROBLEMS

FLOORS = ("ontology", "queries", "loaders", "service")


def errors_of(module: ModuleType) -> dict[str, type[Exception]]:
    found = {name: value for name, value in vars(module).items() if isinstance(value, type)}
    return {n: v for n, v in found.items() if issubclass(v, Exception) and not n.startswith("_")}


@pytest.mark.parametrize("floor", FLOORS)
def test_the_tree_in_the_docstring_is_the_tree_of_the_classes(floor: str) -> None:
    module = importlib.import_module(f"{floor}.errors")
    drawn: dict[str, str | None] = {}
    above: list[str] = []
    for line in (module.__doc__ or "").splitlines():
        if match := re.match(r"^(?P<indent>[│├└─ ]*)(?P<name>[A-Z]\w+Error)\b", line):
            depth = len(match["indent"]) // 4
            above[depth:] = [match["name"]]
            drawn[match["name"]] = above[depth - 1] if depth else None
    classes = errors_of(module)
    assert set(drawn) == set(classes)
    for name, class_ in classes.items():
        parents = [base.__name__ for base in class_.__mro__[1:] if base.__name__ in classes]
        assert drawn[name] == (parents[0] if parents else None)


@pytest.mark.parametrize("floor", FLOORS)
def test_every_error_has_a_problem_document(floor: str) -> None:
    for class_ in errors_of(importlib.import_module(f"{floor}.errors")).values():
        assert any(base in PROBLEMS for base in class_.__mro__)


def test_problems_of_a_type_have_one_status_and_title() -> None:
    told = set(PROBLEMS.values())
    assert len(told) == len({type_ for type_, _, _ in told})
