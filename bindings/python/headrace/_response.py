"""One final response: its head, and the same with its body."""

from __future__ import annotations

import datetime
from typing import Any, Optional, TypeVar

from headrace import _native
from headrace._errors import HTTPStatusError
from headrace._headers import Headers


def _charset_of(content_type: str) -> Optional[str]:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset":
            return value.strip("\"' ") or None
    return None


H = TypeVar("H", bound="Head")


class Head:
    """Spelt as httpx spells it."""

    __slots__ = ("_headers", "buffer")

    buffer: _native.Response

    def __init__(self, native: _native.Response) -> None:
        self.buffer = native
        self._headers: Optional[Headers] = None

    @property
    def status_code(self) -> int:
        return self.buffer.status

    @property
    def reason_phrase(self) -> str:
        return self.buffer.reason

    @property
    def http_version(self) -> str:
        return f"HTTP/1.{self.buffer.http_minor}"

    @property
    def headers(self) -> Headers:
        if self._headers is None:
            self._headers = Headers.of_lines(self.buffer.headers)
        return self._headers

    @property
    def encoding(self) -> str:
        """The charset that Content-Type names, or UTF-8."""
        return _charset_of(self.buffer.field("content-type") or "") or "utf-8"

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    @property
    def is_error(self) -> bool:
        return self.status_code >= 400

    def raise_for_status(self: H) -> H:
        if self.is_error:
            raise HTTPStatusError(f"the server answered {self.status_code} {self.reason_phrase}",
                                  self)
        return self

    @property
    def timings(self) -> dict[str, Optional[float]]:
        """Seconds: queued, connect (on a new connection), first_byte, total."""
        return self.buffer.timings

    @property
    def attempts(self) -> int:
        """How many times the request was written."""
        return self.buffer.attempts

    @property
    def connection_id(self) -> int:
        return self.buffer.connection_id

    @property
    def suspect(self) -> bool:
        """It may be another request's answer: the connection was found shifted."""
        return self.buffer.suspect

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code} {self.reason_phrase}]>"


class Response(Head):
    """`memoryview(response.buffer)` sees the body without a copy."""

    __slots__ = ("_content",)

    def __init__(self, native: _native.Response) -> None:
        super().__init__(native)
        self._content: Optional[bytes] = None

    @property
    def trailers(self) -> Headers:
        return Headers.of_lines(self.buffer.trailers)

    @property
    def content(self) -> bytes:
        if self._content is None:
            self._content = self.buffer.content
        return self._content

    @property
    def text(self) -> str:
        try:
            return self.content.decode(self.encoding, errors="replace")
        except LookupError:  # a charset that Python doesn't know
            return self.content.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body as JSON, which is UTF-8 (RFC 8259 §8.1); a ValueError where it is none."""
        return self.buffer.json()

    @property
    def elapsed(self) -> datetime.timedelta:
        """From submit to the body's last byte."""
        return datetime.timedelta(seconds=self.buffer.timings["total"] or 0)
