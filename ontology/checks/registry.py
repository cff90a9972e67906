"""Lists every check of the ontology's own files, and runs them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from ontology.checks import (
    annotations,
    contradictions,
    cycles,
    datatypes,
    declarations,
    deprecation,
    expressions,
    header,
    labels,
    names,
    properties,
    rules,
    schemes,
)
from ontology.checks.checked import Checked, Flaw
from ontology.checks.reading import read_for_check
from ontology.errors import UnsoundOntologyError
from ontology.findings import Finding, Severity
from ontology.iris import compress


@dataclass(frozen=True)
class Check:
    """A check: the name in its findings, what it finds, and how.

    One that `needs_all` modules says nothing of worth while a file cannot be read, and waits until it can.
    """

    name: str
    find: Callable[[Checked], Iterable[Flaw]]
    needs_all: bool = False

    @property
    def holds(self) -> str:
        """What holds where the check finds nothing, in a sentence."""
        return (self.find.__doc__ or "").strip()


CHECKS = (
    Check("header", header.headers),
    Check("catalog", header.catalog),
    Check("import", header.imports, needs_all=True),
    Check("import-cycle", header.import_cycles),
    Check("missing-import", header.missing_imports, needs_all=True),
    Check("undeclared-term", declarations.undeclared, needs_all=True),
    Check("wrong-kind", declarations.wrong_kinds),
    Check("punning", declarations.punning),
    Check("reserved-name", declarations.reserved_names),
    Check("no-name", declarations.anonymous),
    Check("expression", expressions.expressions),
    Check("left-over", expressions.dangling),
    Check("not-simple", properties.not_simple),
    Check("irregular-chain", properties.irregular),
    Check("datatype", datatypes.datatypes),
    Check("value", datatypes.values),
    Check("range", datatypes.ranges),
    Check("facet", datatypes.facets),
    Check("property-value", datatypes.property_values),
    Check("name-pattern", names.patterns),
    Check("namespace", names.namespaces),
    Check("same-name", names.same_names),
    Check("collection", names.collections),
    Check("missing-text", labels.missing),
    Check("two-labels", labels.doubled),
    Check("no-language", labels.without_language),
    Check("language", labels.languages),
    Check("label-property", labels.kinds_of_label),
    Check("same-label", labels.ambiguous),
    Check("repeated-text", labels.repeated),
    Check("untranslated", labels.untranslated),
    Check("source", annotations.sources),
    Check("slip", annotations.slips),
    Check("annotation-value", annotations.values),
    Check("cycle", cycles.cycles),
    Check("own-opposite", contradictions.own_opposites),
    Check("impossible-class", contradictions.impossible_classes),
    Check("impossible-property", contradictions.impossible_properties),
    Check("impossible-thing", contradictions.impossible_things),
    Check("scheme", schemes.in_schemes, needs_all=True),
    Check("scheme-type", schemes.types, needs_all=True),
    Check("top-concept", schemes.tops),
    Check("replacement", deprecation.replacements, needs_all=True),
    Check("deprecated-in-axiom", deprecation.still_used),
    Check("rule", rules.unreadable),
    Check("rule-term", rules.terms, needs_all=True),
    Check("rule-conclusion", rules.conclusions, needs_all=True),
    Check("deprecated-in-rule", rules.old_terms),
)


def sound_ontology(directory: Traversable | None = None) -> Checked:
    """Read the modules in `directory`, by default the packaged ones, and run the checks.

    Raises UnsoundOntologyError where they find errors.
    """
    checked, findings = read_for_check(directory=directory)
    errors = [*findings, *run_checks(checked, Severity.ERROR)]
    if errors:
        raise UnsoundOntologyError(errors)
    return checked


def run_checks(checked: Checked, up_to: Severity = Severity.NOTE) -> Iterator[Finding]:
    """Yield what the checks find in the modules, as bad as `up_to` or worse."""
    for check in CHECKS:
        if checked.unread and check.needs_all:
            continue
        yield from (found(check.name, flaw) for flaw in check.find(checked) if flaw.severity <= up_to)


def found(check: str, flaw: Flaw) -> Finding:
    """Return `flaw` as a finding of `check`, with its line."""
    line = flaw.line or flaw.file.line_of(flaw.subject or flaw.term, flaw.mention)
    return Finding(flaw.severity, flaw.file.name, line, check, compress(flaw.term), flaw.message, flaw.way_out)
