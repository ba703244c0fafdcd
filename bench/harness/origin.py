"""The far end, as long as a `with` lasts."""

import os
import subprocess

from harness import machine
from harness.clients import NATIVE


class Origin:
    """A process of bench/origin on its own core. It ends with its standard input, so that none
    outlives the runner, whatever becomes of that."""

    def __init__(self, scheme, *options):
        command = [NATIVE / "bench_origin", *options, *(["--https"] if scheme == "https" else [])]
        core, _, _ = machine.cores()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        port = self.process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"the origin ended with {self.process.wait()}")
        self.base = f"{scheme}://127.0.0.1:{port}"
        self.ca_file = self.process.stdout.readline().strip() if scheme == "https" else ""

    def options(self, path):
        ca = ["--ca", self.ca_file] if self.ca_file else []
        return ["--url", self.base + path, *ca]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
