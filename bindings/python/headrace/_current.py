"""Whether the thread has greenlets of ours under way, for whoever would block it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from headrace._hub import Hub


class _Current(threading.local):
    hub: Optional[Hub] = None


current = _Current()
