"""Hostile requests that are sound HTTP: parameters, negotiation, headers and paths."""

from collections.abc import Iterator

from abuse import GET_ASK, UNREAD, Case, raw, request

PARAMETERS = {
    "timeout=0": (200, 400, 503),
    "timeout=-1": (200, 400),
    "timeout=1e9": (200, 400),
    "timeout=nan": (200, 400),
    "timeout=-inf": (200, 400),
    "timeout=abc": (200, 400),
    "timeout=": (200, 400),
    "timeout=1&timeout=2": (200, 400),
    "timeout=" + "9" * 4000: (200, 400),
    "default-graph-uri=": (400,),
    "default-graph-uri=a%20b": (400,),
    "default-graph-uri=relative": (400,),
    "default-graph-uri=%3E%20SERVICE%20%3C": (400,),
    "named-graph-uri=%00": (400,),
    "named-graph-uri=urn:%FF": (400,),
    "query=ASK%7B%7D": (400,),
    "update=CLEAR%20ALL": (200, 400),
    "using-graph-uri=urn:g": (200, 400),
    "callback=alert(1)": (200, 400),
    "format=../../etc/passwd": (200, 400, 406),
    "=": (200, 400),
    ";": (200, 400),
    "&" * 5000: (200, 400),
}
ACCEPTS = {
    "ten thousand types": ("a/b" + ",a/b" * 10_000, (406, *UNREAD)),
    "a quality of nine": ("text/csv;q=9", (200, 406)),
    "a quality that is no number": ("text/csv;q=nan", (200, 406)),
    "an infinite quality": ("text/csv;q=inf, */*;q=-inf", (200, 406)),
    "a quality below zero": ("text/csv;q=-1", (200, 406)),
    "only refusals": ("*/*;q=0", (406,)),
    "nonsense": (";;;,,,///q=q=q=", (200, 406)),
    "a star before a subtype": ("*/csv", (200, 406)),
    "a type without an end": ("text/", (200, 406)),
    "a quoted string without an end": ('text/csv;a="' + "\\" * 2000, (200, 406)),
    "ten thousand parameters": ("text/csv" + ";a=b" * 10_000, (200, 406, *UNREAD)),
    "bytes": (b"text/csv\xff\xfe", (200, 400, 406)),
    "a path": ("../../../../etc/passwd", (200, 406)),
}
HEADERS = {
    "Accept-Encoding": ("gzip;q=nan, br;q=-1, zstd;q=9, *;q=0", "x" * 4000, "gzip," * 1000, "identity;q=0"),
    "Accept-Language": ("x" * 4000, "*;q=9"),
    "Accept-Charset": ("utf-16;q=1, *;q=0",),
    "If-None-Match": ("W/" * 2000, '"' * 4000, "*" * 4000),
    "If-Match": ('"x"', "*, *", '"' * 4000),
    "If-Modified-Since": ("Sat, 99 Foo 99999 99:99:99 GMT", "-1"),
    "Range": ("bytes=0-0", "bytes=" + "0-1," * 1000, "bytes=-99999999999999999999", "lines=1-2"),
    "Origin": ("null", "https://evil.example", "http://" + "x" * 4000, "<script>"),
    "Referer": ("http://" + "x" * 4000,),
    "X-Forwarded-For": ("127.0.0.1", "1.2.3.4, " * 1000, "'; DROP TABLE", "999.999.999.999"),
    "X-Forwarded-Host": ("evil.example",),
    "X-Forwarded-Proto": ("javascript", "https" * 800),
    "X-Forwarded-Prefix": ("//evil.example",),
    "Forwarded": ('for="[::1]";host=evil.example;proto=x' * 50,),
    "X-Original-URL": ("/update",),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Request-Id": ("x" * 4000, "a\tb {jndi:ldap://127.0.0.1/}", "%0d%0aX-Evil: 1"),
    "Authorization": ("Basic " + "QQ" * 2000, "Bearer ", "Bearer " + "x" * 4000, "Bearer a b c"),
    "Cookie": ("a=b; " * 800, "=;=;="),
    "User-Agent": ("() { :;}; echo vulnerable", "x" * 4000),
    "Traceparent": ("00-" + "f" * 3000,),
    "Content-Length": ("0",),
    "Expect": ("100-continue", "200-ok"),
    "Upgrade": ("websocket", "h2c", "TLS/1.0", "x" * 4000),
    "Connection": ("close, keep-alive, upgrade, x" * 50,),
    "TE": ("trailers, deflate;q=0.5",),
    "Priority": ("u=99, i=x",),
    "X" * 4000: ("1",),
}
PATHS = (
    "/static/../../../../etc/passwd",
    "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%252f..%252fetc%252fpasswd",
    "/static/..\\..\\..\\etc\\passwd",
    "/static/..%5c..%5cetc%5cpasswd",
    "/static//etc/passwd",
    "/static/%00",
    "/static/x%00.css",
    "/static/" + "a/" * 2000,
    "/static/" + "../" * 1000,
    "/static/..;/..;/etc/passwd",
    "/static/%c0%ae%c0%ae/etc/passwd",
    "/static/../engine/engine",
    "/graph-store/../../../../etc/passwd",
    "/graph-store/..%2f..%2f..%2fetc%2fpasswd",
    "/graph-store/%00",
    "/graph-store/%FF",
    "/graph-store/" + "a" * 7000,
    "/graph-store?graph=file:///etc/passwd",
    "/graph-store?graph=../../etc/passwd",
    "/graph-store?graph=%3E%20%7B%7D",
    "/graph-store?graph=urn:g&default",
    "/graph-store?graph=" + "urn:" + "x" * 7000,
    "/ontology/../../../etc/passwd",
    "/ontology/..%2f..%2fservice%2fengine",
    "/ontology/%00",
    "/id/..%2f..%2fetc%2fpasswd",
    "/release/..%2f..%2f..%2ftokens.json",
    "/api/queries/..%2f..%2fetc%2fpasswd",
    "/api/../../tokens.json",
    "/tokens.json",
    "/journal/000001.rdfp",
    "/.git/config",
    "//evil.example/%2e%2e",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/" + "%2e%2e/" * 1000,
    "/sparql/../update",
    "/sparql%00",
    "/sparql/%0d%0aX-Evil:%201",
    "http://evil.example/sparql%00",
    "*",
)


def cases() -> Iterator[Case]:
    """Yield the hostile requests."""
    yield from _headers()
    for parameters, statuses in PARAMETERS.items():
        yield raw("parameters", parameters[:40], request("GET", f"{GET_ASK}&{parameters}"), *statuses)
    for path in PATHS:
        statuses = (400, 404, 405, 414, 431)
        if path in ("*", "/sparql/../update"):
            statuses = (*statuses, 200, 401)
        yield raw("path", path[:60], request("GET", path), *statuses)


def _headers() -> Iterator[Case]:
    for name, (accept, statuses) in ACCEPTS.items():
        yield raw("accept", name, request("GET", GET_ASK, {"Accept": accept}), *statuses, is_http=431 not in statuses)
    for name, values in HEADERS.items():
        for value in values:
            statuses = (200, 304, 400, 401, 406, 412, 416, 417, 426, 431)
            yield raw(
                "header", f"{name[:20]}: {value[:30]}", request("GET", GET_ASK, {name: value}), *statuses, is_http=False
            )
