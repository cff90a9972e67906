"""Shows answers on a terminal."""

import io
import json
from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from queries.named_query import NamedQuery
from service.engine.engine import Answer
from service.questions import answer_document
from service.statistics import Statistics
from service.tables import Table

_WIDTH_WITHOUT_TERMINAL = 160


def answer_text(query: NamedQuery, values: dict[str, str], answer: Answer[bytes], format_: str) -> str:
    """Return the answer to a named query as `table`, `csv`, `json` or `md`."""
    if format_ == "csv":
        return answer.content.decode()
    table = Table.parse(answer.content)
    if format_ == "json":
        return json.dumps(answer_document(query, values, answer.release, table), indent=2, ensure_ascii=False) + "\n"
    if format_ == "md":
        return table.markdown()
    return f"{query.summary}\n{table_text(table)}release {answer.release}\n"


def table_text(table: Table) -> str:
    """Return a table as wide as the terminal."""
    shown = RichTable(show_lines=len(table.shown) > 3)
    for column in table.shown:
        shown.add_column(column, overflow="fold")
    for row in table.texts():
        shown.add_row(*map(Text, row))
    return _render(shown) + f"{len(table.rows)} rows\n"


def list_text(queries: Iterable[NamedQuery]) -> str:
    """Return the named queries with their summaries and parameters, a section for each group."""
    shown = RichTable()
    for column in ("question", "what it answers", "parameters"):
        shown.add_column(column, overflow="fold")
    for group, asked in groupby(queries, key=lambda query: query.group):
        shown.add_section()
        shown.add_row(Text(group, style="bold"))
        for query in asked:
            parameters = "\n".join(f"{p.name}={p.example}" for p in query.parameters.values())
            shown.add_row(query.name, Text(query.summary), Text(parameters))
    return _render(shown)


def statistics_text(statistics: Statistics, format_: str) -> str:
    """Return the counts of a release as `table` or `json`."""
    if format_ == "json":
        return json.dumps(statistics.document(), indent=2, ensure_ascii=False) + "\n"
    tables = "".join(f"{query.summary}\n{table_text(table)}\n" for query, table in statistics.tables)
    evidence = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in statistics.evidence.items())
    return f"{tables}evidence: {evidence}\nrelease {statistics.release}\n"


def _render(table: RichTable) -> str:
    terminal = Console()
    width = terminal.width if terminal.is_terminal else _WIDTH_WITHOUT_TERMINAL
    buffer = Console(file=io.StringIO(), width=width, force_terminal=terminal.is_terminal)
    with buffer.capture() as captured:
        buffer.print(table)
    return captured.get()
