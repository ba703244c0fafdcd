"""The issue's targets, each held against what was measured."""

from harness import cases
from harness.rounds import ratio

FIGURES = {"cpu_us": "CPU", "p50_us": "p50", "seconds_us": "time"}


def verdict(value, at_most):
    if value is None:
        return "not measured"
    return "met" if value <= at_most else "not met"


def of_case(case, results):
    for target in case.targets:
        value = ratio(results, target.of, target.against, target.figure)
        face = "" if target.of == cases.HEADRACE else f"{target.of}, "
        yield {"case": case.title, "what": f"{face}{FIGURES[target.figure]} / {target.against}",
               "value": value, "at_most": target.at_most, "unit": "x",
               "verdict": verdict(value, target.at_most)}
