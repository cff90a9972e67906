"""Splits an IRI as the OWL API does, for its order and for its prefixed name."""

import re
from collections.abc import Mapping
from functools import lru_cache

# Namespaces in XML 1.0, section 3: NCNameStartChar and NCNameChar
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"[{_START}][{_START}.0-9\u00b7\u0300-\u036f\u203f-\u2040-]*")
_NAME_CHARACTERS = re.compile(f"[{_START}.0-9\u00b7\u0300-\u036f\u203f-\u2040-]*")
_NAME_START = re.compile(f"[{_START}]")


@lru_cache(maxsize=100_000)
def split_iri(iri: str) -> tuple[str, str]:
    """Return the namespace and the local name of `iri`: the longest XML name that it ends in."""
    ending = _NAME_CHARACTERS.match(iri[::-1])
    tail = len(iri) - (ending.end() if ending else 0)
    start = _NAME_START.search(iri, tail)
    return (iri[: start.start()], iri[start.start() :]) if start else (iri, "")


@lru_cache(maxsize=100_000)
def iri_key(iri: str) -> tuple[bytes, bytes]:
    """Return what the OWL API sorts IRIs by: namespace, then local name, in UTF-16 as Java compares them."""
    namespace, name = split_iri(iri)
    return text_key(namespace), text_key(name)


def text_key(text: str) -> bytes:
    """Return what Java sorts texts by: their UTF-16."""
    return text.encode("utf-16-be", "surrogatepass")


def prefixed_name(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the prefixed name of `iri` by the prefixes of namespaces, or nothing where it has none."""
    namespace, name = split_iri(iri)
    prefix = prefixes.get(namespace)
    if prefix is None:
        longest = max((n for n in prefixes if iri.startswith(n)), key=len, default=None)
        if longest is None or not _is_local_name(iri[len(longest) :]):
            return None
        prefix, name = prefixes[longest], iri[len(longest) :]
    return None if name.endswith(".") else f"{prefix}:{name}"


def _is_local_name(name: str) -> bool:
    first, _, second = name.partition(":")
    return bool(_NAME.fullmatch(first)) and (":" not in name or bool(_NAME.fullmatch(second)))
