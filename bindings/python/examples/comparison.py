"""How the examples tell their times."""

import sys
import time
from collections.abc import Callable
from typing import Any


def timed(what: str, run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - start
    print(f"{what:<36}{seconds:8.3f} s")
    return seconds, result


def compare(sequential: Callable[[], Any], overlapping: Callable[[], Any], what: str) -> None:
    """Runs both, and ends the program where they differ."""
    before, expected = timed("sequential", sequential)
    after, result = timed("headrace", overlapping)
    if result != expected:
        sys.exit("The answers differ: did somebody change something meanwhile?")
    print(f"{what}, {before / after:.1f} times as fast")
