"""User instructions per request, counted by bench/count."""

import re
import subprocess

from harness.clients import ROOT
from harness.outcome import Special

AT_MOST = {"http-5x5": 5_000, "https-5x5": 11_000}


def count(case):
    """None when it can't be counted here; bench/count/run has then said why on stderr."""
    done = subprocess.run([ROOT / "bench/count/run", "--only", case], stdout=subprocess.PIPE,
                          text=True)
    found = re.search(r"(\d+) instructions per request", done.stdout)
    return found and int(found.group(1))


def instructions(outcome, rounds, quick):
    for case, at_most in AT_MOST.items():
        outcome.say(f"{outcome.title}: {case}")
        counted = count(case)
        outcome.programs[case] = {"instructions": counted}
        outcome.compare("instructions per request", case, counted, at_most, "")


SPECIALS = (Special("instructions", "User instructions per request", instructions),)
