"""Finds the line where a term stands in a file of the ontology, in whatever syntax the file is."""

import re
from dataclasses import dataclass
from functools import cached_property

_PREFIX = re.compile(
    r"""(?:@?prefix\s+(?P<turtle>[\w.-]*):\s*<(?P<turtle_iri>[^>]*)>"""
    r"""|xmlns:(?P<xml>[\w.-]+)\s*=\s*["'](?P<xml_iri>[^"']*)["']"""
    r"""|<!ENTITY\s+(?P<entity>[\w.-]+)\s+["'](?P<entity_iri>[^"']*)["']"""
    r"""|<Prefix\s+name="(?P<owlxml>[\w.-]*)"\s+IRI="(?P<owlxml_iri>[^"]*)"
    |Prefix\(\s*(?P<functional>[\w.-]*):\s*=\s*<(?P<functional_iri>[^>]*)>)""",
    re.IGNORECASE | re.VERBOSE,
)
_BASE = re.compile(r"""(?:@?base\s+<|xml:base\s*=\s*["']|ontologyIRI\s*=\s*["'])([^>"'#]*)""", re.IGNORECASE)
_TURTLE_SUBJECT = re.compile(r"(<[^>\s]*>|[A-Za-z][\w.-]*:[^\s;,]*|:[^\s;,]+)(?=\s|$)")
_XML_SUBJECT = re.compile(r"""(?P<indent>\s*)<[^>]*?\brdf:(?:about|ID)\s*=\s*["'](?P<name>[^"']*)["']""")


@dataclass(frozen=True)
class TextFile:
    """A file of the ontology, by its name in messages and its content."""

    name: str
    content: bytes

    def line_of(self, iri: str, mention: str = "") -> int:
        """Return the first line where the term `iri` is the subject, or else where it stands at all, or 1.

        With `mention`, an IRI or a piece of text, the line in what is said of the term where that stands.
        """
        spellings = self._spellings(iri)
        starts = sorted(self._subjects[name] for name in spellings if name in self._subjects)
        start = starts[0] if starts else None
        if mention:
            wanted = self._pattern(mention)
            end = self._end_of(start) if start is not None else None
            for number in range(start or 0, end or len(self._lines)):
                if wanted.search(self._lines[number]):
                    return number + 1
        if start is None:
            pattern = self._pattern(iri)
            start = next((number for number, line in enumerate(self._lines) if pattern.search(line)), 0)
        return start + 1

    @cached_property
    def _text(self) -> str:
        encoding = "utf-16" if self.content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return self.content.decode(encoding, errors="replace")

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    @cached_property
    def _prefixes(self) -> list[tuple[str, str]]:
        found = []
        for match in _PREFIX.finditer(self._text):
            prefix = next(value for name, value in match.groupdict().items() if "_" not in name and value is not None)
            namespace = next(value for name, value in match.groupdict().items() if "_" in name and value is not None)
            found.append((prefix, namespace))
        return found

    @cached_property
    def _base(self) -> str | None:
        match = _BASE.search(self._text)
        return match[1] if match else None

    @cached_property
    def _subjects(self) -> dict[str, int]:
        """Return where each subject begins: at the margin in Turtle, least indented in RDF/XML."""
        indents: dict[str, tuple[int, int]] = {}
        for number, line in enumerate(self._lines):
            if match := _XML_SUBJECT.match(line):
                place = (len(match["indent"]), number)
                indents[match["name"]] = min(place, indents.get(match["name"], place))
            elif match := _TURTLE_SUBJECT.match(line):
                indents.setdefault(match[1], (0, number))
        return {name: number for name, (_, number) in indents.items()}

    def _end_of(self, start: int) -> int:
        """Return the line before which what begins on the line `start` ends: where the next subject begins."""
        return min((line for line in self._subjects.values() if line > start), default=len(self._lines))

    def _spellings(self, iri: str) -> list[str]:
        found = [f"<{iri}>", iri]
        for prefix, namespace in self._prefixes:
            if namespace and iri.startswith(namespace):
                local = iri.removeprefix(namespace)
                found += [f"{prefix}:{local}", f"&{prefix};{local}"]
        if self._base is not None and iri.startswith(self._base):
            relative = iri.removeprefix(self._base)
            found += [relative, relative.removeprefix("#"), f"<{relative}>"] if relative else []
        return found

    def _pattern(self, wanted: str) -> re.Pattern[str]:
        """Return a pattern for the line where `wanted` stands, an IRI in any spelling or else a piece of text."""
        if re.match(r"[a-z]+:[^\s]+$", wanted):
            names = sorted((s for s in self._spellings(wanted) if s[0] in "<&#" or ":" in s), key=len, reverse=True)
            return re.compile(rf"(?<![\w:&])(?:{'|'.join(map(re.escape, names))})(?![\w-]|\.\w)")
        return re.compile(re.escape(wanted.partition("\n")[0].partition('"')[0] or '"'))
