"""A lock that may be held while its holder waits for a response."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from headrace._current import current

_PATIENCE = 0.05  # seconds until a holder of another thread is asked again


class Lock:
    """Greenlets of one thread give way to its holder, who may be one of them, where a
    threading.Lock would keep their thread from ever letting it go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Any] = deque()

    def __enter__(self) -> None:
        while not self._lock.acquire(blocking=False):
            hub = current.hub
            if hub is None:
                self._lock.acquire()
                return
            hub.wait(lambda mailbox, waiter: self._waiting.append(waiter), _PATIENCE)

    def __exit__(self, *exception: object) -> None:
        self._lock.release()
        waiting, self._waiting = self._waiting, deque()
        for waiter in waiting:
            if waiter.hub is current.hub:  # others find out by themselves
                waiter.set_result(None)
