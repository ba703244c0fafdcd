"""The engine under a transport of httpx: which requests it takes, and by which client."""

from __future__ import annotations

import contextvars
import inspect
import os
from typing import Any, NamedTuple, Optional, Union

import certifi
import httpx

from headrace._client import Client
from headrace._clients import Clients, Settings, seconds
from headrace._errors import Error
from headrace._future import Future
from headrace._httpx_messages import raise_as_httpx
from headrace._loops import answer_to
from headrace._response import Response
from headrace._stream import AsyncResponseStream, ResponseStream

#: Set while a response is asked for that the caller reads as it comes.
streamed: contextvars.ContextVar[bool] = contextvars.ContextVar("streamed", default=False)

_FRAMING = (b"content-length", b"transfer-encoding")  # the engine's to write
_REPEATABLE = ("GET", "HEAD", "OPTIONS")
# Arguments of a transport, and extensions of a request, that only httpx's own connections obey.
_FOREIGN = ("http2", "proxy", "uds", "local_address", "socket_options")
_FOREIGN_EXTENSIONS = ("target", "trace", "sni_hostname")
_SIGNATURE = inspect.signature(httpx.HTTPTransport)  # before `install` changes it
ARGUMENTS = frozenset(_SIGNATURE.parameters)


class _Tls(NamedTuple):
    verify: Union[bool, str]
    certificate: Optional[str]
    key: Optional[str]


class TransportEngine:
    """For one transport, made with these arguments. `clients` may be shared by several."""

    def __init__(self, clients: Clients, *arguments: Any, **keywords: Any) -> None:
        bound = _SIGNATURE.bind(*arguments, **keywords)
        bound.apply_defaults()
        given = bound.arguments
        self.clients = clients
        self._tls = _tls_of(given)
        limits: httpx.Limits = given["limits"]
        self._foreign = (self._tls is None or not given["http1"] or
                         limits.max_keepalive_connections == 0 or
                         any(given[name] for name in _FOREIGN))
        self._others = _options_of(limits, given["retries"])

    def takes(self, request: httpx.Request) -> bool:
        return not (self._foreign or
                    request.url.scheme not in ("http", "https") or
                    not request.url.host or "%" in request.url.host or  # an IPv6 zone
                    (request.url.port or 0) > 65535 or
                    any(name in request.extensions for name in _FOREIGN_EXTENSIONS))

    @staticmethod
    def streams(request: httpx.Request) -> bool:
        """Events have no end that a whole response could be waited for."""
        return streamed.get() or "text/event-stream" in request.headers.get("accept", "")

    def submit(self, request: httpx.Request, body: bytes) -> tuple[Client, Future]:
        """The client is to be kept until the answer is there: see Clients."""
        client, arguments = self._arguments(request, body)
        return client, client.submit(**arguments)

    async def ask(self, request: httpx.Request, body: bytes) -> Response:
        """As `submit`, in a task."""
        client, arguments = self._arguments(request, body)
        prepared, _ = client._prepare(**arguments)
        return await answer_to(prepared, client._engine)

    def open(self, request: httpx.Request, body: bytes) -> tuple[Client, ResponseStream]:
        """The client is to be kept until the stream's end."""
        client, arguments = self._arguments(request, body)
        return client, client._open(**arguments)

    async def open_async(self, request: httpx.Request,
                         body: bytes) -> tuple[Client, AsyncResponseStream]:
        client, arguments = self._arguments(request, body)
        return client, await client._open_async(**arguments)

    def _arguments(self, request: httpx.Request, body: bytes) -> tuple[Client, dict[str, Any]]:
        url = request.url
        host = f"[{url.raw_host.decode()}]" if b":" in url.raw_host else url.raw_host.decode()
        port = "" if url.port is None else f":{url.port}"
        lines = [(name.decode("latin-1"), value.decode("latin-1"))
                 for name, value in request.headers.raw if name.lower() not in _FRAMING]
        try:
            client = self.clients.client_for(self._settings(request))
        except Error as error:  # authorities that can't be read, say
            raise_as_httpx(error)
        return client, {
            "method": request.method,
            "url": f"{url.scheme}://{host}{port}{url.raw_path.decode()}",
            "headers": lines,
            "content": body or None,
            "repeat": "by_method" if request.method in _REPEATABLE else "forbidden",
        }

    def _settings(self, request: httpx.Request) -> Settings:
        assert self._tls is not None
        limits = request.extensions.get("timeout", {})
        return Settings(*self._tls, seconds(limits.get("connect")), seconds(limits.get("read")),
                        seconds(limits.get("write")), self._others)


def _tls_of(given: dict[str, Any]) -> Optional[_Tls]:
    """None where an SSLContext of the caller's, or a key's password, decides."""
    verify, cert = given["verify"], given["cert"]
    if isinstance(cert, str):
        cert = (cert, None)
    if not isinstance(verify, (bool, str)) or (cert is not None and len(cert) != 2):
        return None
    if verify is True:
        environment = os.environ if given["trust_env"] else {}
        verify = (environment.get("SSL_CERT_FILE") or environment.get("SSL_CERT_DIR") or
                  certifi.where())
    return _Tls(verify, *(cert or (None, None)))


def _options_of(limits: httpx.Limits, retries: int) -> tuple[tuple[str, Any], ...]:
    options: dict[str, Any] = {"connect_attempts": 1 + retries}
    if limits.max_connections is not None:
        options["connections_total_max"] = limits.max_connections
        options["connections_max"] = min(limits.max_connections, 6)
    if limits.keepalive_expiry is not None:
        options["idle_timeout"] = max(limits.keepalive_expiry, 0.001)
    return tuple(options.items())
