"""A list of more than 100,000 things is not put in order: it comes as it is stored, a page after the other."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from conftest import Service, run, serving
from loaded import copy_state

pytestmark = pytest.mark.slow

THINGS = 100_050
MOST = 1000


@pytest.fixture(scope="module")
def large_state(tmp_path_factory: pytest.TempPathFactory, excerpt_state: Path) -> Path:
    """A state folder with a release that has more observations than are put in order."""
    folder = tmp_path_factory.mktemp("large")
    copy_state(excerpt_state, folder / "state")
    codes = [f"A{number}" for number in range(100)]
    rows = [f"ES{number:03}\t2015\t" + "\t".join("1" * 100) for number in range(THINGS // 100)]
    rows.append("DE1\t2015\t" + "\t".join("1" * (THINGS % 100)) + "\t" * (100 - THINGS % 100))
    (folder / "table").mkdir()
    (folder / "table/I40_indicator_db.tsv").write_text("\n".join(["\t".join(["NUTS2", "YEAR", *codes]), *rows]) + "\n")
    described = "".join(f"{code}\tint\tIndicator {code}\n" for code in codes)
    (folder / "table/column_description.tsv").write_text(described)
    done = run("load", "indicators", folder / "table", "--state", folder / "state", cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    return folder / "state"


@pytest.fixture(scope="module", params=["1000", "1"], ids=["in memory", "from the disk"])
def two(request: pytest.FixtureRequest, large_state: Path) -> Iterator[tuple[Service, Service]]:
    """Two services over that release."""
    megabytes = {"DISTRICTGRAPH_MEMORY_MEGABYTES": request.param}
    with serving(large_state, **megabytes) as one, serving(large_state, **megabytes) as other:
        yield one, other


@pytest.fixture
def large(two: tuple[Service, Service]) -> Service:
    """A service over that release."""
    return two[0]


def test_every_thing_is_on_one_page_whoever_is_asked_for_the_next(
    two: tuple[Service, Service], request: pytest.FixtureRequest
) -> None:
    """From the disk the first pages alone: whoever reads that has them in the same order."""
    wanted = THINGS if "in memory" in request.node.name else 20 * MOST
    seen: list[str] = []
    path = f"/api/observations?fields=label&limit={MOST}"
    asked = cycle(two)
    while path and len(seen) < wanted:
        page = next(asked).get(path).json()
        assert page["total"] == THINGS
        seen += [item["id"] for item in page["items"]]
        path = page.get("next")
    assert len(seen) == len(set(seen)) == wanted


def test_what_narrows_the_list_puts_it_in_order(large: Service) -> None:
    page = large.get("/api/observations?fields=label&region=nuts-es001&limit=1000").json()
    found = [item["id"] for item in page["items"]]
    assert page["total"] == 100
    assert found == sorted(found)
    filtered = large.get("/api/observations?fields=label&sort=-label&limit=2")
    assert filtered.status_code == 200


def test_a_cursor_of_something_that_is_not_there_is_told(large: Service) -> None:
    first = large.get("/api/observations?fields=label&limit=1").json()
    other = large.get("/api/statistical-regions?fields=label&limit=1").json()
    cursor = other["next"].partition("cursor=")[2]
    answer = large.get(f"/api/observations?fields=label&limit=1&cursor={cursor}")
    assert answer.status_code == 400, answer.text
    assert "begin the list again" in answer.json()["detail"]
    assert first["items"]
