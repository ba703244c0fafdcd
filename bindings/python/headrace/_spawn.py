"""Blocking calls, of any SDK on headrace's adapters, that overlap on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, Optional, TypeVar, Union

T = TypeVar("T")


class Task(Generic[T]):
    """A call that runs whenever its thread waits for a response: for this one's result, another's,
    or anything else of headrace's. It belongs to that thread."""

    def __init__(self, function: Callable[[], T]) -> None:
        from headrace._hub import hub_of_this_thread

        self._function = function
        self._done = False
        self._value: Optional[T] = None
        self._error: Optional[BaseException] = None
        self._waiters: list[Any] = []
        self._hub = hub_of_this_thread()
        self._greenlet = self._hub.start(self._run)

    def done(self) -> bool:
        return self._done

    def result(self, timeout: Optional[float] = None) -> T:
        """What the call returned; raises what it raised. After `timeout` seconds it raises
        TimeoutError, and the call goes on."""
        self._wait(timeout)
        if not self._done:
            raise TimeoutError(f"the call has not returned within {timeout} s")
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # it is there where no error is

    def exception(self, timeout: Optional[float] = None) -> Optional[BaseException]:
        """What the call raised, or None."""
        self._wait(timeout)
        if not self._done:
            raise TimeoutError(f"the call has not returned within {timeout} s")
        return self._error

    def cancel(self) -> None:
        """Ends the call where it waits, as greenlets are ended: by GreenletExit, which is then what
        it raised."""
        self._hub.end(self._greenlet)

    def _wait(self, timeout: Optional[float]) -> None:
        if not self._done:
            self._hub.wait(lambda mailbox, waiter: self._waiters.append(waiter), timeout)

    def _run(self) -> None:
        try:
            self._value = self._function()
        except BaseException as error:
            self._error = error
            if not isinstance(error, Exception):  # an interrupt is everybody's
                raise
        finally:
            self._done = True
            for waiter in self._waiters:
                waiter.set_result(None)


def spawn(function: Callable[..., T], *arguments: Any, **keywords: Any) -> Task[T]:
    """Begins the call at once, in a greenlet, and returns when it first waits for a response.

    A call gives way nowhere else: not while it sleeps, and not while it waits for a lock. A lock
    that one call holds while it waits for a response must not be wanted by another of its thread,
    which would keep it from ever being released."""
    return Task(lambda: function(*arguments, **keywords))


def gather(*functions: Union[Callable[[], Any], Iterable[Callable[[], Any]]],
           return_exceptions: bool = False, limit: int = 256) -> list[Any]:
    """What the functions return, in their order, `limit` of them under way at once. They may be
    given one by one or as one iterable. When all have returned, the first one's error in that
    order is raised, or with `return_exceptions` each is in its place. See `spawn`."""
    if limit < 1:
        raise ValueError(f"limit is {limit}: nothing would be called")
    first = functions[0] if len(functions) == 1 else None
    calls: list[Any] = list(functions if first is None or callable(first) else first)
    numbers = iter(range(len(calls)))
    outcomes: list[Any] = [None] * len(calls)
    errors: dict[int, Exception] = {}

    def work() -> None:
        for number in numbers:
            try:
                outcomes[number] = calls[number]()
            except Exception as error:
                outcomes[number] = errors[number] = error

    workers: list[Task[None]] = []
    try:
        for _ in range(min(limit, len(calls))):
            workers.append(spawn(work))
        for worker in workers:
            worker.result()
    except BaseException:  # an interrupt
        for worker in workers:
            worker.cancel()
        raise
    if errors and not return_exceptions:
        raise errors[min(errors)]
    return outcomes
