"""A plugin for pytest: what it runs uses httpx on headrace, and it says how often."""

import itertools

import headrace._httpx_handle
import headrace.httpx

_responses = itertools.count()
_answer = headrace._httpx_handle.answer


def _counted(*arguments):
    next(_responses)
    return _answer(*arguments)


headrace._httpx_handle.answer = _counted
headrace.httpx.install()


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"responses by headrace: {next(_responses)}")
