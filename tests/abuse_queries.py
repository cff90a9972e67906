"""Hostile queries: those that take time, memory or stack, and those that are none."""

from collections.abc import Iterator

from abuse import EITHER, REFUSED, RUNAWAY, Case, query

ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
TWO = "?a ?b ?c . ?d ?e ?f"
ANY = "(<urn:x>|!<urn:x>)"

RUNAWAYS = {
    "cross product": {
        "counted": f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
        "far beyond the end": f"SELECT * {{ {ALL} }} OFFSET 999999999999 LIMIT 1",
        "nothing left of it": f"SELECT * {{ {ALL} FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) < 0) }}",
        "optional": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } } }",
        "minus": f"SELECT (COUNT(*) AS ?n) {{ {TWO} MINUS {{ ?d ?x ?y . ?z ?u ?f }} }}",
        "exists": f"SELECT * {{ {TWO} FILTER NOT EXISTS {{ ?g ?h ?i . ?j ?k ?l }} }}",
        "of a construct": f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {ALL} FILTER(?a = ?e) }}",
        "asked": f"ASK {{ {ALL} FILTER(STRLEN(STR(?a)) + STRLEN(STR(?f)) + STRLEN(STR(?i)) < 0) }}",
        "of graphs": "SELECT (COUNT(*) AS ?n) { GRAPH ?x { ?a ?b ?c } GRAPH ?y { ?d ?e ?f } GRAPH ?z { ?g ?h ?i } }",
    },
    "sort": {
        "cross product": f"SELECT * {{ {TWO} }} ORDER BY ?a ?f",
        "by chance": f"SELECT * {{ {TWO} }} ORDER BY RAND() LIMIT 1",
        "by long keys": f"SELECT * {{ {TWO} }} ORDER BY CONCAT(STR(?a), STR(?d), STR(?c)) LIMIT 1",
        "distinct": f"SELECT DISTINCT * {{ {TWO} }} ORDER BY DESC(?c)",
        "reduced in a subselect": f"SELECT (COUNT(*) AS ?n) {{ SELECT REDUCED ?a ?f {{ {TWO} }} ORDER BY ?f }}",
    },
    "aggregate": {
        "group by everything": f"SELECT ?a ?f (COUNT(*) AS ?n) {{ {TWO} }} GROUP BY ?a ?b ?c ?d ?e ?f",
        "concatenate everything": f"SELECT (GROUP_CONCAT(?f) AS ?x) {{ {TWO} }}",
        "concatenate with a long separator": (
            f'SELECT (GROUP_CONCAT(STR(?b) ; SEPARATOR="{"-" * 100_000}") AS ?x) {{ ?a ?b ?c }}'
        ),
        "count what differs": f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {TWO} }}",
        "longest of all": f"SELECT (MAX(CONCAT(STR(?a), STR(?f))) AS ?x) {{ {TWO} }}",
    },
    "answer": {
        "everything": "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "everything as a graph": "CONSTRUCT WHERE { ?s ?p ?o }",
        "everything, described": "DESCRIBE ?s { ?s ?p ?o }",
        "one long value": f"SELECT * {{ VALUES ?x {{ '{'x' * 100_000}' }} ?s ?p ?o }} LIMIT 1000",
    },
    "path": {
        "anything to anything": f"SELECT (COUNT(*) AS ?n) {{ ?x {ANY}* ?y }}",
        "anything, both ways": f"SELECT (COUNT(*) AS ?n) {{ ?x ({ANY}|^{ANY})+ ?y }}",
        "stars in stars": f"SELECT (COUNT(*) AS ?n) {{ ?x ((({ANY}*)+)*)+ ?y }}",
        "stars in a row": f"SELECT (COUNT(*) AS ?n) {{ ?x {'/'.join([ANY + '*'] * 10)} ?y }}",
        "steps in a row": f"SELECT (COUNT(*) AS ?n) {{ ?x {'/'.join([ANY] * 8)} ?y }}",
        "a clique": f"SELECT (COUNT(*) AS ?n) {{ ?x {ANY}+ ?y . ?y {ANY}+ ?z . ?z {ANY}+ ?x }}",
    },
    "tower": {
        "of subselects": "SELECT (COUNT(*) AS ?n) { " + "{ SELECT ?s { ?s ?p ?o } } " * 8 + "}",
        "of values": "SELECT (COUNT(*) AS ?n) { "
        + "".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(100)))} }} " for i in range(6))
        + "}",
        "of unions": "SELECT (COUNT(*) AS ?n) { " + "{ ?s ?p ?o } UNION { ?o ?q ?s } " * 12 + "}",
    },
}  # fmt: skip

PATTERNS = {
    "nested quantifiers": "(a+)+$",
    "overlapping": "(x+x+)+y",
    "counted in counted": "((a{1,1000}){1,1000}){1,1000}",
    "long": "(a|b)" * 50_000,
    "classes": r"\\p{L}{9999}",
    "alternatives": "|".join(["a.*b"] * 20_000),
    "groups": "(" * 50_000 + ")" * 50_000,
    "back references": r"(.)\\1\\1\\1",
    "broken": "[",
}

# What opens, what stands in the middle, what closes, and the query around it.
BRACKETS = {
    "groups": ("{", "?s ?p ?o", "}", "ASK { %s }"),
    "parentheses": ("(", "1", ")", "ASK { FILTER(%s = 1) }"),
    "blank nodes": ("[ ?p ", "1", " ]", "ASK { [] ?p %s }"),
    "collections": ("(", "1", ")", "ASK { [] ?p %s }"),
    "triple terms": ("<<( <urn:a> <urn:b> ", "1", " )>>", "ASK { BIND(%s AS ?t) }"),
    "quoted triples": ("<< ?s ?p ", "1", " >>", "ASK { ?x ?y %s }"),
    "annotations": ("{| <urn:p> 1 ", "", "|}", "ASK { ?s ?p ?o %s }"),
    "optionals": ("OPTIONAL { ", "?s ?p ?o", " }", "ASK { %s }"),
    "minuses": ("?s ?p ?o MINUS { ", "?s ?p ?o", " }", "ASK { %s }"),
    "negations": ("FILTER NOT EXISTS { ", "?s ?p ?o", " }", "ASK { %s }"),
    "graphs": ("GRAPH ?g { ", "?s ?p ?o", " }", "ASK { %s }"),
    "unions": ("{ ?s ?p ?o } UNION { ", "?s ?p ?o", " }", "ASK { %s }"),
    "subselects": ("{ SELECT * { ", "?s ?p ?o", " } }", "ASK { %s }"),
    "functions": ("STR(", "1", ")", "ASK { FILTER(%s = '1') }"),
    "conditions": ("IF(true, ", "1", ", 2)", "ASK { FILTER(%s = 1) }"),
    "paths": ("(", "<urn:p>", ")", "ASK { ?s %s ?o }"),
    "starred paths": ("(", "<urn:p>", ")*", "ASK { ?s %s ?o }"),
    "negated sets": ("!(", "<urn:p>", ")", "ASK { ?s %s ?o }"),
    "lists of in": ("1 IN (", "1", ")", "ASK { FILTER(%s) }"),
}

CHAINS = {
    "triple patterns": "ASK { " + "?s ?p ?o . " * 20_000 + "}",
    "joined triple patterns": "ASK { " + "".join(f"?v{i} ?p ?v{i + 1} . " for i in range(5_000)) + "}",
    "sums": "ASK { FILTER(1" + " + 1" * 50_000 + " > 0) }",
    "products": "ASK { FILTER(1" + " * 1" * 50_000 + " > 0) }",
    "ors": "ASK { FILTER(false" + " || false" * 50_000 + ") }",
    "ands": "ASK { FILTER(true" + " && true" * 50_000 + ") }",
    "nots": "ASK { FILTER(" + "!" * 100_000 + "true) }",
    "minus signs": "ASK { FILTER(" + "- " * 100_000 + "1 = 1) }",
    "path alternatives": "ASK { ?s " + "|".join(["<urn:p>"] * 20_000) + " ?o }",
    "inverses": "ASK { ?s " + "^" * 100_000 + "<urn:p> ?o }",
    "path stars": "ASK { ?s <urn:p>" + "*" * 100_000 + " ?o }",
    "predicates": "ASK { ?s " + "?p ?o ; " * 20_000 + "}",
    "objects": "ASK { ?s ?p " + "?o , " * 20_000 + "?o }",
    "unions": "ASK { { ?s ?p ?o }" + " UNION { ?s ?p ?o }" * 20_000 + " }",
    "optionals": "ASK { ?s ?p ?o" + " OPTIONAL { ?s ?q ?r }" * 20_000 + " }",
    "minuses": "ASK { ?s ?p ?o" + " MINUS { ?s ?q ?r }" * 20_000 + " }",
    "binds": "ASK { " + "".join(f"BIND(1 AS ?v{i}) " for i in range(20_000)) + "}",
    "filters": "ASK { " + "FILTER(true) " * 50_000 + "}",
    "prefixes": "".join(f"PREFIX p{i}: <urn:{i}> " for i in range(20_000)) + "ASK {}",
    "bases": "BASE <http://x/> " * 40_000 + "ASK {}",
    "members of in": "ASK { ?s ?p ?o FILTER(?o IN (" + ", ".join(map(str, range(100_000))) + ")) }",
    "arguments": "ASK { FILTER(CONCAT(" + ", ".join(["'a'"] * 100_000) + ") = 'a') }",
    "rows of values": "SELECT (COUNT(*) AS ?n) { VALUES ?v { " + " ".join(map(str, range(100_000))) + " } }",
    "columns of values": f"ASK {{ VALUES ({' '.join(f'?v{i}' for i in range(20_000))}) {{ ({'1 ' * 20_000}) }} }}",
    "variables": "SELECT " + " ".join(f"?v{i}" for i in range(50_000)) + " { ?s ?p ?o } LIMIT 1",
    "sort keys": "SELECT * { ?s ?p ?o } ORDER BY " + "?s " * 50_000 + "LIMIT 1",
    "group keys": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY " + "?s " * 50_000,
    "graphs of from": "SELECT * " + "".join(f"FROM <urn:{i}> " for i in range(40_000)) + "{ ?s ?p ?o }",
    "template": "CONSTRUCT { " + "<urn:a> <urn:b> <urn:c> . " * 30_000 + "} WHERE {}",
    "described": "DESCRIBE " + "<urn:a> " * 80_000,
}  # fmt: skip

TERMS = {
    "literal": f"'{'x' * 900_000}'",
    "long literal": f"'''{'x' * 900_000}'''",
    "language": f"'x'@{'abcdefgh-' * 50_000}a",
    "integer": "9" * 900_000,
    "decimal": f"0.{'9' * 900_000}",
    "double": "1e999999999999",
    "negative zeros": f"-{'0' * 900_000}",
    "date": "'999999999999999999-12-31'^^<http://www.w3.org/2001/XMLSchema#date>",
    "time zone": "'2020-01-01T00:00:00+99:99'^^<http://www.w3.org/2001/XMLSchema#dateTime>",
    "duration": f"'P{'9' * 500_000}Y'^^<http://www.w3.org/2001/XMLSchema#duration>",
    "IRI": f"<http://x/{'x' * 900_000}>",
    "relative IRI": f"<{'../' * 300_000}>",
    "prefixed name": f"xsd:{'x' * 900_000}",
    "blank node": f"_:{'x' * 900_000}",
    "surrogate": "'\\uD800'",
    "beyond Unicode": "'\\U00110000'",
    "control characters": "'\\u0000\\u0001\\u001F'",
    "right to left": "'\u202e\u2066\u202d'@ar--rtl",
}

EXPRESSIONS = {
    "division by zero": "1 / 0",
    "division of doubles by zero": "1e0 / 0",
    "integer beyond its range": "9223372036854775807 + 1",
    "least integer, negated": "-(-9223372036854775808)",
    "least integer, divided": "-9223372036854775808 / -1",
    "decimal beyond its range": "99999999999999999999.0 * 99999999999999999999.0",
    "rounding infinity": "ROUND(1e308 * 10)",
    "date beyond its range": (
        "'999999-01-01T00:00:00Z'^^<http://www.w3.org/2001/XMLSchema#dateTime> +"
        " 'P999999999Y'^^<http://www.w3.org/2001/XMLSchema#duration>"
    ),
    "substring from below": "SUBSTR('abc', -9223372036854775808, 9223372036854775807)",
    "substring from infinity": "SUBSTR('abc', 1e400, -1e400)",
    "cast of nonsense": "<http://www.w3.org/2001/XMLSchema#decimal>('NaN')",
    "unknown function": "<urn:function>(1)",
    "language of nothing": "STRLANG('a', '')",
    "IRI of nonsense": "IRI('a b<>\\\\n')",
    "flags of a pattern": f"REGEX('a', 'a', '{'i' * 100_000}')",
}  # fmt: skip


def doubling(levels: int, expression: str) -> str:
    """Return a query whose last variable is `expression`, applied `levels` times to what it gave before."""
    binds = "".join(f"BIND({expression.replace('?v', f'?v{i}')} AS ?v{i + 1}) " for i in range(levels))
    return f"SELECT (STRLEN(?v{levels}) AS ?n) {{ BIND('{'x' * 1000}' AS ?v0) {binds}}}"


TOWERS = {
    "CONCAT": doubling(40, "CONCAT(?v, ?v)"),
    "REPLACE": doubling(20, "REPLACE(?v, 'x', 'xxxx')"),
    "ENCODE_FOR_URI": doubling(60, "CONCAT(ENCODE_FOR_URI(?v), '%%%', ENCODE_FOR_URI(?v))"),
}


def cases() -> Iterator[Case]:
    """Yield the hostile queries."""
    for family, texts in RUNAWAYS.items():
        for name, text in texts.items():
            yield query(family, name, text, *RUNAWAY)
    for name, text in TOWERS.items():
        yield query("tower", name, text, *EITHER)
    for name, pattern in PATTERNS.items():
        text = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(REGEX(CONCAT('{'a' * 5000}', STR(?o)), '{pattern}')) }}"
        yield query("pattern", name, text, *EITHER)
    for name, (opens, middle, closes, around) in BRACKETS.items():
        for depth, statuses in ((90, EITHER), (5_000, REFUSED)):
            text = around % (opens * depth + middle + closes * depth)
            yield query("nesting", f"{depth} {name}", text, *statuses)
    yield query("nesting", "brackets that never close", "ASK " + "{([<<" * 5_000, *REFUSED)
    yield query("nesting", "brackets that never opened", "ASK {} " + "})]>>" * 5_000, *REFUSED)
    for name, text in CHAINS.items():
        yield query("chain", name, text, *EITHER)
    for steps in (400, 20_000):
        path = "/".join(["<urn:p>"] * steps)
        yield query("chain", f"{steps} steps of a path", f"ASK {{ ?s {path} ?o }}", *REFUSED)
    for name, term in TERMS.items():
        text = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT * {{ VALUES ?s {{ {term} }} ?s ?p ?o }}"
        yield query("term", name, text, *EITHER)
    for name, expression in EXPRESSIONS.items():
        yield query("expression", name, f"SELECT ({expression} AS ?x) {{}}", *EITHER, 403)
