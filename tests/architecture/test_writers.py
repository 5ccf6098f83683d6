"""Who may write, who may know the time, and who may catch everything: each is said in one place."""

import ast

import pytest

from tests.architecture.source import PRODUCT, calls, dotted, files, is_under, nodes, place

DATABASE = "app/core/db.py"
CLOCK = "app/core/clock.py"
ADVANCE = "app/core/state_machine.py"
RAW_SQL = (DATABASE, "app/audit/triggers.py")
CATCHES_ALL = {
    "app/comments/judging.py": "what the rules stumble over reaches a person, and holds up no other comment",
    "app/jobs/engine.py": "the worker's loop: whatever goes wrong, the row stays owed",
    "app/posts/checking.py": "a check that fails in any way blocks the post",
    "app/torture/chaos.py": "the chaos of a campaign goes on; what matters is judged at the end",
    "moderation/outside.py": "whatever an outside classifier does wrong, it only has no opinion",
    "consent/faces/isolated.py": "a picture that breaks a library was not checked",
}

TIME = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
}
TIME |= {
    "time.gmtime",
    "time.strftime",
    "func.now",
    "func.current_timestamp",
    "func.current_date",
    "func.localtimestamp",
}
ENDS_TRANSACTION = {"commit", "rollback", "begin", "begin_twophase"}
"""`begin_nested` is a part of the transaction around it, so anybody may take one back."""


def tail(name: str) -> str:
    return ".".join(name.split(".")[-2:])


def test_only_the_database_commits():
    found = [
        place(path, call.lineno)
        for path in files(*PRODUCT)
        for call, name in calls(path)
        if name.split(".")[-1] in ENDS_TRANSACTION and not is_under(path, DATABASE)
    ]
    assert not found, f"one place commits, and it is {DATABASE}"


def test_only_the_database_opens_sessions_and_connections():
    makers = {"Session", "sessionmaker", "scoped_session", "create_engine", "orm.Session", "sa.create_engine"}
    found = [
        place(path, call.lineno)
        for path in files(*PRODUCT)
        for call, name in calls(path)
        if name in makers and not is_under(path, DATABASE)
    ]
    assert not found, "a session of one's own knows no school"


def test_no_query_goes_around_the_school():
    """Core tables, raw SQL and bare connections are not narrowed to the session's school."""
    around = {"text", "connection", "exec_driver_sql", "get_bind", "bulk_insert_mappings", "bulk_update_mappings"}
    found = [
        place(path, node.lineno)
        for path in files("app")
        for node in nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr in ("__table__", "exec_driver_sql"))
        or (
            isinstance(node, ast.Call)
            and (name := dotted(node.func)).startswith(("sa.", "session."))
            and name.split(".")[-1] in around
        )
        if not any(is_under(path, allowed) for allowed in RAW_SQL)
    ]
    assert not found


def test_time_is_read_from_the_clock_alone():
    found = [
        f"{place(path, call.lineno)} {name}"
        for path in files(*PRODUCT)
        for call, name in calls(path)
        if tail(name) in TIME and not is_under(path, CLOCK)
    ]
    assert not found, "app.core.clock tells the time; consent and moderation are told it"


def test_state_columns_are_written_by_advance_alone():
    found = [
        place(path, line) for path in files("app") for line in _state_writes(nodes(path)) if not is_under(path, ADVANCE)
    ]
    assert not found, "Workflow.advance is the only writer of a state"


@pytest.mark.parametrize(
    ("written", "is_found"),
    [
        ("post.state = S.DRAFT", True),
        ("post.state: S = S.DRAFT", True),
        ("a, post.state = 1, S.DRAFT", True),
        ("post.state += 'x'", True),
        ("setattr(post, 'state', S.DRAFT)", True),
        ("session.execute(sa.update(Post).values(state=S.DRAFT))", True),
        ("sa.update(Post).values({'state': S.DRAFT})", True),
        ("sa.update(Post).values({Post.state: S.DRAFT})", True),
        ("Post(state=S.DRAFT)", False),
        ("if post.state == S.DRAFT: pass", False),
        ("post.state_reason = 'x'", False),
    ],
)
def test_a_written_state_is_recognised(written, is_found):
    assert bool(list(_state_writes(ast.walk(ast.parse(written))))) is is_found


def _state_writes(given):
    for node in given:
        if isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store):
            yield node.lineno
        if isinstance(node, ast.Call) and _sets_state(node):
            yield node.lineno


def _sets_state(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else dotted(call.func)
    if name in ("setattr", "set_attribute", "set_committed_value"):
        return any(isinstance(word, ast.Constant) and word.value == "state" for word in call.args)
    if name != "values":
        return False
    keys = [key for word in call.args if isinstance(word, ast.Dict) for key in word.keys if key is not None]
    return any(word.arg == "state" for word in call.keywords) or any(
        (isinstance(key, ast.Constant) and key.value == "state")
        or (isinstance(key, ast.Attribute) and key.attr == "state")
        for key in keys
    )


def test_nobody_catches_everything_without_a_reason():
    found = [
        place(path, node.lineno)
        for path in files(*PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and not _raises_it_again(node)
        and (node.type is None or dotted(node.type) in ("Exception", "BaseException"))
        and not any(is_under(path, allowed) for allowed in CATCHES_ALL)
    ]
    assert not found


def _raises_it_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


WEB_NAMES = {"current_app", "request", "session", "g"}
WEB_FILES = ("views", "webhooks", "guards", "limits", "shell")


def test_nothing_below_a_view_reads_the_request():
    """A service that finds the person or the app by itself cannot be used by a task or a command."""
    found = [
        place(path, node.lineno)
        for path in files("app")
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module in ("flask", "flask_login")
        if {alias.name for alias in node.names} & {*WEB_NAMES, "current_user"}
        if not path.stem.endswith(WEB_FILES) and path.parent.name not in ("cli", "web")
        if place(path) not in (DATABASE, "app/composition.py")
    ]
    assert not found
