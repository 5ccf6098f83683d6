"""Answers as the networks have really given them, and what each of them calls for."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from app.platforms.base import Health, OutgoingPhoto, OutgoingPost, Prepared
from app.platforms.errors import (
    AuthorizationError,
    DuplicateError,
    GoneError,
    OutcomeUnknownError,
    OutOfCreditError,
    PermissionMissingError,
    PlatformError,
    RejectedError,
    TransientError,
)
from app.platforms.facebook_reading import NEEDED_SCOPES
from tests.unit.platforms.scripted import PAGE, facebook, said, x

POST = OutgoingPost("Sports day is on Friday.")
PROBLEMS = "https://api.twitter.com/2/problems/"


def graph_error(code, message="An error", *, status=400, **more):
    return said(
        {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "H2il2t5bn4e", **more}},
        status,
    )


def problem(status, detail="", kind="about:blank", title="Forbidden", **more):
    return said({"title": title, "detail": detail, "type": kind, "status": status, **more}, status)


def v1_error(status, code, message):
    return said({"errors": [{"code": code, "message": message}]}, status)


GRAPH = {
    "expired": (graph_error(190, "Error validating access token: Session has expired on Wednesday, 20-Mar-24 10:00:00 PDT.", error_subcode=463), AuthorizationError),
    "malformed": (graph_error(190, "Malformed access token EAABsbCS1iHgBAKZCzxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), AuthorizationError),
    "no token": (graph_error(2500, "An active access token must be used to query information about the current user."), AuthorizationError),
    "bad proof": (graph_error(100, "Invalid appsecret_proof provided in the API argument"), AuthorizationError),
    "code as text": (graph_error("190"), AuthorizationError),
    "status 200": (graph_error(190, status=200), AuthorizationError),
    "posting permission": (graph_error(200, "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts as an admin with sufficient administrative permission", status=403), PermissionMissingError),
    "reading permission": (graph_error(10, "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature."), PermissionMissingError),
    "application limit": (graph_error(4, "(#4) Application request limit reached", is_transient=True, status=403), TransientError),
    "page limit": (graph_error(80001, "(#80001) There have been too many calls to this Page account.", error_subcode=2446079), TransientError),
    "abusive": (graph_error(368, "The action attempted has been deemed abusive or is otherwise disallowed", error_subcode=1390008, is_transient=False), RejectedError),
    "bad link": (graph_error(100, "(#100) The url you supplied is invalid", error_subcode=1500), RejectedError),
    "bad picture": (graph_error(324, "(#324) Missing or invalid image file", error_subcode=2069019), RejectedError),
    "retired": (graph_error(2635, "(#2635) You are calling a deprecated version of the Ads API."), RejectedError),
    "duplicate": (graph_error(506, "Duplicate status message", error_subcode=1455006), DuplicateError),
    "gone": (graph_error(100, "Unsupported post request. Object with ID '1' does not exist", error_subcode=33, type="GraphMethodException"), GoneError),
    "unavailable": (graph_error(2, "(#2) Service temporarily unavailable", is_transient=True, status=503), OutcomeUnknownError),
    "unknown": (said({"error": {"code": 1, "message": "An unknown error occurred", "error_subcode": 99}}, 500), OutcomeUnknownError),
    "without a code": (said({"error": {"message": "Something", "type": "OAuthException"}}, 400), OutcomeUnknownError),
    "strange code with status 500": (graph_error(7777, status=500), OutcomeUnknownError),
    "negative code": (graph_error(-3, status=400), OutcomeUnknownError),
    "transient by its own word": (graph_error(7777, is_transient=True), OutcomeUnknownError),
    "error is a word": (said({"error": "temporarily_unavailable"}, 400), OutcomeUnknownError),
    "error is empty": (said({"error": {}}, 200), OutcomeUnknownError),
    "error beside an id": (said({"id": "1", "error": None}, 200), OutcomeUnknownError),
    "html": (said(None, 502), OutcomeUnknownError),
    "no id": (said({"success": True}), OutcomeUnknownError),
    "crooked id": (said({"id": {"value": 1}}), OutcomeUnknownError),
    "id that leads astray": (said({"id": "../../me"}), OutcomeUnknownError),
    "list": (said([{"id": "1"}]), OutcomeUnknownError),
    "plain true": (said(True), OutcomeUnknownError),
    "accepted for later": (said({"id": "1"}, 202), OutcomeUnknownError),
}  # fmt: skip
X = {
    "bad keys": (problem(401, "Unauthorized", title="Unauthorized"), AuthorizationError),
    "bad keys, older": (v1_error(401, 32, "Could not authenticate you."), AuthorizationError),
    "expired token": (v1_error(401, 89, "Invalid or expired token."), AuthorizationError),
    "bad keys without words": (said(None, 401), AuthorizationError),
    "locked": (v1_error(403, 326, "To protect our users from spam and other malicious activity, this account is temporarily locked. Please log in to https://twitter.com to unlock your account."), AuthorizationError),
    "suspended": (v1_error(403, 64, "Your account is suspended and is not permitted to access this feature."), AuthorizationError),
    "read only": (problem(403, "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.", f"{PROBLEMS}oauth1-permissions"), PermissionMissingError),
    "no project": (problem(403, "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter developer App that is attached to a Project.", f"{PROBLEMS}client-forbidden", title="Client Forbidden", reason="client-not-enrolled"), PermissionMissingError),
    "access level": (v1_error(403, 453, "You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints only. If you need access to this endpoint, you may need a different access level."), PermissionMissingError),
    "app only": (problem(403, "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.", f"{PROBLEMS}unsupported-authentication", title="Unsupported Authentication"), PermissionMissingError),
    "may not write": (v1_error(403, 261, "Application cannot perform write actions."), PermissionMissingError),
    "duplicate": (problem(403, "You are not allowed to create a Tweet with duplicate content."), DuplicateError),
    "duplicate, older": (v1_error(403, 187, "Status is a duplicate."), DuplicateError),
    "over the day's limit": (v1_error(403, 185, "User is over daily status update limit."), TransientError),
    "reply not allowed": (problem(403, "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to."), RejectedError),
    "blocked": (v1_error(403, 433, "You have been blocked from replying to this user."), RejectedError),
    "not permitted": (problem(403, "You are not permitted to perform this action."), RejectedError),
    "too long": (v1_error(403, 186, "Tweet needs to be a bit shorter."), RejectedError),
    "credits": (problem(402, "Your enrolled account [1] does not have any credits to fulfill this request.", "https://api.x.com/2/problems/credits", title="CreditsDepleted", account_id=1), OutOfCreditError),
    "credits, later form": (problem(402, "credits depleted", "https://api.x.com/2/problems/credits-depleted", title="Payment Required"), OutOfCreditError),
    "payment without words": (said(None, 402), OutOfCreditError),
    "usage cap": (problem(429, "Usage cap exceeded: Monthly product cap", f"{PROBLEMS}usage-capped", title="UsageCapExceeded"), OutOfCreditError),
    "spend cap": (problem(403, "The account has reached its spend cap.", title="SpendCapReached"), OutOfCreditError),
    "speed": (problem(429, "Too Many Requests", title="Too Many Requests"), TransientError),
    "speed, at the door": (said(None, 429), TransientError),
    "old uploads": (problem(400, "One or more parameters to your request was invalid.", f"{PROBLEMS}invalid-request", errors=[{"parameters": {"media.media_ids": ["[1]"]}, "message": "Your media IDs are invalid."}]), TransientError),
    "old uploads, older": (v1_error(400, 324, "Invalid media id 889241623330263044"), TransientError),
    "bad field": (problem(400, "One or more parameters to your request was invalid.", f"{PROBLEMS}invalid-request", errors=[{"message": "$.text: is missing but it is required", "parameters": {}}]), RejectedError),
    "too large": (problem(413, "Request Entity Too Large"), RejectedError),
    "no such thing": (problem(404, "Could not find tweet with tweet_id: [1].", f"{PROBLEMS}resource-not-found"), GoneError),
    "no such address": (said(None, 404), OutcomeUnknownError),
    "doorkeeper's page": (said(None, 403), OutcomeUnknownError),
    "took too long": (problem(408, "Request Timeout"), OutcomeUnknownError),
    "trouble": (problem(503, "Service Unavailable", title="Service Unavailable"), OutcomeUnknownError),
    "trouble in another form": (said([{"message": "Something is wrong", "code": 131}], 500), OutcomeUnknownError),
    "over capacity": (v1_error(503, 130, "Over capacity"), OutcomeUnknownError),
    "only errors": (said({"data": None, "errors": [{"title": "Internal Error", "status": 500}]}), OutcomeUnknownError),
    "only a not-found error": (said({"errors": [{"type": f"{PROBLEMS}resource-not-found"}]}), OutcomeUnknownError),
    "null errors": (said({"errors": None}, 400), RejectedError),
    "no data": (said({}, 201), OutcomeUnknownError),
    "no body": (said(None, 204), OutcomeUnknownError),
    "data is a list": (said({"data": [{"id": "1"}]}, 201), OutcomeUnknownError),
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPH)
def test_what_facebook_says_to_a_post(name):
    answer, outcome = GRAPH[name]
    page, _ = facebook(answer)
    with pytest.raises(PlatformError) as caught:
        page.send(POST, Prepared())
    assert type(caught.value) is outcome
    assert "EAAB" not in str(caught.value)


@pytest.mark.parametrize("name", X)
def test_what_x_says_to_a_post(name):
    answer, outcome = X[name]
    account, _ = x(answer)
    with pytest.raises(PlatformError) as caught:
        account.send(POST, Prepared())
    assert type(caught.value) is outcome


@pytest.mark.parametrize(("answers", "adapter"), [(GRAPH, facebook), (X, x)])
def test_what_leaves_a_write_uncertain_is_simply_read_again(answers, adapter):
    for name, (answer, outcome) in answers.items():
        if outcome is not OutcomeUnknownError or "gone" in name:
            continue
        platform, _ = adapter(answer)
        with pytest.raises(PlatformError) as caught:
            platform.recent_posts(since=clock.now())
        assert type(caught.value) in {TransientError, AuthorizationError}, name


def test_throttle_says_how_long_it_lasts():
    usage = '{"112130216863063":[{"type":"pages","call_count":100,"total_cputime":9,"total_time":9,"estimated_time_to_regain_access":13}]}'
    answer = graph_error(80001)
    answer.headers["x-business-use-case-usage"] = usage
    page, _ = facebook(answer)
    with pytest.raises(TransientError) as caught:
        page.send(POST, Prepared())
    assert timedelta(minutes=12) < caught.value.retry_at - clock.now() <= timedelta(minutes=13)


def test_limit_of_a_day_outlasts_that_of_a_quarter_hour():
    soon, tomorrow = (int((clock.now() + timedelta(minutes=each)).timestamp()) for each in (10, 900))
    answer = problem(429, "Too Many Requests")
    answer.headers.update({"x-rate-limit-remaining": "99", "x-rate-limit-reset": str(soon), "x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": str(tomorrow)})  # fmt: skip
    account, _ = x(answer)
    with pytest.raises(TransientError) as caught:
        account.send(POST, Prepared())
    assert caught.value.retry_at == datetime.fromtimestamp(tomorrow, UTC)


@pytest.mark.parametrize("names", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_x_says_yes(names):
    account, script = x(
        said({"data": {names: ["1460323737035677698"], "id": "1460323737035677698", "text": "Hello"}}, 201)
    )
    published = account.send(POST, Prepared(("1146654567674912769",)))
    assert published.remote_id == "1460323737035677698"
    assert published.permalink == "https://x.com/school/status/1460323737035677698"
    assert published.published_at.replace(microsecond=0) == datetime(2021, 11, 15, 19, 8, 5, tzinfo=UTC)
    assert script.asked[0][2]["body"] == {"text": POST.text, "media": {"media_ids": ["1146654567674912769"]}}


def test_facebook_says_yes_though_its_address_cannot_be_read():
    page, _ = facebook(said({"id": f"{PAGE}_5"}), said(None, 502))
    published = page.send(POST, Prepared())
    assert (published.remote_id, published.permalink) == (f"{PAGE}_5", f"https://www.facebook.com/{PAGE}_5")


@pytest.mark.parametrize(("link", "shown"), [("/112/posts/5", "https://www.facebook.com/112/posts/5"), ("javascript:alert(1)", f"https://www.facebook.com/{PAGE}_5"), (None, f"https://www.facebook.com/{PAGE}_5")])  # fmt: skip
def test_only_an_address_of_the_web_becomes_a_link(link, shown):
    page, _ = facebook(said({"id": f"{PAGE}_5"}), said({"id": f"{PAGE}_5", "permalink_url": link}))
    assert page.send(POST, Prepared()).permalink == shown


def test_comments_of_facebook_in_every_shape():
    body = {
        "data": [
            {"id": "5_1", "message": "Lovely \u00e9", "created_time": "2026-03-02T08:00:00+0000", "from": {"name": "Ann", "id": "9"}, "can_hide": True, "is_hidden": False, "permalink_url": "https://www.facebook.com/112/posts/5?comment_id=1"},
            {"id": "5_2", "message": "", "created_time": "2026-03-02T08:00:01+0000", "parent": {"id": "5_1"}, "attachment": {"type": "sticker"}, "is_hidden": True, "can_hide": False},
            {"id": 53, "message": None, "from": None, "created_time": None},
            {"id": "5_4", "from": {"id": PAGE, "name": "School"}, "message": "Thank you"},
            {"message": "no id"}, None, "x",
        ],
        "paging": {"cursors": {"before": "a", "after": "b"}},
    }  # fmt: skip
    page, _ = facebook(said(body))
    comments = page.fetch_comments(post_remote_ids=[f"{PAGE}_5"], cursor={}).comments
    assert [comment.remote_id for comment in comments] == ["5_1", "5_2", "53", "5_4"]
    first, second, third, own = comments
    assert (first.author_name, first.text, first.created_at) == ("Ann", "Lovely é", datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert (second.parent_remote_id, second.has_attachment, second.is_hidden, second.can_hide) == (
        "5_1",
        True,
        True,
        False,
    )
    assert (third.author_id, third.text, third.can_hide) == (None, "", True)
    assert own.is_own


@pytest.mark.parametrize(("comment_id", "post_id"), [("5_1", f"{PAGE}_5"), (f"{PAGE}_5_1", f"{PAGE}_5"), ("1", "")])
def test_post_of_a_comment_bears_the_page_in_its_id(comment_id, post_id):
    page, _ = facebook(said({"id": comment_id, "message": "Hello"}))
    assert page.fetch_comment(comment_id).post_remote_id == post_id


def test_comments_under_a_photo_bear_the_photo_in_their_id():
    """As recorded: the list of post …_2498613793687103 holds comments that begin with the photo's number."""
    found = {"created_time": "2019-12-16T12:09:40+0000", "can_like": True, "from": {"name": "Kun", "id": "2711636948859886"}, "message": "Good job!\U0001f60f", "like_count": 2, "permalink_url": "https://www.facebook.com/2121008874780932/posts/2498598377021978/?comment_id=2498617433686739", "id": "2498598377021978_2498617433686739", "comment_count": 0, "can_comment": True}  # fmt: skip
    page, _ = facebook(said({"data": [found], "paging": {"cursors": {"before": "WTI5", "after": "WTI5"}}}))
    (comment,) = page.fetch_comments(post_remote_ids=["2121008874780932_2498613793687103"], cursor={}).comments
    assert (comment.remote_id, comment.post_remote_id) == (found["id"], "2121008874780932_2498613793687103")


def test_replies_of_x_in_every_shape():
    body = {
        "data": [
            {"id": "1445880548472328193", "text": "@school Fish &amp; chips &lt;3", "author_id": "7", "conversation_id": "1445880548472328192", "in_reply_to_user_id": "42", "referenced_tweets": [{"type": "replied_to", "id": "1445880548472328192"}], "created_at": "2021-10-06T22:33:47.000Z", "edit_history_tweet_ids": ["1445880548472328193"]},
            {"id": "1445880548472328194", "text": "short\u2026", "note_tweet": {"text": "all of the long words"}, "author_id": "7", "conversation_id": "1445880548472328194", "referenced_posts": [{"type": "quoted", "id": "1"}], "attachments": {"media_keys": ["3_1"]}},
            {"id": "1445880548472328195", "text": "mine", "author_id": "42", "conversation_id": "1445880548472328192"},
            {"id": "not a number", "text": "?"}, {"text": "no id"},
        ],
        "errors": [{"resource_type": "user", "type": f"{PROBLEMS}resource-not-found"}],
        "meta": {"newest_id": "1445880548472328195", "oldest_id": "1445880548472328193", "result_count": 3},
    }  # fmt: skip
    account, script = x(said(body))
    page = account.fetch_comments(post_remote_ids=[], cursor={"since_id": "12"})
    first, long, own = page.comments
    assert (first.text, first.parent_remote_id, first.can_hide) == (
        "@school Fish & chips <3",
        "1445880548472328192",
        True,
    )
    assert (long.text, long.parent_remote_id, long.has_attachment, long.can_hide) == (
        "all of the long words",
        None,
        True,
        False,
    )
    assert own.is_own
    assert page.next_cursor["since_id"] == "1445880548472328195"
    assert script.asked[0][2]["params"]["since_id"] == "12"


def test_empty_mentions_keep_the_cursor():
    account, _ = x(said({"meta": {"result_count": 0}}))
    page = account.fetch_comments(post_remote_ids=[], cursor={"since_id": "12", "searched_at": clock.now().isoformat()})
    assert (page.comments, page.next_cursor["since_id"]) == ((), "12")


def test_conversations_out_of_reach_of_the_search_are_not_asked_for():
    account, script = x(said({"meta": {"result_count": 0}}))
    account.fetch_comments(post_remote_ids=["1445880548472328192"], cursor={})
    assert [path for _, path, _ in script.asked] == ["/2/users/42/mentions"]


@pytest.mark.parametrize(
    ("text", "entities", "written"),
    [
        ("Menu https://t.co/a1 &amp; more", [{"url": "https://t.co/a1", "expanded_url": "https://example.org/menu/"}], "Menu https://example.org/menu & more"),
        ("See https://t.co/a1", [{"url": "https://t.co/a1", "expanded_url": "http://bramleyhill.sch.uk"}], "See bramleyhill.sch.uk"),
        ("Photos https://t.co/p1", [{"url": "https://t.co/p1", "expanded_url": "https://x.com/school/status/1/photo/1", "media_key": "3_1"}], "Photos"),
        ("cafe\u0301", [], "caf\u00e9"),
    ],
)  # fmt: skip
def test_our_words_are_known_again_after_x_has_changed_them(text, entities, written):
    post = {"id": "1445880548472328192", "text": text, "entities": {"urls": entities}}
    account, _ = x(said({"data": [post], "meta": {"result_count": 1}}))
    assert account.find_published(OutgoingPost(written), None, since=clock.now()) is not None
    assert account.find_published(OutgoingPost(f"{written} not"), None, since=clock.now()) is None


@pytest.mark.parametrize("wrapped", [True, False])
def test_upload_is_understood_with_and_without_wrapping(wrapped):
    told = {"id": "1726817595448610817", "media_key": "3_1726817595448610817", "size": 1864939, "expires_after_secs": 86400, "image": {"image_type": "image/jpeg", "w": 4928, "h": 3280}}  # fmt: skip
    described = said({"data": {"id": told["id"], "associated_metadata": {"alt_text": {"text": "Children run"}}}})
    account, script = x(said({"data": told} if wrapped else told), described)
    prepared = account.prepare(OutgoingPost("", (OutgoingPhoto(b"x", "image/jpeg", "Children run", "0"),)))
    assert prepared.media_ids == ("1726817595448610817",)
    assert timedelta(hours=23) < prepared.expires_at - clock.now() <= timedelta(hours=24)
    assert script.asked[1][2]["body"]["metadata"] == {"alt_text": {"text": "Children run"}}


@pytest.mark.parametrize(
    ("states", "outcome"),
    [(["succeeded"], None), (["pending", "in_progress", "succeeded"], None), (["failed"], RejectedError), (["pending"], TransientError), (["in_progress", "failed"], RejectedError)],
)  # fmt: skip
def test_picture_that_x_still_works_on_is_waited_for(states, outcome, monkeypatch):
    waits = []
    monkeypatch.setattr("time.sleep", waits.append)
    uploads = [
        said({"data": {"id": "1", "processing_info": {"state": state, "check_after_secs": 2}}}) for state in states
    ]
    last = said({"data": {"id": "1", "associated_metadata": {}}}) if outcome is None else uploads[-1]
    account, _ = x(*uploads, last)
    post = OutgoingPost("", (OutgoingPhoto(b"x", "image/jpeg", "Children run", "0"),))
    if outcome is None:
        assert account.prepare(post).media_ids == ("1",)
        assert waits == [2.0] * (len(states) - 1)
    else:
        with pytest.raises(outcome):
            account.prepare(post)
        assert sum(waits) <= 30


def test_last_answer_that_x_allows_holds_the_next_reading_back():
    reset = str(int((clock.now() + timedelta(minutes=10)).timestamp()))
    account, script = x(
        said({"meta": {"result_count": 0}}, **{"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset})
    )
    account.fetch_comments(post_remote_ids=[], cursor={})
    with pytest.raises(TransientError) as caught:
        account.fetch_comments(post_remote_ids=[], cursor={})
    assert caught.value.retry_at == datetime.fromtimestamp(int(reset), UTC)
    assert len(script.asked) == 1


def test_album_is_found_by_its_photos_when_they_do_not_name_their_post():
    album = {"id": f"{PAGE}_5", "created_time": clock.now().isoformat(), "attachments": {"data": [{"subattachments": {"data": [{"target": {"id": "8"}}, {"target": {"id": "9"}}]}}]}}  # fmt: skip
    page, _ = facebook(said({"id": "9"}), said({"data": [album]}))
    assert page.find_published(POST, Prepared(("9",)), since=clock.now()).remote_id == f"{PAGE}_5"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"is_valid": False, "error": {"code": 190, "message": "expired"}, "scopes": []}, "Reconnect"),
        ({"is_valid": True, "type": "USER", "scopes": []}, "person's token"),
        ({"is_valid": True, "type": "PAGE", "profile_id": PAGE, "scopes": ["pages_manage_posts"]}, "pages_manage_engagement"),
        ({"is_valid": True, "type": "PAGE", "scopes": ["pages_manage_posts", "pages_manage_engagement", "pages_read_engagement", "pages_read_user_content"], "granular_scopes": [{"scope": "pages_manage_posts", "target_ids": ["1"]}]}, "pages_manage_posts"),
    ],
)  # fmt: skip
def test_what_a_token_is_good_for(told, says):
    page, script = facebook(said({"data": told}), said({"id": PAGE, "name": "School"}))
    health = page.check_health()
    assert not health.ok
    assert says in health.problem
    method, path, sent = script.asked[0]
    assert (method, path, sent["data"]["method"], sent.get("params")) == ("POST", "v25.0/debug_token", "GET", None)


def test_token_is_of_the_page_that_facebook_names_not_of_the_one_that_was_typed():
    told = {"is_valid": True, "type": "PAGE", "scopes": list(NEEDED_SCOPES), "expires_at": 0}
    own, script = facebook(said({"data": told}), said({"id": PAGE, "name": "School", "username": "school"}))
    assert own.check_health() == Health(True, None, PAGE, "school", "School", None, NEEDED_SCOPES)
    assert script.asked[1][1] == "v25.0/me"
    others, _ = facebook(said({"data": told}), said({"id": "900", "name": "School"}))
    assert "another Page" in others.check_health().problem


@pytest.mark.parametrize("answers", [[said({"x": 1})], [said({"data": []})], [said({"data": {"is_valid": True, "type": "PAGE"}}), said({"name": "School"})]])  # fmt: skip
def test_half_an_answer_about_a_token_breaks_no_sign_in(answers):
    page, _ = facebook(*answers)
    with pytest.raises(TransientError):
        page.check_health()
