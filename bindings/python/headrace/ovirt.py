"""`ovirtsdk4.Connection` on this engine: `connections=`, `pipeline=` and `wait=False` do what the
SDK's documentation says of them.

    import headrace.ovirt

    connection = headrace.ovirt.Connection(url=..., username=..., password=..., ca_file="ca.pem",
                                           connections=5, pipeline=5)
    vms = connection.system_service().vms_service()
    futures = [vms.vm_service(vm.id).nics_service().list(wait=False) for vm in vms.list()]
    nics = [future.wait() for future in futures]

Requests leave at the call. Only GETs share a pipeline, and no POST is written again when its
connection is lost. An expired token costs one login, however many calls find it expired; each of
them is sent again once, a POST too, since a 401 says that it was not done (RFC 9110 §15.5.2).
"""

from __future__ import annotations

import copy
import inspect
import json
import threading
import weakref
from typing import Any, Optional
from urllib.parse import urlencode

import ovirtsdk4
import pycurl

from headrace._client import Client
from headrace._future import Future
from headrace._lock import Lock
from headrace._ovirt_messages import Heads, refuse_proxy, result_of, sdk_response

_CONNECTIONS_UNLIMITED = 256  # what `connections=0` comes to, the engine's own limit in all
_SIGNATURE = inspect.signature(ovirtsdk4.Connection)  # before anybody puts ours in its place


class _Call:
    """What the SDK's futures hold, opaque to them. `generation` counts the logins before it."""

    __slots__ = ("__weakref__", "future", "generation", "request", "sent_again")

    def __init__(self, request: Any) -> None:
        self.request = request
        self.future: Future
        self.generation = 0
        self.sent_again = False


class Connection(ovirtsdk4.Connection):
    """Takes the SDK's arguments. Any thread may use it, several at once too. With `log` and `debug`
    it logs requests and answers, but no credentials."""

    _sso_token: Any  # the SDK's

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        given = _SIGNATURE.bind(*arguments, **named).arguments
        refuse_proxy(self._url)
        self._tracing = bool(self._debug and self._log is not None)
        self._log_in = Lock()  # taken before `_state`, and held while logging in
        self._state = threading.Lock()
        self._generation = 0
        self._failure: Optional[Exception] = None
        self._calls: weakref.WeakSet[_Call] = weakref.WeakSet()
        self._closed = False
        options = _client_options(self, given.get("connections") or 0, given.get("pipeline") or 0)
        self._heads = Heads(options["headers"], self._headers)
        self._client = Client(**options)

    def authenticate(self) -> Any:
        """The token; logs in when there is none yet."""
        if self._sso_token is None:
            with self._log_in:
                return super().authenticate()
        return self._sso_token

    def send(  # pyright: ignore[reportIncompatibleMethodOverride]  # what it gives is for `wait`
            self, request: Any) -> _Call:
        """Starts the request. What becomes of it `wait` tells, but for a refused first login and
        for headers that are not ASCII."""
        self.authenticate()
        call = _Call(request)
        self._start(call)
        with self._state:
            self._calls.add(call)
        return call

    def wait(self, context: _Call, failed_auth: bool = False) -> Any:
        """The response, or what kept this one request from getting it."""
        while True:
            future = context.future
            response = result_of(future)
            if response.status_code != 401 or failed_auth or not self._renew(context, future):
                break
        with self._state:
            self._calls.discard(context)
        answer = sdk_response(response)
        if self._tracing:
            self._trace("> ", answer.headers, answer.body.decode("utf-8", "replace"))
        return answer

    def close(self, logout: bool = True) -> None:
        """Revokes the token, unless `logout` is False. What is outstanding fails."""
        if self._closed:
            return
        self._closed = True
        try:
            super().close(logout)
        finally:
            self._client.close()

    def _start(self, call: _Call) -> None:
        request = call.request
        with self._state:
            call.generation, token = self._generation, self._sso_token
        lines = self._heads.lines_of(request, token)
        body = (request.body or "").encode() if request.method in ("POST", "PUT") else None
        url = self._build_url(path=request.path, query=request.query)
        if self._tracing:
            self._trace("< ", [f"{request.method} {url}",
                               *(f"{name}: {'...' if name == 'Authorization' else value}"
                                 for name, value in lines)], request.body or "")
        call.future = self._client._submit_lines(request.method, url, lines, body)

    def _renew(self, call: _Call, future: Future) -> bool:
        """After a 401: logs in unless that has happened since the call was sent, then sends it
        again. False when it had been already."""
        with self._log_in:
            if call.future is not future:  # another thread has seen to it
                return True
            if call.sent_again:
                return False
            if call.generation == self._generation:
                self._log_in_again()
            if self._failure is not None:
                raise copy.copy(self._failure) from self._failure
            self._send_again(call)
            with self._state:
                others = list(self._calls)
            for other in others:
                if not other.sent_again and self._was_refused(other):
                    self._send_again(other)
            return True

    def _log_in_again(self) -> None:
        token, failure = self._sso_token, None
        try:
            if self._username is None and not self._kerberos:
                raise ovirtsdk4.AuthError("The server refused the token: pass a new one, or a user "
                                          "name and password to get one with", code=401)
            token = self._get_access_token()
        except Exception as error:  # each call that was refused raises it
            failure = error
        with self._state:
            self._sso_token, self._failure = token, failure
            self._generation += 1

    def _was_refused(self, call: _Call) -> bool:
        return (call.generation < self._generation and call.future.done() and
                call.future.exception() is None and call.future.result().status_code == 401)

    def _send_again(self, call: _Call) -> None:
        call.sent_again = True
        self._start(call)

    def _get_sso_response(self, url: str, params: Any = "") -> Any:
        if self._kerberos:  # libcurl has it: the login alone is the SDK's own
            try:
                return super()._get_sso_response(url, params)
            except pycurl.error as error:
                raise ovirtsdk4.AuthError(
                    f"The Kerberos login failed: {error}. It needs a libcurl with GSS-API and a "
                    "ticket (kinit); or pass a token") from error
        if self._tracing:
            self._trace("< ", [f"POST {url}"], "")
        response = sdk_response(result_of(self._client.submit(
            "POST", url, headers={"Accept": "application/json",
                                  "Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(params))))
        self.check_json_content_type(response)
        try:
            return json.loads(response.body)
        except ValueError as error:
            raise ovirtsdk4.Error(f"The SSO service at {url} did not answer with JSON: is it what "
                                  "answers there?") from error

    def _trace(self, prefix: str, head: list[str], body: str) -> None:
        for line in [*head, *body.splitlines()]:
            self._log.debug(prefix + line)  # pyright: ignore[reportOptionalMemberAccess]


class ConnectionBuilder(ovirtsdk4.ConnectionBuilder):
    """`ovirtsdk4.ConnectionBuilder`, of this module's connections."""

    def build(self) -> Connection:
        return Connection(**self._kwargs)


def _client_options(connection: Any, connections: int, pipeline: int) -> dict[str, Any]:
    connections = connections or _CONNECTIONS_UNLIMITED
    headers = {"User-Agent": f"PythonSDK/{ovirtsdk4.get_version()}"}
    if connection._compress and not connection._debug:
        headers["Accept-Encoding"] = "gzip"
    verify = False if connection._insecure else connection._ca_file or True
    return {"headers": headers, "verify": verify, "timeout": connection._timeout,
            "trust_env": False, "connections_max": connections,
            "connections_total_max": max(_CONNECTIONS_UNLIMITED, 2 * connections),
            "pipelining": "learned" if pipeline > 1 else "off",
            "pipeline_depth": max(pipeline, 1)}
