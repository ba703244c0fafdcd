"""The outcome, present or to come, of one call."""

from __future__ import annotations

import concurrent.futures
import queue
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import NamedTuple, Optional

from headrace import _native
from headrace._current import current
from headrace._errors import Error
from headrace._loops import place_to_wait
from headrace._response import Response


class Future:
    """Any thread may wait for it, several at once too. Dropping it does not cancel the call."""

    __slots__ = ("_call", "_response")

    def __init__(self, call: _native.Call) -> None:
        self._call = call
        self._response: Optional[Response] = None

    def result(self, timeout: Optional[float] = None) -> Response:
        """The response; raises what kept it from coming. After `timeout` seconds it raises
        TimeoutError, and the call goes on."""
        if self._response is None:
            self._wait(timeout)
            self._response = Response(self._call.outcome())
        return self._response

    wait = result

    def exception(self, timeout: Optional[float] = None) -> Optional[BaseException]:
        """What kept the response from coming, or None: an Error, or what an iterator raised that
        was to give the request's body."""
        self._wait(timeout)
        return self._call.error()

    def done(self) -> bool:
        return self._call.ready()

    def cancel(self) -> None:
        """Asks for the call to end early; that it did, the `Cancelled` of `result` tells."""
        self._call.cancel()

    def add_done_callback(self, callback: Callable[[Future], object]) -> None:
        """Calls `callback(self)` once, at once when done, else on the thread that completes the
        call: it must not block."""
        self._call.call_when_ready(lambda: callback(self))

    def to_concurrent(self) -> concurrent.futures.Future[Response]:
        """The same as a concurrent.futures.Future, for what wants one."""
        other: concurrent.futures.Future[Response] = concurrent.futures.Future()
        other.set_running_or_notify_cancel()

        def tell(done: Future) -> None:
            error = done.exception()
            if error is not None:
                other.set_exception(error)
            else:
                other.set_result(done.result())

        self.add_done_callback(tell)
        return other

    def __await__(self) -> Generator[object, None, Response]:
        mailbox, answer = place_to_wait()
        mailbox.subscribe(answer, self._call)
        return (yield from answer.__await__())

    def _wait(self, timeout: Optional[float]) -> None:
        if not self._done_within(timeout):
            raise TimeoutError(f"no response within {timeout} s")

    def _done_within(self, timeout: Optional[float]) -> bool:
        hub = current.hub
        if hub is None or self._call.ready():
            return self._call.wait(timeout)
        hub.wait(lambda mailbox, waiter: mailbox.subscribe(waiter, self._call), timeout)
        return self._call.wait(0)

    def __repr__(self) -> str:
        return f"<Future {'done' if self.done() else 'pending'}>"


def as_completed(futures: Iterable[Future],
                 timeout: Optional[float] = None) -> Iterator[Future]:
    """The futures as they are done. After `timeout` seconds in all it raises TimeoutError."""
    deadline = None if timeout is None else time.monotonic() + timeout
    finished: queue.SimpleQueue[Future] = queue.SimpleQueue()
    waiting = list(futures)
    for future in waiting:
        future.add_done_callback(finished.put)
    bell = None if current.hub is None else current.hub.bell(future._call for future in waiting)
    for count in range(len(waiting)):
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            while bell is not None and bell.hub is current.hub and finished.empty() and left != 0:
                bell.listen(left)
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
            yield finished.get(timeout=left)
        except queue.Empty:
            raise TimeoutError(f"{len(waiting) - count} of {len(waiting)} calls have no response "
                               f"within {timeout} s") from None


class DoneAndNotDone(NamedTuple):
    done: set[Future]
    not_done: set[Future]


def wait(futures: Iterable[Future], timeout: Optional[float] = None) -> DoneAndNotDone:
    """Waits for all of them, or for `timeout` seconds, and raises nothing."""
    waiting = list(futures)
    deadline = None if timeout is None else time.monotonic() + timeout
    for future in waiting:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        future._done_within(left)
    done = {future for future in waiting if future.done()}
    return DoneAndNotDone(done, set(waiting) - done)
