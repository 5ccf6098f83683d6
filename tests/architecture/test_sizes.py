"""Files and functions stay short enough to be read in one go."""

import pytest

from tests.architecture.source import OURS, PRODUCT, all_files, functions, is_under, place

FILE_LINES, FUNCTION_LINES = 400, 40
LISTS = ("migrations/versions", "tests/benchmarks")
"""Tables, and rows of a made-up school, one after the other: read once, from top to bottom."""
GENERATED = ("app/static/vendor", "app/static/schoolgate.css")


@pytest.mark.parametrize("suffix", [".py", ".html", ".js", ".scss", ".css"])
def test_no_file_is_too_long(suffix):
    long = {
        place(path): lines
        for path in all_files(*OURS, suffix=suffix)
        if not any(is_under(path, top) for top in (*LISTS, *GENERATED))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert not long, f"over {FILE_LINES} lines"


def test_no_function_is_too_long():
    long = {
        f"{place(path, function.lineno)} {function.name}": lines
        for path in all_files(*OURS)
        if not any(is_under(path, top) for top in LISTS)
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert not long, f"over {FUNCTION_LINES} lines"


def test_no_file_is_called_after_nothing():
    """`utils` and its kin are where things go that nobody thought about."""
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
    assert not [place(path) for path in all_files(*PRODUCT) if path.stem in vague or path.parent.name in vague]
