"""A plugin for pytest: what it runs uses requests on headrace, and it says how often."""

import headrace._urllib3
import headrace.requests
from counted import count_answers

pytest_terminal_summary = count_answers(headrace._urllib3)
headrace.requests.install()
