"""The client for threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, Optional, Union, overload

from headrace import _native
from headrace._future import Future
from headrace._requests import Requester, Traceback
from headrace._response import Response
from headrace._stream import AsyncResponseStream, ResponseStream
from headrace._upload import Upload
from headrace._waiting import answer_of, wait_for


class Client(Requester):
    """Any thread may use it, many at once too. I/O starts at the call; `wait=False` gives a Future
    in place of the response."""

    _in_tasks = False

    def submit(self, method: str, url: str, **request: Any) -> Future:
        """Starts a request. Arguments: params, headers, content, data, json, timeout, repeat.
        `content` may be an iterator of bytes or a file, which is read as the server takes it; here
        on a thread of its own, by calls that wait on the thread that does."""
        call, upload = self._begin(method, url, request)
        return Future(call) if upload is None else upload.future_of(call)

    def _begin(self, method: str, url: str,
               request: dict[str, Any]) -> tuple[_native.Call, Optional[Upload]]:
        prepared, upload = self._prepare(method, url, **request)
        return self._engine.submit(*prepared), upload

    def _ask(self, method: str, url: str, request: dict[str, Any]) -> Response:
        call, upload = self._begin(method, url, request)
        return Future(call).result() if upload is None else upload.result_of(call)

    def _submit_lines(self, method: str, url: str, lines: list[tuple[str, str]],
                      body: Optional[bytes]) -> Future:
        """For adapters: all of the head's lines, to which nothing of the client's is added."""
        return Future(self._engine.submit(method, url, lines, body, None, 0))

    @overload
    def request(self, method: str, url: str, *, wait: Literal[True] = True,
                **request: Any) -> Response: ...

    @overload
    def request(self, method: str, url: str, *, wait: Literal[False],
                **request: Any) -> Future: ...

    def request(self, method: str, url: str, *, wait: bool = True,
                **request: Any) -> Union[Response, Future]:
        return self._ask(method, url, request) if wait else self.submit(method, url, **request)

    @overload
    def get(self, url: str, *, wait: Literal[True] = True, **request: Any) -> Response: ...

    @overload
    def get(self, url: str, *, wait: Literal[False], **request: Any) -> Future: ...

    def get(self, url: str, *, wait: bool = True, **request: Any) -> Union[Response, Future]:
        return self._ask("GET", url, request) if wait else self.submit("GET", url, **request)

    def get_all(self, urls: Iterable[str], **request: Any) -> list[Response]:
        """The responses in the order of the URLs, all of them under way at once."""
        return [future.result() for future in
                [self.submit("GET", url, **request) for url in urls]]

    def head(self, url: str, **request: Any) -> Response:
        return self._ask("HEAD", url, request)

    def options(self, url: str, **request: Any) -> Response:
        return self._ask("OPTIONS", url, request)

    def post(self, url: str, **request: Any) -> Response:
        return self._ask("POST", url, request)

    def put(self, url: str, **request: Any) -> Response:
        return self._ask("PUT", url, request)

    def patch(self, url: str, **request: Any) -> Response:
        return self._ask("PATCH", url, request)

    def delete(self, url: str, **request: Any) -> Response:
        return self._ask("DELETE", url, request)

    @contextmanager
    def stream(self, method: str, url: str, **request: Any) -> Iterator[ResponseStream]:
        """`with client.stream("GET", url) as response:` has the head, and the body piece by piece.
        The request is alone on its connection; `timeout` is that of the head, the body's silences
        are limited by the option `body_timeout`. What was not read is given up at the end."""
        response = self._open(method, url, **request)
        try:
            yield response
        finally:
            response.close()

    def _open(self, method: str, url: str, **request: Any) -> ResponseStream:
        """As `stream`; the caller closes it."""
        prepared, upload = self._prepare(method, url, **request)
        call, native = self._engine.stream(*prepared)
        head = wait_for(call) if upload is None else upload.result_of(call)
        return ResponseStream(head.buffer, native)

    async def _open_async(self, method: str, url: str, **request: Any) -> AsyncResponseStream:
        """For adapters: as `_open`, in a task."""
        prepared, _ = self._prepare(method, url, **request)
        call, native = self._engine.stream(*prepared)
        return AsyncResponseStream((await answer_of(call)).buffer, native)

    def close(self, grace: float = 0.0) -> None:
        """Lets what is outstanding finish for so many seconds, then fails it with `closed`."""
        self._shut_down(grace)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], value: Optional[BaseException],
                 traceback: Traceback) -> None:
        self.close()
