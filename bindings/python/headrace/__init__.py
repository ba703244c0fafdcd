"""Many small HTTP requests over a few kept connections, pipelined with care.

    import headrace

    with headrace.Client(base_url="https://cloud.example", connections_max=5) as client:
        page = client.get("/api/vms").json()
        calls = [client.get(vm["href"], wait=False) for vm in page["vm"]]
        for call in headrace.as_completed(calls):
            print(call.result().json())
"""

from headrace._async_client import AsyncClient
from headrace._client import Client
from headrace._errors import (Cancelled, ConnectionFailed, Error, HTTPStatusError, InvalidRequest,
                              TimedOut)
from headrace._future import Future, as_completed, wait
from headrace._headers import Headers
from headrace._native import __version__
from headrace._response import Response
from headrace._spawn import Task, gather, spawn
from headrace._stream import AsyncResponseStream, ResponseStream

__all__ = [
    "AsyncClient", "AsyncResponseStream", "Cancelled", "Client", "ConnectionFailed", "Error",
    "Future", "HTTPStatusError", "Headers", "InvalidRequest", "Response", "ResponseStream", "Task",
    "TimedOut", "__version__", "as_completed", "gather", "spawn", "wait",
]
