"""The examples run, and both of their ways give the same."""

import pathlib
import re
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "bindings/python/examples"


@pytest.mark.parametrize("command", [
    "lookups.py --books 20",
    "libcloud_nodes.py --accounts 2 --machines 15",
])
def test_an_example_runs(command):
    program, *options = command.split()
    done = subprocess.run([sys.executable, EXAMPLES / program, "--delay-ms", "1", *options],
                          capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^sequential .*\d s\nheadrace .*\d s\n.* times as fast$", done.stdout, re.M)
