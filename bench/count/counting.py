"""Runs a case's client under callgrind, its origin outside it, and reads what was counted."""

import contextlib
import re
import subprocess
import tempfile
from pathlib import Path

TIMEOUT_SECONDS = 100


@contextlib.contextmanager
def origin(programs, case):
    """Yields the URL and the CA file of an origin that ends with this block."""
    outstanding = str(case.connections * case.depth)
    with subprocess.Popen([programs / "count_origin", outstanding, case.scheme,
                           case.heads],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        words = process.stdout.readline().split()
        if len(words) != 2:
            raise SystemExit("count_origin did not start: its own message says why")
        yield words[0], "" if words[1] == "-" else words[1]


def run_client(programs, case, requests, out):
    """Leaves callgrind's record of a whole run in the file `out`."""
    with origin(programs, case) as (url, ca_file):
        command = ["valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={out}",
                   programs / "count_client", url, ca_file,
                   str(case.connections), str(case.depth), str(requests)]
        try:
            subprocess.run(command, check=True, timeout=TIMEOUT_SECONDS)
        except FileNotFoundError:
            raise SystemExit("valgrind is not installed: apt-get install valgrind") from None
        except subprocess.TimeoutExpired:
            raise SystemExit(f"{case.name}: the client did not finish in {TIMEOUT_SECONDS} s: does "
                             f"it keep {case.connections} x {case.depth} requests outstanding?"
                             ) from None
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"{case.name}: the client failed ({error.returncode})") from None


def instructions(programs, case, requests):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        run_client(programs, case, requests, out)
        found = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)
        if not found:
            raise SystemExit(f"{case.name}: callgrind's record has no total")
        return int(found.group(1))


def per_request(programs, case, few, many):
    """What one more request costs: start-up and the end are in both runs."""
    more = instructions(programs, case, many) - instructions(programs, case, few)
    return more / (many - few)
