"""Writes the log: one JSON object a line, on standard error."""

import json
import logging
import queue
import sys
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from typing import Any

_LOG = logging.getLogger("districtgraph")
_MOST_UNWRITTEN = 10_000


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {"when": when, "level": record.levelname.lower(), "event": record.getMessage()}
        fields |= record.__dict__.get("fields", {})
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


class _Bounded(QueueHandler):
    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # it stays in this process, and its trace is a field of its own

    def enqueue(self, record: logging.LogRecord) -> None:
        with suppress(queue.Full):
            self.queue.put_nowait(record)


def log_to_stderr(level: str) -> None:
    """Log what is at least of `level`, from a thread: where nobody reads, lines are lost, and no request waits."""
    writer = logging.StreamHandler(sys.stderr)
    writer.setFormatter(_JsonLines())
    lines: queue.Queue[logging.LogRecord] = queue.Queue(_MOST_UNWRITTEN)
    QueueListener(lines, writer).start()
    _LOG.handlers = [_Bounded(lines)]
    _LOG.setLevel(level.upper())
    _LOG.propagate = False


def is_logged(level: int) -> bool:
    """Tell whether anything of `level` is written at all."""
    return _LOG.isEnabledFor(level)


def log(level: int, event: str, **fields: Any) -> None:
    """Write an event."""
    _LOG.log(level, event, extra={"fields": fields})


def log_failure(event: str, error: BaseException, **fields: Any) -> None:
    """Write a failure of ours, with its trace."""
    _LOG.error(event, exc_info=error, extra={"fields": fields})
