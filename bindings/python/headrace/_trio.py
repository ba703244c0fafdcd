"""Answers on their way to a task of trio: one descriptor for each run."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Optional

import outcome
import trio

from headrace import _native
from headrace._response import Response

_mailbox: trio.lowlevel.RunVar[_native.Mailbox] = trio.lowlevel.RunVar("headrace.mailbox")


class Waiter:
    """What a task waits for, as a mailbox knows asyncio's futures."""

    __slots__ = ("_abandoned", "_task")

    def __init__(self) -> None:
        self._abandoned = False
        self._task: Optional[trio.lowlevel.Task] = None

    def done(self) -> bool:
        return self._abandoned

    def set_result(self, response: Response) -> None:
        self._reschedule(outcome.Value(response))

    def set_exception(self, error: BaseException) -> None:
        self._reschedule(outcome.Error(error))

    def __await__(self) -> Generator[Any, None, Response]:
        # It is delivered by a task, and so not before this one waits.
        self._task = trio.lowlevel.current_task()
        return (yield from self._sleep().__await__())

    async def _sleep(self) -> Response:
        response: Response = await trio.lowlevel.wait_task_rescheduled(self._give_up)
        return response

    def _give_up(self, raise_cancel: object) -> trio.lowlevel.Abort:
        self._abandoned = True
        self._task = None  # the letter stays when the run ends before it comes, and with it this
        return trio.lowlevel.Abort.SUCCEEDED

    def _reschedule(self, result: outcome.Outcome[Response]) -> None:
        assert self._task is not None
        trio.lowlevel.reschedule(self._task, result)


async def _deliver(mailbox: _native.Mailbox) -> None:
    while True:
        await trio.lowlevel.wait_readable(mailbox.fileno())
        mailbox.deliver(Response)


def mailbox_of_this_run() -> _native.Mailbox:
    """What a task of the run watches until its end."""
    try:
        return _mailbox.get()
    except LookupError:
        mailbox = _native.Mailbox()
        _mailbox.set(mailbox)
        trio.lowlevel.spawn_system_task(_deliver, mailbox)
        return mailbox
