"""curl, by the command lines that people type."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from clients import (
    EX,
    FIGURES,
    LABEL_VALUES,
    LABELS,
    PLACES,
    TRIPLES_OF_FIGURES,
    TRIPLES_OF_PLACES,
    TURTLE_PREFIXES,
    Writable,
    written,
)
from rdflib import Graph, URIRef

pytestmark = pytest.mark.slow

NEW = f"{EX}graph/new"
MORE = f'{TURTLE_PREFIXES}ex:more rdfs:label "más"@es .\n'
RDF_XML = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="{EX}">
  <ex:Town rdf:about="{EX}ibi"/></rdf:RDF>"""


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed (Debian: curl)")
    with written(tmp_path_factory.mktemp("curl")) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files that a user has at hand."""
    (tmp_path / "labels.rq").write_text(LABELS)
    (tmp_path / "more.ttl").write_text(MORE)
    (tmp_path / "town.rdf").write_text(RDF_XML)
    (tmp_path / "many.ttl").write_text(TURTLE_PREFIXES + "".join(f'ex:n{n} ex:n "{n:0100}" .\n' for n in range(12_000)))
    return tmp_path


def curl(writable: Writable, folder: Path, command: str) -> str:
    """Carry out a command line of curl, in which $SPARQL, $UPDATE, $STORE and $TOKEN stand for those of the service."""
    names = {"SPARQL": writable.sparql, "UPDATE": writable.update, "STORE": writable.graph_store, "NEW": NEW}
    environment = {"PATH": os.environ["PATH"], "TOKEN": writable.token, **names}
    done = subprocess.run(
        ["bash", "-c", f"curl -sS {command}"], cwd=folder, env=environment, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def size(writable: Writable, graph: str) -> int:
    answer = Graph()
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    return len(answer.parse(data=curl(writable, Path(), f"$SPARQL --data-urlencode 'query={query}'"), format="turtle"))


def drop(writable: Writable, graph: str = NEW) -> None:
    curl(writable, Path(), f'-X DELETE "$STORE?graph={graph}" -H "Authorization: Bearer $TOKEN"')


@pytest.mark.parametrize(
    "command",
    [
        "$SPARQL -H 'Accept: text/csv' --data-urlencode query@labels.rq",
        "-G $SPARQL -H 'Accept: text/csv' --data-urlencode query@labels.rq",
        "$SPARQL -H 'Accept: text/csv' -H 'Content-Type: application/sparql-query' --data-binary @labels.rq",
        "$SPARQL -H 'Accept: text/csv' -H 'Content-Type: application/sparql-query; charset=UTF-8' --data @labels.rq",
        "$SPARQL -H 'Accept: text/csv' -H 'Transfer-Encoding: chunked' --data-urlencode query@labels.rq",
        "--http1.0 $SPARQL -H 'Accept: text/csv' --data-urlencode query@labels.rq",
        "--http2 $SPARQL -H 'Accept: text/csv' --data-urlencode query@labels.rq",
        "-L $SPARQL -H 'Accept: text/csv;q=1, */*;q=0.1' --data-urlencode query@labels.rq --data-urlencode format=x",
    ],
)
def test_a_query_is_answered(command: str, writable: Writable, folder: Path) -> None:
    lines = curl(writable, folder, command).split("\r\n")
    assert lines == ["label", *LABEL_VALUES, ""]


def test_a_query_in_the_address(writable: Writable, folder: Path) -> None:
    assert json.loads(curl(writable, folder, '"$SPARQL?query=ASK%20%7B%7D"'))["boolean"] is True
    assert json.loads(curl(writable, folder, '"$SPARQL?query=ASK+%7B%7D"'))["boolean"] is True


def test_the_head_of_an_answer(writable: Writable, folder: Path) -> None:
    head = curl(writable, folder, '-I "$SPARQL?query=ASK%20%7B%7D"')
    assert head.startswith("HTTP/1.1 200")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.splitlines()[1:])}
    assert fields["content-type"] == "application/sparql-results+json"
    assert "etag" in fields
    assert "accept" in fields["vary"].lower()
    whole = curl(writable, folder, '"$SPARQL?query=ASK%20%7B%7D"')
    assert fields.get("content-length", str(len(whole))) == str(len(whole))


def test_the_head_of_a_graph_and_of_one_that_is_not_there(writable: Writable, folder: Path) -> None:
    status = "-I -o /dev/null -w '%{http_code}'"
    assert curl(writable, folder, f'{status} "$STORE?graph={PLACES}"') == "200"
    assert curl(writable, folder, f'{status} "$STORE?graph={EX}nowhere"') == "404"


def test_what_may_be_done_is_told(writable: Writable, folder: Path) -> None:
    """OPTIONS is not CORS alone: RFC 9110, section 9.3.7."""
    for address, methods in (
        ("$SPARQL", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("$UPDATE", {"POST", "OPTIONS"}),
        ("$STORE", {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"}),
    ):
        told = curl(writable, folder, f"-i -X OPTIONS {address}")
        assert told.partition(" ")[2][:1] == "2", told
        (allow,) = [line.partition(":")[2] for line in told.splitlines() if line.lower().startswith("allow:")]
        assert {method.strip() for method in allow.split(",")} == methods


@pytest.mark.slow
def test_a_long_answer_is_compressed(writable: Writable, folder: Path) -> None:
    curl(
        writable,
        folder,
        '-T many.ttl -H "Content-Type: text/turtle" -H "Authorization: Bearer $TOKEN" "$STORE?graph=$NEW"',
    )
    query = (
        f"--data-urlencode 'query=SELECT ?s ?o {{ GRAPH <{NEW}> {{ ?s ?p ?o }} }} LIMIT 12000' -H 'Accept: text/csv'"
    )
    try:
        plain = curl(writable, folder, f"$SPARQL {query}")
        assert curl(writable, folder, f"--compressed $SPARQL {query}") == plain
        sent = "-o /dev/null -w '%{size_download}'"
        for coding in ("gzip", "br", "zstd"):
            size = int(curl(writable, folder, f"$SPARQL {query} -H 'Accept-Encoding: {coding}' {sent}"))
            assert size < len(plain) / 2, coding
    finally:
        drop(writable)


def test_an_answer_is_not_sent_twice(writable: Writable, folder: Path) -> None:
    command = '"$SPARQL?query=ASK%20%7B%7D" --etag-save tag --etag-compare tag -o answer -w "%{http_code}"'
    assert curl(writable, folder, command) == "200"
    assert curl(writable, folder, command) == "304"


def test_a_file_is_put_and_read_and_deleted(writable: Writable, folder: Path) -> None:
    put = '-T more.ttl -H "Content-Type: text/turtle" -w "%{http_code}"'
    token = '-H "Authorization: Bearer $TOKEN"'
    assert '"status":401' in curl(writable, folder, f'{put} "$STORE?graph=$NEW"').replace(" ", "")
    assert curl(writable, folder, f'{put} {token} "$STORE?graph=$NEW"') == "201"
    assert curl(writable, folder, f'{put} {token} "$STORE?graph=$NEW"') == "204"
    read = Graph().parse(data=curl(writable, folder, '"$STORE?graph=$NEW" -H "Accept: text/turtle"'), format="turtle")
    assert {str(value) for value in read.objects()} == {"más"}
    assert curl(writable, folder, f'-X DELETE -w "%{{http_code}}" {token} "$STORE?graph=$NEW"') == "204"
    assert curl(writable, folder, f'-X DELETE -o problem -w "%{{http_code}}" {token} "$STORE?graph=$NEW"') == "404"


def test_a_graph_whose_name_is_percent_encoded(writable: Writable, folder: Path) -> None:
    name = f"{EX}graph/a&b+c=d%20é"
    put = '-T more.ttl -H "Content-Type: text/turtle" -H "Authorization: Bearer $TOKEN" -w "%{http_code}"'
    encoded = "http%3A%2F%2Fexample.org%2Fgraph%2Fa%26b%2Bc%3Dd%2520%C3%A9"
    assert curl(writable, folder, f'{put} "$STORE?graph={encoded}"') == "201"
    assert size(writable, name) == 1
    drop(writable, encoded)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["-T many.ttl", "-T - < many.ttl", "-X PUT --data-binary @many.ttl"])
def test_a_long_file_is_uploaded(how: str, writable: Writable, folder: Path) -> None:
    """A client asks first (`Expect: 100-continue`), and what comes from standard input comes in chunks."""
    headers = '-H "Content-Type: text/turtle" -H "Authorization: Bearer $TOKEN" -w "%{http_code}"'
    assert curl(writable, folder, f'{headers} "$STORE?graph=$NEW" {how}') == "201"
    count = f"--data-urlencode 'query=SELECT (COUNT(*) AS ?n) {{ GRAPH <{NEW}> {{ ?s ?p ?o }} }}' -H 'Accept: text/csv'"
    assert curl(writable, folder, f"$SPARQL {count}").split() == ["n", "12000"]
    drop(writable)


def test_files_are_added_as_parts_of_one_body(writable: Writable, folder: Path) -> None:
    parts = '-F "a=@more.ttl;type=text/turtle" -F "b=@town.rdf;type=application/rdf+xml"'
    token = '-H "Authorization: Bearer $TOKEN" -w "%{http_code}"'
    assert curl(writable, folder, f'{parts} {token} "$STORE?graph=$NEW"') == "201"
    assert size(writable, NEW) == 2
    assert curl(writable, folder, f'-F "a=@more.ttl;type=text/turtle" {token} "$STORE?graph={PLACES}"') == "204"
    assert size(writable, PLACES) == TRIPLES_OF_PLACES + 1
    undo = f'DELETE DATA {{ GRAPH <{PLACES}> {{ <{EX}more> <http://www.w3.org/2000/01/rdf-schema#label> "más"@es }} }}'
    assert curl(writable, folder, f"{token} $UPDATE --data-urlencode 'update={undo}'") in ("200", "204")
    assert size(writable, PLACES) == TRIPLES_OF_PLACES
    drop(writable)


def test_a_post_without_a_name_makes_a_graph_and_names_it(writable: Writable, folder: Path) -> None:
    headers = '-H "Content-Type: text/turtle" -H "Authorization: Bearer $TOKEN"'
    head = curl(writable, folder, f"-i $STORE {headers} --data-binary @more.ttl")
    assert head.startswith("HTTP/1.1 201")
    (location,) = [line.partition(": ")[2] for line in head.splitlines() if line.lower().startswith("location:")]
    assert size(writable, str(URIRef(location))) == 1
    drop(writable, location)


def test_only_the_graph_that_was_read_is_replaced(writable: Writable, folder: Path) -> None:
    headers = '-H "Content-Type: text/turtle" -H "Authorization: Bearer $TOKEN" -w "%{http_code}" -o answer'
    assert curl(writable, folder, f'{headers} -T more.ttl "$STORE?graph=$NEW"') == "201"
    curl(writable, folder, '"$STORE?graph=$NEW" -o graph --etag-save tag')
    tag = (folder / "tag").read_text().strip().replace('"', r"\"")
    update = "-X PATCH -H 'Content-Type: application/sparql-update'"
    change = (
        f'{update} --data "INSERT DATA {{ <{EX}a> <{EX}b> 1 }}" -H "Authorization: Bearer $TOKEN" "$STORE?graph=$NEW"'
    )
    assert curl(writable, folder, f'-w "%{{http_code}}" -o answer {change}') == "204"
    assert curl(writable, folder, f'{headers} -H "If-Match: {tag}" -T more.ttl "$STORE?graph=$NEW"') == "412"
    assert size(writable, NEW) == 2
    drop(writable)


def test_an_update_by_form_and_by_file(writable: Writable, folder: Path) -> None:
    token = '-H "Authorization: Bearer $TOKEN" -o answer -w "%{http_code}"'
    (folder / "change.ru").write_text(f"INSERT DATA {{ GRAPH <{NEW}> {{ <{EX}a> <{EX}b> 'ü' }} }}")
    assert curl(writable, folder, f"$UPDATE {token} --data-urlencode update@change.ru") in ("200", "204")
    assert size(writable, NEW) == 1
    assert curl(writable, folder, f"$UPDATE {token} --data-urlencode 'update=CLEAR GRAPH <{NEW}>'") in ("200", "204")
    sent = "-H 'Content-Type: application/sparql-update' --data-binary @change.ru"
    assert curl(writable, folder, f"$UPDATE {token} {sent}") in ("200", "204")
    assert size(writable, NEW) == 1
    assert curl(writable, folder, f"$UPDATE {token} -G --data-urlencode update@change.ru") == "405"
    drop(writable)


def test_a_question_that_is_wrong_is_told_with_line_and_column(writable: Writable, folder: Path) -> None:
    told = curl(
        writable, folder, "$SPARQL --data-urlencode $'query=SELECT *\\n{ ?s ?p' -w '%{http_code} %{content_type}'"
    )
    assert told.endswith("400 application/problem+json")
    assert "line 2, column" in told


def test_the_graphs_of_a_request(writable: Writable, folder: Path) -> None:
    count = "-H 'Accept: text/csv' --data-urlencode 'query=SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'"
    asked = f"$SPARQL {count} --data-urlencode default-graph-uri={FIGURES}"
    assert curl(writable, folder, asked).split() == ["n", str(TRIPLES_OF_FIGURES)]
    assert curl(writable, folder, f"-G {asked}").split() == ["n", str(TRIPLES_OF_FIGURES)]
    assert curl(writable, folder, f"$SPARQL {count} --data-urlencode named-graph-uri={FIGURES}").split() == ["n", "0"]
