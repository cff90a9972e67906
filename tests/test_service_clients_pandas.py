"""pandas reads a table straight from the address of a query."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest
from clients import CITY, EX, NOTE, PREFIXES, Writable, written

pytestmark = pytest.mark.slow

TABLE = f"""{PREFIXES}SELECT ?place ?name ?firms ?share ?growth ?open ?founded ?note {{
  ?place ex:firms ?firms ; ex:open ?open .
  OPTIONAL {{ ?place ex:share ?share }} OPTIONAL {{ ?place ex:growth ?growth }}
  OPTIONAL {{ ?place ex:founded ?founded }} OPTIONAL {{ ?place ex:note ?note }}
  OPTIONAL {{ ?place rdfs:label ?name FILTER(LANG(?name) != "en") }}
}} ORDER BY ?firms"""


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with written(tmp_path_factory.mktemp("pandas")) as running:
        yield running


def read(writable: Writable, query: str, **options: object) -> pd.DataFrame:
    address = f"{writable.sparql}?{urlencode({'query': query})}"
    return pd.read_csv(address, storage_options={"Accept": "text/csv"}, **options)


def test_columns_have_their_types(writable: Writable) -> None:
    table = read(writable, TABLE, parse_dates=["founded"])
    assert list(table.columns) == ["place", "name", "firms", "share", "growth", "open", "founded", "note"]
    assert table["firms"].dtype == "int64"
    assert table["share"].dtype == table["growth"].dtype == "float64"
    assert table["open"].dtype == "bool"
    assert pd.api.types.is_datetime64_any_dtype(table["founded"])
    assert table["firms"].sum() == 529
    assert table["open"].tolist() == [True, False, True]
    assert table["growth"].dropna().tolist() == [1000.0]
    assert table["founded"].dropna().tolist() == [pd.Timestamp("1979-01-30")]
    assert table["place"].tolist() == [f"{EX}shenzhen", f"{EX}castellon", f"{EX}toy-valley"]


def test_cells_without_a_value_are_missing(writable: Writable) -> None:
    table = read(writable, TABLE)
    assert table["share"].isna().tolist() == [True, False, False]
    assert table["founded"].isna().tolist() == [False, True, True]
    assert table["note"].isna().tolist() == [True, False, True]


def test_unicode_quotes_and_line_breaks_arrive_as_they_are(writable: Writable) -> None:
    table = read(writable, TABLE).set_index("place")
    assert table.loc[f"{EX}castellon", "note"] == NOTE
    assert table.loc[f"{EX}shenzhen", "name"] == CITY
    assert table.loc[f"{EX}castellon", "name"] == "Castellón"


def test_a_table_without_rows_has_its_columns(writable: Writable) -> None:
    table = read(writable, f"{PREFIXES}SELECT ?place ?firms {{ ?place ex:firms ?firms FILTER(?firms > 9999) }}")
    assert list(table.columns) == ["place", "firms"]
    assert table.empty


def test_a_value_that_looks_like_none_can_be_kept(writable: Writable) -> None:
    """In a table of one column a cell without a value is an empty line, which pandas passes over unless told."""
    query = 'SELECT ?name { VALUES ?name { "NA" "null" "01" "" "a\\rb" } }'
    table = read(writable, query, keep_default_na=False, skip_blank_lines=False, dtype=str)
    assert table["name"].tolist() == ["NA", "null", "01", "", "a\rb"]


def test_a_table_of_tab_separated_values_has_terms(writable: Writable) -> None:
    address = f"{writable.sparql}?{urlencode({'query': TABLE})}"
    table = pd.read_table(address, storage_options={"Accept": "text/tab-separated-values"}, quoting=3)
    assert table["?place"].tolist()[0] == f"<{EX}shenzhen>"
    assert table["?name"].tolist()[0] == f'"{CITY}"@ca'
    assert table["?note"].tolist()[1] == '"' + NOTE.replace('"', r"\"").replace("\n", r"\n").replace("\t", r"\t") + '"'


def test_the_same_table_from_a_file_that_was_kept(writable: Writable, tmp_path: Path) -> None:
    table = read(writable, TABLE)
    table.to_csv(tmp_path / "table.csv", index=False)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "table.csv"), table)
