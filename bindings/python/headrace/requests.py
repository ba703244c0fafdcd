"""requests on this engine, unchanged.

    session = requests.Session()
    session.mount("https://", headrace.requests.HeadraceAdapter(connections_max=5))

or, for the whole process, `headrace.requests.install()`.

GET, HEAD and OPTIONS of all threads share pipelines, and may be sent again when a connection is
lost; nothing else is sent twice. What is asked for with `stream=True` is read as it comes, alone on
its connection. Bodies are read whole before they are sent, iterators too, up to 8 MiB. What is
longer, what goes through a proxy, and an adapter with TLS settings of its own (an SSLContext, a
fingerprint) use requests' own connections.
"""

from __future__ import annotations

import threading
from typing import Any, Callable, Optional

import requests
from requests.adapters import DEFAULT_POOLBLOCK, HTTPAdapter
from urllib3.exceptions import LocationValueError

from headrace._clients import Clients
from headrace._urllib3 import EnginePools, streamed
from headrace._urllib3_messages import Truncated

__all__ = ["HeadraceAdapter", "install", "uninstall"]


def _send(send: Callable[..., requests.Response], request: requests.PreparedRequest,
          stream: bool = False, *arguments: Any, **keywords: Any) -> requests.Response:
    token = streamed.set(stream)
    try:
        return send(request, stream, *arguments, **keywords)
    except LocationValueError as error:
        raise requests.exceptions.InvalidURL(error, request=request) from error
    except requests.exceptions.ConnectionError as error:
        if error.args and isinstance(error.args[0], Truncated):
            # As requests does, but when the body is read, which by now it would have been.
            raise requests.exceptions.ChunkedEncodingError(error.args[0],
                                                           request=request) from error
        raise
    finally:
        streamed.reset(token)


class HeadraceAdapter(HTTPAdapter):
    """Takes HTTPAdapter's arguments, and the engine's options by their names: connections_max,
    pipeline_depth, ... `max_retries` counts beside what the engine itself sends again."""

    __attrs__ = [*HTTPAdapter.__attrs__, "_options"]

    _options: dict[str, Any]

    def __init__(self, pool_connections: int = 10, pool_maxsize: int = 10,
                 max_retries: Any = 0, pool_block: bool = DEFAULT_POOLBLOCK,
                 **options: Any) -> None:
        self._options = options
        super().__init__(pool_connections, pool_maxsize, max_retries, pool_block)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = DEFAULT_POOLBLOCK,
                         **pool_kwargs: Any) -> None:
        _use_engine(self, Clients(self._options), True, connections, maxsize, block, pool_kwargs)

    def send(self, request: requests.PreparedRequest, stream: bool = False, *arguments: Any,
             **keywords: Any) -> requests.Response:
        return _send(super().send, request, stream, *arguments, **keywords)


def _use_engine(adapter: HTTPAdapter, clients: Clients, owned: bool, connections: int,
                maxsize: int, block: bool, pool_kwargs: dict[str, Any]) -> None:
    adapter._pool_connections = connections  # they are pickled
    adapter._pool_maxsize = maxsize
    adapter._pool_block = block
    adapter.poolmanager = EnginePools(clients, owned, num_pools=connections, maxsize=maxsize,
                                      block=block, **pool_kwargs)


class _Installed:
    """What HTTPAdapter was, and the clients of those made since."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.clients = clients = Clients(options)
        self.init_poolmanager = HTTPAdapter.init_poolmanager
        self.send = stock_send = HTTPAdapter.send

        def init_poolmanager(adapter: HTTPAdapter, connections: int, maxsize: int,
                             block: bool = DEFAULT_POOLBLOCK, **pool_kwargs: Any) -> None:
            _use_engine(adapter, clients, False, connections, maxsize, block, pool_kwargs)

        def send(adapter: HTTPAdapter, request: requests.PreparedRequest, stream: bool = False,
                 *arguments: Any, **keywords: Any) -> requests.Response:
            return _send(stock_send.__get__(adapter), request, stream, *arguments, **keywords)

        # Functions become methods of the class; mypy misses the name of their first argument.
        HTTPAdapter.init_poolmanager = init_poolmanager  # type: ignore[method-assign,assignment]
        HTTPAdapter.send = send  # type: ignore[method-assign,assignment]

    def undo(self) -> None:
        HTTPAdapter.init_poolmanager = self.init_poolmanager  # type: ignore[method-assign]
        HTTPAdapter.send = self.send  # type: ignore[method-assign]
        self.clients.clear()


_lock = threading.Lock()
_installed: Optional[_Installed] = None


def install(**options: Any) -> None:
    """Every adapter made from now on is on the engine: those that a Session mounts for itself,
    those of `requests.get` and the like, and those that SDKs derive from HTTPAdapter. They share
    connections, but for other TLS settings or timeouts. `options` are the engine's."""
    global _installed
    with _lock:
        if _installed is not None:
            raise RuntimeError("headrace.requests is installed already: call uninstall() first")
        _installed = _Installed(options)


def uninstall() -> None:
    """Adapters made from now on are requests' own again; without `install` it does nothing."""
    global _installed
    with _lock:
        if _installed is not None:
            _installed.undo()
            _installed = None
