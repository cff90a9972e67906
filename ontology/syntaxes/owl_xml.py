"""Reads OWL/XML (OWL 2 XML Serialization)."""

import re
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.iris import OWL, RDF, RDFS, XSD
from ontology.syntaxes.structure import MAX_DEPTH, Argument, Document, Expression
from ontology.syntaxes.xml import XmlReader

_XML = "http://www.w3.org/XML/1998/namespace"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NUMBER = ox.NamedNode(XSD + "nonNegativeInteger")


@dataclass
class _Element:
    name: str
    attributes: dict[str, str]
    line: int
    base: str
    texts: list[str] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)


def parse_owl_xml(content: bytes) -> Document:
    """Return the ontology that `content` has in OWL/XML. Raises NotInSyntaxError with the line."""
    reader = _OwlXmlReader()
    reader.read(content)
    return reader.document()


class _OwlXmlReader(XmlReader):
    """Makes an expression of each element, and terms of those that name one."""

    max_nesting = MAX_DEPTH

    def __init__(self) -> None:
        super().__init__()
        self._open: list[_Element] = []
        self._prefixes = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD, "xml": _XML}
        self._blank_nodes: dict[str, ox.BlankNode] = {}
        self._imports: list[ox.NamedNode] = []
        self._root = _Element("", {}, 1, "")
        self._iri: ox.NamedNode | None = None
        self._version: ox.NamedNode | None = None

    def document(self) -> Document:
        """Return the ontology once all is read."""
        content = [argument for argument in self._root.arguments if isinstance(argument, Expression)]
        return Document(self._iri, self._version, tuple(self._imports), tuple(content))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        namespace, _, local = name.rpartition(" ")
        if namespace != OWL:
            self.fail(f"<{local}> is no element of OWL/XML")
        base = attributes.get(f"{_XML} base") or (self._open[-1].base if self._open else "")
        element = _Element(local, attributes, self.line, base)
        if not self._open:
            self._root = element
            self._iri = self._attribute_iri(element, "ontologyIRI")
            self._version = self._attribute_iri(element, "versionIRI")
        if local == "Prefix":
            self._prefixes[attributes.get("name", "")] = attributes.get("IRI", "")
        self._open.append(element)

    def text(self, text: str) -> None:
        """Take text, of which only that of literals, IRIs and imports means something."""
        self._open[-1].texts.append(text)

    def end(self) -> None:
        """Take the end of an element, and hand what it says to the one around it."""
        element = self._open.pop()
        if not self._open or element.name == "Prefix":
            return
        if element.name == "Import":
            self._imports.append(self._named("".join(element.texts).strip(), element))
            return
        parent = self._open[-1]
        if element.name == "FacetRestriction":  # in functional syntax, facet and value are two arguments
            parent.arguments.append(self._named(element.attributes.get("facet", ""), element))
            parent.arguments += element.arguments
        else:
            parent.arguments.append(self._argument(element))

    def _argument(self, element: _Element) -> Argument:
        text = "".join(element.texts)
        if element.name == "Literal":
            return self._literal(element, text)
        if element.name == "IRI":
            return self._named(text.strip(), element)
        if element.name == "AbbreviatedIRI":
            return self._abbreviated(text.strip(), element)
        if element.name == "AnonymousIndividual":
            return self._blank_nodes.setdefault(element.attributes.get("nodeID", ""), ox.BlankNode())
        if text.strip():
            self.fail(f"text stands in <{element.name}>, where none should")
        named = self._attribute_iri(element, "IRI") or self._attribute_abbreviated(element)
        cardinality = element.attributes.get("cardinality")
        before: list[Argument] = [named] if named else []
        if cardinality is not None:
            before.append(ox.Literal(cardinality, datatype=_NUMBER))
        return Expression(element.name, (*before, *element.arguments), element.line)

    def _literal(self, element: _Element, text: str) -> ox.Literal:
        language = element.attributes.get(f"{_XML} lang")
        datatype = element.attributes.get("datatypeIRI", RDF + "PlainLiteral")
        try:
            if language:
                return ox.Literal(text, language=language)
        except ValueError as error:
            self.fail(f"{language!r} is no language tag: {error}")
        if datatype == RDF + "PlainLiteral":
            return ox.Literal(text)
        return ox.Literal(text, datatype=self._named(datatype, element))

    def _attribute_iri(self, element: _Element, attribute: str) -> ox.NamedNode | None:
        value = element.attributes.get(attribute)
        return None if value is None else self._named(value, element)

    def _attribute_abbreviated(self, element: _Element) -> ox.NamedNode | None:
        value = element.attributes.get("abbreviatedIRI")
        return None if value is None else self._abbreviated(value, element)

    def _abbreviated(self, name: str, element: _Element) -> ox.NamedNode:
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in self._prefixes:
            self.fail(f"the prefix of {name} is not declared")
        return self._named(self._prefixes[prefix] + local, element)

    def _named(self, iri: str, element: _Element) -> ox.NamedNode:
        try:
            # The OWL API puts a base and a relative IRI together as they are, and RFC 3986 does not.
            return ox.NamedNode(iri if _ABSOLUTE.match(iri) else element.base + iri)
        except ValueError as error:
            self.fail(f"<{iri}> is no IRI: {error}")
