"""One request of httpx's, from its transport to the engine and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx

from headrace._errors import Error
from headrace._httpx_engine import TransportEngine
from headrace._httpx_messages import answer, async_body_of, body_of, raise_as_httpx
from headrace._httpx_stream import AsyncPieces, Pieces


def handle(engine: TransportEngine, stock: Callable[[httpx.Request], httpx.Response],
           request: httpx.Request) -> httpx.Response:
    body = body_of(request) if engine.takes(request) else request
    if isinstance(body, httpx.Request):
        return stock(body)
    if engine.streams(request):
        return _opened(engine, request, body)
    client, future = engine.submit(request, body)
    try:
        response = future.result()
        return answer(response, httpx.ByteStream(response.content))
    except Error as error:
        raise_as_httpx(error)
    except BaseException:  # an interrupt
        future.cancel()
        raise


def _opened(engine: TransportEngine, request: httpx.Request, body: bytes) -> httpx.Response:
    try:
        client, stream = engine.open(request, body)
    except Error as error:
        raise_as_httpx(error)
    return answer(stream, Pieces(stream, client))


async def _opened_async(engine: TransportEngine, request: httpx.Request,
                        body: bytes) -> httpx.Response:
    try:
        client, stream = await engine.open_async(request, body)
    except Error as error:
        raise_as_httpx(error)
    return answer(stream, AsyncPieces(stream, client))


async def handle_async(engine: TransportEngine,
                       stock: Callable[[httpx.Request], Awaitable[httpx.Response]],
                       request: httpx.Request) -> httpx.Response:
    body = await async_body_of(request) if engine.takes(request) else request
    if isinstance(body, httpx.Request):
        return await stock(body)
    if engine.streams(request):
        return await _opened_async(engine, request, body)
    try:
        response = await engine.ask(request, body)
        return answer(response, httpx.ByteStream(response.content))
    except Error as error:
        raise_as_httpx(error)
