"""One request of httpx's, from its transport to the engine and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx

from headrace._errors import Error
from headrace._httpx_engine import TransportEngine
from headrace._httpx_messages import answer, async_body_of, body_of, raise_as_httpx


def handle(engine: TransportEngine, stock: Callable[[httpx.Request], httpx.Response],
           request: httpx.Request) -> httpx.Response:
    body = body_of(request) if engine.takes(request) else request
    if isinstance(body, httpx.Request):
        return stock(body)
    client, future = engine.submit(request, body)
    try:
        return answer(future.result())
    except Error as error:
        raise_as_httpx(error)
    except BaseException:  # an interrupt
        future.cancel()
        raise


async def handle_async(engine: TransportEngine,
                       stock: Callable[[httpx.Request], Awaitable[httpx.Response]],
                       request: httpx.Request) -> httpx.Response:
    body = await async_body_of(request) if engine.takes(request) else request
    if isinstance(body, httpx.Request):
        return await stock(body)
    client, future = engine.submit(request, body)
    try:
        return answer(await future)
    except Error as error:
        raise_as_httpx(error)
    except BaseException:  # the task was cancelled
        future.cancel()
        raise
