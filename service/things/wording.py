"""Names things in the language that the client prefers, as far as the ontology that is served has names in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from service.http.languages import ENGLISH


@dataclass(frozen=True)
class Wording:
    """What terms and concepts are called in a language, by IRI; where there is nothing, the English name stands."""

    language: str = ENGLISH
    labels: Mapping[str, str] = field(default_factory=dict)

    def name(self, iri: str | None, english: str) -> Markup:
        """Return what a thing is called, as HTML that tells the language where it is not that of the page."""
        own = self.labels.get(iri) if iri else None
        return escape(english) if own is None else in_language(own, self.language)


def in_language(text: str, language: str) -> Markup:
    """Return a text as HTML that tells its language."""
    if language in (ENGLISH, "@none"):
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)
