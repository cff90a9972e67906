"""What docs/loading.md says of mappings holds: its example is loaded as it stands there, its table has every key."""

import re
from pathlib import Path

import pytest
from conftest import PROJECT, run
from loaded import copy_state

from loaders.loading.source import loaded_in
from loaders.mapped import mapping
from ontology.iris import THING

PAGE = (PROJECT / "docs/loading.md").read_text()


def block(language: str, having: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (found,) = [text for text in blocks if having in text]
    return str(found)


def test_the_table_has_every_key_of_a_mapping() -> None:
    rows = re.findall(
        r"^\| (`name`.*?|`licence`.*?|`\w+`) \|", PAGE.partition("| key of `mapping.yaml`")[2], re.MULTILINE
    )
    keys = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert keys == {*mapping.NEEDED, *mapping.OPTIONAL}


@pytest.mark.slow
def test_the_mapping_of_films_is_loaded(excerpt_state: Path, tmp_path: Path) -> None:
    copy_state(excerpt_state, tmp_path / "state")
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "mapping.yaml").write_text(block("yaml", "name: films"))
    (folder / "films.rq").write_text(block("sparql", "schema:Movie"))
    (tmp_path / "films.ttl").write_text("""@prefix schema: <https://schema.org/> .
        <http://e.org/1> a schema:Movie ; schema:name "Modern Times"@en ; schema:copyrightYear 1936 .""")
    command = ("load", "graph", folder, "--from", tmp_path / "films.ttl", "--state", tmp_path / "state")
    done = run(*command, cwd=excerpt_state.parent)
    assert done.returncode == 0, done.stderr
    (source,) = loaded_in(tmp_path / "state")
    assert f"{THING}films-modern-times>".encode() in b"".join(source.lines())
