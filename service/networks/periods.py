"""Tells when ties are: in the years of what they rest on, or else of the activity or policy that it takes place in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.errors import RequestParameterError
from service.networks.schema import TieEdge, Years
from service.store.selection import Row, Value, integer_in

YEARS = """SELECT DISTINCT ?basis ?dated ?fromYear ?toYear WHERE {
    ?tie dg:inNetwork @network ; dg:basis ?basis . ?basis (dg:activity|dg:policy)? ?dated
    OPTIONAL { ?dated dg:fromYear ?fromYear } OPTIONAL { ?dated dg:toYear ?toYear }
    FILTER(BOUND(?fromYear) || BOUND(?toYear)) }"""


@dataclass(frozen=True)
class Period:
    """The first and the last year that are stated of something; one of them may not be."""

    first: int | None
    last: int | None

    def overlaps(self, other: "Period") -> bool:
        """Tell whether it has a year in common with a period that is wanted, of which no bound means any year.

        Where one year alone is stated, nothing is said of the others.
        """
        first = self.last if self.first is None else self.first
        last = self.first if self.last is None else self.last
        assert first is not None and last is not None
        return (other.last is None or first <= other.last) and (other.first is None or last >= other.first)


def wanted_period(from_year: int | None, to_year: int | None) -> Period | None:
    """Return the period that a request asks for, if it does. Raises RequestParameterError."""
    if from_year is None and to_year is None:
        return None
    if from_year is not None and to_year is not None and from_year > to_year:
        raise RequestParameterError(f"fromYear is {from_year}, which is after toYear, {to_year}")
    return Period(from_year, to_year)


def periods(rows: Iterable[Row]) -> dict[str, Period]:
    """Return the period of each thing that ties rest on, by its IRI, where there is one; its own years come first."""
    stated: dict[str, dict[str, list[Period]]] = {}
    for basis, dated, first, last in rows:
        period = Period(_year(first), _year(last))
        if period != Period(None, None):
            stated.setdefault(str(basis), {}).setdefault(str(dated), []).append(period)
    return {
        basis: _hull(by_thing.get(basis) or [period for found in by_thing.values() for period in found])
        for basis, by_thing in stated.items()
    }


def dated(edge: TieEdge, known: dict[str, Period]) -> TieEdge:
    """Return a tie with the years of what it rests on, as far as these are known."""
    found = [known[basis] for basis in edge.basis if basis in known]
    if not found:
        return edge
    period = _hull(found)
    return edge.model_copy(update={"fromYear": period.first, "toYear": period.last})


def years_of(ties: Sequence[TieEdge], known: dict[str, Period]) -> Years | None:
    """Return from when to when ties are, and how many have no year; None where none has one."""
    dates = [[known[basis] for basis in tie.basis if basis in known] for tie in ties]
    stated = [year for found in dates for one in found for year in (one.first, one.last) if year is not None]
    if not stated:
        return None
    return Years(fromYear=min(stated), toYear=max(stated), tiesWithoutYear=dates.count([]))


def _hull(found: Sequence[Period]) -> Period:
    firsts = [period.first for period in found if period.first is not None]
    lasts = [period.last for period in found if period.last is not None]
    return Period(min(firsts, default=None), max(lasts, default=None))


def _year(value: Value) -> int | None:
    return integer_in(value[0]) if isinstance(value, tuple) else None
