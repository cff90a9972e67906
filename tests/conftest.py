"""What the tests share: the papers' texts, a release, a service, and the command line as a user runs it."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from browser import Browser, browsing

PROJECT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("DISTRICTGRAPH_SHARED", PROJECT.parent / "shared"))
# The W3C's cases of OWL 2 RL, which may not be kept in this repository.
OWL_CASES = SHARED / "data/w3c/owl2-rl"
collect_ignore = [] if OWL_CASES.is_dir() else ["test_loaders_w3c_owl.py"]
COMMAND = (sys.executable, "-c", "from service.cli import main; main(prog_name='districtgraph')")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell has what it runs in the background ignore Ctrl-C, and so would what the tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


LONGEST = (
    "test_ontology_files",
    "test_service_ontology",
    "test_loaders_release",
    "test_loaders_difference",
    "test_service_bench",
    "test_ontology_checks",
    "test_service_faults",
    "test_loaders_evidence",
    "test_loaders_corpus",
    "test_loaders_validation",
    "test_ontology_alignments",
    "test_service_abuse",
    "test_service_journal",
    "test_ontology_reasoner",
    "test_loaders_owlrl",
    "test_loaders_hermit",
)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Make a skipped test a failed one where DISTRICTGRAPH_SKIP_NOTHING is set, as in CI."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("DISTRICTGRAPH_SKIP_NOTHING"):
        report.outcome = "failed"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first, lest all wait for one of them at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted (`record_property`)."""
    for outcome in ("passed", "failed", "xfailed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties if report.when == "call" else ():
                terminalreporter.write_line(f"{name}: {value}")


def run(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in the folder `cwd`, whose packages come before the installed ones."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DISTRICTGRAPH_")}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@dataclass(frozen=True)
class Service:
    """A running service: its address, its state folder and its process."""

    url: str
    state: Path
    process: subprocess.Popen[str]

    def workers(self) -> list[int]:
        """Return the processes below it."""
        found, parents = [], [self.process.pid]
        while parents:
            below = subprocess.run(["pgrep", "-P", ",".join(map(str, parents))], capture_output=True, text=True)
            parents = [int(pid) for pid in below.stdout.split()]
            found += parents
        return found

    def get(self, path: str, **options: object) -> httpx.Response:
        return httpx.get(self.url + path, timeout=60, **options)  # type: ignore[arg-type]


@contextmanager
def serving(state: Path, **environment: str) -> Iterator[Service]:
    """Serve the releases in `state` on a free port until the block ends; then it must stop cleanly."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--state", str(state), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        address = re.search(r"http://\S+", line)
        assert address, line + process.stderr.read()
        yield Service(address[0].rstrip("/"), state, process)
        if process.poll() is None:
            process.terminate()
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture(scope="session")
def papers() -> Path:
    """The folder of the papers' texts."""
    folder = SHARED / "papers"
    if not folder.is_dir():
        pytest.skip(f"the papers' texts are not at hand: {folder} does not exist")
    return folder


@pytest.fixture(scope="session")
def java() -> str:
    """The class path of the OWL API."""
    if shutil.which("java") is None:
        pytest.skip("java is not installed (Debian: default-jre-headless)")
    if not Path("/usr/share/java/owlapi-distribution.jar").exists():
        pytest.skip("the OWL API is not installed (Debian: libowlapi-java)")
    return "/usr/share/java/*"


@dataclass(frozen=True)
class Owl:
    """The OWL API, which Protégé stands on; ontologies are opened through the catalog of the project."""

    SYNTAXES = ("ttl", "rdf", "owx", "ofn")
    class_path: str

    def do(self, *commands: tuple[object, ...]) -> None:
        """Carry out commands of OwlSyntaxes.java, all of which must go well."""
        done = subprocess.run(
            ["java", "-cp", self.class_path, PROJECT / "tests/OwlSyntaxes.java", PROJECT / "ontology/catalog-v001.xml"],
            input="".join("\t".join(map(str, command)) + "\n" for command in commands),
            capture_output=True,
            text=True,
            timeout=300,
        )
        answers = done.stdout.splitlines()
        assert len(answers) == len(commands), done.stderr
        assert [answer for answer in answers if answer != "ok"] == []


@pytest.fixture(scope="session")
def owl(java: str) -> Owl:
    """The OWL API."""
    return Owl(java)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed (Debian: chromium)")
    with browsing(executable, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a release that was built without the papers' texts."""
    folder = shared_folder(tmp_path_factory) / "state"
    with one_at_a_time(folder):
        if not (folder / "current").exists():
            built = run("build", "--state", folder)
            assert built.returncode == 0, built.stderr
    return folder


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of this run of tests have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process of this run of tests after another work on `folder`."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def service(state: Path) -> Iterator[Service]:
    """A service over the release in `state`."""
    with serving(state) as running:
        assert running.get("/sparql?query=ASK%7B%7D").status_code == 200
        yield running


@pytest.fixture
def copied_project(tmp_path: Path) -> Path:
    """A copy of the project's packages with an excerpt of the corpus, for a test to change."""
    copy_project(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def excerpt_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a release of what `copied_project` holds."""
    folder = shared_folder(tmp_path_factory) / "excerpt"
    with one_at_a_time(folder):
        if not (folder / "state/current").exists():
            copy_project(folder)
            built = run("build", "--state", "state", cwd=folder)
            assert built.returncode == 0, built.stderr
    return folder / "state"


def copy_project(folder: Path) -> None:
    """Copy the project's packages into `folder`, with an excerpt of the corpus."""
    for package in ("ontology", "queries", "loaders", "service"):
        shutil.copytree(PROJECT / package, folder / package)
    excerpt(folder / "loaders/corpus")


# What the tests speak of.
EXCERPT = {
    "aiju",
    "castellon",
    "cebra-plus",
    "colorker",
    "decision-toy-valley-host",
    "its-owl",
    "itc",
    "ivace",
    "study-castellon",
    "toy-valley",
    "toy-valley-larger-firms",
    "toy-valley-living-lab",
}


def excerpt(corpus: Path) -> None:
    """Leave of the fact files what brings EXCERPT in, all that this refers to, and what is said of nothing else."""
    files = [file for file in corpus.glob("*/*.yaml") if file.name not in ("paper.yaml", "places.yaml")]
    entries = {file: re.split(r"^(?=- )", file.read_text(), flags=re.MULTILINE)[1:] for file in files}
    opening = re.compile(r"- \{?id: ([\w-]+)")
    brought_in = {
        found[1]: entry for of_file in entries.values() for entry in of_file if (found := opening.match(entry))
    }

    def named(entry: str) -> set[str]:
        return set(re.findall(r"[\w-]+", entry)) & brought_in.keys()

    kept, wanted = set[str](), EXCERPT
    while wanted:
        kept |= wanted
        wanted = {id_ for each in wanted for id_ in named(brought_in[each])} - kept
    for file, of_file in entries.items():
        left = "".join(entry for entry in of_file if named(entry) and named(entry) <= kept)
        file.write_text(left) if left else file.unlink()


Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(copied_project: Path) -> Edit:
    """Replace the first occurrence of a text in a file of the copied project, which must have it."""

    def replace(name: str, old: str, new: str) -> None:
        path = copied_project / name
        content = path.read_text()
        assert old in content, f"{name} has no {old!r}"
        path.write_text(content.replace(old, new, 1))

    return replace
