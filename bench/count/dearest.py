"""Reads callgrind's record: which functions the instructions are in, what is inlined counted in."""

import re
import subprocess
from collections import Counter

ROW = re.compile(r"^ *([\d,]+) \([ \d.]+%\)  (.*)$")
OBJECT = re.compile(r" \[[^]]*/([^]/]*)\]$")


def functions(out):
    """Instructions by function, the dearest first."""
    command = ["callgrind_annotate", "--inclusive=no", "--auto=no", "--threshold=100", out]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    counts = Counter()
    for line in text.splitlines():
        row = ROW.match(line)
        if row and ":" in row.group(2):
            # "file:function [object]", a row for every file that code of the function comes from
            function = row.group(2).split(":", 1)[1]
            stripped = function.startswith("0x")  # then the library's name tells more
            function = OBJECT.sub(r" in \1" if stripped else "", function)
            counts[function] += int(row.group(1).replace(",", ""))
    return counts.most_common()


def print_dearest(out, requests, rows=40):
    dearest = functions(out)
    total = sum(count for _, count in dearest)
    print(f"{'per request':>11}  {'share':>6}  {total / requests:.0f} per request, with the start")
    for function, count in dearest[:rows]:
        print(f"{count / requests:11.1f}  {count / total:6.2%}  {function}")
