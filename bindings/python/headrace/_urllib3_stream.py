"""A body that is read as it comes, as urllib3 reads the one of http.client's response."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, Optional

from headrace._client import Client
from headrace._errors import Error
from headrace._stream import ResponseStream


class Body:
    """`read` blocks for as much as is asked for. Chunks are the engine's to take apart; those that
    urllib3 finds by `readline` and `_safe_read`, to hand each over when it is there, are the pieces
    as they came."""

    def __init__(self, stream: ResponseStream, client: Client,
                 raise_translated: Callable[[Error], NoReturn]) -> None:
        self._stream: Optional[ResponseStream] = stream
        self._client: Optional[Client] = client  # whose engine ends with it
        self._pieces = stream.iter_bytes()
        self._raise_translated = raise_translated
        self._waiting = memoryview(b"")  # of the last piece
        self._ended = False

    def read(self, amount: Optional[int] = None) -> bytes:
        gathered = []
        wanted = amount
        while wanted is None or wanted > 0:
            part = self.read1(wanted)
            if not part:
                break
            gathered.append(part)
            wanted = None if wanted is None else wanted - len(part)
        return b"".join(gathered)

    def read1(self, amount: Optional[int] = None) -> bytes:
        """What is there, or else the next that comes."""
        if not self._waiting:
            self._waiting = memoryview(self._next())
            if not self._waiting:
                self.close()
        return self._take(len(self._waiting) if amount is None or amount < 0 else amount)

    @property
    def fp(self) -> Optional[Body]:
        return None if self._stream is None else self

    def readline(self, limit: int = -1) -> bytes:
        """The next piece's size, as a chunk has it (RFC 9112 §7.1); in place of trailers nothing."""
        if self._ended:
            self.close()
            return b""
        piece = self._next()
        self._ended = not piece
        self._waiting = memoryview(piece + b"\r\n" if piece else b"")
        return b"%x\r\n" % len(piece)

    def _safe_read(self, amount: int) -> bytes:
        return self._take(amount)

    def _take(self, amount: int) -> bytes:
        taken, self._waiting = self._waiting[:amount], self._waiting[amount:]
        return bytes(taken)

    def _next(self) -> bytes:
        if self._stream is None:
            return b""
        try:
            return next(self._pieces, b"")
        except Error as error:
            self.close()
            self._raise_translated(error)

    def close(self) -> None:
        """Gives up what was not read."""
        stream, self._stream, self._client = self._stream, None, None
        if stream is not None:
            stream.close()

    @property
    def closed(self) -> bool:
        return self._stream is None

    def isclosed(self) -> bool:
        return self._stream is None

    def flush(self) -> None:
        pass
