"""The client for asyncio, uvloop and trio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Optional

from headrace._loops import answer_to, run_in_thread
from headrace._requests import Requester, Traceback
from headrace._response import Response
from headrace._stream import AsyncResponseStream
from headrace._waiting import answer_of


class AsyncClient(Requester):
    """Any event loop may use it, several at once too: answers come to each through one descriptor,
    in batches. Cancelling the task cancels the call."""

    _in_tasks = True

    async def request(self, method: str, url: str, **request: Any) -> Response:
        """Arguments: params, headers, content, data, json, timeout, repeat. `content` may be an
        asynchronous iterator of bytes, which is asked in this task as the server takes them."""
        prepared, upload = self._prepare(method, url, **request)
        if upload is not None:
            return await upload.answer_of(self._engine.submit(*prepared))
        return await answer_to(prepared, self._engine)

    async def get(self, url: str, **request: Any) -> Response:
        return await self.request("GET", url, **request)

    async def head(self, url: str, **request: Any) -> Response:
        return await self.request("HEAD", url, **request)

    async def options(self, url: str, **request: Any) -> Response:
        return await self.request("OPTIONS", url, **request)

    async def post(self, url: str, **request: Any) -> Response:
        return await self.request("POST", url, **request)

    async def put(self, url: str, **request: Any) -> Response:
        return await self.request("PUT", url, **request)

    async def patch(self, url: str, **request: Any) -> Response:
        return await self.request("PATCH", url, **request)

    async def delete(self, url: str, **request: Any) -> Response:
        return await self.request("DELETE", url, **request)

    @asynccontextmanager
    async def stream(self, method: str, url: str,
                     **request: Any) -> AsyncIterator[AsyncResponseStream]:
        """`async with client.stream("GET", url) as response:`, as `Client.stream`."""
        prepared, upload = self._prepare(method, url, **request)
        call, native = self._engine.stream(*prepared)
        head = await (answer_of(call) if upload is None else upload.answer_of(call))
        response = AsyncResponseStream(head.buffer, native)
        try:
            yield response
        finally:
            await response.aclose()

    async def aclose(self, grace: float = 0.0) -> None:
        """Lets what is outstanding finish for so many seconds, then fails it with `closed`."""
        await run_in_thread(partial(self._shut_down, grace))

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], value: Optional[BaseException],
                        traceback: Traceback) -> None:
        await self.aclose()
