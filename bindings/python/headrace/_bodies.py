"""Bodies of requests, gathered: the engine takes them whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Union

_BLOCK_BYTES = 64 << 10
#: A body beyond this is not gathered in memory: it streams over the library's own connection.
BODY_BYTES_MAX = 8 << 20


def _as_bytes(part: Any) -> bytes:
    return part.encode() if isinstance(part, str) else bytes(part)


def _parts_of(body: Any) -> Iterator[Any]:
    if hasattr(body, "read"):
        return iter(lambda: body.read(_BLOCK_BYTES) or None, None)
    return iter(body)


def gather(body: Any) -> Union[bytes, Iterable[bytes]]:
    """The body whole, or, where it is too long for that, all of it as it comes."""
    if isinstance(body, (str, bytes, bytearray, memoryview)):
        whole = _as_bytes(body)
        return whole if len(whole) <= BODY_BYTES_MAX else (whole,)
    parts = map(_as_bytes, _parts_of(body))
    gathered = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size > BODY_BYTES_MAX:
            return itertools.chain(gathered, parts)
    return b"".join(gathered)
