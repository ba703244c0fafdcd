"""httpx on this engine, unchanged.

    client = httpx.Client(transport=headrace.httpx.HeadraceTransport(connections_max=5))
    client = httpx.AsyncClient(transport=headrace.httpx.AsyncHeadraceTransport())

or, for the whole process, `headrace.httpx.install()`.

GET, HEAD and OPTIONS of all threads and tasks share pipelines, and may be sent again when a
connection is lost; nothing else is sent twice. What `client.stream` asks for, and what accepts
text/event-stream, is read as it comes, alone on its connection. Bodies of requests are read whole
before they are sent, up to 8 MiB. What is longer, proxies, HTTP/2, Unix sockets, and SSLContexts of
the caller's are left to httpx's own connections.
"""

from __future__ import annotations

import threading
from typing import Any, Optional

import httpx

from headrace._clients import Clients
from headrace._httpx_engine import ARGUMENTS, TransportEngine
from headrace._httpx_handle import handle, handle_async
from headrace._httpx_install import Installed
from headrace._httpx_stream import clients_of_httpx
from headrace._loops import run_in_thread

__all__ = ["AsyncHeadraceTransport", "HeadraceTransport", "install", "uninstall"]


def _divided(keywords: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The transport's own arguments, and the engine's options."""
    return ({name: value for name, value in keywords.items() if name in ARGUMENTS},
            {name: value for name, value in keywords.items() if name not in ARGUMENTS})


class HeadraceTransport(httpx.HTTPTransport):
    """Takes HTTPTransport's arguments, and the engine's options by their names: connections_max,
    pipeline_depth, ... `limits.max_connections` is of all origins together."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        clients_of_httpx.let_tell(for_good=True)
        own, options = _divided(keywords)
        super().__init__(*arguments, **own)
        self._headrace = TransportEngine(Clients(options), *arguments, **own)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return handle(self._headrace, super().handle_request, request)

    def close(self) -> None:
        self._headrace.clients.clear()
        super().close()

    def __exit__(self, *exception: Any) -> None:
        self._headrace.clients.clear()
        super().__exit__(*exception)


class AsyncHeadraceTransport(httpx.AsyncHTTPTransport):
    """As HeadraceTransport, for asyncio, uvloop and trio."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        clients_of_httpx.let_tell(for_good=True)
        own, options = _divided(keywords)
        super().__init__(*arguments, **own)
        self._headrace = TransportEngine(Clients(options), *arguments, **own)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await handle_async(self._headrace, super().handle_async_request, request)

    async def aclose(self) -> None:
        await run_in_thread(self._headrace.clients.clear)
        await super().aclose()

    async def __aexit__(self, *exception: Any) -> None:
        await run_in_thread(self._headrace.clients.clear)
        await super().__aexit__(*exception)


_lock = threading.Lock()
_installed: Optional[Installed] = None


def install(**options: Any) -> None:
    """Every transport made from now on is on the engine: those of `httpx.get` and the like, those
    that a client makes for itself, and those that SDKs derive from HTTPTransport. They share
    connections, but for other TLS settings, limits or timeouts. `options` are the engine's."""
    global _installed
    with _lock:
        if _installed is not None:
            raise RuntimeError("headrace.httpx is installed already: call uninstall() first")
        _installed = Installed(options)


def uninstall() -> None:
    """Transports made from now on are httpx's own again, and those that `install` changed are so
    too; without `install` it does nothing."""
    global _installed
    with _lock:
        if _installed is not None:
            _installed.undo()
            _installed = None
