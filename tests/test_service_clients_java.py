"""The HttpClient of Java, by which Jena asks: it offers h2c with a body, and the body must arrive."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from clients import EX, Writable, written
from conftest import PROJECT


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    if shutil.which("java") is None:
        pytest.skip("java is not installed (Debian: default-jre-headless)")
    with written(tmp_path_factory.mktemp("java")) as running:
        yield running


@pytest.mark.slow
def test_a_body_arrives_with_an_offer_to_upgrade(writable: Writable) -> None:
    source = PROJECT / "tests/HttpClientOfJava.java"
    command = ["java", "-Dfile.encoding=UTF-8", "-Dsun.stdout.encoding=UTF-8", source]
    done = subprocess.run(
        [*command, writable.service.url, writable.token], capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = {name: (status, body) for name, status, body in (line.split("\t") for line in done.stdout.splitlines())}
    assert told["form"] == told["query"] == ("200", "é ü & + %41")
    assert told["get"] == ("200", '{"head":{},"boolean":true}')
    assert told["update"][0] in ("200", "204")
    assert told["long"][0] in ("200", "204")
    assert told["put"][0] == "201"
    assert writable.holds("GRAPH ex:java { ex:a ex:b 'ü' }")
    assert writable.holds("GRAPH ex:put { ex:a ex:c 'ü' }")
    assert writable.holds(f"<{EX}a> ex:long ?text FILTER(STRLEN(?text) = 500000)")
