"""What a curator keeps in a table becomes facts by its metadata: each row as a whole, or not at all."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from conftest import PROJECT, SHARED, run
from loaded import copy_state, end_at_random
from test_loaders_mapped import triples_of, what_follows_and_is_not_stated

from loaders.loading.load import load
from loaders.loading.parts import in_processes
from loaders.loading.source import loaded_in
from loaders.progress import Progress, nobody
from loaders.tables.loading import plan
from loaders.tables.metadata import read_metadata
from ontology.iris import PREFIXES, TERM, THING

pytestmark = pytest.mark.slow

DOCUMENT = (PROJECT / "docs/loading.md").read_text()
SOURCE = PREFIXES["dcterms"] + "source"


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


CASES, METADATA = block("csv"), block("json")


def tables(folder: Path, metadata: str = METADATA, cases: str = CASES) -> Path:
    """Return the metadata of a folder that has the table of the documentation."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases.csv").write_text(cases)
    (folder / "cases-metadata.json").write_text(metadata)
    return folder / "cases-metadata.json"


def workbook(folder: Path, change: Callable[[Any], None] = lambda sheet: None, cases: str = CASES) -> Path:
    """Return the metadata of a folder that has the same table in a sheet of a spreadsheet."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Brokers")
    for line in cases.splitlines():
        sheet.append(line.split(","))
    change(sheet)
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / "cases.xlsx")
    (folder / "cases-metadata.json").write_text(METADATA.replace("cases.csv", "cases.xlsx#Brokers"))
    return folder / "cases-metadata.json"


def test_the_table_of_the_documentation_becomes_brokerages(excerpt_state: Path, tmp_path: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    made = []
    for metadata in (tables(tmp_path / "text"), workbook(tmp_path / "book")):
        done = run("load", "table", metadata, "--state", tmp_path / "state", cwd=excerpt_state.parent)
        assert done.returncode == 0, done.stderr
        (source,) = loaded_in(tmp_path / "state")
        made.append({t for t in triples_of(source) if t.predicate.value != SOURCE})
        assert what_follows_and_is_not_stated(source) == set()
    assert made[0] == made[1]
    of_row = {
        (t.predicate.value.rpartition("#")[2], t.object.value.rpartition("/")[2])
        for t in made[0]
        if t.subject == ox.NamedNode(f"{THING}case-toy-valley-aiju-3d-printing")
    }
    wanted = {("broker", "aiju"), ("technology", "3d-printing"), ("place", "toy-valley"), ("note", "rapid prototyping")}
    assert of_row >= wanted
    asked = run("ask", "brokerage", "actor=aiju", "--state", tmp_path / "state", cwd=excerpt_state.parent)
    assert asked.returncode == 0


def test_the_rankings_of_regions_become_statistics(excerpt_state: Path, tmp_path: Path) -> None:
    rankings = SHARED / "data/regional-indicators/rankings.csv"
    if not rankings.is_file():
        pytest.skip(f"the rankings are not at hand: {rankings} does not exist")
    region = {"titles": "Regio", "required": True, "propertyUrl": "dg:about", "valueUrl": "dgi:nuts-{Regio}"}
    rank = {"titles": "GDPrank", "datatype": "decimal", "required": True, "propertyUrl": "dg:value"}
    left_out = [{"titles": title, "suppressOutput": True} for title in ("PrometheeRank", "RII")]
    virtual = [
        {"virtual": True, "propertyUrl": "rdf:type", "valueUrl": "dg:Statistic"},
        {"virtual": True, "propertyUrl": "rdfs:label", "lang": "en", "default": "rank by gross domestic product"},
    ]
    schema = {"aboutUrl": "dgi:rank-{Regio}-gdp", "columns": [region, rank, *left_out, *virtual]}
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": "Ranks of regions",
        "dc:source": "https://doi.org/10.1016/j.dib.2020.106464",
        "dc:license": "https://creativecommons.org/licenses/by/4.0/",
        "tables": [{"url": "rankings.csv", "tableSchema": schema}],
    }
    (tmp_path / "rankings-metadata.json").write_text(json.dumps(described))
    copy_state(excerpt_state, tmp_path / "state")
    command = ("load", "table", tmp_path / "rankings-metadata.json", rankings, "--state", tmp_path / "state")
    done = run(*command, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    (source,) = loaded_in(tmp_path / "state")
    ranks = {
        t.subject.value.removeprefix(f"{THING}rank-"): float(t.object.value)
        for t in triples_of(source)
        if t.predicate.value == f"{TERM}value"
    }
    lines = [line.split(",") for line in rankings.read_text().splitlines()[1:]]
    assert ranks == {f"{code.lower()}-gdp": float(rank) for code, rank, *_ in lines}


DAMAGES: dict[str, tuple[str, str, str]] = {
    "a cell that is empty": ("castellon,itc,", "castellon,,", r"cases\.csv:4: column 'Broker': is empty"),
    "a title of its own": ("Broker,", "Brokers,", r"cases\.csv:1: the column 'Brokers' is not described; did you mean"),
    "a column gone": (",Technology", "", r"cases\.csv:1: there is no column 'Technology'"),
    "a column twice": ("Broker,Technology", "Broker,Broker", r"cases\.csv:1: two columns have the title 'Broker'"),
    "a quote that is not closed": ("castellon,", '"castellon,', r"cases\.csv:4: is no CSV"),
    "a name of signs alone": ("castellon,itc,robotics", "castellon,itc,???", r"cases\.csv:4: .*lower-case letters"),
}
FAULTS: dict[str, tuple[str, str, str]] = {
    "no JSON": ('"tables": [', '"tables": ', r"metadata\.json:\d+: is not JSON"),
    "an unknown property": ("dg:broker", "dg:brokerr", r"metadata\.json:11: no term dg:brokerr .*did you mean"),
    "an unknown class": ("dg:Brokerage", "dg:Brokering", r"metadata\.json:14: no term dg:Brokering .*did you mean"),
    "an unknown key": (
        '"required"',
        '"requred"',
        r"metadata\.json:10: 'requred' of a column .*did you mean 'required'",
    ),
    "an unknown column": ("dgi:{Broker}", "dgi:{Brocker}", r"metadata\.json:11: no column has the name 'Brocker'"),
    "no licence": ('"dc:license"', '"dc:source"', "lacks 'dc:license', or 'dc:rights'"),
    "a file elsewhere": ("cases.csv", "../cases.csv", "is to be the name of a file beside this one"),
    "an unknown datatype": (
        '"lang": "en", "propertyUrl": "skos:note"',
        '"datatype": "text"',
        "no datatype 'text' is read",
    ),
    "a text that is no number": (
        '"separator": ";", "lang": "en"',
        '"datatype": "integer"',
        r"cases\.csv:2: column 'In the",
    ),
    "what cannot be": ("dg:Brokerage", "dg:Person", r"cases\.csv:2: .*contradicts the ontology"),
}


@pytest.mark.parametrize("fault", [*DAMAGES, *FAULTS])
def test_a_slip_is_told_with_its_place_and_nothing_is_loaded(fault: str, tmp_path: Path) -> None:
    before, after, message = {**DAMAGES, **FAULTS}[fault]
    cases = CASES.replace(before, after, 1) if fault in DAMAGES else CASES
    metadata = tables(tmp_path, METADATA.replace(before, after, 1) if fault in FAULTS else METADATA, cases)
    assert (cases, metadata.read_text()) != (CASES, METADATA)
    done = run("load", "table", metadata, "--state", tmp_path / "state")
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(message, done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert loaded_in(tmp_path / "state") == []


def not_computed(sheet: Any) -> None:
    sheet["B3"] = "=A3"


def an_error(sheet: Any) -> None:
    sheet["C2"] = "#N/A"
    sheet["C2"].data_type = "e"


CELLS = {
    "a formula that was never computed": (
        not_computed,
        r"cases\.xlsx:3: sheet 'Brokers', column 'Broker': has a formula",
    ),
    "an error": (an_error, r"cases\.xlsx:2: sheet 'Brokers', column 'Technology': has the error #N/A"),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_that_is_no_value_is_told(cell: str, tmp_path: Path) -> None:
    change, message = CELLS[cell]
    done = run("load", "table", workbook(tmp_path, change), "--state", tmp_path / "state")
    assert done.returncode == 1
    assert re.search(message, done.stderr), done.stderr


def damaged(file: Path, how: str) -> None:
    content = file.read_bytes()
    if how == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif how == "no workbook":
        file.write_bytes(b"District;Broker\n")
    else:
        bomb = b"<!DOCTYPE a []>" if how == "entities" else b"0" * 600_000_000
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/more.xml", bomb)


@pytest.mark.parametrize("how", ["cut", "no workbook", "entities", "a bomb"])
def test_a_damaged_spreadsheet_is_refused(how: str, tmp_path: Path) -> None:
    metadata = workbook(tmp_path)
    damaged(tmp_path / "cases.xlsx", how)
    done = run("load", "table", metadata, "--state", tmp_path / "state")
    assert done.returncode == 1, done.stderr
    assert f"{tmp_path / 'cases.xlsx'}:1: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_row_is_left_out_where_that_is_wanted(excerpt_state: Path, tmp_path: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    metadata = tables(tmp_path, cases=CASES.replace("castellon,itc,", "castellon,,"))
    done = run("load", "table", metadata, "--skip-bad", "--state", tmp_path / "state", cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    assert "left out  1 records" in done.stdout
    (source,) = loaded_in(tmp_path / "state")
    assert not any("castellon" in str(triple) for triple in triples_of(source))


def test_a_load_killed_at_random_moments_goes_on_and_ends_the_same(excerpt_state: Path, tmp_path: Path) -> None:
    titles = CASES.splitlines()[0]
    rows = [f"castellon,broker-{number},robotics,{number}" for number in range(12_000)]
    metadata = tables(tmp_path / "table", cases="\n".join([titles, *rows]))
    planned = plan(read_metadata(metadata), [])
    assert len(planned.parts) == 3  # what is said of the whole, and two stretches of rows
    whole = load(planned, tmp_path / "whole", in_processes, skip_bad=False, progress=Progress(nobody)).source
    copy_state(excerpt_state, tmp_path / "state")
    arguments = ["load", "table", metadata, "--state", tmp_path / "state"]
    end_at_random(arguments, tmp_path / "state", excerpt_state.parent, latest=4)
    done = run(*arguments, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    (source,) = loaded_in(tmp_path / "state")
    assert source.about["digest"] == whole.about["digest"]
    assert not [*(tmp_path / "state/sources").glob(".loading-*")]
