"""Requests, responses and failures, from urllib3's form into ours and back."""

from __future__ import annotations

import io
from http.client import HTTPMessage
from typing import Any, NoReturn, Optional

from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import (ConnectTimeoutError, HTTPError, InvalidHeader, LocationParseError,
                                NewConnectionError, ProtocolError, ReadTimeoutError, SSLError)

from headrace._errors import Error
from headrace._response import Head, Response
from headrace._stream import ResponseStream
from headrace._urllib3_stream import Body


class Truncated(ProtocolError):
    """The connection ended within the response."""


class _Original:
    """What cookies are read from: the part of http.client's response that requests looks at, and
    urllib3 before it looks for chunks."""

    def __init__(self, lines: list[tuple[str, str]], method: str) -> None:
        self._lines = lines
        self._method = method
        self._message: Optional[HTTPMessage] = None

    @property
    def msg(self) -> HTTPMessage:
        if self._message is None:
            self._message = HTTPMessage()
            for name, value in self._lines:
                self._message[name] = value
        return self._message

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        pass


def answer(response: Response, method: str, url: str) -> HTTPResponse:
    """The body is as it came, its codings are taken off where it is read. It has no `fp`, by which
    urllib3 knows that no chunks are left in it to take apart."""
    return _response(response, io.BytesIO(response.content), method, url)


def streamed_answer(stream: ResponseStream, body: Body, method: str, url: str) -> HTTPResponse:
    return _response(stream, body, method, url)


def _response(head: Head, body: Any, method: str, url: str) -> HTTPResponse:
    lines = head.headers.multi_items()
    return HTTPResponse(
        body=body, headers=HTTPHeaderDict(lines), status=head.status_code,
        version=10 + head.buffer.http_minor, reason=head.reason_phrase, preload_content=False,
        decode_content=False,
        # As much of it as is looked at.
        original_response=_Original(lines, method),  # type: ignore[arg-type]
        request_method=method, request_url=url)


def raise_as_urllib3(error: Error, pool: Any, url: str) -> NoReturn:
    raise _translated(error, pool, url) from error


def _translated(error: Error, pool: Any, url: str) -> HTTPError:
    text = str(error)
    if error.code == "connect_timeout" or (error.code == "timed_out" and
                                           error.phase in ("resolve", "connect", "tls")):
        return ConnectTimeoutError(pool, text)
    if error.code == "timed_out" or (error.code == "stalled" and error.phase != "write"):
        return ReadTimeoutError(pool, url, f"Read timed out. {text}")
    if error.code == "tls_failed":
        return SSLError(text)
    if error.code == "invalid_argument":
        return InvalidHeader(text) if "field" in error.detail else LocationParseError(text)
    if error.code == "protocol_error" and "Content-Length" in error.detail:
        return InvalidHeader(text)
    if error.progress == "responding":
        return Truncated(text, error)
    if error.code in ("resolve_failed", "connect_failed"):
        return NewConnectionError(pool, text)
    return ProtocolError(text, error)
