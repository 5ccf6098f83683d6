"""The public pages: readable by anybody, writable as a parent, and kept over a restart."""

from threading import Thread

import pytest
import requests

from app.sandbox import PortTakenError, SandboxSettings, close_sandbox, create_sandbox, open_server
from tests.contract.sandbox.rehearsal import Rehearsal, running


def page_of(sandbox, post):
    return f"{sandbox.url}/facebook/{sandbox.page_id}/posts/{post.partition('_')[2]}"


def test_both_walls_are_on_the_overview(sandbox):
    sandbox.publish("On the Page", photos=2)
    sandbox.tweet("On X")
    text = sandbox.http.get(sandbox.url, timeout=5).text
    assert "Rehearsal sandbox" in text
    assert "On the Page" in text
    assert "On X" in text
    assert 'alt="Children run"' in text


@pytest.mark.parametrize("path", ["/", "/facebook/bramleyhill", "/x/bramleyhill", "/_faults", "/nothing-here"])
def test_pages_forbid_scripts_and_foreign_styles(sandbox, path):
    answer = sandbox.http.get(f"{sandbox.url}{path}", timeout=5)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_parent_comments_and_replies_on_the_page(sandbox):
    post = sandbox.publish()
    form = {"name": "Priya Shah", "text": "Lovely <b>day</b>"}
    answer = sandbox.http.post(f"{page_of(sandbox, post)}/comments", data=form, timeout=5)
    comment = sandbox.wall()[0]["comments"][0]
    assert answer.url.endswith(f"#c{comment['id']}")
    assert "Lovely &lt;b&gt;day&lt;/b&gt;" in answer.text
    sandbox.http.post(
        f"{page_of(sandbox, post)}/comments", data={"name": "Tom", "text": "Yes", "reply_to": comment["id"]}, timeout=5
    )
    assert sandbox.wall()[0]["comments"][1]["parent_id"] == comment["id"]


def test_parent_replies_on_x(sandbox):
    post = sandbox.tweet()
    sandbox.http.post(
        f"{sandbox.url}/x/bramleyhill/status/{post}/replies", data={"name": "Priya Shah", "text": "Lovely"}, timeout=5
    )
    reply = sandbox.x_wall()[0]["replies"][0]
    assert (reply["author"], reply["text"]) == ("Priya Shah @priya_shah", "@bramleyhill Lovely")


@pytest.mark.parametrize("form", [{"name": "", "text": "Words"}, {"name": "Sam", "text": " "}])
def test_incomplete_comment_is_handed_back_with_a_sentence(sandbox, form):
    post = sandbox.publish()
    answer = sandbox.http.post(f"{page_of(sandbox, post)}/comments", data=form, timeout=5)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert sandbox.wall()[0]["comments"] == []


def test_parent_changes_their_mind(sandbox):
    comment = sandbox.comment(sandbox.publish(), "First words")
    address = f"{sandbox.url}/facebook/comments/{comment}"
    sandbox.http.post(address, data={"do": "reword", "text": "Other words"}, timeout=5)
    assert sandbox.wall()[0]["comments"][0]["message"] == "Other words"
    sandbox.http.post(address, data={"do": "remove"}, timeout=5)
    assert sandbox.wall()[0]["comments"] == []


def test_another_site_cannot_comment_through_a_visitor(sandbox):
    post = sandbox.publish()
    headers = {"Sec-Fetch-Site": "cross-site"}
    form = {"name": "Sam", "text": "Hello"}
    assert (
        sandbox.http.post(f"{page_of(sandbox, post)}/comments", data=form, headers=headers, timeout=5).status_code
        == 403
    )


def test_fault_armed_by_hand_strikes_and_is_disarmed(sandbox):
    form = {"kind": "error:368", "operation": "facebook.feed.create", "effect": "before", "count": "", "percent": "100"}
    assert "error:368" in sandbox.http.post(f"{sandbox.url}/_faults", data=form, timeout=5).text
    assert sandbox.graph("POST", "me/feed", data={"message": "Hi"}).json()["error"]["code"] == 368
    sandbox.http.post(f"{sandbox.url}/_faults/disarm", timeout=5)
    assert "id" in sandbox.graph("POST", "me/feed", data={"message": "Hi"}).json()


def test_nonsense_on_the_page_of_faults_is_explained(sandbox):
    answer = sandbox.http.post(f"{sandbox.url}/_faults", data={"kind": "timeout", "count": "many"}, timeout=5)
    assert answer.status_code == 400
    assert "Not armed" in answer.text


def test_health(sandbox):
    assert sandbox.http.get(f"{sandbox.url}/healthz", timeout=5).json() == {"status": "ok", "database": True}


def test_walls_outlive_a_restart(tmp_path):
    settings = SandboxSettings(_env_file=None, folder=tmp_path)
    with running(create_sandbox(settings)) as url:
        before = Rehearsal(url)
        before.publish("Kept", photos=1)
        wall = before.wall()
    with running(create_sandbox(settings)) as url:
        after = requests.get(f"{url}/_control/facebook/{before.page_id}/wall", timeout=5).json()["posts"]
        picture = requests.get(after[0]["photos"][0]["url"], timeout=5)
    before.http.close()
    assert [post["id"] for post in after] == [post["id"] for post in wall]
    assert picture.headers["Content-Type"] == "image/jpeg"


def test_control_can_be_locked(tmp_path):
    app = create_sandbox(SandboxSettings(_env_file=None, folder=tmp_path, control_token="sesame"))
    client = app.test_client()
    assert client.get("/_control/faults").status_code == 401
    assert client.get("/_control/faults", headers={"Authorization": "Bearer sesame"}).status_code == 200
    assert client.post("/_faults", data={"kind": "drop"}).status_code == 403
    close_sandbox(app)


def test_port_in_use_is_said_in_a_sentence(sandbox, tmp_path):
    app = create_sandbox(SandboxSettings(_env_file=None, folder=tmp_path))
    with pytest.raises(PortTakenError, match=r"cannot listen on 127\.0\.0\.1"):
        open_server(app, port=int(sandbox.url.rpartition(":")[2]))
    close_sandbox(app)


def test_thousand_comments_are_written_in_seconds_from_many_threads(sandbox):
    post = sandbox.publish()
    orders = {"comments": [{"message": f"Comment {number}"} for number in range(100)]}
    address = f"{sandbox.url}/_control/facebook/posts/{post}/comments/batch"
    threads = [Thread(target=requests.post, args=(address,), kwargs={"json": orders, "timeout": 30}) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    comments = sandbox.wall()[0]["comments"]
    assert len({comment["id"] for comment in comments}) == 1000
