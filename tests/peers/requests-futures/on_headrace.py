"""A plugin for pytest: what it runs uses requests on headrace, and it says how often."""

import itertools

import headrace._urllib3
import headrace.requests

_responses = itertools.count()
_answer = headrace._urllib3.answer


def _counted(*arguments):
    next(_responses)
    return _answer(*arguments)


headrace._urllib3.answer = _counted
headrace.requests.install()


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"responses by headrace: {next(_responses)}")
