"""Renders pages whose links are relative, those of releases and graphs with their description for machines in them."""

import pyoxigraph as ox
from markupsafe import Markup

from ontology.iris import BASE, compress
from service.linked_data.statements import written
from service.templating import template

_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_THOUSAND = 1000


def rendered(file: str, path: str, triples: list[ox.Triple], **values: object) -> bytes:
    """Return the page at `path` from a template; `triples` are what it tells machines."""
    described = written(triples, "application/ld+json").decode().replace("<", "\\u003c")
    return page(file, path, described=Markup(described), **values)


def page(file: str, path: str, **values: object) -> bytes:
    """Return the page at `path` from a template."""
    return template(file).render(view=_View(path), **values).encode()


class _View:
    """What a template asks about IRIs and numbers, for a page at a path."""

    def __init__(self, path: str) -> None:
        self.up = up(path)

    def href(self, iri: str) -> str | None:
        """Return what a mention of `iri` links to: relative, where it is one of ours."""
        if iri.startswith(BASE):
            return self.up + iri.removeprefix(BASE)
        return iri if iri.startswith(("http://", "https://")) else None

    def name(self, iri: str) -> str:
        """Return an IRI as people write it."""
        return compress(iri)

    def number(self, number: int) -> str:
        """Return a number as people read it."""
        return f"{number:,}"

    def size(self, size: int) -> str:
        """Return a number of bytes as people read it."""
        amount, unit = float(size), 0
        while amount >= _THOUSAND and unit < len(_UNITS) - 1:
            amount, unit = amount / _THOUSAND, unit + 1
        return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{size} bytes"


def up(path: str) -> str:
    """Return the way from a path to the root, as relative references have it."""
    return "../" * (path.count("/") - 1)
