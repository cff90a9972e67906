"""Holds the parameters of a request against those that there are: who mistypes one is told, and not sent everything."""

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request

from ontology.nearest import did_you_mean
from service.errors import RequestParameterError
from service.http import exchange

_SHOWN = 100


def check_parameters(given: Iterable[tuple[str, str]], known: Collection[str] = ()) -> None:
    """Raise RequestParameterError where a parameter is not `known`, is given twice, or is empty."""
    seen = set[str]()
    for name, value in given:
        if name not in known:
            there = f"it has: {', '.join(known)}" if known else "it has none"
            near = did_you_mean(name[:_SHOWN], known)
            raise RequestParameterError(f"no parameter {name[:_SHOWN]!r} here{near} ({there})")
        if name in seen:
            raise RequestParameterError(f"the parameter {name!r} is given twice")
        if not value.strip():
            raise RequestParameterError(f"the parameter {name!r} is empty; give a value, or leave it out")
        seen.add(name)


def takes(*names: str) -> Any:
    """Return the dependency that lets a request have these parameters, each once, and no other."""

    async def check(request: Request) -> None:
        check_parameters(request.query_params.multi_items(), names)

    return Depends(check)


def without_blanks(request: Request) -> str | None:
    """Return the address of a request without the blanks of a form that were left, None where all are filled."""
    given = request.query_params.multi_items()
    filled = [(name, value) for name, value in given if value.strip()]
    if len(filled) == len(given):
        return None
    return f"{request.url.path}?{urlencode(filled)}" if filled else request.url.path


def takes_none(request: exchange.Request) -> None:
    """Raise RequestParameterError where a request outside the web framework has parameters."""
    check_parameters(parse_qsl(request.query_string, keep_blank_values=True))
