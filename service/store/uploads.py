"""Triples as a client sends them, in one body or in the parts of several; they are read in a worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

import pyoxigraph as ox

from ontology.syntaxes.structure import NotInSyntaxError
from ontology.syntaxes.xml import XmlReader
from service.errors import TooLargeError, UploadError

MULTIPART = "multipart/form-data"
MAX_PARTS = 1_000
UPLOADS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")


@dataclass(frozen=True)
class Upload:
    """Triples as they are sent: their bytes, the Content-Type, and what relative IRIs in them are relative to."""

    content: bytes
    content_type: str
    base_iri: str

    def triples(self) -> Iterator[bytes]:
        """Yield the triples as lines, with blank nodes of their own.

        Raises UploadError with the line, or TooLargeError.
        """
        media_type = self.content_type.partition(";")[0].strip().lower()
        if media_type != MULTIPART:
            yield from self._lines(self.content, media_type)
            return
        for content, type_of_part in self._parts():
            yield from self._lines(content, type_of_part)

    def _lines(self, content: bytes, media_type: str) -> list[bytes]:
        format_ = ox.RdfFormat.from_media_type(media_type)
        assert format_ is not None, media_type
        store = ox.Store()
        try:
            if format_ == ox.RdfFormat.RDF_XML:
                XmlReader().read(content)  # entities within each other end the process in pyoxigraph 0.5.13
            store.load(content, format=format_, base_iri=self.base_iri)
        except NotInSyntaxError as error:
            raise UploadError(f"not {media_type}: {error}") from error
        except SyntaxError as error:
            raise UploadError(f"not {media_type}: {error.msg}") from error
        except (ValueError, OSError, RuntimeError) as error:
            raise UploadError(f"not {media_type}") from error
        if any(store.named_graphs()):
            raise UploadError("the body names graphs of its own; send one graph at a time")
        triples = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        assert triples is not None
        return triples.splitlines(keepends=True)

    def _parts(self) -> Iterator[tuple[bytes, str]]:
        """Yield the parts of a multipart body (RFC 2046, section 5.1), each with its media type.

        Raises UploadError or TooLargeError.
        """
        head = b"Content-Type: " + self.content_type.encode("latin-1", "replace") + b"\r\n\r\n"
        parser = BytesParser(policy=HTTP)
        boundary = (parser.parsebytes(head).get_boundary() or "").encode()
        if boundary and self.content.count(b"--" + boundary) > MAX_PARTS + 1:
            raise TooLargeError(f"the body has more than {MAX_PARTS} parts; put them into fewer")
        message = parser.parsebytes(head + self.content)
        if not boundary or b"--" + boundary + b"--" not in self.content or not message.is_multipart():
            raise UploadError(
                "the body has no parts, or no end; is the boundary of its Content-Type that of the parts?"
            )
        for part in message.iter_parts():
            content, media_type = part.get_payload(decode=True), part.get_content_type()
            if media_type == "text/plain":  # what a form says of a file that it does not know
                media_type = "text/turtle"
            if not isinstance(content, bytes) or media_type not in UPLOADS:
                raise UploadError(f"a part of the body is {media_type[:100]}, which are no triples")
            yield content, media_type
