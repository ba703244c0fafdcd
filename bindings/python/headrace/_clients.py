"""Which client carries a library's request: never one of other TLS settings or time limits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, NamedTuple, Optional, Union

from headrace._client import Client

_CLIENTS_MAX = 16
_UNLIMITED = 86_400.0  # the engine wants a number; the kernel gives up a connection long before


class Settings(NamedTuple):
    """All that belongs to a connection. The paths are those of `verify` and `cert`."""

    verify: Union[bool, str]
    certificate: Optional[str]
    key: Optional[str]
    connect: Optional[float]  #: seconds to connect,
    read: Optional[float]  #: between what comes from the server,
    write: Optional[float]  #: and between what it takes
    others: tuple[tuple[str, Any], ...] = ()  #: options of the engine


def seconds(limit: object) -> Optional[float]:
    """As the engine counts them. What is no number stands for no limit."""
    return max(round(limit, 3), 0.001) if isinstance(limit, (int, float)) else None


class Clients:
    """The clients of one adapter, or of all that were made since `install`. They are made when they
    are first needed. One that is dropped here, as the least recently used or by `clear`, ends with
    the last request that it carries."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._clients: OrderedDict[Settings, Client] = OrderedDict()

    def client_for(self, settings: Settings) -> Client:
        with self._lock:
            client = self._clients.get(settings)
            if client is None:
                client = self._clients[settings] = self._make(settings)
                if len(self._clients) > _CLIENTS_MAX:
                    self._clients.popitem(last=False)
            self._clients.move_to_end(settings)
            return client

    def clear(self) -> None:
        with self._lock:
            self._clients.clear()

    def _make(self, settings: Settings) -> Client:
        options: dict[str, Any] = {
            "connect_timeout": settings.connect or _UNLIMITED,
            "write_timeout": settings.write or 0,
            "first_byte_timeout": settings.read or 0,
            "body_timeout": settings.read or 0,
            # As often as the libraries do: who wants more says so by their own means.
            "connect_attempts": 1,
            "timeout": None,
            # The libraries read the environment themselves, each by its own rules.
            "trust_env": False,
            **dict(settings.others),
        }
        cert = ((settings.certificate, settings.key)
                if settings.certificate and settings.key else settings.certificate)
        return Client(verify=settings.verify, cert=cert, **{**options, **self._options})
