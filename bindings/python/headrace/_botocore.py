"""One request of botocore's on the engine: what may be repeated, and what failures are called."""

from __future__ import annotations

import re
from typing import Any, Optional
from urllib.request import getproxies, proxy_bypass
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (ConnectionClosedError, ConnectTimeoutError,
                                 EndpointConnectionError, HTTPClientError, ReadTimeoutError,
                                 SSLError)

from headrace._bodies import BODY_BYTES_MAX, gather
from headrace._clients import Clients, Settings, seconds
from headrace._errors import Error
from headrace._requests import Repeat
from headrace._urllib3_messages import answer

_FRAMING = ("content-length", "transfer-encoding", "expect", "connection")
_TIMEOUT = 60.0  # botocore's own, of connecting and of reading
# Operations that only read, though most of them are POSTs.
_READS = re.compile(r"(Describe|List|Get|Head|BatchGet|TransactGet|Lookup|Search)|(Query|Scan)$")


def repeat_of(method: str, operation: str) -> Repeat:
    """Other methods that are idempotent are left to botocore to repeat, which does so by itself."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return "by_method"
    return "allowed" if method == "POST" and _READS.match(operation) else "forbidden"


class Sender:
    """The handler of `before-send`: None leaves the request to botocore's own connections."""

    def __init__(self, clients: Clients, verify: Any, read_streams: bool) -> None:
        self.clients = clients
        self._verify = verify
        self._read_streams = read_streams
        self._proxies_of_all = getproxies()  # botocore asks the environment once a client

    def __call__(self, request: AWSPreparedRequest, event_name: str,
                 **others: Any) -> Optional[AWSResponse]:
        settings = self._settings(request)
        if settings is None or (request.stream_output and not self._read_streams and
                                "Range" not in request.headers):
            return None
        body = _body_of(request)
        if body is None:
            return None
        lines = [(_text(name), value) for name, value in request.headers.items()]
        headers = [line for line in lines if line[0].lower() not in _FRAMING]
        if not any(name.lower() == "accept-encoding" for name, _ in headers):
            headers.append(("Accept-Encoding", "identity"))
        try:
            client = self.clients.client_for(settings)  # kept until the answer is: see Clients
            future = client.submit(
                request.method, request.url, headers=headers, content=body or None,
                repeat=repeat_of(request.method, event_name.rpartition(".")[2]))
            try:
                response = future.result()
            except BaseException:  # an interrupt too
                future.cancel()
                raise
        except Error as error:
            raise _translated(error, request) from error
        raw = answer(response, request.method, request.url)
        return AWSResponse(request.url, raw.status, raw.headers, raw)

    def _settings(self, request: AWSPreparedRequest) -> Optional[Settings]:
        """None where a proxy, or settings of it, decides."""
        context = getattr(request, "context", None) or {}
        config = context.get("client_config")
        if self._is_proxied(request.url, getattr(config, "proxies", None)):
            return None
        certificate = getattr(config, "client_cert", None)
        certificate, key = certificate if isinstance(certificate, tuple) else (certificate, None)
        read = context.get("read_timeout") or getattr(config, "read_timeout", _TIMEOUT)
        return Settings(self._verify, certificate, key,
                        seconds(getattr(config, "connect_timeout", _TIMEOUT)), seconds(read),
                        seconds(read))

    def _is_proxied(self, url: str, proxies: Optional[dict[str, str]]) -> bool:
        parts = urlsplit(url)
        if proxies is not None:
            return parts.scheme in proxies
        of_all = self._proxies_of_all
        return ((parts.scheme in of_all or "all" in of_all) and
                not proxy_bypass(parts.hostname or ""))


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body_of(request: AWSPreparedRequest) -> Optional[bytes]:
    """None where it is too long to be gathered, or signed as the chunks that it is sent in."""
    body = request.body
    if body is None:
        return b""
    if "Transfer-Encoding" in request.headers:
        return None
    length = request.headers.get("Content-Length")
    if length is not None and int(length) > BODY_BYTES_MAX:
        return None
    whole = gather(body)
    if isinstance(whole, bytes):
        return whole
    request.reset_stream()
    return None


def _translated(error: Error, request: AWSPreparedRequest) -> Any:
    url = request.url
    connecting = error.phase in ("resolve", "connect", "tls")
    if error.code == "connect_timeout" or (error.code == "timed_out" and connecting):
        return ConnectTimeoutError(endpoint_url=url, error=error)
    if error.code in ("timed_out", "stalled"):
        return ReadTimeoutError(endpoint_url=url, error=error)
    if error.code == "tls_failed":
        return SSLError(endpoint_url=url, error=error)
    if error.code in ("resolve_failed", "connect_failed"):
        return EndpointConnectionError(endpoint_url=url, error=error)
    if error.code in ("connection_lost", "protocol_error", "retry_suppressed"):
        return ConnectionClosedError(endpoint_url=url, request=request, error=error)
    return HTTPClientError(error=error)
