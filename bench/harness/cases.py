"""What is measured, and what issue 4 asks of it. Everything here is data."""

from dataclasses import dataclass, field

LIMIT = "limit"
KEPT = "limit that keeps answers"
LIBCURL = "libcurl multi"
LIBCURL_EASY = "libcurl easy"
BEAST = "Boost.Beast"
WRK = "wrk"
H2LOAD = "h2load"
HEADRACE = "headrace"
UNDICI = "undici dispatch (blocking: false)"
ASYNC_CLIENT = "headrace AsyncClient"
AIOHTTP = "aiohttp with uvloop"


@dataclass(frozen=True)
class Target:
    """headrace's figure is to be at most so many times that of another client."""
    against: str
    at_most: float
    figure: str = "cpu_us"  # or "p50_us", "seconds_us": wall time per request
    of: str = HEADRACE


@dataclass(frozen=True)
class Case:
    key: str
    title: str
    scheme: str
    body_bytes: int
    connections: int
    depth: int
    targets: tuple = ()
    serial: bool = False
    phase_share: float = 1.0  # of the time that a measured phase usually takes
    needed: tuple = field(init=False)  # the clients that the targets speak of

    def __post_init__(self):
        needed = dict.fromkeys([LIMIT, KEPT, HEADRACE, *(name for target in self.targets
                                                   for name in (target.of, target.against))])
        object.__setattr__(self, "needed", tuple(needed))

    @property
    def path(self):
        return f"/bytes/{self.body_bytes}"


def pipelined(scheme, size, connections, depth, *targets):
    names = {300: "300 B", 4096: "4 KiB", 1 << 20: "1 MiB"}
    keys = {300: "300", 4096: "4k", 1 << 20: "1m"}
    return Case(f"{scheme}-{keys[size]}-c{connections}d{depth}",
                f"{scheme}, {names[size]}, C{connections} D{depth}",
                scheme, size, connections, depth, targets)


def one_at_a_time(scheme, *targets):
    return Case(f"{scheme}-wait", f"{scheme}, 300 B, one wait() at a time", scheme, 300, 1, 1,
                targets, serial=True)


CASES = (
    pipelined("http", 300, 1, 1, Target(LIMIT, 1.10), Target(LIBCURL, 0.60)),
    pipelined("http", 300, 5, 1, Target(LIMIT, 1.25), Target(BEAST, 0.65), Target(LIBCURL, 0.50)),
    pipelined("http", 300, 5, 5, Target(LIMIT, 1.35), Target(H2LOAD, 0.85), Target(UNDICI, 1 / 6),
              Target(AIOHTTP, 1 / 5, of=ASYNC_CLIENT)),
    pipelined("http", 300, 10, 50, Target(LIMIT, 2.50), Target(H2LOAD, 1.00)),
    pipelined("https", 300, 5, 1, Target(LIMIT, 1.15)),
    pipelined("https", 300, 5, 5, Target(LIMIT, 1.20)),
    pipelined("https", 300, 10, 50, Target(LIMIT, 1.35)),
    pipelined("http", 4096, 5, 5, Target(LIMIT, 1.30)),
    pipelined("https", 4096, 5, 5, Target(LIMIT, 1.30)),
    pipelined("http", 1 << 20, 5, 1, Target(LIMIT, 1.20), Target(LIBCURL, 1.00),
              Target(LIBCURL, 1.00, "seconds_us")),
    pipelined("https", 1 << 20, 5, 1, Target(LIMIT, 1.00), Target(LIBCURL, 1.00),
              Target(LIBCURL, 1.00, "seconds_us")),
    one_at_a_time("http", Target(LIMIT, 1.15, "p50_us"), Target(LIMIT, 1.30)),
    one_at_a_time("https", Target(LIMIT, 1.10, "p50_us"), Target(LIMIT, 1.30)),
)
