"""What the documentation shows runs."""

import contextlib
import io
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", ["README.md", "bindings/python/README.md"])
def test_the_examples_of_a_page_run(echo, page):
    examples = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.S)
    assert examples
    for example in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(example.replace("https://cloud.example", echo), {})
        assert "'path': '/vms/99'" in printed.getvalue().replace('"', "'")
