"""The page for operators is true: its commands run, its metrics are there, its unit and container are sound."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT, Service, run

PAGE = (PROJECT / "docs/operations.md").read_text()
UNIT = PROJECT / "docs/operations/districtgraph.service"
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("districtgraph ")
]


@pytest.mark.slow
def test_the_commands_do_as_they_say(excerpt_state: Path, tmp_path: Path) -> None:
    state = shutil.copytree(excerpt_state, tmp_path / "state", symlinks=True)
    assert len(COMMANDS) == 14
    for command in COMMANDS:
        arguments = shlex.split(command.replace("/backups/", f"{tmp_path}/").replace("/var/lib/", f"{tmp_path}/"))[1:]
        done = run(*arguments, cwd=tmp_path, DISTRICTGRAPH_STATE=str(state))
        if arguments == ["releases", "rollback"]:
            assert (done.returncode, "there is none before it" in done.stderr) == (2, True)
        else:
            assert done.returncode == 0, (command, done.stderr)
    assert {"everything.nq.zst", "inferred.ttl.gz", "published.trig"} <= {path.name for path in tmp_path.iterdir()}


def test_the_metrics_are_there(service: Service) -> None:
    service.get("/sparql?query=ASK%7B%7D")
    told = set(re.findall(r"^\| `(districtgraph_\w+)`", PAGE, re.MULTILINE))
    of_alerts = set(re.findall(r"\bdistrictgraph_\w+", PAGE.partition("```yaml")[2].partition("```")[0]))
    there = set(re.findall(r"^# TYPE (\w+)", service.get("/metrics").text, re.MULTILINE))
    assert len(told) == 8 and told <= there | {"districtgraph_writes_total"}
    assert of_alerts <= told
    assert service.get("/health/live").status_code == service.get("/health/ready").status_code == 200


def test_the_unit_is_sound() -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    verified = subprocess.run([tool, "verify", UNIT], capture_output=True, text=True)
    assert not [line for line in verified.stderr.splitlines() if "is not executable" not in line], verified.stderr
    score = subprocess.run([tool, "security", "--offline=yes", "--threshold=20", UNIT], capture_output=True, text=True)
    assert score.returncode == 0, score.stdout


def test_the_container_is_made_of_what_is_there() -> None:
    text = (PROJECT / "docs/operations/Containerfile").read_text()
    install = PAGE.partition("## Install")[2].partition("```sh\n")[2].partition("```")[0]
    for line in install.splitlines()[1:]:
        (command,) = re.findall(r"/bin/\w+ (.*)", line)
        assert command.replace("pip", "").strip().removeprefix("install ") in text.replace("--no-cache-dir ", "")
