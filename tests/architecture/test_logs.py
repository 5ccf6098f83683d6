"""Log lines carry ids and facts: what could be a name, a text or a token is not even passed."""

import ast

from tests.architecture.source import calls, dotted, files, is_under, place

LEVELS = {"log.debug", "log.info", "log.warning", "log.error", "log.exception", "log.critical"}
FACTS = {"error", "code", "job", "rhythm", "endpoint", "errand", "seconds", "attempts", "count", "status", "network"}
FACTS |= {"path"}  # of a network's API: ids and words of its own
PERSONAL = {"text", "email", "caption", "body", "token", "password", "author_name", "sentence", "summary", "address"}
MADE_UP = "app/torture"  # the campaign logs what happens to made-up people only


def log_calls():
    paths = (path for path in files("app") if not is_under(path, MADE_UP))
    return [(path, call) for path in paths for call, name in calls(path) if name in LEVELS]


def test_events_are_fixed_words():
    """An event with something filled in could hold anything, and could not be searched for."""
    assert log_calls()
    assert not [
        place(path, call.lineno)
        for path, call in log_calls()
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant)
    ]


def test_log_lines_carry_only_ids_and_facts():
    found = [
        f"{place(path, call.lineno)} {word.arg}"
        for path, call in log_calls()
        for word in call.keywords
        if word.arg is None or not (word.arg in FACTS or word.arg.endswith("_id"))
    ]
    assert not found


def test_no_log_line_is_given_personal_data():
    found = [
        f"{place(path, call.lineno)} {dotted(node)}"
        for path, call in log_calls()
        for word in call.keywords
        for node in ast.walk(word.value)
        if isinstance(node, ast.Attribute) and node.attr in PERSONAL
    ]
    assert not found
