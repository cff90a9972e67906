"""Tells who asks by deprecated terms of the ontology that they are to go, and what takes their place."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from ontology.vocabulary import Term
from service.things.document import href


def deprecation_day(terms: Iterable[Term]) -> dict[str, str]:
    """Return the header for the day since which one of the terms is deprecated (RFC 9745, section 2.1)."""
    days = [term.deprecation.since for term in terms if term.deprecation and term.deprecation.since]
    if not days:
        return {}
    return {"Deprecation": f"@{int(datetime.combine(min(days), time(), UTC).timestamp())}"}


def deprecation_links(terms: Iterable[Term]) -> list[str]:
    """Return the links to the deprecated terms (RFC 9745, section 3), and to those that take their place."""
    links = []
    for term in terms:
        if term.deprecation:
            links.append(f'<{href(term.iri) or term.iri}>; rel="deprecation"')
            if replacement := term.deprecation.replacement:
                links.append(f'<{href(replacement) or replacement}>; rel="successor-version"')
    return links


def deprecation_remark(term: Term) -> str:
    """Return what to say of a term behind its definition: nothing where it is not deprecated."""
    if term.deprecation is None:
        return ""
    return f" Deprecated: use {term.deprecation.replacement}." if term.deprecation.replacement else " Deprecated."
