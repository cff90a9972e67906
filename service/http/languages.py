"""Chooses the language of names from what the client prefers."""

from collections.abc import Collection
from functools import lru_cache

from starlette.requests import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

ENGLISH = "en"
VARY_BY_LANGUAGE = "Accept, Accept-Encoding, Accept-Language, Authorization"
"""What a page depends on that has names in the language of who asks."""
# What is asked for as Norwegian is had as Bokmål.
_WIDER = {"no": "nb"}
_REMEMBERED = 1_000


def language_of(request: Request, offered: Collection[str]) -> str:
    """Return the language to name things in: English, unless the client would rather have one of those offered."""
    return _looked_up(",".join(request.headers.getlist("accept-language")), frozenset(offered))


@lru_cache(_REMEMBERED)
def _looked_up(accepted: str, offered: frozenset[str]) -> str:
    """Return the first language for which there is something, by lookup (RFC 4647, section 3.4).

    werkzeug would rather take English, wanted second, than German for `de-CH`.
    """
    for wanted, quality in parse_accept_header(accepted, LanguageAccept):
        subtags = wanted.lower().split("-") if quality else []
        while subtags:
            tag = "-".join(subtags)
            tag = _WIDER.get(tag, tag)
            if tag == ENGLISH or tag in offered:
                return tag
            subtags.pop()
    return ENGLISH
