"""Puts a server under load with wrk, which is written in C and takes one core at most."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from service.bench.errors import BenchError, ServerError

_PATIENCE = 60


@dataclass(frozen=True)
class Measured:
    """What wrk counted: answers, refusals (a status above 399), broken connections, and how long answers took."""

    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float
    refused: int
    broken: int

    @property
    def answered(self) -> int:
        """How many requests got an answer."""
        return self.requests - self.refused


def wrk() -> str:
    """Return the executable. Raises BenchError, which says how to get it."""
    found = shutil.which("wrk")
    if found is None:
        raise BenchError("wrk, which makes the load, is not installed: apt-get install wrk (brew install wrk)")
    return found


def wrk_version() -> str:
    """Return the version of wrk. Raises BenchError."""
    told = subprocess.run([wrk(), "--version"], capture_output=True, text=True).stdout  # it ends with 1
    return re.sub(r" Copyright.*", "", told.partition("\n")[0]).removeprefix("wrk ").strip()


def put_under_load(endpoint: str, query_strings: Path, connections: int, seconds: int) -> Measured:
    """Ask what is in a file, a query string a line, over and over for some seconds. Raises ServerError."""
    with resources.as_file(resources.files("service.bench") / "walk.lua") as script:
        sizes = [f"--connections={connections}", "--threads=1", f"--duration={seconds}s", f"--timeout={_PATIENCE}s"]
        arguments = [endpoint, "--", str(query_strings), urlsplit(endpoint).path or "/"]
        command = [wrk(), *sizes, f"--script={script}", *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + _PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise ServerError(f"no end of the load after {error.timeout:g} s") from error
    try:
        return Measured(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError, TypeError) as error:
        raise ServerError(f"wrk failed: {(done.stderr or done.stdout).strip()[-300:]}") from error
