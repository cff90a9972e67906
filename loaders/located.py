"""Reads YAML, and JSON with it, into values that know their line, and leaves every scalar a string.

Whether `3.10` is a section or a number is for the ontology to say, not for YAML's guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from loaders.errors import Fault

MAX_BYTES = 2_000_000
MAX_DEPTH = 8
MAX_TEXT = 4000


@dataclass(frozen=True)
class Scalar:
    """A string, and the line that it starts on."""

    line: int
    text: str


@dataclass(frozen=True)
class Sequence:
    """A list, and the line that it starts on."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Mapping:
    """Keys with their lines and values, in the order of the file."""

    line: int
    items: dict[str, tuple[int, Node]]

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None."""
        return self.items[key][1] if key in self.items else None

    def text(self, key: str) -> str | None:
        """Return the string under `key`, or None where there is none or it is a list or mapping."""
        value = self.get(key)
        return value.text if isinstance(value, Scalar) else None


Node = Scalar | Sequence | Mapping


def read_located(name: str, content: bytes, faults: list[Fault]) -> Node | None:
    """Parse `content` of the file `name`; what is wrong with it is added to `faults`.

    Returns None for a file that is empty or cannot be read. Aliases are refused, sizes are limited.
    """
    if len(content) > MAX_BYTES:
        faults.append(Fault(name, 1, f"the file has {len(content)} bytes; split it (limit: {MAX_BYTES})"))
        return None
    try:
        if (fault := _refused(name, content)) is not None:
            faults.append(fault)
            return None
        root = yaml.compose(content, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        faults.append(Fault(name, _line(error), f"not YAML: {error.problem or error.context}"))
        return None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        faults.append(Fault(name, 1, f"not YAML: {' '.join(str(error).split())}"))
        return None
    return _convert(root, name, faults) if root is not None else None


def plain(node: Node | None) -> Any:
    """Return `node` as dictionaries, lists and strings, without the lines."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.items.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text if node is not None else None


def _line(error: yaml.MarkedYAMLError) -> int:
    mark: Any = error.problem_mark or error.context_mark
    return mark.line + 1 if mark is not None else 1


def _refused(name: str, content: bytes) -> Fault | None:
    """Return why the file is not read at all: composing it would recurse as deep as it nests."""
    depth = 0
    for event in yaml.parse(content, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            return Fault(name, line, "YAML aliases are not read; repeat the value")
        if (tag := getattr(event, "tag", None)) is not None:
            return Fault(name, line, f"YAML tags are not read; remove {tag}")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return Fault(name, line, f"nested deeper than {MAX_DEPTH} levels")
    return None


def _convert(node: yaml.Node, name: str, faults: list[Fault]) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        if len(node.value) > MAX_TEXT or any(character < " " and character not in "\t\n" for character in node.value):
            faults.append(Fault(name, line, f"a text may have {MAX_TEXT} characters, and no control characters"))
        return Scalar(line, node.value)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(line, tuple(_convert(item, name, faults) for item in node.value))
    items: dict[str, tuple[int, Node]] = {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            faults.append(Fault(name, key_line, "a key must be a word"))
        elif key.value in items:
            faults.append(Fault(name, key_line, f"the key {key.value!r} stands here a second time"))
        else:
            if not isinstance(value, yaml.ScalarNode) and not value.value:
                faults.append(Fault(name, key_line, f"the key {key.value!r} has nothing under it; remove it"))
            items[key.value] = (key_line, _convert(value, name, faults))
    return Mapping(line, items)
