"""Reads the functional syntax of OWL 2 (Structural Specification, section 3.7)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.iris import OWL, RDF, RDFS, XSD
from ontology.syntaxes.structure import MAX_DEPTH, Argument, Document, Expression, NotInSyntaxError

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\r\n]*)
    |<(?P<iri>[^<>\r\n]*)>
    |"(?P<text>[^"\\]*(?:\\.[^"\\]*)*)"
    |@(?P<language>[^\s()<>"=@^\#]+)
    |(?P<mark>\(|\)|\^\^|=)
    |_:(?P<blank>[^\s()<>"=@^\#]+)
    |(?P<name>[^\s()<>"=@^\#]+)""",
    re.DOTALL | re.VERBOSE,
)
_NUMBER = re.compile("[0-9]+")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass
class _Open:
    """An expression whose closing parenthesis is still to come."""

    name: str
    line: int
    arguments: list[Argument] = field(default_factory=list)


def parse_functional(text: str) -> Document:
    """Return the ontology that `text` has in functional syntax. Raises NotInSyntaxError with the line."""
    return _Parser(text).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._token = next(self._tokens)
        self._prefixes = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}
        self._blank_nodes: dict[str, ox.BlankNode] = {}

    def document(self) -> Document:
        while self._token.text == "Prefix":
            self._prefix()
        self._take("name", "Ontology")
        self._take("mark", "(")
        iris = []
        while self._token.kind == "iri" or (self._token.kind == "name" and ":" in self._token.text):
            iris.append(self._iri(self._next()))
        if len(iris) > 2:
            raise NotInSyntaxError("an ontology has an IRI and the IRI of its version, and no more", self._token.line)
        imports = []
        content = []
        while self._token.text != ")":
            expression = self._expression()
            if expression.name == "Import":
                imports += [argument for argument in expression.arguments if isinstance(argument, ox.NamedNode)]
            else:
                content.append(expression)
        self._next()
        self._take("end", "")
        iri, version = (*iris, None, None)[:2]
        return Document(iri, version, tuple(imports), tuple(content))

    def _prefix(self) -> None:
        self._next()
        self._take("mark", "(")
        name = self._take("name")
        self._take("mark", "=")
        self._prefixes[name.text.removesuffix(":")] = self._take("iri").text
        self._take("mark", ")")

    def _expression(self) -> Expression:
        """Read an expression with all within it; the parentheses of a key's properties group nothing."""
        open_ = [self._begin()]
        while True:
            if self._token.text == ")" and self._token.kind == "mark":
                self._next()
                closed = open_.pop()
                if not open_:
                    return Expression(closed.name, tuple(closed.arguments), closed.line)
                if closed.name:
                    open_[-1].arguments.append(Expression(closed.name, tuple(closed.arguments), closed.line))
                else:
                    open_[-1].arguments += closed.arguments
            elif self._token.text == "(" and self._token.kind == "mark":
                open_.append(_Open("", self._next().line))
            elif self._token.kind == "name" and ":" not in self._token.text and not _NUMBER.fullmatch(self._token.text):
                open_.append(self._begin())
            else:
                open_[-1].arguments.append(self._term())
            if len(open_) > MAX_DEPTH:
                raise NotInSyntaxError(f"expressions within each other deeper than {MAX_DEPTH}", self._token.line)

    def _begin(self) -> _Open:
        name = self._take("name")
        self._take("mark", "(")
        return _Open(name.text, name.line)

    def _term(self) -> Argument:
        token = self._next()
        if token.kind == "text":
            return self._literal(token)
        if token.kind == "blank":
            return self._blank_nodes.setdefault(token.text, ox.BlankNode())
        if token.kind == "name" and _NUMBER.fullmatch(token.text):
            return ox.Literal(token.text, datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
        return self._iri(token)

    def _literal(self, token: _Token) -> ox.Literal:
        text = re.sub(r"\\(.)", r"\1", token.text, flags=re.DOTALL)
        try:
            if self._token.kind == "language":
                return ox.Literal(text, language=self._next().text)
            if self._token.text != "^^":
                return ox.Literal(text)
            self._next()
            datatype = self._iri(self._next())
            if datatype.value == RDF + "PlainLiteral":
                text, _, language = text.rpartition("@")
                return ox.Literal(text, language=language) if language else ox.Literal(text)
            return ox.Literal(text, datatype=datatype)
        except ValueError as error:
            raise NotInSyntaxError(str(error), token.line) from error

    def _iri(self, token: _Token) -> ox.NamedNode:
        iri = token.text
        if token.kind == "name" and ":" in iri:
            prefix, _, local = iri.partition(":")
            if prefix not in self._prefixes:
                raise NotInSyntaxError(f"the prefix {prefix}: is not declared", token.line)
            iri = self._prefixes[prefix] + local
        elif token.kind != "iri":
            raise NotInSyntaxError(f"{_described(token)} stands where an IRI should", token.line)
        try:
            return ox.NamedNode(iri)
        except ValueError as error:
            raise NotInSyntaxError(f"<{iri}> is no IRI: {error}", token.line) from error

    def _next(self) -> _Token:
        token = self._token
        self._token = next(self._tokens, token)
        return token

    def _take(self, kind: str, text: str | None = None) -> _Token:
        token = self._next()
        if token.kind != kind or text not in (None, token.text):
            expected = {"end": "the end"}.get(kind, text or {"name": "a name", "iri": "an IRI"}.get(kind, kind))
            raise NotInSyntaxError(f"{_described(token)} stands where {expected} should", token.line)
        return token


def _tokens(text: str) -> Iterator[_Token]:
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            what = "a text that has no end" if text[position] == '"' else repr(text[position])
            raise NotInSyntaxError(f"{what} cannot be read", line)
        kind = match.lastgroup or ""
        if kind != "space":
            yield _Token(kind, match[kind], line)
        line += match[0].count("\n")
        position = match.end()
    yield _Token("end", "", line)


def _described(token: _Token) -> str:
    return "the end of the file" if token.kind == "end" else repr(token.text)
