"""Hostile queries and updates that would have the server call somebody, or read its files, in many disguises."""

from collections.abc import Iterator

from abuse import Case, got, query, update

URL = "http://127.0.0.1:TRAP/"
DISGUISED = {
    "plain": f"ASK {{ SERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "silent": f"ASK {{ SERVICE SILENT <{URL}> {{ ?s ?p ?o }} }}",
    "in mixed case": f"ASK {{ sErViCe <{URL}> {{ ?s ?p ?o }} }}",
    "after a comment": f"ASK {{ # nothing\nSERVICE#\n<{URL}> {{ ?s ?p ?o }} }}",
    "with a comment before the word SILENT": f"ASK {{ SERVICE #\n SILENT #\r\n <{URL}> {{ ?s ?p ?o }} }}",
    "without a space": f"ASK {{ ?s ?p 1 .SERVICE<{URL}>{{ ?s ?p ?o }} }}",
    "after a comparison": f"ASK {{ FILTER(1<2)SERVICE<{URL}>{{ ?s ?p ?o }} }}",
    "after a string with escapes": f"ASK {{ ?s ?p '\\\\' . SERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "after a long string": f"ASK {{ ?s ?p '''' '' ''' . SERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "after a quote in a name": f"PREFIX x: <urn:x> ASK {{ ?s x:a\\' 1 . SERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "in escapes": f"ASK {{ \\u0053ERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "in long escapes": f"ASK {{ SERV\\U00000049CE <{URL}> {{ ?s ?p ?o }} }}",
    "prefixed": f"PREFIX x: <{URL}> ASK {{ SERVICE x: {{ ?s ?p ?o }} }}",
    "prefixed and silent": f"PREFIX x: <{URL}> ASK {{ SERVICE SILENT x:a {{ ?s ?p ?o }} }}",
    "relative": f"BASE <{URL}> ASK {{ SERVICE <sparql> {{ ?s ?p ?o }} }}",
    "by a variable": f"ASK {{ BIND(<{URL}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "by a variable of values, silent": f"ASK {{ VALUES ?x {{ <{URL}> }} SERVICE SILENT ?x {{ ?s ?p ?o }} }}",
    "in a subselect": f"ASK {{ {{ SELECT * {{ SERVICE <{URL}> {{ ?s ?p ?o }} }} }} }}",
    "in an exists": f"ASK {{ FILTER EXISTS {{ SERVICE <{URL}> {{ ?s ?p ?o }} }} }}",
    "in a minus": f"ASK {{ ?s ?p ?o MINUS {{ SERVICE SILENT <{URL}> {{ ?s ?p ?o }} }} }}",
    "in an optional": f"ASK {{ OPTIONAL {{ SERVICE <{URL}> {{ ?s ?p ?o }} }} }}",
    "in a graph": f"ASK {{ GRAPH ?g {{ SERVICE <{URL}> {{ ?s ?p ?o }} }} }}",
    "in a service": f"ASK {{ SERVICE SILENT <{URL}> {{ SERVICE <{URL}> {{ ?s ?p ?o }} }} }}",
    "in a construct": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "in a describe": f"DESCRIBE ?s {{ SERVICE SILENT <{URL}> {{ ?s ?p ?o }} }}",
    "to IPv6": "ASK { SERVICE <http://[::1]:TRAP/> { ?s ?p ?o } }",
    "to IPv6, silent": "ASK { SERVICE SILENT <http://[::1]:TRAP/> { ?s ?p ?o } }",
    "to a number": "ASK { SERVICE SILENT <http://2130706433:TRAP/> { ?s ?p ?o } }",
    "to an octal number": "ASK { SERVICE SILENT <http://0177.0.0.1:TRAP/> { ?s ?p ?o } }",
    "to a hexadecimal number": "ASK { SERVICE SILENT <http://0x7f000001:TRAP/> { ?s ?p ?o } }",
    "to a mapped address": "ASK { SERVICE SILENT <http://[::ffff:127.0.0.1]:TRAP/> { ?s ?p ?o } }",
    "to nowhere in particular": "ASK { SERVICE SILENT <http://0:TRAP/> { ?s ?p ?o } }",
    "to a name": "ASK { SERVICE SILENT <http://localhost:TRAP/> { ?s ?p ?o } }",
    "to a user": "ASK { SERVICE SILENT <http://example.org@127.0.0.1:TRAP/> { ?s ?p ?o } }",
    "to a file": "ASK { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "to a gopher": "ASK { SERVICE SILENT <gopher://127.0.0.1:TRAP/_a> { ?s ?p ?o } }",
    "to the cloud's own": "ASK { SERVICE SILENT <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }",
}  # fmt: skip
DATASETS = {
    "from": f"SELECT * FROM <{URL}> {{ ?s ?p ?o }}",
    "from named": f"SELECT * FROM NAMED <{URL}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "graph": f"SELECT * {{ GRAPH <{URL}> {{ ?s ?p ?o }} }}",
    "describe": f"DESCRIBE <{URL}>",
}
UPDATES = {
    "load": f"LOAD <{URL}>",
    "load, silent": f"LOAD SILENT <{URL}>",
    "load into a graph": f"LOAD <{URL}> INTO GRAPH <urn:g>",
    "load in mixed case": f"LoAd SiLeNt <{URL}> INTO GRAPH <urn:g>",
    "load after a comment": f"LOAD # nothing\n SILENT # more\n <{URL}>",
    "load after another": f"INSERT DATA {{}} ; LOAD SILENT <{URL}> ; INSERT DATA {{}}",
    "load in escapes": f"\\u004COAD <{URL}>",
    "load prefixed": f"PREFIX x: <{URL}> LOAD x:a",
    "load relative": f"BASE <{URL}> LOAD SILENT <a>",
    "load a file": "LOAD <file:///etc/passwd>",
    "load a file, silent": "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>",
    "load from IPv6": "LOAD SILENT <http://[::1]:TRAP/>",
    "load from a number": "LOAD SILENT <http://2130706433:TRAP/>",
    "insert where": f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "insert where, silent": f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{URL}> {{ ?s ?p ?o }} }}",
    "delete where": f"DELETE {{ ?s ?p ?o }} WHERE {{ SERVICE <{URL}> {{ ?s ?p ?o }} }}",
    "using": f"INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} USING <{URL}> WHERE {{ ?s ?p ?o }}",
    "with a subselect": (
        f"INSERT {{ ?s ?p ?o }} WHERE {{ {{ SELECT * {{ SERVICE SILENT <{URL}> {{ ?s ?p ?o }} }} }} }}"
    ),
}  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield the queries and updates that would reach out."""
    for name, text in DISGUISED.items():
        is_silent = "SILENT" in text.upper()
        yield query("service", name, text, *((200, 400, 403) if is_silent else (400, 403)))
    yield got("service", "in a URL, percent-encoded", DISGUISED["plain"], 403)
    yield got("service", "in a URL, percent-encoded twice", "ASK%20%7B%20SERVICE%20%3Curn%3Ax%3E%20%7B%7D%20%7D", 400)
    for name, text in DATASETS.items():
        yield query("dataset", name, text, 200, 400)
    for parameter in ("default-graph-uri", "named-graph-uri"):
        for name, iri in (("http", URL), ("file", "file:///etc/passwd"), ("ftp", "ftp://127.0.0.1:TRAP/")):
            text, parameters = "SELECT * { ?s ?p ?o }", f"{parameter}={iri}"
            yield query("dataset", f"{name} as {parameter}", text, 200, 400, parameters=parameters)
    for name, text in UPDATES.items():
        is_harmless = "SILENT" in text.upper() or "USING" in text
        yield update("load", name, text, *((204, 400, 403) if is_harmless else (400, 403)))
