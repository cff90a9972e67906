"""Reads the rules of the domain from `ontology/rules`: one `.rq` file each, whose `#+` header is YAML.

    #+ summary: Who is the broker of a technology for another passes technology to it.
    #+ source: hervas-oliver-2019, 2.2
    CONSTRUCT { ?broker dg:passesTechnologyTo ?other } WHERE { … }

The text behind the header is SPARQL that runs as it stands and shows what would follow.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from ontology.errors import RuleFileError
from ontology.iris import prologue
from ontology.nearest import did_you_mean
from ontology.rule_syntax import RuleSyntax, parse_rule

FOLDER = "rules"
OURS = "ours"
MOST_RULES = 200
_MOST_BYTES = 10_000
_LONGEST_SUMMARY = 300
_KEYS = ("summary", "source", "reason", "note")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# How the W3C begins the names of its rules: https://www.w3.org/TR/owl2-profiles/#tab-rules-equality and following.
_OF_W3C = re.compile(r"(cax|cls|dt|eq|prp|scm)-")


@dataclass(frozen=True)
class RuleFile:
    """A rule of the domain as it is written.

    `sources` are those that it is taken from, `paper, section` or an IRI; where it is our own there is `OURS`, and
    `reason` says why it holds. `text` is its SPARQL with prefixes, `content` the whole file.
    """

    name: str
    file: str
    summary: str
    sources: tuple[str, ...]
    reason: str
    note: str
    text: str
    content: str
    syntax: RuleSyntax


def rule_paths(directory: Traversable | None = None) -> list[Traversable]:
    """Return the files of rules of the ontology in `directory`, by default the packaged one, by their names."""
    folder = (directory or resources.files("ontology")) / FOLDER
    if not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if file.name.endswith(".rq")), key=lambda file: file.name)


def read_rules(directory: Traversable | None = None) -> tuple[list[RuleFile], list[RuleFileError]]:
    """Return the rules of the ontology in `directory`, by default the packaged one, and why others cannot be read."""
    rules: list[RuleFile] = []
    errors: list[RuleFileError] = []
    paths = rule_paths(directory)
    if len(paths) > MOST_RULES:
        reason = f"is one of {len(paths)} rules, more than {MOST_RULES}"
        errors.append(RuleFileError(_called(paths[MOST_RULES].name), 1, reason, "join rules, or take some out"))
    for path in paths[:MOST_RULES]:
        try:
            rules.append(parse_rule_file(path.name, path.read_bytes()))
        except RuleFileError as error:
            errors.append(error)
    return rules, errors


@lru_cache(MOST_RULES)
def parse_rule_file(file_name: str, content: bytes) -> RuleFile:
    """Read one file of `ontology/rules`. Raises RuleFileError."""
    file, name = _called(file_name), file_name.removesuffix(".rq")
    if len(content) > _MOST_BYTES:
        reason = f"has {len(content)} bytes, more than {_MOST_BYTES}"
        raise RuleFileError(file, 1, reason, "make two rules of it, one for the other to use")
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RuleFileError(
            file, content.count(b"\n", 0, error.start) + 1, "is not UTF-8", "save it as UTF-8"
        ) from error
    if not _NAME.fullmatch(name):
        reason = "has a name that is not lower-case letters, digits and hyphens"
        raise RuleFileError(file, 1, reason, "rename it, for example visitor-sees-technology.rq")
    if _OF_W3C.match(name):
        raise RuleFileError(file, 1, "has a name that begins as those of the W3C's rules do", "rename it")
    header = _Header(file, text)
    lines = [line for line in text.split("\n") if not line.startswith("#+")]
    body = "\n".join(lines).strip() + "\n"
    return RuleFile(
        name=name,
        file=file,
        summary=header.summary(),
        sources=header.sources(),
        reason=header.reason(),
        note=header.text("note"),
        text=prologue(body) + body,
        content=text,
        syntax=parse_rule(file, text),
    )


class _Header:
    """The lines of a file that begin with `#+`, as YAML."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        # Other lines are left empty, so that lines are numbered as in the file.
        lines = [
            line.removeprefix("#+").removeprefix(" ") if line.startswith("#+") else "" for line in text.split("\n")
        ]
        self._lines = lines
        try:
            fields = yaml.load("\n".join(lines), yaml.CBaseLoader) or {}
        except (yaml.YAMLError, RecursionError) as error:
            mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
            reason = f"has a header that is not YAML: {getattr(error, 'problem', None) or 'nested too deep'}"
            way_out = "put a text with a colon in quotes"
            raise RuleFileError(file, mark.line + 1 if mark else 1, reason, way_out) from error
        if not isinstance(fields, dict):
            raise self._fault("has a header without keys", "begin it with '#+ summary: …'")
        self._fields: dict[str, Any] = fields
        for key in fields:
            if key not in _KEYS:
                reason = f"has {key!r} in its header{did_you_mean(str(key), _KEYS)}"
                raise self._fault(reason, f"a header has {', '.join(_KEYS)}", str(key))

    def summary(self) -> str:
        """Return the sentence that the rule is, in words."""
        summary = self.text("summary")
        if not summary:
            raise self._fault("has no summary", "write '#+ summary: …', the rule as a sentence")
        if len(summary) > _LONGEST_SUMMARY or not summary.endswith("."):
            reason = "has a summary that is no sentence of its own"
            way_out = f"write one sentence with a full stop, of {_LONGEST_SUMMARY} characters at most"
            raise self._fault(reason, way_out, "summary")
        return summary

    def sources(self) -> tuple[str, ...]:
        """Return what the rule is taken from."""
        found = self._fields.get("source", "")
        sources: Sequence[Any] = found if isinstance(found, list) else [found]
        if not sources or not all(isinstance(source, str) and source.strip() for source in sources):
            reason = "has no source" if not found else "has a source that is no text"
            way_out = f"write '#+ source: <paper>, <section>', or '#+ source: {OURS}' and '#+ reason: …'"
            raise self._fault(reason, way_out, "source")
        return tuple(source.strip() for source in sources)

    def reason(self) -> str:
        """Return why the rule holds, which one of ours must say."""
        reason = self.text("reason")
        if OURS in self.sources() and not reason:
            raise self._fault(f"has the source {OURS!r} and no reason", "write '#+ reason: …', why it holds", "source")
        return reason

    def text(self, key: str) -> str:
        """Return the text of a key, empty where there is none."""
        value = self._fields.get(key, "")
        if not isinstance(value, str):
            raise self._fault(f"has a {key} that is no text", "put it in quotes", key)
        return " ".join(value.split())

    def _fault(self, reason: str, way_out: str, key: str = "") -> RuleFileError:
        numbers = [number for number, line in enumerate(self._lines, 1) if key and line.startswith(f"{key}:")]
        return RuleFileError(self._file, (*numbers, 1)[0], reason, way_out)


def _called(file_name: str) -> str:
    return f"ontology/{FOLDER}/{file_name}"
