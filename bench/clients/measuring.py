"""What the Python clients have in common: the command line, the measured phase, the line of JSON."""

import argparse
import json
import resource
import sys
import time
import urllib.parse


def arguments():
    parser = argparse.ArgumentParser(description="One task, done by one peer: bench/README.md")
    parser.add_argument("--url", required=True, help="http(s)://host:port/bytes/COUNT")
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--depth", type=int, default=1, help="for those that can pipeline")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--warm-up", type=int, default=0)
    parser.add_argument("--ca", help="PEM file to trust")
    parser.add_argument("--mode", choices=["pipeline", "serial"], default="pipeline")
    options = parser.parse_args()
    options.serial = options.mode == "serial"
    if options.serial:
        options.connections = 1
    options.body_bytes = int(urllib.parse.urlsplit(options.url).path.rsplit("/", 1)[-1])
    return options


class Failed(Exception):
    """An answer that is not what the origin sends."""


class Phase:
    """So many requests, taken by whoever is free; with the time each took when `serial`."""

    def __init__(self, options, requests):
        self.left = requests
        self.requests = requests
        self.body_bytes = 0
        self.expected_bytes = options.body_bytes
        self.waits = [] if options.serial else None

    def take(self):
        """True when there is one more to do."""
        if self.left == 0:
            return False
        self.left -= 1
        return True

    def answered(self, status, body_bytes, started=None):
        if status != 200 or body_bytes != self.expected_bytes:
            raise Failed(f"an answer of status {status} and {body_bytes} bytes, "
                         f"not 200 and {self.expected_bytes}")
        self.body_bytes += body_bytes
        if self.waits is not None:
            self.waits.append(time.perf_counter() - started)


def peak_rss_kib():
    # Not ru_maxrss: that begins with what the process was before exec, the runner's copy.
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


class Stopwatch:
    """This process's time, all threads: from making it to `report`."""

    def __init__(self):
        self.usage = resource.getrusage(resource.RUSAGE_SELF)
        self.started = time.perf_counter()

    def report(self, client, variant, version, phase):
        seconds = time.perf_counter() - self.started
        usage = resource.getrusage(resource.RUSAGE_SELF)
        if phase.body_bytes != phase.requests * phase.expected_bytes:
            raise Failed(f"{phase.body_bytes} body bytes in {phase.requests} answers")
        result = {
            "client": client, "variant": variant, "version": version,
            "requests": phase.requests, "failed": 0, "body_bytes": phase.body_bytes,
            "seconds": seconds,
            "cpu_user_seconds": usage.ru_utime - self.usage.ru_utime,
            "cpu_system_seconds": usage.ru_stime - self.usage.ru_stime,
            "peak_rss_kib": peak_rss_kib(),
        }
        if phase.waits:
            waits = sorted(phase.waits)
            for name, share in (("p50_us", 0.5), ("p99_us", 0.99)):
                result[name] = waits[int(share * (len(waits) - 1))] * 1e6
        print(json.dumps(result))


def main(client, run):
    """Runs `run(options)`; a failure is a message and exit status 1."""
    try:
        run(arguments())
    except Exception as error:  # whatever a peer raises
        print(f"{client}: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
