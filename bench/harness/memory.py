"""What idle connections and waiting requests take."""

from harness.origin import Origin
from harness.outcome import Special, program

CONNECTIONS = 900  # with the origin's own descriptors under the usual limit of 1024
BYTES_MAX = {"http": 4_000, "https": 32_000}


def idle(outcome, rounds, quick):
    for scheme in ("http", "https"):
        # All requests are there before the first is answered: so none gets another's connection.
        with Origin(scheme, "--together", str(CONNECTIONS + 1)) as origin:
            outcome.run_rounds(1 if quick else min(rounds, 3), {
                f"{scheme}: limit": program("idle_limit", origin, "/bytes/300",
                                            "--connections", CONNECTIONS),
                f"{scheme}: headrace": program("idle_headrace", origin, "/together/300",
                                               "--connections", CONNECTIONS),
                f"{scheme}: libcurl": program("idle_curl", origin, "/together/300",
                                              "--connections", CONNECTIONS)})
        outcome.compare(f"idle connection, {scheme}", "resident",
                        outcome.figure(f"{scheme}: headrace", "bytes_per_connection"),
                        BYTES_MAX[scheme], "B")


def queued(outcome, rounds, quick):
    with Origin("http", "--stuck") as origin:
        outcome.run_rounds(rounds, {
            "headrace": program("queue_headrace", origin, "/bytes/300", "--connections", 5,
                                "--depth", 5, "--requests", 100_000)})
    outcome.compare("queued request", "memory, all in",
                    outcome.figure("headrace", "bytes_per_request"), 256, "B")
    outcome.compare("queued request", "submit in a batch",
                    outcome.figure("headrace", "submit_ns"), 300, "ns")


def burst(outcome, rounds, quick):
    options = ["--connections", 5, "--depth", 5, "--requests", 100_000, "--warm-up", 1000]
    with Origin("http") as origin:
        outcome.run_rounds(rounds, {
            "all at once": program("burst_headrace", origin, "/bytes/300", *options),
            "25 at a time": program("burst_headrace", origin, "/bytes/300", *options,
                                    "--variant", "window")})
    outcome.compare_ratio("100,000 queued at once", "time / that of 25 at a time",
                          ("all at once", "seconds"), ("25 at a time", "seconds"), 1.2)
    outcome.compare("100,000 queued at once", "peak resident",
                    outcome.figure("all at once", "peak_rss_mb"), 40, "MB")


SPECIALS = (Special("idle", "Memory of an idle connection", idle),
            Special("queued", "A request that waits", queued),
            Special("burst", "100,000 requests at once, or 25 at a time", burst))
