"""httpx's own transports, changed: the engine is under those made from then on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import httpx

from headrace._clients import Clients
from headrace._httpx_engine import TransportEngine
from headrace._httpx_handle import handle, handle_async
from headrace._httpx_stream import clients_of_httpx

_Method = Callable[..., Any]


def _initialiser(stock: _Method, clients: Clients) -> _Method:
    @functools.wraps(stock)
    def __init__(transport: Any, *arguments: Any, **keywords: Any) -> None:
        stock(transport, *arguments, **keywords)
        transport._headrace = TransportEngine(clients, *arguments, **keywords)
    return __init__


def _handler(stock: _Method, handle: _Method) -> _Method:
    @functools.wraps(stock)
    def handle_request(transport: Any, request: httpx.Request) -> Any:
        engine = getattr(transport, "_headrace", None)  # None: it was made before `install`
        of_transport = functools.partial(stock, transport)
        return of_transport(request) if engine is None else handle(engine, of_transport, request)
    return handle_request


class Installed:
    """What httpx was, and the clients of the transports made since."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.clients = clients = Clients(options)
        self._before: list[tuple[type, str, _Method]] = []
        clients_of_httpx.let_tell(for_good=False)
        for transport, name, way in (
                (httpx.HTTPTransport, "handle_request", handle),
                (httpx.AsyncHTTPTransport, "handle_async_request", handle_async)):
            self._put(transport, "__init__", functools.partial(_initialiser, clients=clients))
            self._put(transport, name, functools.partial(_handler, handle=way))

    def _put(self, where: type, name: str, wrap: Callable[[_Method], _Method]) -> None:
        stock: _Method = getattr(where, name)
        self._before.append((where, name, stock))
        setattr(where, name, wrap(stock))

    def undo(self) -> None:
        for where, name, stock in self._before:
            setattr(where, name, stock)
        clients_of_httpx.let_be()
        self.clients.clear()
