"""Greenlets of one thread that wait for responses. The one place that knows greenlet."""

from __future__ import annotations

import contextvars
import heapq
import itertools
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Optional

try:
    from greenlet import GreenletExit, getcurrent, greenlet
except ImportError as error:
    raise ImportError("headrace.spawn and headrace.gather need greenlet: "
                      "pip install 'headrace[greenlet]'") from error

from headrace import _native
from headrace._current import current


class _Waiter:
    """What a mailbox knows as a receiver: a greenlet that sleeps until it is told."""

    __slots__ = ("abandoned", "greenlet", "hub", "woken")

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.greenlet = getcurrent()
        self.woken = False
        self.abandoned = False

    def done(self) -> bool:
        return self.abandoned

    def set_result(self, outcome: object) -> None:
        if not self.woken:
            self.woken = True
            self.hub.resume(self.greenlet)

    set_exception = set_result


class Bell:
    """Rings whenever one of some calls is complete, for a greenlet that listens just then."""

    def __init__(self, hub: Hub, calls: Iterable[_native.Call]) -> None:
        self.hub = hub
        self._listener: Optional[_Waiter] = None
        for call in calls:
            hub.tell(self, call)

    def listen(self, timeout: Optional[float]) -> None:
        def subscribe(mailbox: _native.Mailbox, waiter: _Waiter) -> None:
            self._listener = waiter

        self.hub.wait(subscribe, timeout)

    def done(self) -> bool:
        return False

    def set_result(self, outcome: object) -> None:
        if self._listener is not None:
            self._listener.set_result(outcome)

    set_exception = set_result


class Hub:
    """Runs whoever can go on, and waits for the mailbox when nobody can. It has a greenlet of its
    own, a child of the thread's first one, where an interrupt is raised."""

    def __init__(self) -> None:
        self._mailbox = _native.Mailbox()
        self._poll = select.poll()
        self._poll.register(self._mailbox.fileno(), select.POLLIN)
        self._ready: deque[greenlet] = deque()
        self._deadlines: list[tuple[float, int, _Waiter]] = []
        self._numbers = itertools.count()
        self._tasks = 0
        self._sleepers = 0
        root = getcurrent()
        while root.parent is not None:
            root = root.parent
        self._root = root
        self._loop = greenlet(self._run, root)

    def start(self, run: Callable[[], None]) -> greenlet:
        """Begins a task, which goes on until it waits."""
        def work() -> None:
            try:
                run()
            finally:
                self._tasks -= 1
                if self._tasks == 0:
                    current.hub = None

        task = greenlet(work, self._loop)
        task.gr_context = contextvars.copy_context()
        self._tasks += 1
        current.hub = self
        self._ready.extend((task, getcurrent()))
        self._loop.switch()
        self._end_when_idle()
        return task

    def end(self, task: greenlet) -> None:
        """Raises GreenletExit where the task waits; one that has not begun never does."""
        if not task.dead:
            task.parent = getcurrent()  # which goes on when it has ended
            task.throw(GreenletExit)
            self._end_when_idle()

    def wait(self, subscribe: Callable[[_native.Mailbox, Any], None],
             timeout: Optional[float]) -> None:
        """Lets the others run until the subscription is answered, or for so many seconds."""
        waiter = _Waiter(self)
        subscribe(self._mailbox, waiter)
        if timeout is not None:
            entry = (time.monotonic() + timeout, next(self._numbers), waiter)
            heapq.heappush(self._deadlines, entry)
            self._forget_deadlines()
        self._sleepers += 1
        try:
            while not waiter.woken:
                self._loop.switch()
        finally:
            waiter.abandoned = True
            self._sleepers -= 1
        self._end_when_idle()

    def tell(self, receiver: object, call: _native.Call) -> None:
        """When the call is complete, unless that is after the last task's end."""
        self._mailbox.subscribe(receiver, call)

    def bell(self, calls: Iterable[_native.Call]) -> Bell:
        return Bell(self, calls)

    def resume(self, sleeper: greenlet) -> None:
        self._ready.append(sleeper)

    def _end_when_idle(self) -> None:
        """Nothing collects a greenlet of a thread that is gone."""
        if self._tasks == 0 and self._sleepers == 0 and _hubs.hub is self:
            _hubs.hub = None
            self._loop.parent = getcurrent()
            self._loop.throw(GreenletExit)

    def _run(self) -> None:
        while True:
            try:
                while self._ready:
                    sleeper = self._ready.popleft()
                    if not sleeper.dead:  # cancelled meanwhile
                        sleeper.switch()
                self._poll.poll(self._patience())
                self._mailbox.deliver(_unread)
                self._wake_the_late()
            except GreenletExit:
                return
            except BaseException as error:  # an interrupt: it belongs to the first greenlet
                self._root.throw(error)

    def _forget_deadlines(self) -> None:
        """Those that were met stay until they would have passed, or are too many."""
        if len(self._deadlines) > 2 * self._sleepers + 64:
            self._deadlines = [entry for entry in self._deadlines if not entry[2].abandoned]
            heapq.heapify(self._deadlines)

    def _patience(self) -> Optional[float]:
        while self._deadlines and self._deadlines[0][2].abandoned:
            heapq.heappop(self._deadlines)
        if not self._deadlines:
            return None
        return max(0.0, self._deadlines[0][0] - time.monotonic()) * 1000

    def _wake_the_late(self) -> None:
        now = time.monotonic()
        while self._deadlines and self._deadlines[0][0] <= now:
            heapq.heappop(self._deadlines)[2].set_result(None)


def _unread(response: _native.Response) -> _native.Response:
    return response  # its future asks for it


class _Hubs(threading.local):
    hub: Optional[Hub] = None


_hubs = _Hubs()


def hub_of_this_thread() -> Hub:
    if _hubs.hub is None:
        _hubs.hub = Hub()
    return _hubs.hub
