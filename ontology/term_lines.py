"""Lists the IRIs that a Turtle file names, each with its line, which no parser of RDF keeps."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

# Terminals of https://www.w3.org/TR/turtle/#sec-grammar-grammar, of which SPARQL's differ in nothing that matters here.
_UNIT = r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[^\w\s])"
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>\"{3}(?:[^"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |<(?P<iri>(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)>
    |(?P<directive>@(?:prefix|base)\b|\b(?i:PREFIX|BASE)(?=[\s<]))
    |(?P<other>@[A-Za-z-]+|_:[\w.-]*\w|[?$]\w+|[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)
    |(?P<prefix>[^\W\d_](?:[\w.-]*[\w-])?)?:(?P<local>(?:{unit}(?:(?:{unit}|\.)*{unit})?)?)
    |(?P<end>\.)""".replace("{unit}", _UNIT),
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Mention:
    """A place where a file names an IRI; `is_subject` where a statement begins with it."""

    iri: str
    line: int
    is_subject: bool


@dataclass(frozen=True)
class Text:
    """A literal of a file: what stands between its quotation marks, the line it starts on, and the IRI before it."""

    content: str
    line: int
    after: str


def mentions(content: str, prefixes: Mapping[str, str] | None = None) -> Iterator[Mention | Text]:
    """Yield every IRI and every literal of the Turtle (or SPARQL) `content`, in order.

    `prefixes` are known before the content declares its own. The content must be well-formed; what stands in
    comments is passed over, as are the keyword `a` and the datatypes of numbers.
    """
    known, base = dict(prefixes or {}), ""
    line, end, last, is_subject = 1, 0, "", True
    declaring: list[str] | None = None
    for token in _TOKEN.finditer(content):
        line += content.count("\n", end, token.start())
        end = token.start()
        if token["comment"] is not None or token["other"] is not None:
            continue
        if token["directive"] is not None:
            declaring = []
        elif token["end"] is not None:
            is_subject = True
        elif token["string"] is not None:
            quotes = 3 if token["string"][:3] in ('"""', "'''") else 1
            yield Text(token["string"][quotes:-quotes], line, last)
        elif declaring is not None and token["iri"] is None:
            declaring.append(token["prefix"] or "")
        elif declaring is not None:
            iri = urljoin(base, _unescaped(token["iri"]))
            base = base if declaring else iri
            known.update(dict.fromkeys(declaring, iri))
            declaring = None
        else:
            last = _iri(token, known, base)
            yield Mention(last, line, is_subject)
            is_subject = False


def _iri(token: re.Match[str], known: Mapping[str, str], base: str) -> str:
    if token["iri"] is not None:
        return urljoin(base, _unescaped(token["iri"])) if base else _unescaped(token["iri"])
    return known.get(token["prefix"] or "", "") + re.sub(r"\\(.)", r"\1", token["local"])


def _unescaped(iri: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), iri)
