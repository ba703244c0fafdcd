"""A plugin for pytest: what it runs uses httpx on headrace, and it says how often."""

import headrace._httpx_handle
import headrace.httpx
from counted import count_answers

pytest_terminal_summary = count_answers(headrace._httpx_handle)
headrace.httpx.install()
