"""What the commands share: options, settings, progress, and errors that end with a message."""

import signal
import sys
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from loaders.errors import CorpusError, EvidenceError, LoaderError, LoadError
from ontology.errors import OntologyError
from queries.errors import QueryError
from service.errors import ServiceError

_FAULTS = (CorpusError, EvidenceError, LoadError, OntologyError)
_FAILURES = (LoaderError, QueryError, ServiceError)


def reporting_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Have `command` end with a message and an exit status instead of a stack trace."""

    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except _FAULTS as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        except _FAILURES as error:
            click.echo(f"districtgraph: {error}", err=True)
            sys.exit(2)

    return update_wrapper(run, command)


def settings_with(**given: Any) -> Any:
    """Return the settings, those `given` on the command line first."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    from service.keeping.restore import resume_restore
    from service.settings import Settings

    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
        resume_restore(settings.state)
        return settings
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise click.UsageError("; ".join(faults) + " (see the settings in docs/architecture.md)") from error
    except (TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise click.UsageError(f"districtgraph.toml: {error}") from error


def show_progress(step: str) -> None:
    """Tell on standard error what is being done."""
    click.echo(f"  {step}", err=True)


def interrupt_on_sigterm() -> None:
    """Let SIGTERM end this process as Ctrl-C does, with what it has to put away."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def size_text(size: int) -> str:
    """Return a number of bytes for people."""
    unit = next(unit for unit in (1, 1000, 1_000_000, 1_000_000_000) if size < 1000 * unit or unit == 1_000_000_000)
    name = {1: "bytes", 1000: "kB", 1_000_000: "MB", 1_000_000_000: "GB"}[unit]
    return f"{size / unit:.{0 if unit == 1 or size >= 10 * unit else 1}f} {name}"


state_option = click.option("--state", type=click.Path(path_type=Path), help="Folder of the releases.")
papers_option = click.option(
    "--papers", type=click.Path(path_type=Path), help="Folder of the papers' texts, one <paper>.txt each."
)
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
