"""Answers on their way to an event loop of asyncio: one descriptor for each loop."""

from __future__ import annotations

import asyncio
import weakref

from headrace import _native
from headrace._response import Response


class LoopMailbox:
    """Watches the mailbox for as long as the loop lives."""

    __slots__ = ("__weakref__", "loop", "native")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.native = _native.Mailbox()
        native = self.native  # and not self: the loop would hold what it is held by
        loop.add_reader(native.fileno(), native.deliver, Response)


_mailboxes: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, LoopMailbox] = (
    weakref.WeakKeyDictionary())


def mailbox_of_running_loop() -> LoopMailbox:
    loop = asyncio.get_running_loop()
    mailbox = _mailboxes.get(loop)
    if mailbox is None:
        mailbox = _mailboxes[loop] = LoopMailbox(loop)
    return mailbox
