"""Reads the SPARQL of a rule of the domain: a CONSTRUCT of triples from triple patterns and FILTERs, and nothing else.

What follows may then be worked out by any engine of SPARQL 1.1, in any order, and by what the last round added alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox
import rdflib
from pyparsing import ParseBaseException
from rdflib.paths import Path
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from ontology.errors import RuleFileError
from ontology.iris import PREFIXES, compress
from ontology.rule_conditions import UnfitConditionError, condition, terms_in
from ontology.rule_joins import Pattern, Term, misjoined
from ontology.rule_lines import line_matching, line_of, plain

MOST_PREMISES, MOST_CONCLUSIONS, MOST_FILTERS = 12, 5, 6
_DEEPEST = 12

_REFUSED = {
    "OptionalGraphPattern": "OPTIONAL",
    "GroupOrUnionGraphPattern": "UNION",
    "MinusGraphPattern": "MINUS",
    "GraphGraphPattern": "GRAPH",
    "ServiceGraphPattern": "SERVICE",
    "Bind": "BIND",
    "InlineData": "VALUES",
    "SubSelect": "SELECT",
}
_WAYS_OUT = {
    "OPTIONAL": "leave it out, or make what it asks for a premise",
    "UNION": "write a file for each of the alternatives, without inner braces",
    "MINUS": "leave it out: what follows must not depend on what is not known",
    "GRAPH": "leave it out: a rule is about what is known, whoever states it",
    "BIND": "write the term where the variable is used",
    "VALUES": "write FILTER(?x IN (…))",
}


@dataclass(frozen=True)
class RuleSyntax:
    """What a rule says: what follows, from what, and `condition`, FILTERs in SPARQL with whole IRIs.

    `filters` are the same one by one; `named` the IRIs that occur in them.
    """

    premises: tuple[Pattern, ...]
    conclusions: tuple[Pattern, ...]
    filters: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def condition(self) -> str:
        """All FILTERs, as they stand behind the premises."""
        return " ".join(self.filters)


def parse_rule(file: str, content: str) -> RuleSyntax:
    """Return what the rule in `file` says. Raises RuleFileError with the line, the cause and the way out."""
    return _Reading(file, content).syntax()


class _Reading:
    def __init__(self, file: str, content: str) -> None:
        self._file = file
        self._content = content

    def syntax(self) -> RuleSyntax:
        query = self._parsed()
        premises = [self._pattern(one) for one in self._premises(query)]
        conclusions = [self._pattern(one) for one in self._conclusions(query)]
        filters = [part.expr for part in query.where.part if part.name == "Filter"]
        self._bounded(len(premises), MOST_PREMISES, "premises")
        self._bounded(len(conclusions), MOST_CONCLUSIONS, "conclusions")
        self._bounded(len(filters), MOST_FILTERS, "FILTERs")
        written = tuple(f"FILTER({self._condition(each)})" for each in filters)
        compared = {f"?{term}" for each in filters for term in terms_in(each) if isinstance(term, rdflib.Variable)}
        for reason, way_out, mention in misjoined(premises, conclusions, compared):
            raise self._fault(reason, way_out, mention)
        self._evaluable(premises, written)
        named = [str(term) for each in filters for term in terms_in(each) if isinstance(term, rdflib.URIRef)]
        return RuleSyntax(tuple(premises), tuple(conclusions), written, tuple(dict.fromkeys(named)))

    def _parsed(self) -> CompValue:
        depth = 0
        for sign in re.findall(r"[(\[{}\])]", plain(self._content)):
            depth += 1 if sign in "([{" else -1
            if depth > _DEEPEST:
                raise self._fault(f"has more than {_DEEPEST} brackets within each other", "simplify it")
        try:
            parsed = parseQuery(self._content)
        except ParseBaseException as error:
            line, reason = error.lineno, re.sub(r"\s+\(at char.*", "", " ".join(str(error).split()))
            raise self._fault(f"is not SPARQL: {reason}", "correct what stands there", line=line) from error
        query: CompValue = parsed[1]
        if query.name != "ConstructQuery":
            kind = query.name.removesuffix("Query").upper()
            raise self._fault(f"is no rule but a query, {kind}", "write CONSTRUCT { … } WHERE { … }", kind)
        try:
            query = traverse(
                query, visitPost=partial(translatePName, prologue=translatePrologue(parsed[0], None, PREFIXES))
            )
            query = traverse(query, visitPost=translatePath)
        except Exception as error:  # rdflib raises no narrower one for an unknown prefix
            raise self._unknown_prefix(error) from error
        self._without_more(query)
        return query

    def _unknown_prefix(self, error: Exception) -> RuleFileError:
        if "prefix" not in str(error):
            return self._fault(f"is not SPARQL: {error}", "correct it")
        prefix = str(error).rpartition(":")[2].strip()
        known = ", ".join(PREFIXES)
        lines = [n for n, line in enumerate(self._content.split("\n"), 1) if re.search(rf"(?<!\w){prefix}:", line)]
        reason = f"has the prefix {prefix!r}, which nothing declares"
        return self._fault(reason, f"declare it with PREFIX, or use one of {known}", line=(*lines, 1)[0])

    def _without_more(self, query: CompValue) -> None:
        """Refuse what a query may have beside its patterns."""
        if dict.get(query, "template") is None:
            raise self._fault("has nothing in CONSTRUCT { … }", "write CONSTRUCT { … } WHERE { … }", "CONSTRUCT")
        clauses = {
            "datasetClause": "FROM",
            "groupby": "GROUP BY",
            "having": "HAVING",
            "orderby": "ORDER BY",
            "limitoffset": "LIMIT",
            "valuesClause": "VALUES",
        }
        for key, words in clauses.items():
            if dict.get(query, key) is not None:
                way_out = _WAYS_OUT.get(words, "leave it out: a rule concludes all that follows")
                raise self._fault(f"has {words}", way_out, words.split()[0], "OFFSET" if words == "LIMIT" else words)
        part = dict.get(query.where, "part")
        if query.where.name != "GroupGraphPatternSub" or not part:
            word = "SELECT" if query.where.name == "SubSelect" else "WHERE"
            raise self._fault("has no triple patterns of its own", "write what must hold as triple patterns", word)
        for each in part:
            if each.name not in ("TriplesBlock", "Filter"):
                word = _REFUSED.get(each.name, each.name)
                way_out = _WAYS_OUT.get(word, "leave it out, and write triple patterns and FILTERs alone")
                if word == "UNION":
                    line = line_matching(self._content, r"\bUNION\b") or line_matching(
                        self._content, r"(?<=\{)[^{}]*\{", at_end=True
                    )
                    raise self._fault("has UNION or inner braces, which a rule cannot", way_out, line=line)
                raise self._fault(f"has {word}, which a rule cannot", way_out, word)

    def _premises(self, query: CompValue) -> Iterator[Sequence[object]]:
        for part in query.where.part:
            if part.name == "TriplesBlock":
                yield from _threes(part.triples)

    def _conclusions(self, query: CompValue) -> Iterator[Sequence[object]]:
        yield from _threes(query.template)

    def _pattern(self, one: Sequence[object]) -> Pattern:
        subject, predicate, object_ = one
        if isinstance(predicate, Path):
            way_out = "write a triple pattern for each step, with a variable between them"
            raise self._fault(
                f"has the path {_path(predicate)}",
                way_out,
                line=line_matching(self._content, r"[/|^*+]|\w\?(?=\s)|!\(?"),
            )
        if isinstance(predicate, rdflib.Variable):
            reason = f"has the variable ?{predicate} for a property"
            raise self._fault(reason, "name the property, or one above all that you mean", f"?{predicate}")
        if isinstance(subject, rdflib.BNode) or isinstance(object_, rdflib.BNode):
            reason = "has a thing without a name, by [ ], ( ) or _:"
            raise self._fault(
                reason, "give it a variable", line=line_matching(self._content, r"\[|_:|(?<=[\s;,])\((?!.*FILTER)")
            )
        if isinstance(subject, rdflib.Literal):
            raise self._fault(f"says something of the text {subject.n3()}", "say it of a thing")
        try:
            return _slot(subject), ox.NamedNode(str(predicate)), _slot(object_)
        except ValueError as error:
            raise self._fault(
                f"has {' '.join(map(str, one))!r}: {error}", "write whole IRIs, or prefixed names"
            ) from error

    def _evaluable(self, premises: Sequence[Pattern], filters: Sequence[str]) -> None:
        """Refuse what the engine does not take, though the parser does."""
        patterns = " . ".join(" ".join(map(str, one)) for one in premises)
        try:
            ox.Store().query(f"SELECT * WHERE {{ {patterns} {' '.join(filters)} }}")
        except (SyntaxError, ValueError) as error:
            raise self._fault(f"has a FILTER that cannot be evaluated: {error}", "simplify it", "FILTER") from error

    def _condition(self, expression: object) -> str:
        try:
            return condition(expression)
        except UnfitConditionError as error:
            mentions = (error.mention, error.mention.partition(" ")[0])
            raise self._fault(f"has a FILTER that {error.reason}", error.way_out, *mentions) from error

    def _bounded(self, count: int, most: int, what: str) -> None:
        if count > most:
            raise self._fault(f"has {count} {what}, more than {most}", "make two rules of it, one for the other to use")

    def _fault(self, reason: str, way_out: str, *mentions: str, line: int = 0) -> RuleFileError:
        return RuleFileError(
            self._file, line or (line_of(self._content, *mentions) if mentions else 1), reason, way_out
        )


def _threes(lists: Sequence[Sequence[object]]) -> Iterator[Sequence[object]]:
    for flat in lists:
        yield from (flat[start : start + 3] for start in range(0, len(flat), 3))


def _slot(term: object) -> Term | ox.Variable:
    if isinstance(term, rdflib.Variable):
        return ox.Variable(str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
    return ox.NamedNode(str(term))


def _path(path: Path) -> str:
    return re.sub(r"[a-z]+:[^\s()|^*+?!]+", lambda iri: compress(iri[0]), repr(path)[5:-1])
