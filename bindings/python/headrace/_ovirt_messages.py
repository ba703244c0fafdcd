"""Requests and responses between the oVirt SDK's words and ours."""

from __future__ import annotations

from typing import Any, Optional
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import ovirtsdk4
import ovirtsdk4.http

from headrace._errors import Error
from headrace._future import Future
from headrace._gzip import decoded
from headrace._response import Response

_CLASSES = {
    "resolve_failed": ovirtsdk4.ConnectionError,
    "connect_failed": ovirtsdk4.ConnectionError,
    "connect_timeout": ovirtsdk4.TimeoutError,
    "timed_out": ovirtsdk4.TimeoutError,
    "stalled": ovirtsdk4.TimeoutError,
}


class Heads:
    """The header lines of one connection's requests, put together once a token for all that say
    nothing of their own."""

    def __init__(self, own: dict[str, str], common: dict[str, Any]) -> None:
        self._own = {**own, "Version": "4", "Content-Type": "application/xml",
                     "Accept": "application/xml"}
        self._common = common
        self._plain: tuple[Optional[str], list[tuple[str, str]]] = (None, [])

    def lines_of(self, request: Any, token: str) -> list[tuple[str, str]]:
        if request.headers or (request.query or {}).get("all_content") is not None:
            return self._put_together(request, token)
        known_for, lines = self._plain
        if known_for != token:
            lines = self._put_together(request, token)
            self._plain = token, lines
        return lines

    def _put_together(self, request: Any, token: str) -> list[tuple[str, str]]:
        """The SDK's own give way to the connection's, and those to the request's."""
        wanted = {**self._own, "Authorization": f"Bearer {token}"}
        all_content = (request.query or {}).get("all_content")
        if all_content is not None:  # engines before 4.1 want it here too
            wanted["All-Content"] = str(all_content)
        for name, value in [*self._common.items(), *request.headers.items()]:
            if value is None:
                continue
            value = str(value)
            if not name.isascii() or not value.isascii():
                raise ovirtsdk4.Error(f"The value {value!r} of the header {name!r} has characters "
                                      "that can't be encoded using ASCII, as required by HTTP")
            for same in [key for key in wanted if key.lower() == name.lower()]:
                del wanted[same]
            wanted[name] = value
        return list(wanted.items())


def result_of(future: Future) -> Response:
    try:
        return future.result()
    except Error as error:
        raise _CLASSES.get(error.code, ovirtsdk4.Error)(
            f"Error while sending HTTP request: {error}") from error


def sdk_response(response: Response) -> Any:
    native = response.buffer
    fields = native.headers
    codings = [value for name, value in fields if name.lower() == "content-encoding"]
    try:
        body = decoded(native.content, ", ".join(codings))
    except ValueError as error:
        raise ovirtsdk4.Error(f"Failed to read response: {error}") from error
    code, reason = native.status, native.reason
    lines = [f"HTTP/1.{native.http_minor} {code} {reason}"]
    lines += [f"{name}: {value}" for name, value in fields]
    return ovirtsdk4.http.Response(body=body, code=code, headers=lines, message=reason)


def refuse_proxy(url: str) -> None:
    parts = urlsplit(url)
    proxies = getproxies()
    if (parts.scheme in proxies or "all" in proxies) and not proxy_bypass(parts.netloc):
        raise ovirtsdk4.Error(
            f"The environment names a proxy for {parts.scheme}, and headrace.ovirt goes through "
            f"none: put {parts.hostname} into no_proxy if the server can be reached without it, "
            "or use ovirtsdk4.Connection")
