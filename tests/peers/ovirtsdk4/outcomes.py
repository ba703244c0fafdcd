"""A plugin of pytest: puts headrace's connection in the SDK's place when HEADRACE_PUT_IN_PLACE is
1, and writes each test's outcome to the file HEADRACE_OUTCOMES, as "passed test_x.py::test_y"."""

import os

import ovirtsdk4

outcomes = {}

if os.environ["HEADRACE_PUT_IN_PLACE"] == "1":
    import headrace.ovirt
    ovirtsdk4.Connection = headrace.ovirt.Connection


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        outcomes[report.nodeid] = report.outcome


def pytest_sessionfinish():
    if os.environ["HEADRACE_PUT_IN_PLACE"] == "1":
        assert issubclass(ovirtsdk4.Connection, headrace.ovirt.Connection)
    with open(os.environ["HEADRACE_OUTCOMES"], "w", encoding="utf-8") as file:
        file.writelines(f"{outcome} {test}\n" for test, outcome in sorted(outcomes.items()))
