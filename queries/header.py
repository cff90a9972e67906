"""Reads the header of a `.rq` file: lines with `#+` that are YAML together, above a text that runs as it stands."""

from collections.abc import Mapping
from typing import Any

import yaml

from ontology.nearest import did_you_mean
from queries.errors import QueryFileError


def split(file_name: str, content: str, keys: tuple[str, ...]) -> tuple[Mapping[str, Any], str, int]:
    """Return the fields of the header, the text below it, and the line at which that begins.

    Raises QueryFileError where the header is not YAML, has no summary, or a key that is not among `keys`.
    """
    lines = content.splitlines()
    header = [line.removeprefix("#+").removeprefix(" ") for line in lines if line.startswith("#+")]
    text = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    try:
        fields = yaml.load("\n".join(header), yaml.CBaseLoader) or {}
    except (yaml.YAMLError, RecursionError) as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        line = min(mark.line + 1, len(header)) if mark else 1  # what is not closed is missed after the last line
        raise QueryFileError(f"{file_name}:{line}: the header is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("summary"), str):
        raise QueryFileError(f"{file_name}:1: the header needs '#+ summary: …'")
    for key in fields:
        if key not in keys:
            raise QueryFileError(f"{file_name}:1: no key {key!r} in a header{did_you_mean(str(key), keys)}")
    first = next((i for i, line in enumerate(lines, 1) if line.strip() and not line.startswith("#+")), 1)
    return fields, text, first
