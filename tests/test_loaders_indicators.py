"""The regional indicators become observations, all of them and as they are, or nothing of them at all."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas
import pyoxigraph as ox
import pytest
from conftest import SHARED, Service, one_at_a_time, run, serving, shared_folder
from loaded import copy_state, cut, end_at_random
from test_queries_answers import cases_of, has_answer

from loaders.inference import reason
from loaders.loading.source import loaded_in
from loaders.reasoning.domain_rules import domain_rules
from ontology.iris import TERM, THING
from ontology.modules import module_triples

pytestmark = pytest.mark.slow

TABLE = "I40_indicator_db.tsv"
CASES = cases_of("regional-indicators")
PREFIXES = f"""PREFIX dg: <{TERM}> PREFIX dgi: <{THING}> PREFIX qb: <http://purl.org/linked-data/cube#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> """


@pytest.fixture(scope="session")
def indicators() -> Path:
    """The folder of the regional indicators."""
    folder = SHARED / "data/regional-indicators"
    if not folder.is_dir():
        pytest.skip(f"the regional indicators are not at hand: {folder} does not exist")
    return folder


@pytest.fixture(scope="session")
def loaded_state(tmp_path_factory: pytest.TempPathFactory, state: Path, indicators: Path) -> Path:
    """A state folder with a release that has all regional indicators."""
    folder = shared_folder(tmp_path_factory) / "loaded"
    with one_at_a_time(folder):
        if not (folder / "sources/regional-indicators").exists():
            copy_state(state, folder)
            loaded = run("load", "indicators", indicators, "--state", folder)
            assert loaded.returncode == 0, loaded.stderr
    return folder


@pytest.fixture(scope="session")
def loaded_service(loaded_state: Path) -> Iterator[Service]:
    """A service over that release, which it reads from the disk."""
    with serving(loaded_state, DISTRICTGRAPH_MEMORY_MEGABYTES="100") as running:
        assert running.get("/sparql?query=ASK%7B%7D").status_code == 200
        yield running


def csv(service: Service, query: str) -> pandas.DataFrame:
    answer = service.get("/sparql", params={"query": PREFIXES + query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return pandas.read_csv(io.StringIO(answer.text), keep_default_na=False)


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda value: str(value)[:60])
def test_a_question_has_its_answer(name: str, case: dict[str, Any], loaded_service: Service) -> None:
    has_answer(loaded_service, name, case)


def test_every_value_is_an_observation_and_nothing_else_is(loaded_service: Service, indicators: Path) -> None:
    table = pandas.read_csv(indicators / TABLE, sep="\t", keep_default_na=False, dtype=str)
    wide = table.melt(["NUTS2", "YEAR"], var_name="code", value_name="value")
    wanted = wide[wide["value"] != ""]
    assert len(wanted) == 248_958
    found = csv(
        loaded_service,
        """SELECT ?region ?year ?code ?value WHERE {
            ?observation a dg:Observation ; dg:region/dg:nutsCode ?region ; dg:year ?year ; dg:value ?value ;
              dg:indicator/skos:notation ?code }""",
    )
    told = {(r, int(y), c): float(v) for r, y, c, v in found.itertuples(index=False)}
    assert len(told) == len(found)
    assert told == {(r, int(y), c): float(v) for r, y, c, v in wanted.itertuples(index=False)}


@pytest.mark.parametrize(
    "broken",
    [
        "?o a qb:Observation FILTER NOT EXISTS { ?o qb:dataSet ?set }",
        "?o a qb:Observation ; qb:dataSet ?set, ?other FILTER(?set != ?other)",
        "?set a qb:DataSet FILTER NOT EXISTS { ?set qb:structure ?structure }",
        "?d a qb:DimensionProperty FILTER NOT EXISTS { ?d rdfs:range ?range }",
        """?o qb:dataSet/qb:structure/qb:component/qb:dimension ?d FILTER NOT EXISTS { ?o ?d ?value }""",
        """?o qb:dataSet/qb:structure/qb:component/qb:measure ?m FILTER NOT EXISTS { ?o ?m ?value }""",
        """{ SELECT ?r ?y ?i (COUNT(?o) AS ?n) WHERE { ?o a qb:Observation ; dg:region ?r ; dg:year ?y ;
             dg:indicator ?i } GROUP BY ?r ?y ?i } FILTER(?n > 1)""",
    ],
    ids=["IC-1", "IC-1 twice", "IC-2", "IC-4", "IC-11", "IC-14", "IC-12"],
)
def test_the_cube_is_well_formed(broken: str, loaded_service: Service) -> None:
    """The RDF Data Cube Vocabulary, 11.1."""
    query = f"{PREFIXES} ASK {{ {broken} }}"
    answer = loaded_service.get("/sparql", params={"query": query, "timeout": 60})
    assert answer.json()["boolean"] is False


def test_the_code_of_a_region_tells_what_it_lies_in(loaded_service: Service) -> None:
    rows = csv(
        loaded_service,
        "SELECT ?around ?level WHERE { dgi:nuts-es52 dg:locatedIn ?a . ?a dg:nutsCode ?around ; dg:nutsLevel ?level }",
    )
    assert sorted(rows.itertuples(index=False, name=None)) == [("ES", 0), ("ES5", 1)]
    aggregates = csv(
        loaded_service, "SELECT ?code { ?r dg:nutsCode ?code FILTER NOT EXISTS { ?r dg:nutsLevel ?level } }"
    )
    assert sorted(aggregates["code"]) == ["EA19", "EFTA", "EU15", "EU27", "EU28"]


def test_every_district_of_the_corpus_with_brokerage_has_a_region(loaded_service: Service) -> None:
    without = "FILTER NOT EXISTS { ?d dg:statisticalRegion ?region }"
    query = f"SELECT DISTINCT ?d {{ ?b a dg:Brokerage ; dg:place ?d . ?d a dg:Agglomeration {without} }}"
    assert list(csv(loaded_service, query)["d"]) == []


def test_what_follows_of_a_loaded_source_is_stated_in_it(indicators: Path, excerpt_state: Path, tmp_path: Path) -> None:
    (source,) = loaded_in(small(indicators, excerpt_state, tmp_path, rows=3))
    loaded = {
        ox.Quad(triple.subject, triple.predicate, triple.object, source.graph)
        for triple in ox.parse(b"".join(source.lines()), format=ox.RdfFormat.N_TRIPLES)
    }
    ontology = {ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode("urn:ontology")) for t in module_triples()}
    stated = {quad.triple for quad in loaded | ontology}
    of_source = {quad.subject for quad in loaded if quad.subject.value.startswith(THING)}
    inferred = {quad.triple for quad in reason(loaded | ontology, domain_rules()).inferred}
    assert {triple for triple in inferred - stated if triple.subject in of_source} == set()


def small(indicators: Path, excerpt_state: Path, folder: Path, rows: int = 40, *options: str) -> Path:
    """Return a state folder of an excerpt of the corpus into which so many rows are loaded."""
    copy_state(excerpt_state, folder / "state")
    table = cut(indicators, folder / "table", rows)
    done = run("load", "indicators", table, "--state", folder / "state", *options, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    return folder / "state"


def test_a_release_with_a_source_comes_and_goes(indicators: Path, excerpt_state: Path, tmp_path: Path) -> None:
    before = (excerpt_state / "current").resolve().name
    folder = small(indicators, excerpt_state, tmp_path)
    release = (folder / "current").resolve()
    assert release.name != before
    manifest = json.loads((release / "manifest.json").read_text())
    assert manifest["loaded"]["regional-indicators"]["left_out"] == {"records": 0, "first": []}
    graph = manifest["loaded"]["regional-indicators"]["graph"]
    assert manifest["counts"]["triples_by_graph"][graph] == manifest["loaded"]["regional-indicators"]["triples"]
    again = run("load", "indicators", tmp_path / "table", "--state", folder, cwd=excerpt_state.parent)
    assert again.returncode == 0
    assert (folder / "current").resolve().name == release.name
    assert run("sources", "list", "--state", folder, cwd=excerpt_state.parent).stdout.startswith(
        "regional-indicators\t"
    )
    asked = run("ask", "observations", "indicator=i40papers", "year=2015", "--state", folder, cwd=excerpt_state.parent)
    assert "1639" in asked.stdout
    assert (
        run("sources", "remove", "regional-indicators", "--state", folder, "--yes", cwd=excerpt_state.parent).returncode
        == 0
    )
    assert (folder / "current").resolve().name == before
    asked = run("ask", "observations", "--state", folder, cwd=excerpt_state.parent)
    assert asked.returncode == 2
    assert "asks of regional-indicators, which is not loaded" in asked.stderr


def test_memory_and_disk_answer_the_same(indicators: Path, excerpt_state: Path, tmp_path: Path) -> None:
    folder = small(indicators, excerpt_state, tmp_path)
    query = "SELECT ?g (COUNT(*) AS ?n) { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    answers = []
    for megabytes in ("1000", "1"):
        with serving(folder, DISTRICTGRAPH_MEMORY_MEGABYTES=megabytes) as service:
            answers.append(csv(service, query).to_csv())
            page = service.get("/api/observations", params={"region": "nuts-es52", "year": 2015})
            assert page.status_code == 200, page.text
            answers[-1] += str(page.json()["total"])
    assert answers[0] == answers[1]


Edit = Callable[[bytes], bytes]
DAMAGES: dict[str, tuple[Edit, str]] = {
    "a word for a number": (lambda t: t.replace(b"\t26.6\t", b"\tmany\t", 1), r":\d+: 'many' is no number"),
    "a cell too few": (
        lambda t: t.replace(b"\nES52\t2015\t", b"\nES52\t2015", 1),
        r":\d+: has 102 cells, ",
    ),
    "no year": (lambda t: t.replace(b"\nES52\t2015\t", b"\nES52\tMMXV\t", 1), r":\d+: 'MMXV' is no year"),
    "no region": (lambda t: t.replace(b"\nES52\t2015\t", b"\n52\t2015\t", 1), r":\d+: '52' is no code of NUTS"),
    "not a number": (lambda t: t.replace(b"\t26.6\t", b"\tNaN\t", 1), r":\d+: 'NaN' is no number"),
    "cut off": (lambda t: t[: t.rindex(b"\t", 0, len(t) - 60)], r":\d+: has \d+ cells"),
    "not UTF-8": (lambda t: t.replace(b"\nES52\t2015\t", b"\nES\xff2\t2015\t", 1), r":\d+: is not UTF-8"),
    "binary": (lambda t: t[:20] + bytes(range(256)) * 8, ":1: "),
    "a row twice": (lambda t: t + t.splitlines(keepends=True)[2], r":\d+: ES52 \d+ has a row already, in line 3"),
    "a column twice": (lambda t: t.replace(b"I40Papers", b"I40_patent_count", 1), ":1: the column 'I40_patent_count'"),
    "an unknown column": (lambda t: t.replace(b"I40Papers", b"Papers", 1), ":1: the column 'Papers' is not described"),
    "empty": (lambda t: b"", ":1: the first columns are to be NUTS2 and YEAR"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_table_is_refused_with_its_line_and_changes_nothing(
    damage: str, indicators: Path, tmp_path: Path
) -> None:
    table = cut(indicators, tmp_path / "table", 30) / TABLE
    edit, message = DAMAGES[damage]
    before = table.read_bytes()
    table.write_bytes(edit(before))
    assert table.read_bytes() != before
    done = run("load", "indicators", tmp_path / "table", "--state", tmp_path / "state")
    assert done.returncode == 1, done.stderr
    assert re.search(re.escape(str(table)) + message, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert loaded_in(tmp_path / "state") == []
    assert not (tmp_path / "state/current").exists()


def test_a_bad_row_is_left_out_where_that_is_wanted(indicators: Path, excerpt_state: Path, tmp_path: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    table = cut(indicators, tmp_path / "table", 30) / TABLE
    whole = table.read_bytes()
    table.write_bytes(whole.replace(b"\nES52\t2015\t", b"\nES52\tMMXV\t", 1))
    done = run(
        "load", "indicators", tmp_path / "table", "--state", tmp_path / "state", "--skip-bad", cwd=excerpt_state.parent
    )
    assert done.returncode == 0, done.stderr
    assert "is no year" in done.stderr
    assert "left out  1 records" in done.stdout
    (source,) = loaded_in(tmp_path / "state")
    assert source.about["left_out"]["records"] == 1
    years = {line for line in source.lines() if line.startswith(f"<{THING}es52-".encode()) and b"#year>" in line}
    assert not any(b"2015" in line for line in years)


def test_a_load_killed_at_random_moments_goes_on_and_ends_the_same(
    indicators: Path, excerpt_state: Path, tmp_path: Path
) -> None:
    whole, folder = small(indicators, excerpt_state, tmp_path, rows=1500), tmp_path / "killed"
    copy_state(excerpt_state, folder)
    arguments = ["load", "indicators", tmp_path / "table", "--state", folder]
    end_at_random(arguments, folder, excerpt_state.parent, latest=2.5)
    done = run(*arguments, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    assert (folder / "current").resolve().name == (whole / "current").resolve().name
    assert not list((folder / "sources").glob(".loading-*"))
