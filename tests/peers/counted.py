"""For the plugins on_headrace: that the engine was used at all, and how often."""

import itertools


def count_answers(module):
    """Counts calls of module.answer, and gives the hook that says how many there were."""
    responses = itertools.count()
    answer = module.answer

    def counted(*arguments):
        next(responses)
        return answer(*arguments)

    def pytest_terminal_summary(terminalreporter):
        terminalreporter.write_line(f"responses by headrace: {next(responses)}")

    module.answer = counted
    return pytest_terminal_summary
