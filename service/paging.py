"""Cuts an answer into pages: which rows a client asks for, and where the pages before and after are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from queries.errors import ParameterError

MOST_ROWS = 10_000
MOST_OFFSET = 999_999_999
_NUMBER = re.compile(r"[0-9]{1,9}")

T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """The rows that a client asks for: `limit` of them, None for all, after the first `offset`."""

    limit: int | None = None
    offset: int = 0

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Page":
        """Return the page that `limit` and `offset` among the values of a query string say. Raises ParameterError."""
        limit = _number("limit", values["limit"], 1, MOST_ROWS) if "limit" in values else None
        offset = _number("offset", values["offset"], 0, MOST_OFFSET) if "offset" in values else 0
        return cls(limit, offset)

    def rows(self, rows: Sequence[T]) -> Sequence[T]:
        """Return the rows of this page."""
        return rows[self.offset :] if self.limit is None else rows[self.offset : self.offset + self.limit]

    def next(self, total: int) -> "Page | None":
        """Return the page after this one, None where it is the last."""
        if self.limit is None or self.offset + self.limit >= total:
            return None
        return Page(self.limit, self.offset + self.limit)

    def previous(self, total: int) -> "Page | None":
        """Return the page before this one, None where it is the first; beyond the last row, that is the last page."""
        if self.offset == 0 or total == 0:
            return None
        before = min(self.offset, total)
        limit = before if self.limit is None else self.limit
        return Page(limit, max(before - limit, 0))

    def values(self) -> dict[str, str]:
        """Return the page as values of a query string."""
        limit = {} if self.limit is None else {"limit": str(self.limit)}
        return limit | ({"offset": str(self.offset)} if self.offset else {})


def path_of(path: str, values: Mapping[str, str]) -> str:
    """Return the path with the values as its query string."""
    return f"{path}?{urlencode(values)}" if values else path


def _number(name: str, text: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise ParameterError(f"{name!r} wants a whole number from {least} to {most}, not {text[:50]!r}")
    return int(text)
