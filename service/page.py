"""Renders the documentation of the ontology as an HTML page."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from loaders.reasoning.domain_rules import DomainRule
from ontology.diagram import Diagram
from ontology.documentation import Documentation, Scheme
from ontology.entries import Entry, Kind, anchor
from ontology.expressions import Phrase, Text
from ontology.iris import BASE, TERM, compress
from ontology.rule_files import OURS
from service.templating import template
from service.usage import Count, Source, Usage

ONTOLOGY = TERM.removesuffix("#")
_SECTION = re.compile(r"(?P<paper>[\w-]+), (?P<section>.+)", re.DOTALL)
_SECTIONS = (
    ("classes", "Classes", Kind.CLASS),
    ("object-properties", "Object properties", Kind.OBJECT_PROPERTY),
    ("data-properties", "Data properties", Kind.DATA_PROPERTY),
    ("annotation-properties", "Annotation properties", Kind.ANNOTATION_PROPERTY),
    ("datatypes", "Datatypes", Kind.DATATYPE),
)


def render(
    documentation: Documentation, diagram: Diagram, usage: Usage, release: str, rules: Sequence[DomainRule]
) -> bytes:
    """Return the page of the ontology: the rules, and every term with what it means, where it is, who uses it."""
    view = _View(documentation, usage, rules)
    sections = [
        {"id": f"all-{name}", "title": title, "entries": entries}
        for name, title, kind in _SECTIONS
        if (entries := documentation.of_kind(kind))
    ]
    foreign = [entry for entry in documentation.entries.values() if not entry.is_ours]
    page = template("ontology.html").render(
        documentation=documentation,
        diagram=diagram,
        sections=sections,
        foreign=foreign,
        files=[
            ("all-modules", "Modules", [head for head in documentation.modules.values() if head.iri != ONTOLOGY]),
            ("all-alignments", "Alignments with other vocabularies", list(documentation.alignments.values())),
        ],
        release=release,
        about=documentation.modules[ONTOLOGY],
        rules=rules,
        view=view,
    )
    return page.encode()


class _View:
    """What the template asks about terms: where they link to, how they are cited and used."""

    def __init__(self, documentation: Documentation, usage: Usage, rules: Sequence[DomainRule]) -> None:
        self.up = ""
        self._documentation = documentation
        self._rules = rules
        self._usage = usage
        self._files = {**documentation.modules, **documentation.alignments}
        self._versions = {file.version for file in self._files.values()}

    def label(self, iri: str) -> str:
        """Return the label of a term that is described here, else the prefixed name of a term of others."""
        described = iri in self._documentation.entries or iri in self._files
        return self._documentation.label(iri) if described else compress(iri)

    def href(self, iri: str) -> str | None:
        """Return what a mention of `iri` links to: its entry, its module, a version here, or an address on the web."""
        if iri in self._documentation.entries:
            return f"#{quote(anchor(iri), safe='/:')}"
        if iri in self._files:
            return f"#{self.module_anchor(iri)}"
        if iri.startswith(BASE):
            return self.path(iri) if iri in self._versions else None
        return iri if iri.startswith(("http://", "https://")) else None

    def entry(self, iri: str) -> Entry:
        """Return the entry of a term."""
        return self._documentation.entries[iri]

    def anchor(self, iri: str) -> str:
        """Return the anchor of a term."""
        return anchor(iri)

    def module_anchor(self, iri: str) -> str:
        """Return the anchor of a module; no name of a term has a hyphen."""
        return f"module-{self.module_name(iri)}" if iri != ONTOLOGY else "about-ontology"

    def module_name(self, iri: str) -> str:
        """Return what a module or alignment is called in paths."""
        return iri.removeprefix(f"{ONTOLOGY}/")

    def scheme_anchor(self, scheme: Scheme) -> str:
        """Return the anchor of a scheme, or of the individuals of a class that are in none."""
        return anchor(scheme.iri) if scheme.entry else f"concepts-{anchor(scheme.iri)}"

    def path(self, iri: str) -> str:
        """Return the address of a module or version, relative to the page."""
        return iri.removeprefix(BASE)

    def sections(self, entry: Entry) -> list[tuple[Source, list[str]]]:
        """Return the papers that a term comes from, each with its sections."""
        cited: dict[Source, list[str]] = {}
        for match in filter(None, map(self._cited, entry.sources)):
            cited.setdefault(self._usage.sources[match["paper"]], []).append(match["section"])
        return list(cited.items())

    def other_sources(self, entry: Entry) -> list[Phrase]:
        """Return the sources of a term that are no sections of papers of this release."""
        return [phrase for phrase in entry.sources if self._cited(phrase) is None]

    def rules(self, entry: Entry) -> list[str]:
        """Return the names of the rules of the domain that conclude something by a term."""
        return [rule.name for rule in self._rules if entry.iri in rule.concluded]

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

    def uses(self, entry: Entry) -> tuple[str, Count]:
        """Return what uses a term in this release, and how often."""
        if entry.kind is Kind.CLASS:
            return "thing", self._usage.things.get(entry.iri, Count())
        if entry.kind is Kind.INDIVIDUAL:
            return "statement", self._usage.mentions.get(entry.iri, Count())
        return "statement", self._usage.statements.get(entry.iri, Count())

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
