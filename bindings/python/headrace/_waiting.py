"""One call, waited for where nobody else has its future."""

from __future__ import annotations

from headrace import _native
from headrace._future import Future
from headrace._response import Response


def wait_for(call: _native.Call) -> Response:
    future = Future(call)
    try:
        return future.result()
    except BaseException:  # an interrupt, perhaps
        future.cancel()
        raise


async def answer_of(call: _native.Call) -> Response:
    future = Future(call)
    try:
        return await future
    except BaseException:  # the task was cancelled, perhaps
        future.cancel()
        raise
