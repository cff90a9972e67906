"""Hostile writes: by those who may not, to what is not theirs, and triples that are none."""

import gzip
from collections.abc import Iterable, Iterator

from abuse import CUT, Case, raw, request, update, write

GRAPH = "/graph-store?graph=urn:hostile"
SOURCES = "https://w3id.org/districtgraph/graph/"
TURTLE, XML, JSON, TRIPLES = "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"
UPDATE = "application/sparql-update"
INSERT = "INSERT DATA { GRAPH <urn:hostile> { <urn:a> <urn:b> <urn:c> } }"

UPLOADS = {
    "billion laughs": (XML, "<!DOCTYPE r [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(12)
    ) + "]><r>&m;</r>"),
    "quadratic blowup": (XML, f"<!DOCTYPE r [<!ENTITY a '{'a' * 50_000}'>]><r>{'&a;' * 50_000}</r>"),
    "entity of a file": (XML, "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><r>&a;</r>"),
    "entity of a network": (XML, "<!DOCTYPE r [<!ENTITY a SYSTEM 'http://127.0.0.1:TRAP/'>]><r>&a;</r>"),
    "entity of parameters": (XML, "<!DOCTYPE r [<!ENTITY % a SYSTEM 'http://127.0.0.1:TRAP/'> %a;]><r/>"),
    "entity within itself": (XML, "<!DOCTYPE r [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><r>&a;</r>"),
    "DTD of a network": (XML, "<!DOCTYPE r SYSTEM 'http://127.0.0.1:TRAP/x.dtd'><r/>"),
    "DTD of a file": (XML, "<!DOCTYPE r PUBLIC '-//X' 'file:///etc/passwd'><r/>"),
    "XInclude": (XML, "<r xmlns:x='http://www.w3.org/2001/XInclude'><x:include href='file:///etc/passwd'/></r>"),
    "stylesheet": (XML, "<?xml-stylesheet href='http://127.0.0.1:TRAP/'?><r"),
    "deep XML": (XML, "<a>" * 300_000),
    "many attributes": (XML, "<a " + " ".join(f"b{i}='c'" for i in range(200_000)) + ">"),
    "UTF-7": (XML, "<?xml version='1.0' encoding='UTF-7'?><r>+ADw-</r>"),
    "remote context": (JSON, '{"@context": "http://127.0.0.1:TRAP/", "@id": "urn:a", "b": 1}'),
    "remote contexts in a list": (JSON, '{"@context": ["http://[::1]:TRAP/", {}], "@id": "urn:a", "b": 1}'),
    "remote import": (JSON, '{"@context": {"@version": 1.1, "@import": "http://127.0.0.1:TRAP/"}, "@id": "urn:a"}'),
    "context of a file": (JSON, '{"@context": "file:///etc/passwd", "@id": "urn:a", "b": 1}'),
    "context within itself": (JSON, '{"@context": {"a": "b:c", "b": "a:d"}, "a": 1}'),
    "deep lists of JSON": (JSON, "[" * 10_000 + '{"@id": 1}' + "]" * 10_000),
    "deep objects of JSON": (JSON, '{"urn:a":' * 10_000 + "1" + "}" * 10_000),
    "JSON without an end": (JSON, '{"@id": "urn:a", "urn:b": "' + "x" * 1_000_000),
    "deep blank nodes": (TURTLE, "<urn:a> <urn:b> " + "[ <urn:b> " * 100_000 + "1" + " ]" * 100_000 + "\n!"),
    "deep collections": (TURTLE, "<urn:a> <urn:b> " + "( " * 100_000 + ") " * 100_000 + "\n!"),
    "deep triple terms": (
        TURTLE, "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 100_000 + "1" + " )>>" * 100_000 + " ."
    ),
    "deep quoted triples": (TURTLE, "<< <urn:a> <urn:b> " * 100_000 + "1" + " >>" * 100_000 + " <urn:b> 1 .\n!"),
    "prefix without an end": (TURTLE, "@prefix a: <" + "x" * 1_000_000),
    "IRI with blanks": (TURTLE, "<urn:a b> <urn:b> <urn:c> ."),
    "surrogate": (TRIPLES, '<urn:a> <urn:b> "\\uD800" .'),
    "string without an end": (TRIPLES, '<urn:a> <urn:b> "' + "x" * 1_000_000),
    "quads": (TRIPLES, "<urn:a> <urn:b> <urn:c> <https://w3id.org/districtgraph/graph/places> ."),
    "an announcement of another type": (JSON, "<urn:a> <urn:b> <urn:c> ."),
}  # fmt: skip

TOUCHING = {
    "insert": f"INSERT DATA {{ GRAPH <{SOURCES}places> {{ <urn:a> <urn:b> <urn:c> }} }}",
    "insert into the inferred": f"INSERT DATA {{ GRAPH <{SOURCES}inferred> {{ <urn:a> <urn:b> <urn:c> }} }}",
    "insert beside another": (
        f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <urn:b> 1 }} GRAPH <{SOURCES}ontology> {{ <urn:a> <urn:b> 1 }} }}"
    ),
    "insert with": f"WITH <{SOURCES}places> INSERT {{ ?s ?p 1 }} WHERE {{ ?s ?p ?o }}",
    "insert by a variable": "INSERT { GRAPH ?g { <urn:a> <urn:b> 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "delete": f"DELETE WHERE {{ GRAPH <{SOURCES}places> {{ ?s ?p ?o }} }}",
    "delete everywhere": "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "clear": f"CLEAR GRAPH <{SOURCES}places>",
    "clear, silent": f"CLEAR SILENT GRAPH <{SOURCES}places>",
    "clear all": "CLEAR ALL",
    "drop": f"DROP GRAPH <{SOURCES}ontology>",
    "drop the named": "DROP NAMED",
    "move away": f"MOVE GRAPH <{SOURCES}places> TO <urn:g>",
    "move onto": f"MOVE GRAPH <{SOURCES}ontology> TO <{SOURCES}places>",
    "copy onto": f"COPY GRAPH <{SOURCES}ontology> TO <{SOURCES}places>",
    "add to": f"ADD GRAPH <{SOURCES}ontology> TO <{SOURCES}places>",
    "after a harmless one": f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <urn:b> 1 }} }} ; CLEAR GRAPH <{SOURCES}places>",
}  # fmt: skip
EXHAUSTING = {
    "insert a cross product": (
        "INSERT { GRAPH <urn:g> { ?a ?b ?f } } WHERE { GRAPH ?x { ?a ?b ?c } GRAPH ?y { ?d ?e ?f } }"
    ),
    "delete a cross product": "DELETE { GRAPH <urn:g> { ?a ?b ?f } } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "insert along paths": "INSERT { GRAPH <urn:g> { ?s <urn:p> ?o } } WHERE { ?s (<urn:x>|!<urn:x>)* ?o }",
    "deep": "INSERT { ?s ?p ?o } WHERE " + "{" * 5000 + "}" * 5000,
    "many operations": "CREATE SILENT GRAPH <urn:g> ; DROP SILENT GRAPH <urn:g> ; " * 12_000,
}  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield the hostile writes."""
    yield from _without_rights()
    for name, (media_type, content) in UPLOADS.items():
        statuses = (400, 413, 503) if name.startswith(("deep", "many")) else (400, 413)
        yield write("upload", name, "PUT", GRAPH, media_type, content, *statuses)
    yield from _large()
    yield from _multipart()
    for name, text in EXHAUSTING.items():
        yield update("exhausting update", name, text, 204, 400, 413, 503)
    for name, text in {
        "a graph beside it": "INSERT DATA { GRAPH <urn:other> { <urn:a> <urn:b> 1 } }",
        "every graph": "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "the network": "LOAD <http://127.0.0.1:TRAP/>",
        "another service": "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:TRAP/> { ?s ?p ?o } }",
    }.items():
        yield write(
            "patch",
            f"reaches out to {name}",
            "PATCH",
            GRAPH,
            UPDATE,
            text,
            *((204, 400) if name == "every graph" else (400, 403)),
            404,
        )
    for tags in ('"x",' * 1_000, '"' + "x" * 4000, "*" * 4000, "W/" * 2000, '"\xe9"', ",,,", "nonsense"):
        sent = {"If-Match": tags}
        yield write("precondition", tags[:20], "PUT", GRAPH, TURTLE, "<urn:a> <urn:b> 1 .", 400, 412, headers=sent)


def _without_rights() -> Iterator[Case]:
    for name, header in {
        "no token": None,
        "an unknown token": "Bearer dg_unknown",
        "no token at all": "Bearer",
        "a token of nothing": "Bearer  ",
        "the word null": "Bearer null",
        "another scheme": "Basic YWRtaW46YWRtaW4=",
        "bytes": "Bearer \xff\xfe",
        "a long token": "Bearer " + "x" * 7000,
        "a token with NUL escaped": "Bearer dg_%00",
        "two tokens": "Bearer a, Bearer b",
        "JavaScript's own": 'Bearer {"$ne": null}',
        "a token without a signature": "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.",
    }.items():
        headers: dict[str, str | bytes] = {"Content-Type": UPDATE}
        if header is not None:
            headers["Authorization"] = header.encode("latin-1")
        sent = request("POST", "/update", headers, INSERT.encode())
        yield raw("rights", f"an update with {name}", sent, 400, 401)
    for method in ("PUT", "POST", "PATCH", "DELETE"):
        media_type, body = (UPDATE, INSERT) if method == "PATCH" else (TURTLE, "<urn:a> <urn:b> 1 .")
        for role, status in (("", 401), ("reader", 403)):
            title = f"{method} by {role or 'nobody'}"
            yield write("rights", title, method, GRAPH, media_type, body, status, role=role)
    yield update("rights", "an update by a reader", INSERT, 403, role="reader")
    yield write("rights", "a token in the URL", "POST", "/update?access_token=x", UPDATE, INSERT, 401, role="")
    yield raw("rights", "an update by GET", request("GET", "/update?update=CLEAR%20ALL"), 400, 401, 405)
    yield write("rights", "an update at the query", "POST", "/sparql", UPDATE, INSERT, 400, 415)
    yield write("rights", "an update as a query", "POST", "/sparql", "application/sparql-query", "CLEAR ALL", 400)


def _large() -> Iterator[Case]:
    mega = b"x" * 1_000_000

    def line() -> Iterable[bytes]:
        yield b'<urn:a> <urn:b> "'
        yield from [mega] * 100
        yield b'" .\n<urn:a'

    yield write("large upload", "a line of a hundred megabytes", "PUT", GRAPH, TRIPLES, line, 400, 413, 503, CUT)
    yield write("large upload", "three hundred megabytes", "PUT", GRAPH, TRIPLES, lambda: [mega] * 300, 413, CUT)
    packed = gzip.compress(b'<urn:a> <urn:b> "' + mega * 100)
    encoded = {"Content-Encoding": "gzip"}
    yield write("large upload", "packed", "PUT", GRAPH, TRIPLES, packed, 400, 413, 415, headers=encoded)


def _multipart() -> Iterator[Case]:
    part = b"--b\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:b> 1 .\r\n"
    broken = b"--b\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:b> \r\n--b--\r\n"
    for name, (boundary, body) in {
        "without a boundary": ("", part),
        "with another boundary": ("; boundary=c", part),
        "with a long boundary": (f"; boundary={'b' * 5000}", part),
        "with a part that is broken": ("; boundary=b", broken),
        "with a part that never ends": ("; boundary=b", b"--b\r\nContent-Type: text/turtle\r\n\r\n# nothing"),
        "of a part of octets": ("; boundary=b", b"--b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--b--\r\n"),
        "of a part of quads": ("; boundary=b", b"--b\r\nContent-Type: application/n-quads\r\n\r\n\r\n--b--\r\n"),
        "in itself": ("; boundary=b", b"--b\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n" * 500),
        "with a long header": ("; boundary=b", b"--b\r\nContent-Type: " + b"x" * 1_000_000),
        "with a file of the server": (
            "; boundary=b", b'--b\r\nContent-Disposition: form-data; filename="../../etc/passwd"\r\n\r\n<x\r\n--b--\r\n'
        ),
        "of nothing": ("; boundary=b", b""),
    }.items():  # fmt: skip
        media_type = f"multipart/form-data{boundary}"
        yield write("multipart", name, "PUT", GRAPH, media_type, body, 400, 413, 415, 431)
    cut = request("PUT", GRAPH, {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "9999"}, part)
    yield raw("multipart", "without an end", cut, CUT, 400, 401, ends=True, is_http=False)


def touching() -> Iterator[Case]:
    """Yield the writes to graphs that sources own; they belong to a service of their own."""
    for name, text in TOUCHING.items():
        yield update("touching", name, text, 403, 409)
    for method in ("PUT", "POST", "PATCH", "DELETE"):
        media_type, body = (
            (UPDATE, "INSERT DATA { <urn:a> <urn:b> 1 }") if method == "PATCH" else (TURTLE, "<urn:a> <urn:b> 1 .")
        )
        path = f"/graph-store?graph={SOURCES}ontology"
        yield write("touching", f"{method} of a graph", method, path, media_type, body, 403, 409)


def many_parts() -> bytes:
    """Return the body of a PUT of ten thousand parts, whose last is broken."""
    part = b"--b\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:b> 1 .\r\n"
    return part * 10_000 + b"--b\r\nContent-Type: text/turtle\r\n\r\n<urn:a> <urn:b> \r\n--b--\r\n"
