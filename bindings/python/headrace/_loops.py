"""Answers on their way to an event loop: one descriptor for each loop."""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

from headrace import _native
from headrace._response import Response

# Nothing of a mailbox holds its loop: a value that held its key would keep both for good.
_mailboxes: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _native.Mailbox] = (
    weakref.WeakKeyDictionary())


def place_to_wait() -> tuple[_native.Mailbox, Awaitable[Response]]:
    """The mailbox of the running event loop, asyncio's or trio's, and what to await there."""
    if in_trio():
        from headrace import _trio
        return _trio.mailbox_of_this_run(), _trio.Waiter()
    loop = asyncio.get_running_loop()
    return _mailbox_of(loop), loop.create_future()


async def answer_to(request: tuple[Any, ...], engine: _native.Engine) -> Response:
    """In a task. Where the tasks of one turn of asyncio's loop ask for much, it leaves together, at
    the turn's end."""
    mailbox, answer = place_to_wait()
    call, unflushed = engine.enqueue(mailbox, answer, *request)
    if unflushed and isinstance(answer, asyncio.Future):
        mailbox.flush_by(answer.get_loop().call_soon)
    elif unflushed:
        mailbox.flush()
    try:
        return await answer
    except BaseException:  # the task was cancelled, perhaps
        call.cancel()
        raise


async def run_in_thread(function: Callable[[], object]) -> None:
    """For what blocks; it is run to its end even where the task was cancelled."""
    if in_trio():
        import trio
        with trio.CancelScope(shield=True):
            await trio.to_thread.run_sync(function)
    else:
        await asyncio.get_running_loop().run_in_executor(None, function)


def in_trio() -> bool:
    # It may be half imported, by another thread.
    asked = getattr(sys.modules.get("trio.lowlevel"), "in_trio_task", None)
    return asked is not None and bool(asked())


def _mailbox_of(loop: asyncio.AbstractEventLoop) -> _native.Mailbox:
    """What the loop watches for as long as it lives."""
    mailbox = _mailboxes.get(loop)
    if mailbox is None:
        _forget_closed_loops()
        mailbox = _mailboxes[loop] = _native.Mailbox()
        loop.add_reader(mailbox.fileno(), mailbox.deliver, Response)
    return mailbox


def _forget_closed_loops() -> None:
    """A loop that is closed may live until the next garbage collection, or in a future that its
    program keeps; its descriptor is of no use any more."""
    for reference in _mailboxes.keyrefs():  # a list: other threads have loops too
        loop = reference()
        if loop is not None and loop.is_closed():
            _mailboxes.pop(loop, None)
