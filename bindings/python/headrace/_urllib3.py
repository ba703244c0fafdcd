"""urllib3's connection pools, with the engine where their connections were. They are urllib3's own
in all that the engine has no equal for: a TLS context made by the caller, a long body. Proxies have
urllib3's pools in any case, which a ProxyManager makes."""

from __future__ import annotations

import contextvars
from collections.abc import Mapping
from functools import partial
from typing import Any, Optional, Union

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, PoolManager
from urllib3.exceptions import (MaxRetryError, NewConnectionError, ProtocolError, SSLError,
                                TimeoutError, TimeoutStateError)
from urllib3.util import SKIP_HEADER, Retry, Timeout

from headrace._bodies import gather
from headrace._clients import Clients, Settings, seconds
from headrace._errors import Error
from headrace._requests import Repeat
from headrace._urllib3_messages import answer, raise_as_urllib3, streamed_answer
from headrace._urllib3_stream import Body

#: Set while a response is asked for that the caller reads as it comes.
streamed: contextvars.ContextVar[bool] = contextvars.ContextVar("streamed", default=False)

_FRAMING = ("content-length", "transfer-encoding")  # the engine's to write
_REPEATABLE = ("GET", "HEAD", "OPTIONS")
_WORTH_ANOTHER_TRY = (NewConnectionError, ProtocolError, SSLError, TimeoutError)
# Settings of a pool that only urllib3's own connections obey.
_FOREIGN = ("assert_fingerprint", "assert_hostname", "key_password", "ssl_version",
            "ssl_minimum_version", "ssl_maximum_version")
_FOREIGN_OF_CONNECTION = ("ssl_context", "server_hostname", "source_address")


def _limits_of(timeout: Timeout) -> tuple[Optional[float], Optional[float]]:
    """To connect, and between what comes from the server."""
    try:
        read = timeout.read_timeout
    except TimeoutStateError:  # only `total` is set, and that is the request's deadline
        read = None
    return seconds(timeout.connect_timeout), seconds(read)


def _timeout(given: Union[Timeout, float, None]) -> Timeout:
    return given if isinstance(given, Timeout) else Timeout.from_float(given)


class _EnginePool(HTTPConnectionPool):
    """`urlopen` is all that requests calls."""

    def __init__(self, *arguments: Any, clients: Clients, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.clients = clients

    def urlopen(self, method: str, url: str, body: Any = None,  # type: ignore[override]
                headers: Optional[Mapping[str, str]] = None,
                retries: Union[Retry, bool, int, None] = None, **rest: Any) -> Any:
        lines = list((self.headers if headers is None else headers).items())
        if self._needs_urllib3(lines):
            return super().urlopen(method, url, body, headers, retries, **rest)
        whole = None if body is None else gather(body)
        if whole is not None and not isinstance(whole, bytes):
            return super().urlopen(method, url, whole, headers, retries, **rest)
        own = [line for line in lines if line[0].lower() not in _FRAMING]
        if not any(name.lower() == "accept-encoding" for name, _ in own):
            own.append(("Accept-Encoding", "identity"))  # as http.client does
        return self._ask(method, url, own, whole, Retry.from_int(retries, redirect=False),
                         _timeout(rest.get("timeout")))

    def _needs_urllib3(self, lines: list[tuple[str, str]]) -> bool:
        return ("%" in self.host or  # an IPv6 zone
                any(value in (SKIP_HEADER, SKIP_HEADER.encode()) for _, value in lines) or
                any(getattr(self, name, None) is not None for name in _FOREIGN) or
                any(self.conn_kw.get(name) is not None for name in _FOREIGN_OF_CONNECTION))

    def _ask(self, method: str, url: str, headers: list[tuple[str, str]], body: Optional[bytes],
             retries: Retry, timeout: Timeout) -> HTTPResponse:
        """Once, and as often again as `retries` says."""
        while True:
            try:
                response = self._ask_once(method, url, headers, body, timeout)
            except _WORTH_ANOTHER_TRY as error:
                retries = retries.increment(method, url, error=error, _pool=self)
                retries.sleep()
                continue
            if not retries.is_retry(method, response.status, "Retry-After" in response.headers):
                return response
            try:
                retries = retries.increment(method, url, response=response, _pool=self)
            except MaxRetryError:
                if retries.raise_on_status:
                    raise
                return response
            response.close()
            retries.sleep(response)

    def _ask_once(self, method: str, url: str, headers: list[tuple[str, str]],
                  body: Optional[bytes], timeout: Timeout) -> HTTPResponse:
        host = f"[{self.host}]" if ":" in self.host else self.host
        try:
            # The client is kept here until the answer is: see Clients.
            client = self.clients.client_for(self._settings(*_limits_of(timeout)))
            total = timeout.total if isinstance(timeout.total, (int, float)) else None
            target = f"{self.scheme}://{host}:{self.port}{url}"
            repeat: Repeat = "by_method" if method in _REPEATABLE else "forbidden"
            if streamed.get():
                stream = client._open(method, target, headers=headers, content=body, timeout=total,
                                      repeat=repeat)
                body_of_it = Body(stream, client, partial(raise_as_urllib3, pool=self, url=url))
                return streamed_answer(stream, body_of_it, method, url)
            future = client.submit(method, target, headers=headers, content=body, timeout=total,
                                   repeat=repeat)
            try:
                return answer(future.result(), method, url)
            except BaseException:  # an interrupt too
                future.cancel()
                raise
        except Error as error:
            raise_as_urllib3(error, self, url)

    def _settings(self, connect: Optional[float], read: Optional[float]) -> Settings:
        return Settings(True, None, None, connect, read, read)


class _SecureEnginePool(  # pyright: ignore[reportIncompatibleMethodOverride]  # as its first base
        _EnginePool, HTTPSConnectionPool):
    """`cert_verify` of requests leaves the settings on the pool, which is theirs alone."""

    def _settings(self, connect: Optional[float], read: Optional[float]) -> Settings:
        verify = (False if self.cert_reqs == "CERT_NONE" else
                  self.ca_certs or self.ca_cert_dir or True)
        return Settings(verify, self.cert_file, self.key_file, connect, read, read)


class EnginePools(PoolManager):
    """`clients` are another's where it does not own them: then `clear` leaves them alone."""

    def __init__(self, clients: Clients, owned: bool, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._clients = clients
        self._owned = owned
        self.pool_classes_by_scheme = {  # urllib3 only calls them
            "http": partial(_EnginePool, clients=clients),  # type: ignore[dict-item]
            "https": partial(_SecureEnginePool, clients=clients),  # type: ignore[dict-item]
        }

    def clear(self) -> None:
        super().clear()
        if self._owned:
            self._clients.clear()
