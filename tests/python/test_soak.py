"""A short run of soak.py; `make soak-python` has 200,000 requests of each kind."""

import os
import pathlib
import subprocess
import sys


def test_each_answer_is_its_own_and_nothing_is_left_over():
    requests = os.environ.get("SOAK_REQUESTS", "4000")
    program = pathlib.Path(__file__).with_name("soak.py")
    done = subprocess.run([sys.executable, program, "--requests", requests], text=True,
                          stdout=subprocess.PIPE)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": 0 wrong, ") == 2
