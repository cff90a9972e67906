"""Takes a CONSTRUCT apart, and tells which of the names in it the ontology does not have."""

import re
from collections.abc import Iterator
from functools import cache

from loaders.corpus import read_corpus
from loaders.errors import Fault
from ontology.iris import TERM
from ontology.nearest import did_you_mean
from ontology.vocabulary import Vocabulary, load_vocabulary

# What is no name though it may look like one: texts, IRIs, comments.
_OTHER = re.compile(r'"""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*"|' r"'''(?s:.*?)'''|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#[^\n]*")
_NAME = re.compile(r"(?<![\w-])(dgi?):(\w(?:[\w-]*\w)?)")
_VARIABLE = re.compile(r"[?$](\w+)")


def blanked(text: str) -> str:
    """Return SPARQL with spaces in the place of texts, IRIs and comments."""
    return _OTHER.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def template_of(text: str) -> tuple[str, str] | None:
    """Return template and pattern of a CONSTRUCT, each in its braces, or None where it is none or has more."""
    plain = blanked(text)
    begin = re.search(r"\bCONSTRUCT\s*(?=\{)", plain, re.IGNORECASE)
    if not begin or (after_template := _closed(plain, begin.end())) is None:
        return None
    where = re.compile(r"\s*(?:WHERE\s*)?(?=\{)", re.IGNORECASE).match(plain, after_template)
    if not where or (end := _closed(plain, where.end())) is None or plain[end:].strip():
        return None
    return text[begin.end() : after_template], text[where.end() : end]


def variables_of(template: str) -> list[str]:
    """Return the variables of a template, each once."""
    return list(dict.fromkeys(_VARIABLE.findall(blanked(template))))


def faults_of_text(file: str, content: str, source: str) -> Iterator[Fault]:
    """Yield what is named in a file and is nowhere: terms of the ontology, things of ontology, corpus and `source`."""
    known = vocabulary()
    terms = {*known.classes, *known.properties}
    for number, line in enumerate(blanked(content).split("\n"), 1):
        for prefix, name in _NAME.findall(line):
            if prefix == "dg" and not _is_term(known, name):
                yield Fault(file, number, f"no term dg:{name} in the ontology{did_you_mean(name, terms)}")
            elif prefix == "dgi" and not (name.startswith(source) or _is_thing(known, name)):
                things = {*_things_of_corpus(), *known.individuals}
                yield Fault(file, number, f"no thing dgi:{name} in ontology or corpus{did_you_mean(name, things)}")


@cache
def vocabulary() -> Vocabulary:
    """Return the ontology, read once in a process."""
    return load_vocabulary()


def _is_term(known: Vocabulary, name: str) -> bool:
    found = known.classes.get(name) or known.properties.get(name)
    return found is not None and found.iri == TERM + name


def _is_thing(known: Vocabulary, name: str) -> bool:
    return name in known.individuals or name in _things_of_corpus()


@cache
def _things_of_corpus() -> frozenset[str]:
    return frozenset(entry.subject for entry in read_corpus([]).entries)


def _closed(plain: str, begin: int) -> int | None:
    """Return where what opens at `begin` is closed."""
    depth = 0
    for place in range(begin, len(plain)):
        depth += {"{": 1, "}": -1}.get(plain[place], 0)
        if depth == 0:
            return place + 1
    return None
