"""Responses whose bodies are read piece by piece."""

from __future__ import annotations

import codecs
import io
from collections.abc import AsyncIterator, Iterator

from headrace import _native
from headrace._headers import Headers
from headrace._response import Head
from headrace._waiting import answer_of, wait_for


class _Lines:
    """Text in lines, which end with LF, CRLF or CR; they are given without."""

    def __init__(self, encoding: str) -> None:
        try:
            decoder = codecs.getincrementaldecoder(encoding)
        except LookupError:  # a charset that Python doesn't know
            decoder = codecs.getincrementaldecoder("utf-8")
        self._decoder = io.IncrementalNewlineDecoder(decoder("replace"), translate=True)
        self._begun: list[str] = []

    def add(self, piece: bytes) -> list[str]:
        """Those that end within the piece."""
        *lines, last = self._decoder.decode(piece).split("\n")
        if lines:
            lines[0] = "".join([*self._begun, lines[0]])
            self._begun.clear()
        if last:
            self._begun.append(last)
        return lines

    def end(self) -> list[str]:
        """The last one, where nothing ended it."""
        last = "".join(self._begun) + self._decoder.decode(b"", final=True)
        return [last] if last else []


class _Stream(Head):
    __slots__ = ("_native",)

    def __init__(self, head: _native.Response, native: _native.Stream) -> None:
        super().__init__(head)
        self._native = native

    @property
    def trailers(self) -> Headers:
        """Empty before the body's end was read."""
        return Headers.of_lines(self._native.trailers)


class ResponseStream(_Stream):
    """What `Client.stream` gives. The body may be of any size; while nobody reads on, the server is
    kept waiting, and nothing else is. One thread's at a time."""

    __slots__ = ()

    def iter_bytes(self) -> Iterator[bytes]:
        """The body's pieces as they came, from where it was read to; chunking is taken off, codings
        are not. A connection that is lost is ConnectionFailed, after what had come."""
        while piece := wait_for(self._native.read()).content:
            yield piece

    def iter_lines(self) -> Iterator[str]:
        """The body's lines, without their ends."""
        lines = _Lines(self.encoding)
        for piece in self.iter_bytes():
            yield from lines.add(piece)
        yield from lines.end()

    def read(self) -> bytes:
        """All that is left of the body."""
        return b"".join(self.iter_bytes())

    def close(self) -> None:
        """Gives the rest up; after it there is nothing to read."""
        self._native.close()


class AsyncResponseStream(_Stream):
    """What `AsyncClient.stream` gives: ResponseStream for tasks. One task's at a time."""

    __slots__ = ()

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        while piece := (await answer_of(self._native.read())).content:
            yield piece

    async def aiter_lines(self) -> AsyncIterator[str]:
        lines = _Lines(self.encoding)
        async for piece in self.aiter_bytes():
            for line in lines.add(piece):
                yield line
        for line in lines.end():
            yield line

    async def aread(self) -> bytes:
        return b"".join([piece async for piece in self.aiter_bytes()])

    async def aclose(self) -> None:
        self._native.close()
