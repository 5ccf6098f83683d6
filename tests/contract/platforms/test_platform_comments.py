"""What every account promises about comments: all of them read, hidden at a word, shown again at another."""

import re

import pytest

from app.core import clock
from app.platforms.base import Network, RemoteComment
from app.platforms.errors import GoneError, RejectedError, TransientError
from tests.contract.platforms.stages import outgoing


@pytest.fixture
def post_id(stage):
    return stage.platform.send(outgoing(), stage.platform.prepare(outgoing())).remote_id


def comments_under(stage, *posts, cursor=None):
    return stage.platform.fetch_comments(post_remote_ids=posts, cursor=cursor or {})


def test_comment_is_read_with_who_and_where(stage, post_id):
    comment_id = stage.say(post_id, "Lovely & <bright>")
    (comment,) = comments_under(stage, post_id).comments
    assert (comment.remote_id, comment.post_remote_id, comment.parent_remote_id in {None, post_id}) == (
        comment_id,
        post_id,
        True,
    )
    assert comment.text.endswith("Lovely & <bright>")
    assert comment.author_id
    assert not comment.is_hidden
    assert not comment.is_own
    assert comment.can_hide
    assert comment.created_at.tzinfo is not None


def test_writer_is_named_when_asked_for_unless_the_comment_came_with_the_name(stage, post_id):
    stage.say(post_id, "Lovely")
    (comment,) = comments_under(stage, post_id).comments
    named = stage.platform.author_names([comment.author_id, "999"])
    if comment.author_name:
        assert named == {}
    else:
        assert named.keys() == {comment.author_id}
        assert re.fullmatch(r"@\w+ \(.+\)", named[comment.author_id])
        assert stage.platform.author_names(["999"]) == {}


def test_every_page_of_a_long_list_is_read_in_order(stage, post_id):
    told = stage.say_many(post_id, [f"Comment {number}" for number in range(230)])
    assert [comment.remote_id for comment in comments_under(stage, post_id).comments] == told


def test_replies_are_read_with_their_parents(stage, post_id):
    first = stage.say(post_id, "First")
    answer = stage.say(post_id, "Answer", parent=first)
    deeper = stage.say(post_id, "Deeper", parent=answer)
    seen = {comment.remote_id: comment for comment in comments_under(stage, post_id).comments}
    assert [seen[each].parent_remote_id for each in (answer, deeper)] == [first, answer]
    assert {comment.post_remote_id for comment in seen.values()} == {post_id}


def test_only_the_posts_asked_for_are_read(stage, post_id):
    other = stage.post_elsewhere("Another post")
    stage.say(other, "Under the other")
    mine = stage.say(post_id, "Under mine")
    found = comments_under(stage, post_id).comments
    assert mine in [comment.remote_id for comment in found if comment.post_remote_id == post_id]
    assert {comment.post_remote_id for comment in found} <= {post_id, other}


def test_reading_goes_on_where_it_stopped(stage, post_id):
    first = stage.say(post_id, "First")
    page = comments_under(stage, post_id)
    second = stage.say(post_id, "Second")
    again = comments_under(stage, post_id, cursor=page.next_cursor)
    news = {comment.remote_id for comment in again.comments} - {first}
    assert news == {second}
    quiet = comments_under(stage, post_id, cursor=again.next_cursor or page.next_cursor)
    assert {comment.remote_id for comment in quiet.comments} <= {first, second}


def test_edited_comment_shows_its_new_words(stage, post_id):
    comment_id = stage.say(post_id, "Nice")
    cursor = comments_under(stage, post_id).next_cursor
    edited = stage.reword(comment_id, "Not nice at all")
    found = {comment.remote_id: comment.text for comment in comments_under(stage, post_id, cursor=cursor).comments}
    assert found[edited].endswith("Not nice at all")
    assert stage.platform.fetch_comment(edited).text.endswith("Not nice at all")


def test_removed_comment_is_gone(stage, post_id):
    comment_id = stage.say(post_id, "Oops")
    stage.unsay(comment_id)
    assert stage.platform.fetch_comment(comment_id) is None
    assert comments_under(stage, post_id).comments == ()


def test_one_comment_is_read_as_it_stands_in_the_list(stage, post_id):
    parent = stage.say(post_id, "First")
    comment_id = stage.say(post_id, "Answer", parent=parent)
    listed = {comment.remote_id: comment for comment in comments_under(stage, post_id).comments}
    assert stage.platform.fetch_comment(comment_id) == listed[comment_id]
    assert isinstance(listed[comment_id], RemoteComment)


def test_hiding_is_seen_on_the_wall_and_may_be_repeated(stage, post_id):
    comment_id, other = stage.say(post_id, "Horrid"), stage.say(post_id, "Kind")
    for _ in range(2):
        stage.platform.hide(comment_id)
        assert [shown.hidden for shown in stage.wall()] == [{comment_id}]
    for _ in range(2):
        stage.platform.unhide(comment_id)
        assert [shown.hidden for shown in stage.wall()] == [set()]
    assert stage.platform.fetch_comment(other) is not None


def test_facebook_reads_back_what_is_hidden(facebook):
    post_id = facebook.platform.send(outgoing(), facebook.platform.prepare(outgoing())).remote_id
    comment_id = facebook.say(post_id, "Horrid")
    for act, hidden in ((facebook.platform.hide, True), (facebook.platform.unhide, False)):
        act(comment_id)
        assert facebook.platform.fetch_comment(comment_id).is_hidden is hidden
        assert [comment.is_hidden for comment in comments_under(facebook, post_id).comments] == [hidden]


def test_hiding_what_is_gone_says_so(stage, post_id):
    comment_id = stage.say(post_id, "Horrid")
    stage.unsay(comment_id)
    for act in (stage.platform.hide, stage.platform.unhide):
        with pytest.raises(GoneError):
            act(comment_id)


def test_deleting_where_the_network_lets_us(stage, post_id):
    comment_id = stage.say(post_id, "Horrid")
    if not stage.platform.capabilities.can_delete_comments:
        with pytest.raises(RejectedError, match="not delete"):
            stage.platform.delete_comment(comment_id)
        return
    for _ in range(2):
        stage.platform.delete_comment(comment_id)
    assert stage.platform.fetch_comment(comment_id) is None


def test_own_reply_stands_under_post_and_comment_and_is_found_by_its_words(stage, post_id):
    began = clock.now()
    named = "@bramleyhill Nobody answers" if stage.network is Network.X else "Nobody answers"
    comment_id = stage.say(post_id, named)
    for target in (post_id, comment_id):
        made = stage.platform.reply(target, "Please ring the office.")
        found = stage.platform.find_reply(target, "Please ring the office.", since=began)
        assert (found.remote_id, found.permalink) == (made.remote_id, made.permalink)
        assert stage.platform.find_reply(target, "Other words", since=began) is None


def test_reply_to_what_is_gone_is_refused(stage, post_id):
    comment_id = stage.say(post_id, "Nobody answers")
    stage.unsay(comment_id)
    with pytest.raises((GoneError, RejectedError)):
        stage.platform.reply(comment_id, "Please ring the office.")


def test_comments_of_a_removed_post(stage, post_id):
    stage.say(post_id, "Hello")
    stage.remove_elsewhere(post_id)
    if stage.network is Network.FACEBOOK:
        with pytest.raises(GoneError):
            comments_under(stage, post_id)
    else:
        comments_under(stage, post_id)


def test_working_sign_in_is_healthy(stage):
    health = stage.platform.check_health()
    assert (health.ok, health.problem) == (True, None)
    assert health.account_id
    assert health.handle
    assert health.account_name


def test_broken_sign_in_is_told_in_words(stage):
    stage.break_sign_in()
    health = stage.platform.check_health()
    assert not health.ok
    assert "econnect" in health.problem


def test_own_comment_cannot_be_hidden_on_facebook(facebook):
    post_id = facebook.platform.send(outgoing(), facebook.platform.prepare(outgoing())).remote_id
    facebook.sandbox.graph("POST", f"{post_id}/comments", data={"message": "Thank you all"})
    (comment,) = comments_under(facebook, post_id).comments
    assert (comment.is_own, comment.can_hide) == (True, False)
    with pytest.raises(RejectedError, match="cannot be hidden"):
        facebook.platform.hide(comment.remote_id)


def test_comment_with_only_a_picture(facebook):
    post_id = facebook.platform.send(outgoing(), facebook.platform.prepare(outgoing())).remote_id
    facebook.say(post_id, "", attachment=True)
    (comment,) = comments_under(facebook, post_id).comments
    assert (comment.text, comment.has_attachment) == ("", True)


def test_comment_without_an_author(facebook):
    post_id = facebook.platform.send(outgoing(), facebook.platform.prepare(outgoing())).remote_id
    comment_id = facebook.say(post_id, "Who am I", anonymous=True)
    (comment,) = comments_under(facebook, post_id).comments
    assert (comment.remote_id, comment.author_id, comment.author_name) == (comment_id, None, None)


@pytest.mark.parametrize("skip", [0, 1, 2])
def test_empty_page_in_the_middle_loses_no_comment(facebook, skip):
    post_id = facebook.platform.send(outgoing(), facebook.platform.prepare(outgoing())).remote_id
    told = facebook.say_many(post_id, [f"Comment {number}" for number in range(230)])
    facebook.fault("empty-page", "comments", skip=skip)
    assert [comment.remote_id for comment in comments_under(facebook, post_id).comments] == told


@pytest.mark.parametrize("kind", ["error:4", "expired-cursor", "html-502", "drop", "timeout", "truncated", "error:2"])
def test_trouble_in_the_middle_of_a_list_is_no_shorter_list(facebook, kind):
    post_id = facebook.platform.send(outgoing(), facebook.platform.prepare(outgoing())).remote_id
    facebook.say_many(post_id, [f"Comment {number}" for number in range(130)])
    facebook.fault(kind, "comments", skip=1, options={"seconds": 1})
    with pytest.raises(TransientError):
        comments_under(facebook, post_id)
    assert len(comments_under(facebook, post_id).comments) == 130


@pytest.mark.parametrize("step", ["comments", "search"])
@pytest.mark.parametrize("kind", ["only-errors", "html-200", "service-unavailable", "drop", "truncated", "list-body"])
def test_trouble_while_reading_x_moves_no_cursor(x, kind, step):
    post_id = x.platform.send(outgoing(), x.platform.prepare(outgoing())).remote_id
    told = x.say_many(post_id, ["One", "Two"])
    x.fault(kind, step)
    with pytest.raises(TransientError):
        comments_under(x, post_id)
    assert [comment.remote_id for comment in comments_under(x, post_id).comments] == told


def test_x_finds_replies_that_do_not_name_the_account(x):
    """The hourly search of a conversation finds what mentions leave out; it is not repeated within the hour."""
    post_id = x.platform.send(outgoing(), x.platform.prepare(outgoing())).remote_id
    first = x.say(post_id, "To the school")
    aside = x.say(post_id, "To each other", parent=first, name="Sam Somebody")
    page = comments_under(x, post_id)
    assert {first, aside} <= {comment.remote_id for comment in page.comments}
    comments_under(x, post_id, cursor=page.next_cursor)
    asked = [row["operation"] for row in x.sandbox.control("GET", "/requests")["data"]]
    assert asked.count("x.search.read") == 1


def test_mention_outside_our_conversations_cannot_be_hidden(x):
    mention = x.sandbox.control("POST", f"/x/{x.sandbox.x['handle']}/mentions", {"text": "Look at this school"})["id"]
    (comment,) = comments_under(x).comments
    assert (comment.remote_id, comment.can_hide) == (mention, False)
    with pytest.raises(RejectedError):
        x.platform.hide(mention)


def test_pile_on_beyond_what_x_lets_us_hide_is_put_off(x):
    post_id = x.platform.send(outgoing(), x.platform.prepare(outgoing())).remote_id
    told = x.say_many(post_id, [f"Horrid {number}" for number in range(51)])
    platform = x.platform
    for comment_id in told[:50]:
        platform.hide(comment_id)
    with pytest.raises(TransientError) as caught:
        platform.hide(told[50])
    assert caught.value.retry_at is not None
    assert len(x.wall()[0].hidden) == 50


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ({"kind": "user"}, "person's token"),
        ({"scopes": ["pages_show_list", "pages_manage_posts"]}, "pages_manage_engagement"),
    ],
)
def test_wrong_kind_of_facebook_token_is_told_before_it_is_used(facebook, order, says):
    token = facebook.sandbox.control("POST", f"/facebook/pages/{facebook.sandbox.page_id}/tokens", order)["token"]
    facebook.credentials = lambda given=facebook.credentials: given(page_token=token)
    health = facebook.platform.check_health()
    assert not health.ok
    assert says in health.problem


def test_token_of_another_page_is_told(facebook):
    app = {"app_id": facebook.sandbox.page["app_id"], "app_secret": facebook.sandbox.page["app_secret"]}
    other = facebook.sandbox.control("POST", "/facebook/pages", {"name": "Other School", **app})
    facebook.credentials = lambda given=facebook.credentials: given(page_token=other["page_token"])
    assert "another Page" in facebook.platform.check_health().problem


def test_expiry_of_a_token_is_told(facebook):
    order = {"expires_in": 86_400}
    token = facebook.sandbox.control("POST", f"/facebook/pages/{facebook.sandbox.page_id}/tokens", order)["token"]
    facebook.credentials = lambda given=facebook.credentials: given(page_token=token)
    assert facebook.platform.check_health().expires_at is not None


def test_keys_of_another_account_are_told(x):
    x.credentials = lambda given=x.credentials: given(user_id="42")
    assert "another X account" in x.platform.check_health().problem


@pytest.mark.parametrize("state", ["revoked", "suspended", "locked"])
def test_x_account_that_cannot_act_is_not_healthy(x, state):
    x.break_sign_in(state)
    assert not x.platform.check_health().ok
