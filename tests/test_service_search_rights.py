"""Search and closed graphs: what only these state is not found, counted or told as a correction."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import Service, run, serving
from test_service_search import found, suggested

from loaders.words import folded_text

CLOSED = "https://w3id.org/districtgraph/graph/norway-two-clusters"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@dataclass(frozen=True)
class Secret:
    """What only the closed graph states: the things that it labels, with their labels, and its words."""

    things: dict[str, str]
    words: list[str]


@pytest.fixture(scope="module")
def secret(state: Path) -> Secret:
    things: dict[str, str] = {}
    labelled_by_others: set[str] = set()
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for quad in ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS):
        is_closed = quad.graph_name.value == CLOSED
        if quad.predicate.value == LABEL:
            things |= {quad.subject.value: quad.object.value} if is_closed else {}
            labelled_by_others |= set() if is_closed else {quad.subject.value}
        if isinstance(quad.object, ox.Literal) and (quad.predicate.value == LABEL or not is_closed):
            words[is_closed].update(folded_text(quad.object.value).split())
    alone = sorted(word for word in words[True] - words[False] if word.isalpha() and len(word) > 4)
    return Secret({thing: things[thing] for thing in sorted(things.keys() - labelled_by_others)}, alone)


@pytest.fixture(scope="module")
def closed(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, dict[str, str]]]:
    """A service with a closed graph, and the header that opens it."""
    folder = tmp_path_factory.mktemp("closed")
    (folder / "releases").symlink_to(state / "releases")
    (folder / "current").symlink_to((state / "current").readlink())
    made = run("token", "create", "--role", "reader", "--name", "insider", "--state", folder)
    with serving(folder, DISTRICTGRAPH_CLOSED_GRAPHS=f'["{CLOSED}"]') as service:
        yield service, {"Authorization": f"Bearer {made.stdout.strip()}"}


@pytest.mark.slow
def test_things_of_a_closed_graph_are_not_found(closed: tuple[Service, dict[str, str]], secret: Secret) -> None:
    service, token = closed
    asked = list(secret.things.items())[::25]
    assert len(asked) > 10
    for thing, label in asked:
        parameters = {"q": label[:200], "limit": 100}
        hidden, shown = (service.get("/api/search", params=parameters, headers=who) for who in ({}, token))
        assert thing in [result["id"] for result in shown.json()["results"]], label
        assert not {result["id"] for result in hidden.json()["results"]} & secret.things.keys()
        whole = [
            [result["id"] for result in page.json()["results"] if not result["missing"]] for page in (hidden, shown)
        ]
        assert len(whole[0]) < len(whole[1])
        stale = {"If-None-Match": shown.headers["etag"]}
        assert service.get("/api/search", params=parameters, headers=stale).status_code == 200
        assert not {each.id for each in suggested(service, q=label[:40]).results} & secret.things.keys()


@pytest.mark.slow
def test_words_of_a_closed_graph_are_neither_found_nor_told(
    closed: tuple[Service, dict[str, str]], secret: Secret
) -> None:
    service, token = closed
    assert len(secret.words) > 5
    for word in secret.words[:20]:
        assert service.get("/api/search", params={"q": word}, headers=token).json()["total"] > 0
        misspelt = f"{word[:-1]}{word[-1] * 2}"
        for answer in (found(service, q=word), found(service, q=misspelt), suggested(service, q=misspelt)):
            assert word not in {other for others in answer.corrected.values() for other in others}
            marked = {folded_text(part.text) for each in answer.results for part in each.highlight if part.match}
            assert word not in marked


@pytest.mark.slow
def test_words_of_a_closed_graph_are_missing_beside_others_and_leave_nothing_out(
    closed: tuple[Service, dict[str, str]], secret: Secret
) -> None:
    service, token = closed
    whole = found(service, q="castellon ceramics")
    unheard_of = [word for word in secret.words if found(service, q=word).missing == [word]]
    assert len(unheard_of) > 5
    for word in unheard_of[:20]:
        page = found(service, q=f"castellon ceramics {word}")
        assert page.missing == [word] and page.total == whole.total
        assert all(result.missing == [word] for result in page.results if result.id == whole.results[0].id)
        for query in (f"castellon ceramics -{word}", f'castellon ceramics -"{word}"'):
            assert found(service, q=query).results == whole.results
        assert found(service, q=f'castellon "{word}"').total == 0
        opened = service.get("/api/search", params={"q": f"norwegian {word}"}, headers=token).json()
        assert word not in opened["missing"]


@pytest.mark.slow
def test_no_text_of_a_closed_graph_is_shown(closed: tuple[Service, dict[str, str]], state: Path) -> None:
    service, _ = closed
    stated: dict[bool, set[str]] = {True: set(), False: set()}
    for quad in ox.parse((state / "current/dataset.nq").read_bytes(), format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.object, ox.Literal):
            stated[quad.graph_name.value == CLOSED].add(quad.object.value)
    only_closed = stated[True] - stated[False]
    for query in (
        "norwegian clusters industry",
        "suppliers digital customers",
        "cluster firms norway knowledge",
        "lab toy",
    ):
        for page in (found(service, q=query, limit=100), suggested(service, q=query, limit=100)):
            for result in page.results:
                for match in (result, *result.others):
                    assert "".join(part.text for part in match.highlight) not in only_closed
