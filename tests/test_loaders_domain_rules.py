"""The rules of the domain: each has a case that is sharp, and a file that is no rule is told why, with its line.

Each file of tests/rules holds facts that are given, and what is to follow from them and what not, for the rule of its
name. A case is sharp when it fails as soon as the rule lacks a premise, a FILTER, a conclusion, or is missing.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import Edit, run

from loaders.inference import infer
from loaders.reasoning.domain_rules import DomainRule, domain_rule, domain_rules
from ontology.archive import unpack
from ontology.errors import RuleFileError
from ontology.iris import BASE
from ontology.iris import TERM as DG
from ontology.iris import THING as DGI
from ontology.modules import module_triples
from ontology.rule_files import MOST_RULES, RuleFile, parse_rule_file, read_rules

CQ = "https://w3id.org/districtgraph/competency#"
CASES = Path(__file__).parent / "rules"
RULES = {rule.name: rule for rule in read_rules()[0]}

Mutant = tuple[str, str, tuple[RuleFile, ...]]


def mutants(rules: Sequence[RuleFile]) -> Iterator[Mutant]:
    """Yield each rule without one of its parts, by its name and the part, as all rules that there then are."""
    for rule in rules:
        others = tuple(other for other in rules if other != rule)
        yield rule.name, "the rule itself", others
        syntax = rule.syntax
        for part in ("premises", "filters", "conclusions"):
            parts = getattr(syntax, part)
            for place in range(len(parts)):
                less = replace(syntax, **{part: parts[:place] + parts[place + 1 :]})
                if less.conclusions and less.premises:
                    yield rule.name, f"{part[:-1]} {place + 1}", (*others, replace(rule, syntax=less))


MUTANTS = list(mutants(list(RULES.values())))


@cache
def case(name: str) -> dict[str, list[ox.Triple]]:
    graphs: dict[str, list[ox.Triple]] = {"given": [], "entailed": [], "not-entailed": []}
    for quad in ox.parse((CASES / f"{name}.trig").read_bytes(), format=ox.RdfFormat.TRIG):
        assert isinstance(quad.graph_name, ox.NamedNode)
        graphs[quad.graph_name.value.removeprefix(CQ)].append(quad.triple)
    return graphs


@cache
def ontology() -> frozenset[ox.Quad]:
    return frozenset(ox.Quad(t.subject, t.predicate, t.object) for t in module_triples())


def wrong(name: str, rules: Sequence[DomainRule]) -> list[str]:
    """Return what the case of a rule says otherwise than what follows by `rules`."""
    graphs = case(name)
    given = {ox.Quad(t.subject, t.predicate, t.object) for t in graphs["given"]}
    found = {quad.triple for quad in infer(ontology() | given, rules)} | set(graphs["given"])
    missing = [f"does not follow: {t}" for t in graphs["entailed"] if t not in found]
    return missing + [f"follows: {t}" for t in graphs["not-entailed"] if t in found]


def test_each_rule_has_a_case_and_each_case_a_rule() -> None:
    assert {file.stem for file in CASES.glob("*.trig")} == RULES.keys()
    assert all(case(name)[graph] for name in RULES for graph in ("given", "entailed", "not-entailed"))


@pytest.mark.parametrize("name", RULES)
def test_what_must_follow_does_and_what_must_not_does_not(name: str) -> None:
    assert wrong(name, domain_rules()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part", "rules"), MUTANTS, ids=[f"{name}, {part}" for name, part, _ in MUTANTS])
def test_a_case_fails_when_its_rule_lacks_a_part(name: str, part: str, rules: Sequence[RuleFile]) -> None:
    assert wrong(name, [domain_rule(rule) for rule in rules]), f"{name}: no case needs {part}; add one, or drop it"


def rule(where: str = "", header: str = "", construct: str = "?a dg:hosts ?b") -> str:
    """Return a rule of five lines and more, of which the fifth is `where`."""
    header = header or "#+ summary: Who does one thing does the other.\n#+ source: hervas-oliver-2019, 3.3"
    return f"{header}\nCONSTRUCT {{ {construct} }} WHERE {{\n  ?a dg:leads ?b .\n  {where}\n}}\n"


LEADS = "#+ summary: Who leads hosts.\n"
BROKEN = {
    "path": (
        rule("?b dg:partOf/dg:partOf ?c ."),
        5,
        "has the path dg:partOf / dg:partOf",
        "triple pattern for each step",
    ),
    "path of any length": (rule("?b dg:partOf+ ?c ."), 5, "has the path dg:partOf+", "triple pattern for each step"),
    "inverse path": (rule("?b ^dg:leads ?c ."), 5, "has the path ~dg:leads", "triple pattern for each step"),
    "optional": (rule("OPTIONAL { ?b dg:partOf ?c }"), 5, "has OPTIONAL", "make what it asks for a premise"),
    "union": (rule("{ ?b dg:partOf ?c } UNION { ?c dg:partOf ?b }"), 5, "has UNION", "a file for each"),
    "inner braces": (rule("{ ?b dg:partOf ?c }"), 5, "inner braces", "without inner braces"),
    "not exists": (rule("FILTER NOT EXISTS { ?b dg:partOf ?c }"), 5, "NOT EXISTS: what follows must not", "as triple"),
    "exists in an expression": (rule("FILTER(?a != ?b && EXISTS { ?a a ?c })"), 5, "has EXISTS", "triple patterns"),
    "minus": (rule("MINUS { ?b dg:partOf ?a }"), 5, "has MINUS", "must not depend on what is not known"),
    "bind": (rule("BIND(?b AS ?c)"), 5, "has BIND", "write the term"),
    "values": (rule("VALUES ?b { dgi:aiju }"), 5, "has VALUES", "FILTER(?x IN"),
    "graph": (rule("GRAPH ?g { ?a dg:leads ?b }"), 5, "has GRAPH", "whoever states it"),
    "service": (rule("SERVICE <http://localhost/> { ?a dg:leads ?b }"), 5, "has SERVICE", "leave it out"),
    "sub-select": (rule("{ SELECT ?a { ?a dg:leads ?b } }"), 5, "inner braces", "inner braces"),
    "aggregate": (rule("FILTER(COUNT(?b) > 1)"), 5, "calls COUNT", "docs/librarian.md"),
    "time": (rule("FILTER(NOW() > ?b)"), 5, "calls NOW", "use comparisons"),
    "chance": (rule("FILTER(RAND() > 0.5)"), 5, "calls RAND", "use comparisons"),
    "function of others": (rule("FILTER(dg:far(?a))"), 5, "calls dg:far", "compare the terms"),
    "variable for a property": (rule("?b ?how ?c ."), 5, "the variable ?how", "name the property"),
    "brackets": (rule("?b dg:partOf [ dg:partOf ?c ] ."), 5, "thing without a name", "give it a variable"),
    "list": (rule("?b dg:partOf (dgi:x dgi:y) ."), 5, "thing without a name", "give it a variable"),
    "blank node": (rule("_:b dg:partOf ?b ."), 5, "thing without a name", "give it a variable"),
    "blank node concluded": (rule(construct="?a dg:hosts []"), 3, "thing without a name", "give it a variable"),
    "apart": (rule("?c dg:partOf ?d ."), 5, "nothing joins to the others, on ?c, ?d", "join them by a variable"),
    "filter on nothing": (rule("FILTER(?c = 1)"), 5, "FILTER on ?c, which is in no premise", "add a premise"),
    "concluded from nothing": (rule(construct="?a dg:hosts ?c"), 3, "something of ?c, which is in no", "add a premise"),
    "no variable": (rule(construct="dgi:a dg:hosts dgi:b"), 3, "certain things alone", "state that as a fact"),
    "own premise": (rule(construct="?a dg:leads ?b"), 3, "one of its own premises", "take it out"),
    "nothing concluded": (rule(construct=""), 3, "nothing in CONSTRUCT", "write CONSTRUCT"),
    "limit": (rule() + "LIMIT 1\n", 7, "has LIMIT", "all that follows"),
    "order": (rule() + "ORDER BY ?a\n", 7, "has ORDER BY", "all that follows"),
    "from": (rule().replace("WHERE", "\nFROM <urn:g>\nWHERE"), 4, "has FROM", "leave it out"),
    "unknown prefix": (rule("?b ex:partOf ?c ."), 5, "the prefix 'ex', which nothing declares", "PREFIX"),
    "relative IRI": (rule("?b <partOf> ?c ."), 1, "No scheme found", "write whole IRIs"),
    "no SPARQL": (rule("FILTER(?a = "), 5, "is not SPARQL", "correct what stands there"),
    "a query": (rule().replace("CONSTRUCT {", "SELECT * {").partition("}")[0] + "}", 3, "a query, SELECT", "CONSTRUCT"),
    "an update": (LEADS + "#+ source: ours\n#+ reason: r\nCLEAR ALL", 4, "is not SPARQL", "correct"),
    "brackets without end": (rule(f"FILTER({'(' * 500}1 = 1{')' * 500})"), 1, "brackets within each other", "simplify"),
    "many premises": (
        rule(" ".join(f"?b dg:partOf ?c{n} ." for n in range(12))),
        1,
        "13 premises, more than 12",
        "two",
    ),
    "many conclusions": (
        rule(construct=" . ".join(f"?a dg:hosts{n} ?b" for n in range(6))),
        1,
        "6 conclusions, more than 5",
        "two rules",
    ),
    "many filters": (rule("FILTER(?a != ?b) " * 7), 1, "7 FILTERs, more than 6", "two rules"),
    "long": (rule("# " + "x" * 10_000), 1, "bytes, more than 10000", "two rules"),
    "no UTF-8": (rule("# \udcff"), 5, "is not UTF-8", "save it as UTF-8"),
    "no summary": (rule(header="#+ source: ours\n#+ reason: so"), 1, "has no summary", "#+ summary"),
    "no sentence": (rule(header="#+ summary: hosts\n#+ source: gotz-2019, 1"), 1, "no sentence", "a full stop"),
    "no source": (rule(header=LEADS.strip()), 1, "has no source", "#+ source"),
    "no reason": (rule(header=LEADS + "#+ source: ours"), 2, "the source 'ours' and no reason", "#+ reason"),
    "unknown key": (rule(header=LEADS + "#+ sorce: ours"), 2, "did you mean 'source'", "summary, source"),
    "no YAML": (rule(header=LEADS + "#+ source: a: b"), 2, "not YAML: mapping values", "in quotes"),
    "list for a summary": (
        rule(header="#+ summary: [a, b]\n#+ source: ours"),
        1,
        "a summary that is no text",
        "quotes",
    ),
    "mapping for a source": (rule(header=LEADS + "#+ source: {a: b}"), 2, "a source that is no text", "#+ source"),
    "no keys": (rule(header="#+ a rule"), 1, "a header without keys", "#+ summary"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_rule_is_told_with_line_cause_and_way_out(name: str) -> None:
    text, line, reason, way_out = BROKEN[name]
    with pytest.raises(RuleFileError) as told:
        parse_rule_file("planted.rq", text.encode(errors="surrogateescape"))
    assert str(told.value).startswith(f"ontology/rules/planted.rq:{line}: "), str(told.value)
    assert reason in told.value.reason
    assert way_out in told.value.way_out


@pytest.mark.parametrize("name", ["Upper.rq", "under_score.rq", "-.rq", "prp-spo1.rq", "cls-mine.rq", "1st.rq"])
def test_a_rule_has_a_name_that_nobody_takes_for_another(name: str) -> None:
    with pytest.raises(RuleFileError, match="has a name that"):
        parse_rule_file(name, rule().encode())


def test_a_rule_may_have_any_filter_that_its_terms_decide() -> None:
    filters = 'FILTER(?a != ?b && (STRSTARTS(STR(?a), "x") || ?n + 1 * 2 > -3)) FILTER(!(?b IN (dgi:x, <urn:y>)))'
    read = parse_rule_file("planted.rq", rule(f"?a dg:value ?n . {filters} FILTER(xsd:integer(?n) <= 4)").encode())
    assert read.syntax.filters == (
        'FILTER(((?a != ?b) && (STRSTARTS(STR(?a), "x") || '
        '((?n + ("1"^^<http://www.w3.org/2001/XMLSchema#integer> * "2"^^<http://www.w3.org/2001/XMLSchema#integer>)) > '
        '(-"3"^^<http://www.w3.org/2001/XMLSchema#integer>)))))',
        "FILTER((!(?b IN (<https://w3id.org/districtgraph/id/x>, <urn:y>))))",
        'FILTER((<http://www.w3.org/2001/XMLSchema#integer>(?n) <= "4"^^<http://www.w3.org/2001/XMLSchema#integer>))',
    )
    assert [str(one[1]) for one in read.syntax.premises] == [f"<{DG}leads>", f"<{DG}value>"]


def test_the_text_of_a_rule_runs_as_it_stands() -> None:
    for each in domain_rules():
        assert isinstance(ox.Store().query(each.text), ox.QueryTriples)


def test_there_are_not_rules_without_end(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    for number in range(MOST_RULES + 1):
        (tmp_path / f"rules/r{number:03}.rq").write_text(rule())
    rules, (error,) = read_rules(tmp_path)
    assert (len(rules), error.file) == (MOST_RULES, f"ontology/rules/r{MOST_RULES}.rq")


ADDED = """#+ summary: Who designed what another hosts looks after that host.
#+ source: hervas-oliver-2019, 3.3.2
CONSTRUCT { ?one dg:looksAfter ?other }
WHERE {
  ?activity dg:designedBy ?one ; dg:hostedBy ?other .
  FILTER(?one != ?other)
}
"""
TERM_OF_ADDED = """dg:looksAfter rdf:type owl:ObjectProperty ; rdfs:domain dg:Actor ; rdfs:range dg:Actor ;
    dcterms:source "hervas-oliver-2019, 3.3.2" ; rdfs:label "looks after"@en ;
    skos:definition "An actor designed what takes place on the premises of the other."@en .
dg:attended rdf:type"""


def found_inferred(project: Path, pattern: str) -> str:
    query = f"PREFIX dg: <{DG}> PREFIX dgi: <{DGI}> ASK {{ GRAPH <{BASE}graph/inferred> {{ {pattern} }} }}"
    return run("query", query, "--state", "state", "--format", "text/csv", cwd=project).stdout


@pytest.mark.slow
def test_a_rule_that_a_librarian_adds_concludes_after_a_build(
    copied_project: Path, edit: Edit, excerpt_state: Path
) -> None:
    edit("ontology/policies.ttl", "dg:attended rdf:type", TERM_OF_ADDED)
    (copied_project / "ontology/rules/designer-looks-after.rq").write_text(ADDED)
    (copied_project / "ontology/rules/leader-carries-policy.rq").unlink()
    compared = run("check", "ontology", "--against", "current", "--state", excerpt_state, cwd=copied_project)
    assert "Rules added\n  designer-looks-after\n" in compared.stdout, compared.stderr
    assert "Rules removed\n  leader-carries-policy\n" in compared.stdout
    assert "dg:looksAfter" in compared.stdout.partition("Inferences gained")[2]
    assert "dg:carriesPolicyIn" in compared.stdout.partition("Inferences lost")[2].partition("gained")[0]
    built = run("build", "--state", "state", cwd=copied_project)
    assert built.returncode == 0, built.stderr
    assert found_inferred(copied_project, "dgi:itc dg:looksAfter dgi:colorker") == "true"
    carried = domain_rules(unpack(next((copied_project / "state").glob("releases/*/ontology.zip")).read_bytes()))
    assert [one.summary for one in carried if one.name == "designer-looks-after"] == [
        "Who designed what another hosts looks after that host."
    ]


@pytest.mark.slow
def test_a_rule_in_a_release_gives_that_release_its_own_id(copied_project: Path) -> None:
    built = run("build", "--state", "state", cwd=copied_project)
    (copied_project / "ontology/rules/leader-carries-policy.rq").unlink()
    rebuilt = run("build", "--state", "state", cwd=copied_project)
    assert (built.returncode, rebuilt.returncode) == (0, 0), built.stderr + rebuilt.stderr
    assert built.stdout.split()[1] != rebuilt.stdout.split()[1]


REFUSED = {
    "what is disjoint": (
        "CONSTRUCT { ?a a dg:Place }\nWHERE { ?policy dg:designedBy ?a }\n",
        "concludes what contradicts the ontology",
        ("check ontology", "check corpus", "build"),
    ),
    "what a shape refuses": (
        "CONSTRUCT { ?a dg:toYear 1999 }\nWHERE { ?a dg:designedBy ?b ; dg:fromYear ?y . FILTER(?y > 1999) }\n",
        "concludes what a shape refuses: loaders/corpus/",
        ("check corpus", "build"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_that_concludes_what_cannot_be_is_told(name: str, copied_project: Path) -> None:
    text, message, commands = REFUSED[name]
    header = "#+ summary: A rule that goes wrong.\n#+ source: ours\n#+ reason: To see.\n"
    (copied_project / "ontology/rules/planted.rq").write_text(header + text)
    for command in commands:
        ran = run(*command.split(), *(["--state", "state"] if command == "build" else []), cwd=copied_project)
        assert ran.returncode == 1, ran.stderr
        told = [
            line
            for line in (ran.stdout + ran.stderr).splitlines()
            if "ontology/rules/" in line and ": warning: " not in line
        ]
        assert told, ran.stdout + ran.stderr
        assert all(line.startswith("ontology/rules/planted.rq:1: ") for line in told), told
        assert any(message in line for line in told), told
        assert all(line.endswith("; add a premise or a FILTER to the rule, or correct the facts") for line in told), (
            told
        )


@pytest.mark.slow
def test_a_rule_without_a_match_is_a_warning(copied_project: Path) -> None:
    text = rule("?b a dg:Congress .", construct="?a dg:showsTechnologyTo ?b")
    (copied_project / "ontology/rules/planted.rq").write_text(text)
    ran = run("check", "ontology", "--format", "json", cwd=copied_project)
    found = [f for f in json.loads(ran.stdout)["findings"] if f["check"] == "idle-rule"]
    assert (ran.returncode, [(f["severity"], f["file"], f["term"]) for f in found if "planted" in f["file"]]) == (
        0,
        [("warning", "ontology/rules/planted.rq", "rule planted")],
    )
