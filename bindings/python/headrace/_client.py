"""The client for threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, Optional, Union, overload

from headrace._future import Future
from headrace._requests import Requester, Traceback
from headrace._response import Response
from headrace._stream import ResponseStream, wait_for


class Client(Requester):
    """Any thread may use it, many at once too. I/O starts at the call; `wait=False` gives a Future
    in place of the response."""

    def submit(self, method: str, url: str, **request: Any) -> Future:
        """Starts a request. Arguments: params, headers, content, data, json, timeout, repeat."""
        return Future(self._engine.submit(*self._prepare(method, url, **request)))

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
        future = self.submit(method, url, **request)
        return future.result() if wait else future

    @overload
    def get(self, url: str, *, wait: Literal[True] = True, **request: Any) -> Response: ...

    @overload
    def get(self, url: str, *, wait: Literal[False], **request: Any) -> Future: ...

    def get(self, url: str, *, wait: bool = True, **request: Any) -> Union[Response, Future]:
        future = self.submit("GET", url, **request)
        return future.result() if wait else future

    def get_all(self, urls: Iterable[str], **request: Any) -> list[Response]:
        """The responses in the order of the URLs, all of them under way at once."""
        return [future.result() for future in
                [self.submit("GET", url, **request) for url in urls]]

    def head(self, url: str, **request: Any) -> Response:
        return self.submit("HEAD", url, **request).result()

    def options(self, url: str, **request: Any) -> Response:
        return self.submit("OPTIONS", url, **request).result()

    def post(self, url: str, **request: Any) -> Response:
        return self.submit("POST", url, **request).result()

    def put(self, url: str, **request: Any) -> Response:
        return self.submit("PUT", url, **request).result()

    def patch(self, url: str, **request: Any) -> Response:
        return self.submit("PATCH", url, **request).result()

    def delete(self, url: str, **request: Any) -> Response:
        return self.submit("DELETE", url, **request).result()

    @contextmanager
    def stream(self, method: str, url: str, **request: Any) -> Iterator[ResponseStream]:
        """`with client.stream("GET", url) as response:` has the head, and the body piece by piece.
        The request is alone on its connection; `timeout` is that of the head, the body's silences
        are limited by the option `body_timeout`. What was not read is given up at the end."""
        call, native = self._engine.stream(*self._prepare(method, url, **request))
        response = ResponseStream(wait_for(call).buffer, native)
        try:
            yield response
        finally:
            response.close()

    def close(self, grace: float = 0.0) -> None:
        """Lets what is outstanding finish for so many seconds, then fails it with `closed`."""
        self._shut_down(grace)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], value: Optional[BaseException],
                 traceback: Traceback) -> None:
        self.close()
