"""Requests, responses and failures, from httpx's form into ours and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import NoReturn, Union

import httpx

from headrace._bodies import BODY_BYTES_MAX, gather
from headrace._errors import Error
from headrace._response import Head


class _Rest(httpx.SyncByteStream):
    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)


class _AsyncRest(httpx.AsyncByteStream):
    def __init__(self, gathered: list[bytes], parts: AsyncIterator[bytes]) -> None:
        self._gathered = gathered
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._gathered:
            yield part
        async for part in self._parts:
            yield part


def _with_body(request: httpx.Request,
               stream: Union[_Rest, _AsyncRest]) -> httpx.Request:
    return httpx.Request(request.method, request.url, headers=request.headers, stream=stream,
                         extensions=request.extensions)


def body_of(request: httpx.Request) -> Union[bytes, httpx.Request]:
    """The body whole; where it is too long for that, a request that sends it as it comes."""
    assert isinstance(request.stream, httpx.SyncByteStream)
    body = gather(request.stream)
    return body if isinstance(body, bytes) else _with_body(request, _Rest(body))


async def async_body_of(request: httpx.Request) -> Union[bytes, httpx.Request]:
    assert isinstance(request.stream, httpx.AsyncByteStream)
    parts = request.stream.__aiter__()
    gathered = []
    size = 0
    async for part in parts:
        gathered.append(part)
        size += len(part)
        if size > BODY_BYTES_MAX:
            return _with_body(request, _AsyncRest(gathered, parts))
    return b"".join(gathered)


def answer(response: Head,
           body: Union[httpx.SyncByteStream, httpx.AsyncByteStream]) -> httpx.Response:
    """The body is as it came: httpx takes its codings off."""
    return httpx.Response(
        response.status_code,
        headers=[(name.encode("latin-1"), value.encode("latin-1"))
                 for name, value in response.headers.multi_items()],
        stream=body,
        extensions={"http_version": response.http_version.encode(),
                    "reason_phrase": response.reason_phrase.encode("latin-1")})


def raise_as_httpx(error: Error) -> NoReturn:
    raise _class_for(error)(str(error)) from error


def _class_for(error: Error) -> type[httpx.TransportError]:
    connecting = error.phase in ("resolve", "connect", "tls")
    if error.code == "connect_timeout" or (error.code == "timed_out" and connecting):
        return httpx.ConnectTimeout
    if error.code == "stalled" and error.phase == "write":
        return httpx.WriteTimeout
    if error.code in ("stalled", "timed_out"):
        return httpx.ReadTimeout
    if error.code in ("resolve_failed", "connect_failed", "tls_failed"):
        return httpx.ConnectError
    if error.code == "invalid_argument":
        return httpx.LocalProtocolError
    if error.code == "queue_full":
        return httpx.PoolTimeout
    return httpx.RemoteProtocolError if error.code != "closed" else httpx.TransportError
