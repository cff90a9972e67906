"""Records with anything in them are read or refused, and what is stated of them is RDF as it is to be."""

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.literature.files import Stretch, stretches_of
from loaders.literature.record import BadRecordError, Record
from loaders.literature.statements import described_in, statements_about, statements_of
from service.literature.bibtex import bibtex
from service.literature.ris import ris

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
OPENALEX: dict[str, Any] = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.5555/x",
    "title": "On clusters",
    "publication_year": 2019,
    "type": "article",
    "language": "en",
    "primary_location": {"source": {"id": "https://openalex.org/S1", "display_name": "J", "issn": ["0028-0836"]}},
    "authorships": [
        {
            "author": {"id": "https://openalex.org/A1", "display_name": "A. B", "orcid": None},
            "institutions": [
                {"id": "https://openalex.org/I1", "display_name": "U", "ror": "https://ror.org/00jmfr291"}
            ],
        }
    ],
    "biblio": {"volume": "1", "first_page": "1", "last_page": "2"},
    "topics": [{"id": "https://openalex.org/T1", "display_name": "T", "domain": {"id": "x/4", "display_name": "D"}}],
    "keywords": [{"display_name": "k"}],
    "referenced_works": ["https://openalex.org/W2"],
    "abstract_inverted_index": {"Robots": [0]},
}
CROSSREF: dict[str, Any] = {
    "DOI": "10.5555/x",
    "type": "journal-article",
    "title": ["On clusters"],
    "author": [
        {"family": "B", "given": "A.", "affiliation": [{"name": "U", "id": [{"id": "https://ror.org/00jmfr291"}]}]}
    ],
    "container-title": ["J"],
    "ISSN": ["0028-0836"],
    "issued": {"date-parts": [[2019]]},
    "reference": [{"DOI": "10.5555/y"}],
    "abstract": "Robots",
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where in a document something stands."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inside for place in places(each, (*path, key)))]


def with_at(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a document with something else at a place."""
    if not path:
        return new
    first, *rest = path
    if isinstance(value, list):
        return [with_at(each, tuple(rest), new) if number == first else each for number, each in enumerate(value)]
    return value | {first: with_at(value[first], tuple(rest), new)}


def holds(record: Record) -> None:
    """Every line that a record makes is canonical N-Triples."""
    lines = [*statements_of(record, ["https://w3id.org/districtgraph/id/robots"])]
    lines += [line for described in described_in(record) for line in statements_about(described)]
    for line in lines:
        (triple,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)
        assert f"{triple} .\n".encode() == line


def read(path: Path) -> list[Record]:
    """Return the records of a file that can be read."""
    found = []
    for stretch in stretches_of(path):
        for line, reading in stretch.readings():
            assert line >= 1
            try:
                found.append(reading())
            except BadRecordError as error:
                assert str(error)
    return found


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_record_it_is_read_or_refused(data: st.DataObject, tmp_path: Path) -> None:
    skeleton = data.draw(st.sampled_from([OPENALEX, CROSSREF]))
    document = with_at(skeleton, data.draw(st.sampled_from(places(skeleton)[1:])), data.draw(ANYTHING))
    path = tmp_path / "record.json"
    path.write_text(json.dumps(document))
    for record in read(path):
        holds(record)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=200),
    begin=st.sampled_from([b"", b"{", b"[{", b"@article{a, title={", b"TY  - JOUR\nTI  - "]),
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(content: bytes, begin: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(begin + content)
    for line, reading in Stretch(path).readings():
        assert line >= 1
        try:
            holds(reading())
        except BadRecordError as error:
            assert str(error)


LETTERS = "abcxyzABCXYZ0123456789äöüßéèêëàâáåæøñçłśżźćńóąęčšžřÉÖÄÜØÅŁ"
SIGNS = st.sampled_from(LETTERS + " ,.:;-–()&%#_$@’“”?!+/={}")
WORDS = st.text(SIGNS, min_size=1, max_size=40).map(lambda text: " ".join(f"On {text}".split()))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=WORDS, family=st.sampled_from(["Götz", "Hervas-Oliver", "de Propris"]), year=st.integers(1000, 2100))
def test_what_we_export_we_read(title: str, family: str, year: int, tmp_path: Path) -> None:
    item = {
        "id": "a",
        "type": "article-journal",
        "title": title,
        "author": [{"family": family, "given": "M."}],
        "issued": {"date-parts": [[year]]},
    }
    for name, content in (("a.bib", bibtex([item])), ("a.ris", ris([item])), ("a.json", json.dumps([item]))):
        (tmp_path / name).write_text(content, encoding="utf-8")
        (record,) = read(tmp_path / name)
        assert (record.title, record.year) == (title, year), name
        assert [author.name for author in record.authors] == [f"{family}, M."]
