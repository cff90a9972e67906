"""Writes the figure of a statistic as text: how close it is, its number, its unit and its years."""

import re
from collections.abc import Mapping
from decimal import Decimal

from service.comparison.queries import APPROXIMATION, NUMBERS
from service.store.selection import Literal

_YEARS = ("fromYear", "toYear")
_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<whole>\d{1,3}(?:[,\u00a0\u202f ]\d{3})+|\d+)(?P<fraction>\.\d+)?(?![\w]|[.,]\d)"
    rf"(?:\s+(?P<scale>{'|'.join(filter(None, _SCALES))})\b)?"
)


def figure_text(figure: Mapping[str, Literal], label: str) -> str:
    """Return what follows the label of a statistic: its figure, or its years alone where the label has the number."""
    numbers = [figure[name][0] for name in NUMBERS if name in figure]
    years = list(dict.fromkeys(figure[name][0] for name in _YEARS if name in figure))
    told = _numbers(label)
    if told.issuperset(map(_number, numbers)):
        return f" ({_span(years)})" if years and not told.issuperset(map(_number, years)) else ""
    approximation = f"{figure[APPROXIMATION][0]} " if APPROXIMATION in figure else ""
    unit = f" {figure['unit'][0]}" if "unit" in figure else ""
    when = f" ({_span(years)})" if years else ""
    return f": {approximation}{' to '.join(map(_written, numbers))}{unit}{when}"


def _numbers(label: str) -> set[Decimal]:
    """Return the numbers in a text; 4.0 is the name of something, and not four."""
    found = set()
    for match in _NUMBER.finditer(label):
        whole, fraction, scale = re.sub(r"\D", "", match["whole"]), match["fraction"] or "", match["scale"] or ""
        number = Decimal(whole + fraction)
        if scale or not fraction or number % 1:
            found.add(number * _SCALES[scale])
    return found


def _number(text: str) -> Decimal | None:
    """Return the number that a text is; what is written over the API may be none."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def _written(text: str) -> str:
    number = _number(text)
    return text if number is None else f"{number:,f}"


def _span(years: list[str]) -> str:
    return "\N{EN DASH}".join(years)
