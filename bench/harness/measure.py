"""One run of one client."""

import json
import os
import subprocess

from harness import machine

LONGEST_SECONDS = 60


class Failed(Exception):
    """A client ended badly; the text is what it said."""


def run(command):
    """The line of JSON that a program on the client's core prints."""
    _, core, _ = machine.cores()
    command = [str(part) for part in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS,
                              stdin=subprocess.DEVNULL,
                              preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    except subprocess.TimeoutExpired:
        raise Failed(f"not ready after {LONGEST_SECONDS} s: {' '.join(command)}") from None
    if done.returncode != 0:
        raise Failed(f"ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def figures(result):
    """What is compared: all per request, in microseconds."""
    requests = result["requests"]
    cpu = result["cpu_user_seconds"] + result["cpu_system_seconds"]
    return {
        "cpu_us": cpu / requests * 1e6,
        "cpu_user_us": result["cpu_user_seconds"] / requests * 1e6,
        "seconds_us": result["seconds"] / requests * 1e6,
        "requests_per_second": requests / result["seconds"],
        "p50_us": result.get("p50_us"),
        "p99_us": result.get("p99_us"),
        "peak_rss_kib": result.get("peak_rss_kib"),
    }


class Runner:
    """A client at a case, with the number of requests that fills a phase."""

    def __init__(self, client, case, origin, phase_seconds):
        self.client, self.case, self.origin = client, case, origin
        self.phase_seconds = phase_seconds
        self.requests = self.warm_up = 0
        self.version = self.variant = ""

    def command(self, requests, warm_up):
        options = ["--connections", self.case.connections, "--depth", self.case.depth,
                   "--requests", requests, "--warm-up", warm_up]
        if self.case.serial:
            options += ["--mode", "serial"]
        if self.client.whole_seconds:
            options += ["--seconds", max(1, round(self.phase_seconds))]
        return [*self.client.command, *self.origin.options(self.case.path), *options]

    def find_pace(self):
        """Runs that grow until one is long enough to tell: a short one's figure holds much that
        happens only once, and for a client that runs twice it is all noise."""
        outstanding = self.case.connections * self.case.depth
        requests = 4 * outstanding
        enough = max(self.phase_seconds / 8, self.client.warm_up_seconds / 2)
        while True:
            result = run(self.command(requests, outstanding))
            if result["seconds"] >= enough:
                break
            requests *= 6
        pace = result["requests"] / result["seconds"]
        self.warm_up = int(pace * max(self.phase_seconds / 5, self.client.warm_up_seconds)) + 1
        self.version, self.variant = result["version"], result["variant"]
        self.requests = max(8 * outstanding, int(pace * self.phase_seconds))

    def sample(self):
        if self.requests == 0:
            self.find_pace()
        return figures(run(self.command(self.requests, self.warm_up)))
