"""Answers on their way to an event loop of asyncio: one descriptor for each loop."""

from __future__ import annotations

import asyncio
import weakref

from headrace import _native
from headrace._response import Response

# Nothing of a mailbox holds its loop: a value that held its key would keep both for good.
_mailboxes: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _native.Mailbox] = (
    weakref.WeakKeyDictionary())


def mailbox_of(loop: asyncio.AbstractEventLoop) -> _native.Mailbox:
    """What the running loop watches for as long as it lives."""
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
