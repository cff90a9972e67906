"""What the templates of the ontology ask about terms: their names, where they link to, how they are cited and used."""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from urllib.parse import quote

from loaders.reasoning.domain_rules import DomainRule
from ontology.documentation import Documentation
from ontology.entries import Entry, Kind, anchor
from ontology.expressions import Phrase, Text
from ontology.iris import BASE, TERM, compress
from ontology.nearest import did_you_mean
from ontology.rule_files import OURS
from ontology.vocabulary import Term
from service.addresses import TERM_PATH, address
from service.errors import UnknownOntologyError
from service.http.languages import ENGLISH
from service.terms.tree import Trees
from service.terms.usage import Count, Source, Usage

ONTOLOGY = TERM.removesuffix("#")
_SECTION = re.compile(r"(?P<paper>[\w-]+), (?P<section>.+)", re.DOTALL)


def term_path(iri: str) -> str:
    """Return where the page of a term is, from the root."""
    return TERM_PATH.removeprefix("/") + quote(anchor(iri), safe="/:")


class View:
    """An ontology as it is shown in a language, from a page `up` steps below the root."""

    def __init__(
        self,
        documentation: Documentation,
        usage: Usage,
        rules: Sequence[DomainRule],
        collections: Mapping[str, Term],
        language: str,
    ) -> None:
        self.up = ""
        self.language = language
        self.documentation = documentation
        self.rules = rules
        self._usage = usage
        self._collections = {class_.iri: name for name, class_ in collections.items()}
        self._files = {**documentation.modules, **documentation.alignments}
        self._versions = {file.version for file in self._files.values()}
        self.trees = Trees(documentation, usage, lambda iri: self.name(iri).value)

    def seen_from(self, up: str) -> "View":
        """Return the same for a page that is `up` steps below the root."""
        view = copy(self)
        view.up = up
        return view

    def name(self, iri: str) -> Text:
        """Return the label of a term in the language of the page, in English where it has none.

        A term of others that is not described here has its prefixed name.
        """
        if entry := self.documentation.entries.get(iri):
            return next((label for label in entry.labels if label.language == self.language), entry.label)
        described = iri in self._files or iri.startswith(BASE)
        return Text(self.documentation.label(iri) if described else compress(iri), ENGLISH)

    def other_names(self, entry: Entry) -> list[Text]:
        """Return the labels of a term beside the one that it is shown by."""
        return [label for label in (entry.label, *entry.labels) if label != self.name(entry.iri)]

    def also(self, entry: Entry) -> str:
        """Return the words by which a term is found beside those that are shown of it."""
        english = [entry.label.value] if self.name(entry.iri) != entry.label else []
        return " ".join([*english, *(label.value for label in entry.alternatives)])

    def href(self, iri: str) -> str | None:
        """Return what a mention of `iri` links to: its page, its module, a version here, or an address on the web."""
        if iri in self.documentation.entries:
            return self.up + term_path(iri)
        if iri in self._files:
            return f"{self.up}ontology#{self.module_anchor(iri)}"
        if iri.startswith(BASE):
            return self.path(iri) if iri in self._versions else None
        return iri if iri.startswith(("http://", "https://")) else None

    def page_of(self, iri: str) -> str | None:
        """Return where the page about a thing of the graph is."""
        at = address(iri)
        return self.here(at) if at and at.startswith("/") else at

    def here(self, path: str) -> str:
        """Return what leads to a path of this service."""
        return (self.up or "./") + path.removeprefix("/")

    def users(self, iri: str) -> str | None:
        """Return where everything is that uses a term, None where that is nowhere listed."""
        entry = self.documentation.entries[iri]
        if entry.kind is Kind.CLASS:
            return self.here(f"api/{self._collections[iri]}") if iri in self._collections else None
        if entry.kind is Kind.INDIVIDUAL:
            query = f"SELECT ?subject ?property WHERE {{ ?subject ?property <{iri}> }} ORDER BY ?subject ?property"
            return self.here(f"sparql?query={quote(query)}")
        if entry.kind in (Kind.SCHEME, Kind.DATATYPE):
            return None
        query = f"SELECT DISTINCT ?subject ?value WHERE {{ ?subject <{iri}> ?value }} ORDER BY ?subject ?value"
        return self.here(f"sparql?query={quote(query)}")

    def entry(self, iri: str) -> Entry:
        """Return the entry of a term."""
        return self.documentation.entries[iri]

    def entry_at(self, anchor_: str) -> Entry:
        """Return the entry of the term with this anchor. Raises UnknownOntologyError, which names the nearest."""
        by_anchor = {anchor(iri): entry for iri, entry in self.documentation.entries.items()}
        if anchor_ not in by_anchor:
            near = did_you_mean(anchor_[:100], by_anchor)
            raise UnknownOntologyError(f"no term {anchor_[:100]!r}{near}; /ontology has them all")
        return by_anchor[anchor_]

    def anchor(self, iri: str) -> str:
        """Return the anchor of a term."""
        return anchor(iri)

    def module_anchor(self, iri: str) -> str:
        """Return the anchor of a module; no name of a term has a hyphen."""
        return f"module-{self.module_name(iri)}" if iri != ONTOLOGY else "about-ontology"

    def module_name(self, iri: str) -> str:
        """Return what a module or alignment is called in paths."""
        return iri.removeprefix(f"{ONTOLOGY}/")

    def path(self, iri: str) -> str:
        """Return the address of a module or version."""
        return self.up + iri.removeprefix(BASE)

    def sections(self, entry: Entry) -> list[tuple[Source, list[str]]]:
        """Return the papers that a term comes from, each with its sections."""
        cited: dict[Source, list[str]] = {}
        for match in filter(None, map(self._cited, entry.sources)):
            cited.setdefault(self._usage.sources[match["paper"]], []).append(match["section"])
        return list(cited.items())

    def other_sources(self, entry: Entry) -> list[Phrase]:
        """Return the sources of a term that are no sections of papers of this release."""
        return [phrase for phrase in entry.sources if self._cited(phrase) is None]

    def rules_of(self, entry: Entry) -> list[str]:
        """Return the names of the rules of the domain that conclude something by a term."""
        return [rule.name for rule in self.rules if entry.iri in rule.concluded]

    def rule_anchor(self, name: str) -> str:
        """Return the anchor of a rule; no name of a term has a hyphen."""
        return f"rule-{name}"

    def rule_sources(self, rule: DomainRule) -> list[tuple[Source | None, str]]:
        """Return what a rule is from: a paper of this release with the section, or else the text alone."""
        found = [(source, _SECTION.fullmatch(source)) for source in rule.sources if source != OURS]
        return [
            (self._usage.sources[match["paper"]], match["section"])
            if match and match["paper"] in self._usage.sources
            else (None, source)
            for source, match in found
        ]

    def noun(self, iri: str) -> str:
        """Return what is counted of a term."""
        return "thing" if self.documentation.entries[iri].kind is Kind.CLASS else "statement"

    def uses(self, entry: Entry) -> Count:
        """Return how often a term is used in this release."""
        if entry.kind is Kind.CLASS:
            return self._usage.things.get(entry.iri, Count())
        if entry.kind is Kind.INDIVIDUAL:
            return self._usage.mentions.get(entry.iri, Count())
        return self._usage.statements.get(entry.iri, Count())

    def parts(self, count: Count) -> list[tuple[str, int]]:
        """Return how much each source adds to a count, by label; what is inferred comes last."""
        names = sorted(count.by_source, key=lambda name: (name == "inferred", self._source(name)))
        return [(self._source(name), count.by_source[name]) for name in names]

    def _source(self, name: str) -> str:
        return self._usage.sources[name].label if name in self._usage.sources else name

    def _cited(self, phrase: Phrase) -> re.Match[str] | None:
        """Return the paper and the section that a literal such as `gotz-2019, Conclusions` names."""
        (source,) = phrase
        match = _SECTION.fullmatch(source.value) if isinstance(source, Text) else None
        return match if match and match["paper"] in self._usage.sources else None
