"""The cases that are counted, and their recorded ceilings."""

from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("ceilings")
HEADROOM = 1.05  # what a recorded ceiling leaves above the count


@dataclass(frozen=True)
class Case:
    name: str
    scheme: str
    connections: int
    depth: int
    heads: str = "alike"  # or "unlike": a field in the middle is another in each answer


CASES = [
    Case("http-5x5", "http", 5, 5),
    Case("https-5x5", "https", 5, 5),
    Case("http-1x1", "http", 1, 1),
    Case("unlike-5x5", "http", 5, 5, "unlike"),
]


def read_ceilings():
    ceilings = {}
    for number, line in enumerate(FILE.read_text().splitlines(), 1):
        words = line.split("#")[0].split()
        if len(words) == 2 and words[1].isdigit():
            ceilings[words[0]] = int(words[1])
        elif words:
            raise SystemExit(f"{FILE.name}:{number}: write a case's name and a number, not: {line}")
    return ceilings


def write_ceilings(ceilings):
    head = [line for line in FILE.read_text().splitlines() if line.startswith("#")]
    rows = [f"{name:<10} {count}" for name, count in ceilings.items()]
    FILE.write_text("\n".join(head + rows) + "\n")
