"""Tells schemathesis how to send what is neither JSON nor a form: as the text that it is."""

import schemathesis


@schemathesis.serializer(
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/sparql-query",
    "application/sparql-update",
)
def as_text(context: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
