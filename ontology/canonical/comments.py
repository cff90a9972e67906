"""Finds the comments of a Turtle file that its canonical form does not have."""

import re

from ontology.canonical.writing import TITLES

_TOKEN = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""'''
    r"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'"""
    r"""|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|<[^<>\s]*>|(?P<comment>\#[^\r\n]*)""",
    re.DOTALL,
)
_HEADING = re.compile(rf"#{{10,}}|###  \S.*|#    (?:{'|'.join(map(re.escape, TITLES))}|Rules)")


def lost_comments(turtle: str) -> list[int]:
    """Return the lines of comments in `turtle` that are no headings: no statement keeps them."""
    comments = (match for match in _TOKEN.finditer(turtle) if match["comment"])
    return [turtle.count("\n", 0, m.start()) + 1 for m in comments if not _HEADING.fullmatch(m["comment"].rstrip())]
