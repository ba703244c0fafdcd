"""Bodies of requests that an iterator gives piece by piece, as the server takes them.

Which thread asks the iterator: never the engine's, which an iterator that blocks would hold up, and
all other requests with it. A call that waits for its response asks it meanwhile, on the caller's
thread or in its task, where the iterator is at home. Where nobody waits (`submit`, `wait=False`)
the request goes on all the same: there a thread of its own asks."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Optional, Union

from headrace import _native
from headrace._errors import Error
from headrace._future import Future
from headrace._response import Response
from headrace._waiting import answer_of, wait_for

Pieces = Union[Iterable[bytes], AsyncIterable[bytes]]

_BLOCK_BYTES = 64 << 10


def _as_piece(piece: object) -> bytes:
    if isinstance(piece, (bytes, bytearray, memoryview)):
        return bytes(piece)
    raise TypeError(f"a request's body is given in bytes, not in {type(piece).__name__}")


def _pieces_of(content: Any) -> Iterator[object]:
    if hasattr(content, "read"):  # a file, of which the lines don't matter
        return iter(lambda: content.read(_BLOCK_BYTES) or None, None)
    return iter(content)


class Upload:
    """One body, on its way with one call."""

    native: _native.Upload
    failure: Optional[BaseException] = None  #: what the iterator raised

    def __init__(self, content: Pieces, length: Optional[int], in_task: bool) -> None:
        """`length`: of all of it, for Content-Length; None: it is sent chunked. `in_task`: a task
        is going to ask, and no thread."""
        if isinstance(content, AsyncIterable) != in_task:
            raise TypeError("AsyncClient sends what asynchronous iterators give, for others would "
                            "hold up its event loop; Client sends what iterators and files give")
        self._sync: Iterator[object] = iter(()) if in_task else _pieces_of(content)
        self._async = content.__aiter__() if isinstance(content, AsyncIterable) else None
        self.native = _native.Upload(length)

    def result_of(self, call: _native.Call) -> Response:
        """The response, for which it asks the iterator as often as the server takes a piece."""
        try:
            while not call.ready():
                wait_for(self.native.wanted_or_complete(call))
                if self.native.wanted() and not call.ready():
                    self._give()
            return wait_for(call)
        except BaseException:
            call.cancel()
            raise

    async def answer_of(self, call: _native.Call) -> Response:
        """As `result_of`, in a task."""
        try:
            while not call.ready():
                await answer_of(self.native.wanted_or_complete(call))
                if self.native.wanted() and not call.ready():
                    await self._give_later()
            return await answer_of(call)
        except BaseException:
            call.cancel()
            raise

    def future_of(self, call: _native.Call) -> UploadFuture:
        """As `result_of`, on a thread of its own, which ends with the call."""
        work = contextvars.copy_context().run
        threading.Thread(target=work, args=(self._ask_all, call), name="headrace upload",
                         daemon=True).start()
        return UploadFuture(call, self)

    def _ask_all(self, call: _native.Call) -> None:
        try:
            self.result_of(call)
        except BaseException:
            pass  # it is the future's to tell

    # An empty piece would be the end.

    def _give(self) -> None:
        with self._noting_failure():
            piece = next(filter(None, map(_as_piece, self._sync)), b"")
        self.native.give(piece)

    async def _give_later(self) -> None:
        assert self._async is not None
        piece = b""
        with self._noting_failure():
            async for given in self._async:
                piece = _as_piece(given)
                if piece:
                    break
        self.native.give(piece)

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.failure = error
            raise


class UploadFuture(Future):
    """Raises what the iterator raised, where that is why there is no response."""

    __slots__ = ("_upload",)

    def __init__(self, call: _native.Call, upload: Upload) -> None:
        super().__init__(call)
        self._upload = upload

    def result(self, timeout: Optional[float] = None) -> Response:
        try:
            return super().result(timeout)
        except Error as error:
            raise self._cause(error) from None

    wait = result

    def exception(self, timeout: Optional[float] = None) -> Optional[BaseException]:
        error = super().exception(timeout)
        return None if error is None else self._cause(error)

    def __await__(self) -> Generator[object, None, Response]:
        try:
            return (yield from super().__await__())
        except Error as error:
            raise self._cause(error) from None

    def _cause(self, error: BaseException) -> BaseException:
        return self._upload.failure or error
