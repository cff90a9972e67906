"""The OpenAPI document, held against the service by schemathesis: whatever it allows is answered as it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from clients import written

# One for each type of parameter and way of having a default: the paths of all others are made as theirs are.
QUESTIONS = "/brokerage|/claims-about-both|/instances|/policies-of-a-year"
REST = (
    "api|api/(context|bibliography|releases|prefixes|compare|explain).*"
    "|api/(facts|publications|industrial-districts)(/.*)?"
)
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@pytest.mark.slow
def test_every_request_that_the_document_allows_is_answered_as_it_says(tmp_path: Path) -> None:
    with written(tmp_path / "state") as writable:
        command = [
            *(SCHEMATHESIS, "run", f"{writable.service.url}/api/openapi.json"),
            *("--header", f"Authorization: {writable.bearer}"),
            # No schema tells SPARQL and Turtle from other texts, and so not everything that it allows is accepted.
            *(
                "--checks",
                "all",
                "--exclude-checks",
                "positive_data_acceptance",
                "--max-examples",
                "20",
                "--seed",
                "1",
                "--request-timeout",
                "60",
            ),
            *("--phases", "examples,coverage,fuzzing", "--workers", "1", "--no-color"),
            *(
                "--include-path-regex",
                f"^/(sparql|update|graph-store|health|metrics|api/queries({QUESTIONS})?|{REST})$",
            ),
        ]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(Path(__file__).parent)}
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout[-12000:] + done.stderr[-2000:]
