"""What Client and AsyncClient have in common: options, and how a call's arguments become bytes."""

from __future__ import annotations

import atexit
import json as _json
import os
import weakref
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Literal, NamedTuple, Optional, Union
from urllib.parse import urlencode

from headrace import _native
from headrace._headers import Headers, HeaderTypes
from headrace._upload import Pieces, Upload

QueryTypes = Union[Mapping[str, Any], Sequence[tuple[str, Any]]]
Repeat = Literal["by_method", "allowed", "forbidden"]

_REPEAT = {"by_method": 0, "allowed": 1, "forbidden": 2}
_USER_AGENT = ("User-Agent", f"python-headrace/{_native.__version__}")


class Prepared(NamedTuple):
    method: str
    url: str
    headers: list[tuple[str, str]]
    body: Union[None, bytes, _native.Upload]
    timeout: Optional[float]
    repeat: int


def _length_in(lines: list[tuple[str, str]]) -> Optional[int]:
    """What Content-Length says, which is the engine's to write: it is taken out."""
    given = {value for name, value in lines if name.lower() == "content-length"}
    if not given:
        return None
    lines[:] = [line for line in lines if line[0].lower() != "content-length"]
    length = given.pop()
    if given or not (length.isascii() and length.isdigit()) or int(length) >= 2**63:
        raise ValueError(f"Content-Length is {length!r}, not a number of bytes")
    return int(length)


class Requester:
    """Owns an engine. `options` are those of headrace::Options by their names, durations in
    seconds: connections_max, pipeline_depth, pipelining, timeout, requests_per_second, ..."""

    _in_tasks: ClassVar[bool]  #: who waits for its calls: tasks, or threads

    def __init__(self, *, base_url: str = "", headers: Optional[HeaderTypes] = None,
                 timeout: Optional[float] = 300.0, verify: Union[bool, str] = True,
                 cert: Union[None, str, tuple[str, str]] = None, proxy: Optional[str] = None,
                 trust_env: bool = True, **options: Any) -> None:
        """`verify`: False verifies nothing; a path is a file or a directory of authorities in PEM.
        `cert`: the client's certificate in PEM, beside its key or with the key's file.
        `proxy`: "http://user:password@proxy.example:3128", also https, socks5 or socks5h, for all
        origins but those of the option `no_proxy`; where it is None and `trust_env` is set, the
        environment counts: http_proxy, HTTPS_PROXY, ALL_PROXY, NO_PROXY, as for curl."""
        if verify is False:
            options["insecure"] = "anything"
        elif verify is not True:
            options["ca_directory" if os.path.isdir(verify) else "ca_file"] = str(verify)
        if isinstance(cert, tuple):
            options["certificate_file"], options["key_file"] = cert
        elif cert is not None:
            options["certificate_file"] = cert
        if base_url:
            options["base_url"] = base_url.rstrip("/")
        options["timeout"] = timeout or 0
        options["trust_env"] = trust_env
        if proxy is not None:
            options["proxy"] = proxy
        self._headers = Headers(headers).multi_items()
        if not any(name.lower() == "user-agent" for name, _ in self._headers):
            self._headers.insert(0, _USER_AGENT)
        self._names = {name.lower() for name, _ in self._headers}
        self._engine = _native.Engine(options)
        _open.add(self)

    def profiles(self) -> str:
        """What has been learned of the origins, for the option `profiles` of a later client."""
        return self._engine.profiles()

    def _shut_down(self, grace: float = 0.0) -> None:
        _open.discard(self)
        self._engine.shut_down(grace)

    def _prepare(self, method: str, url: str, *, params: Optional[QueryTypes] = None,
                 headers: Optional[HeaderTypes] = None,
                 content: Union[bytes, str, Pieces, None] = None,
                 data: Optional[QueryTypes] = None, json: Any = None,
                 timeout: Optional[float] = None,
                 repeat: Repeat = "by_method") -> tuple[Prepared, Optional[Upload]]:
        """`timeout` is the client's where it is None; 0 means none. `content` that is an iterator
        is sent piece by piece, chunked or with the Content-Length that `headers` give."""
        own = Headers(headers).multi_items() if headers is not None else []
        body: Union[None, bytes, _native.Upload] = None
        upload: Optional[Upload] = None
        content_type = None
        if isinstance(content, (bytes, str)):
            body = content.encode() if isinstance(content, str) else content
        elif isinstance(content, (bytearray, memoryview)):
            body = bytes(content)
        elif content is not None:
            upload = Upload(content, _length_in(own), self._in_tasks)
            body = upload.native
        elif json is not None:
            body = _json.dumps(json, separators=(",", ":")).encode()
            content_type = "application/json"
        elif data is not None:
            body = urlencode(data, doseq=True).encode()
            content_type = "application/x-www-form-urlencoded"
        if params:
            path, hash_sign, fragment = url.partition("#")
            url = (path + ("&" if "?" in path else "?") + urlencode(params, doseq=True) +
                   hash_sign + fragment)
        if not own and content_type is None:
            lines = self._headers
        else:
            names = {name.lower() for name, _ in own}
            lines = [line for line in self._headers if line[0].lower() not in names] + own
            if content_type is not None and "content-type" not in names | self._names:
                lines.append(("Content-Type", content_type))
        return Prepared(method, url, lines, body, timeout, _REPEAT[repeat]), upload


# The engines end before the interpreter does: their threads could not call back any more, and
# daemon threads that wait for a response could not return.
_open: weakref.WeakSet[Requester] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for requester in list(_open):
        requester._shut_down()
    _native.let_waiters_return(1.0)


os.register_at_fork(after_in_child=_native.forget_waiters)  # their threads stayed with the parent


Traceback = Optional[TracebackType]
