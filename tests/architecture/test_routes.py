"""Every route wears exactly one guard, and the guard is obeyed over HTTP: for each route, for each role."""

import ast
from html.parser import HTMLParser

import pytest

from app.accounts.roles import PERMISSIONS, Role
from tests.architecture.source import dotted, files, functions, nodes, place

GUARDS = {"requires", "signed_in", "public", "signed_by_platform"}
PUBLIC = {
    "accounts.welcome": "somebody new chooses a password, by a signed address that works once",
    "calendar.ics": "a phone's calendar asks, with a signed address in place of a person",
    "accounts.sign_in": "nobody is signed in yet",
    "channels.official": "parents look up which accounts are the school's",
    "house_rules.show": "whoever comments may read the rules that a decision cites",
    "healthz": "a load balancer asks",
    "withdrawals.enter": "a parent has no account; the link is signed, and the code is theirs",
    "withdrawals.send_code": "as above; the code goes to the address that the school has",
    "withdrawals.show": "as above; the link alone tells nothing of a child",
    "withdrawals.switch_off": "as above; it can only say no",
}
EVERYBODY_OF_THE_SCHOOL = {
    "accounts.account",
    "accounts.sign_out",
    "dashboard.home",
    "incidents.contact_from_child",  # whoever a child turns to
    "incidents.receipt",  # of what this person passed on
    "incidents.seen_elsewhere",  # whoever sees something may say so
    "notifications.index",
    "notifications.open_notice",
    "notifications.read_all",
    "notifications.show",
}
SIGNED_BY_PLATFORM = {"webhooks.facebook", "webhooks.facebook_handshake"}


def routes(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def methods(rule) -> list[str]:
    return sorted(rule.methods - {"HEAD", "OPTIONS"})


def guard(app, rule):
    return getattr(app.view_functions[rule.endpoint], "guard", ("none", ()))


def guarded(app, *names: str):
    """Yield (rule, method, permissions) of the routes that wear one of these guards."""
    for rule in routes(app):
        name, permissions = guard(app, rule)
        if name in names:
            yield from ((rule, method, permissions) for method in methods(rule))


def test_every_route_wears_a_guard(app):
    assert len(routes(app)) > 50
    assert not [rule.endpoint for rule in routes(app) if guard(app, rule)[0] not in GUARDS]


def test_every_view_is_decorated_with_exactly_one_guard():
    found = []
    for path in files("app"):
        for view in functions(path):
            worn = [dotted(each.func if isinstance(each, ast.Call) else each) for each in view.decorator_list]
            count = len([name for name in worn if name in GUARDS])
            if any(name.startswith("blueprint.") for name in worn) and count != 1:
                found.append(f"{place(path, view.lineno)} {view.name}: {count} guards")
    assert not found


def test_what_is_open_to_the_internet_is_a_decision(app):
    assert {rule.endpoint for rule, *_ in guarded(app, "public")} == set(PUBLIC)
    assert {rule.endpoint for rule, *_ in guarded(app, "signed_by_platform")} == SIGNED_BY_PLATFORM


def test_what_is_open_to_every_role_is_a_decision(app):
    assert {rule.endpoint for rule, *_ in guarded(app, "signed_in")} == EVERYBODY_OF_THE_SCHOOL


def test_an_unguarded_route_answers_nobody(app):
    """The last line of defence, for a view that slipped past the test above."""
    view = app.view_functions["healthz"]
    bare = lambda: "open to all"  # noqa: E731  a view without a guard
    app.view_functions["healthz"] = bare
    try:
        answer = app.test_client().get("/healthz")
    finally:
        app.view_functions["healthz"] = view
    assert answer.status_code == 500
    assert "open to all" not in answer.text


def test_a_visitor_is_led_to_sign_in_or_refused(app, client, address_of):
    wrong = []
    for rule, method, _ in guarded(app, "requires", "signed_in"):
        address = address_of(rule)
        answer = client.open(address, method=method)
        is_led = answer.status_code == 302 and answer.location.startswith("/sign-in?next=")
        if not (is_led if method == "GET" else answer.status_code == 401):
            wrong.append(f"{method} {address}: {answer.status_code}")
    assert not wrong


@pytest.mark.parametrize("role", Role)
def test_a_role_without_the_permission_is_refused(app, browser_of, address_of, role):
    browser = browser_of(role)
    closed = [
        (rule, method)
        for rule, method, permissions in guarded(app, "requires")
        if not PERMISSIONS[role] & set(permissions)
    ]
    assert closed, "no role may do everything"
    answers = {
        (method, str(rule)): browser.open(address_of(rule), method=method).status_code for rule, method in closed
    }
    assert {key: status for key, status in answers.items() if status != 403} == {}


@pytest.mark.parametrize("role", Role)
def test_a_role_with_the_permission_gets_its_pages(app, browser_of, role):
    browser = browser_of(role)
    opened = [
        str(rule)
        for rule, method, permissions in guarded(app, "requires", "signed_in")
        if method == "GET" and not rule.arguments and (not permissions or PERMISSIONS[role] & set(permissions))
    ]
    answers = {address: browser.get(address) for address in opened}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 200} == {}
    assert {address: faults for address, answer in answers.items() if (faults := faults_of(answer.text))} == {}


def test_a_network_that_does_not_sign_is_refused(app, client, address_of):
    for rule, method, _ in guarded(app, "signed_by_platform"):
        assert client.open(address_of(rule), method=method, data=b"{}").status_code in (400, 401, 403)


def test_no_form_is_taken_without_its_token(app, browser_of, client, address_of):
    """Another site can make a browser send a form, but it cannot know the token."""
    browser = browser_of(*Role)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {
            str(rule): (client if name == "public" else browser).post(address_of(rule), data={"email": "a@b.example"})
            for name in ("requires", "signed_in", "public")
            for rule, method, _ in guarded(app, name)
            if method == "POST"
        }
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert len(answers) > 20
    assert {address: answer.status_code for address, answer in answers.items() if not _is_refused(answer)} == {}


def _is_refused(answer) -> bool:
    """A visitor whose session may have ended is led to sign in; everybody else is told that the form was too old."""
    return answer.status_code == 400 or (answer.status_code == 302 and answer.location.startswith("/sign-in?next="))


def test_no_route_changes_anything_by_another_method(app):
    """The test above asks with POST, so that nothing may hide behind PUT or DELETE."""
    assert {method for rule in routes(app) for method in methods(rule)} == {"GET", "POST"}


NOTED = {
    "evidence": "who opened a signed form is put on record",
    "came_back": "a network's dialog sends the browser back; its word is known, works once and for one person",
}


def test_looking_changes_nothing():
    """A GET may be sent by a preview, a prefetch or a search engine."""
    found = [
        f"{place(path, view.lineno)} {view.name}"
        for path in files("app")
        for view in functions(path)
        if any(isinstance(each, ast.Call) and dotted(each.func) == "blueprint.get" for each in view.decorator_list)
        for node in ast.walk(view)
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".transaction") and view.name not in NOTED
    ]
    assert not found


def test_addresses_are_kebab_case(app):
    words = {word for rule in routes(app) for word in str(rule).split("/") if word and "<" not in word}
    assert not {word for word in words if word != word.lower() or "_" in word}


class Page(HTMLParser):
    """Notes what our content policy would refuse, and forms that carry no token."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._form: str | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.faults += [f"{tag} {name}" for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(tag)
        if tag == "form" and (given.get("method") or "get").lower() == "post":
            self._form = given.get("action") or "here"
        if tag == "input" and given.get("name") == "csrf_token" and given.get("value"):
            self._form = None

    def handle_endtag(self, tag):
        if tag == "form" and self._form:
            self.faults.append(f"a form to {self._form} without a token")
            self._form = None


def faults_of(html: str) -> list[str]:
    page = Page()
    page.feed(html)
    return page.faults


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ('<form method="post" action="/x"></form>', 1),
        ('<form method="post"><input name="csrf_token" value="t"></form><form method="post"></form>', 1),
        ('<form method="get"></form>', 0),
        ("<p style='x'><script>1</script><b onclick=go>", 3),
        ('<script src="/static/x.js"></script>', 0),
    ],
)
def test_a_fault_of_a_page_is_seen(html, count):
    assert len(faults_of(html)) == count


def test_views_stay_thin():
    """Load, form, one service call, redirect: what is longer belongs into a service."""
    long = {
        f"{place(path, view.lineno)} {view.name}": lines
        for path in files("app")
        for view in functions(path)
        if any(
            dotted(each.func if isinstance(each, ast.Call) else each).startswith("blueprint.")
            for each in view.decorator_list
        )
        if (lines := (view.end_lineno or 0) - view.lineno + 1) > 30
    }
    assert not long


def test_no_view_builds_html_by_itself():
    assert not [
        place(path, node.lineno)
        for path in files("app")
        for node in nodes(path)
        if isinstance(node, ast.Name) and node.id in ("Markup", "render_template_string")
    ]
