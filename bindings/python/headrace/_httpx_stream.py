"""Bodies of responses that httpx reads as they come, and how a transport learns that it should."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Optional

import httpx

from headrace._client import Client
from headrace._errors import Error
from headrace._httpx_engine import streamed
from headrace._httpx_messages import raise_as_httpx
from headrace._stream import AsyncResponseStream, ResponseStream


class Pieces(httpx.SyncByteStream):
    """It keeps the client, whose engine ends with it."""

    def __init__(self, stream: ResponseStream, client: Client) -> None:
        self._stream = stream
        self._client = client

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream.iter_bytes()
        except Error as error:
            raise_as_httpx(error)

    def close(self) -> None:
        self._stream.close()


class AsyncPieces(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncResponseStream, client: Client) -> None:
        self._stream = stream
        self._client = client

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._stream.aiter_bytes():
                yield piece
        except Error as error:
            raise_as_httpx(error)

    async def aclose(self) -> None:
        await self._stream.aclose()


def _telling(stock: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(stock)
    def send(client: httpx.Client, request: httpx.Request, *, stream: bool = False,
             **keywords: Any) -> Any:
        token = streamed.set(stream)
        try:
            return stock(client, request, stream=stream, **keywords)
        finally:
            streamed.reset(token)
    return send


def _telling_in_task(stock: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(stock)
    async def send(client: httpx.AsyncClient, request: httpx.Request, *, stream: bool = False,
                   **keywords: Any) -> Any:
        token = streamed.set(stream)
        try:
            return await stock(client, request, stream=stream, **keywords)
        finally:
            streamed.reset(token)
    return send


class _Clients:
    """A transport is not told whether its response is to be streamed, and a stream has no place in
    a pipeline: so the clients leave word in `streamed`, which changes nothing for others."""

    _before: Optional[tuple[Any, Any]] = None  #: how they sent until they were told
    _for_good = False

    def let_tell(self, for_good: bool) -> None:
        self._for_good |= for_good
        if self._before is None:
            self._before = httpx.Client.send, httpx.AsyncClient.send
            self._set(_telling(httpx.Client.send), _telling_in_task(httpx.AsyncClient.send))

    def let_be(self) -> None:
        if self._before is not None and not self._for_good:
            self._set(*self._before)
            self._before = None

    @staticmethod
    def _set(send: Any, send_in_task: Any) -> None:
        httpx.Client.send = send  # type: ignore[method-assign]
        httpx.AsyncClient.send = send_in_task  # type: ignore[method-assign]


clients_of_httpx = _Clients()
