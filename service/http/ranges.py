"""Reads which bytes of a file a request asks for (RFC 9110, section 14)."""

import re

from service.errors import RangeError

# Nothing that anybody stores has more bytes than eighteen digits say.
_RANGE = re.compile(r"bytes=[ \t]*(?P<first>\d{0,18})-(?P<last>\d{0,18})[ \t]*", re.IGNORECASE)


def range_in(header: str, size: int) -> range | None:
    """Return the bytes that the Range `header` asks for of a file of `size` bytes, or None for all of it.

    What is no range of bytes, or several, is all of it (section 14.2). Raises RangeError where none of the bytes is
    in the file.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        wanted = range(max(0, size - int(found["last"])), size)
    elif found["last"] and int(found["last"]) < int(found["first"]):
        return None
    else:
        last = int(found["last"]) if found["last"] else size - 1
        wanted = range(int(found["first"]), min(last + 1, size))
    if not wanted:
        raise RangeError(f"the file has {size} bytes", size)
    return wanted
