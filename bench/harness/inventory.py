"""Inventories over a wire with latency, against what depth and latency allow at best."""

import math
from dataclasses import dataclass

from harness.origin import Origin
from harness.outcome import Special, program

DELAY_MS = 20


@dataclass(frozen=True)
class Inventory:
    machines: int
    connections: int
    depth: int
    document_bytes: int
    at_most: dict

    def ideal_seconds(self):
        """The list, then as many rounds as it takes when every connection is always full."""
        full_rounds = math.ceil(3 * self.machines / (self.connections * self.depth))
        return (1 + full_rounds) * DELAY_MS / 1000

    def title(self):
        return f"inventory of {self.machines:,} machines, {self.connections} x {self.depth}"

    def measure(self, outcome, rounds, scheme):
        name = f"{self.title()}, {scheme}"
        with Origin(scheme, "--delay-ms", str(DELAY_MS), "--machines", str(self.machines),
                    "--document-bytes", str(self.document_bytes)) as origin:
            outcome.run_rounds(rounds, {
                name: program("inventory_headrace", origin, "/machines", "--connections",
                              self.connections, "--depth", self.depth)})
        seconds = outcome.figure(name, "seconds")
        if seconds is not None:
            outcome.programs[name]["ideal_seconds"] = self.ideal_seconds()
        outcome.compare(name, "time / ideal",
                        seconds and seconds / self.ideal_seconds(), self.at_most[scheme], "x")
        return name


SMALL = Inventory(100, 5, 5, 1024, {"http": 1.04, "https": 1.07})
LARGE = Inventory(10_000, 10, 50, 4096, {"http": 1.08, "https": 1.15})


def small(outcome, rounds, quick):
    for scheme in ("http", "https"):
        SMALL.measure(outcome, rounds, scheme)


def large(outcome, rounds, quick):
    for scheme in ("http", "https"):
        name = LARGE.measure(outcome, rounds, scheme)
        outcome.compare(name, "resident", outcome.figure(name, "peak_rss_mb"), 30, "MB")


SPECIALS = (Special("inventory-small", f"{SMALL.title()}, {DELAY_MS} ms", small),
            Special("inventory-large", f"{LARGE.title()}, {DELAY_MS} ms, 4 KiB", large))
