"""Bodies that came compressed."""

from __future__ import annotations

import zlib

_BYTES_MAX = 256 << 20  # as the engine's limit of a body
_GZIP = 16 + zlib.MAX_WBITS


def decoded(body: bytes, coding: str) -> bytes:
    """The body without its gzip coding; a ValueError where that can't be undone. `coding` is what
    Content-Encoding says, or empty."""
    coding = coding.strip().lower()
    if coding in ("", "identity") or not body:
        return body
    if coding not in ("gzip", "x-gzip"):
        raise ValueError(f"the body has the coding {coding!r}, which nobody asked for")
    decoder = zlib.decompressobj(_GZIP)
    try:
        plain = decoder.decompress(body, _BYTES_MAX)
    except zlib.error as error:
        raise ValueError(f"the body is no gzip: {error}") from error
    if decoder.unconsumed_tail:
        raise ValueError(f"the body is larger than {_BYTES_MAX} bytes when decoded")
    if not decoder.eof:
        raise ValueError("the body ends before its gzip does")
    return plain
