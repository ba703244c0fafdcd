"""What can go wrong. Any status that a server answers with is a response, no error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headrace._response import Head


class Error(Exception):
    """A request that got no response. `code` is stable: "connection_lost", "queue_full", ..."""

    code: str
    phase: str  #: where it was: queue, resolve, connect, tls, write, wait, headers, body
    progress: str  #: how far it came, never understated: queued, sent, responding
    attempts: int  #: how many times it was written to a connection
    safe_to_repeat: bool  #: idempotent, or allowed by the caller, or nothing was sent
    system_code: int  #: errno, or OpenSSL's packed error
    connection_id: int  #: 0 when there was none
    origin: str
    detail: str

    def __init__(self, text: str, *, code: str = "internal", phase: str = "queue",
                 progress: str = "queued", attempts: int = 0, safe_to_repeat: bool = False,
                 system_code: int = 0, connection_id: int = 0, origin: str = "",
                 detail: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.phase = phase
        self.progress = progress
        self.attempts = attempts
        self.safe_to_repeat = safe_to_repeat
        self.system_code = system_code
        self.connection_id = connection_id
        self.origin = origin
        self.detail = detail


class TimedOut(Error, TimeoutError):
    """The deadline passed, or nothing moved for too long."""


class ConnectionFailed(Error, ConnectionError):
    """The server could not be reached, or the connection was lost."""


class InvalidRequest(Error, ValueError):
    """The request, or an option, was refused before anything was sent."""


class Cancelled(Error):
    """The caller cancelled."""


class HTTPStatusError(Exception):
    """What `Response.raise_for_status` raises for a status of 400 and above."""

    response: Head

    def __init__(self, text: str, response: Head) -> None:
        super().__init__(text)
        self.response = response


_CLASSES: dict[str, type[Error]] = {
    "timed_out": TimedOut,
    "connect_timeout": TimedOut,
    "stalled": TimedOut,
    "resolve_failed": ConnectionFailed,
    "connect_failed": ConnectionFailed,
    "tls_failed": ConnectionFailed,
    "proxy_failed": ConnectionFailed,
    "connection_lost": ConnectionFailed,
    "invalid_argument": InvalidRequest,
    "cancelled": Cancelled,
}


def from_native(code: str, phase: str, progress: str, attempts: int, safe_to_repeat: bool,
                system_code: int, connection_id: int, origin: str, detail: str,
                text: str) -> Error:
    return _CLASSES.get(code, Error)(
        text, code=code, phase=phase, progress=progress, attempts=attempts,
        safe_to_repeat=safe_to_repeat, system_code=system_code, connection_id=connection_id,
        origin=origin, detail=detail)
