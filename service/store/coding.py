"""Compresses an answer in the content coding that a client likes best (RFC 9110, section 8.4)."""

import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli  # type: ignore[import-untyped]
import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

_SMALL = 1_000
_LARGE = 1_000_000


def _zstd(content: bytes, is_kept: bool) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(content)


def _br(content: bytes, is_kept: bool) -> bytes:
    compressed: bytes = brotli.compress(content, quality=4 if is_kept or len(content) < _LARGE else 1)
    return compressed


def _gzip(content: bytes, is_kept: bool) -> bytes:
    packing = zlib.compressobj(6 if is_kept or len(content) < _LARGE else 1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


# Where a client likes several alike, the first.
CODINGS: Mapping[str, Callable[[bytes, bool], bytes]] = {"zstd": _zstd, "br": _br, "gzip": _gzip}


@lru_cache(1_000)
def coding_for(accept_encoding: str) -> str:
    """Return the coding to send in: one of CODINGS, or "" for none."""
    if not accept_encoding:
        return ""
    accepted = parse_accept_header(accept_encoding, Accept)
    best = max(CODINGS, key=lambda coding: accepted.quality(coding))
    quality = accepted.quality(best)
    return best if quality > 0 and quality >= dict(accepted).get("identity", 0) else ""


def coded(content: bytes, coding: str, is_kept: bool = False) -> tuple[bytes, str]:
    """Return `content` in `coding`, and the coding; what is small stays as it is, with "" for no coding.

    What is kept to be sent again is worth more time.
    """
    if not coding or len(content) < _SMALL:
        return content, ""
    return CODINGS[coding](content, is_kept), coding
