"""What every account promises about posts: sent once, found again, taken down and seen to be gone."""

from datetime import timedelta

import pytest

from app.core import clock
from app.platforms.base import Network, Prepared
from app.platforms.errors import AmbiguousError, OutcomeUnknownError, TransientError
from tests.contract.platforms.stages import QUICK, FacebookStage, XStage, outgoing

LONG_AGO = timedelta(minutes=2)
WORDS = [
    "Sports day is on Friday.",
    "Fish & chips <today> at £2.50 \u201cwith peas\u201d 🐟👨‍👩‍👧‍👦",
    "Dim ond dŵr, plîs — croeso!\n\nSee bramleyhill.sch.uk or https://example.org/menu?a=1&b=2",
    "cafe\u0301 and  two   spaces\n",
]


def publish(stage, post):
    prepared = stage.platform.prepare(post)
    return prepared, stage.platform.send(post, prepared)


@pytest.mark.parametrize("text", WORDS)
def test_words_arrive_as_they_were_written(stage, text):
    _, published = publish(stage, outgoing(text))
    (shown,) = stage.wall()
    assert (shown.remote_id, shown.text.strip()) == (published.remote_id, text.strip())
    assert abs(published.published_at - clock.now()) < LONG_AGO


@pytest.mark.parametrize("count", [1, 3, 4])
def test_photos_arrive_in_order_with_their_alt_text(stage, count):
    post = outgoing("Sports day", photos=count)
    publish(stage, post)
    (shown,) = stage.wall()
    assert shown.alt_texts == [each.alt_text for each in post.photos]
    assert shown.pictures == [each.sha256 for each in post.photos]


def test_ten_photos_go_into_one_facebook_post(facebook):
    publish(facebook, outgoing("A busy day", photos=10))
    assert len(facebook.wall()[0].pictures) == 10


def test_photo_without_words(stage):
    publish(stage, outgoing("", photos=1))
    assert [len(post.pictures) for post in stage.wall()] == [1]


def test_link_is_sent_along(stage):
    _, published = publish(stage, outgoing("Read this", link="https://example.org/menu"))
    (shown,) = stage.wall()
    assert "https://example.org/menu" in f"{shown.text} {shown.link}"
    found = stage.platform.find_published(
        outgoing("Read this", link="https://example.org/menu"), None, since=clock.now() - LONG_AGO
    )
    assert found.remote_id == published.remote_id


def test_link_beside_photos_is_not_lost(stage):
    publish(stage, outgoing("Read this", photos=1, link="https://example.org/menu"))
    (shown,) = stage.wall()
    assert "https://example.org/menu" in f"{shown.text} {shown.link}"


def test_nothing_is_seen_before_it_is_sent(stage):
    prepared = stage.platform.prepare(outgoing("Not yet", photos=2))
    assert len(prepared.media_ids) == 2
    assert stage.wall() == []
    assert stage.platform.find_published(outgoing("Not yet", photos=2), prepared, since=clock.now() - LONG_AGO) is None
    stage.platform.discard(prepared)
    stage.platform.discard(prepared)


def test_preparation_survives_being_written_down(stage):
    post = outgoing("Sports day", photos=2)
    prepared = Prepared.from_json(stage.platform.prepare(post).to_json())
    stage.platform.send(post, prepared)
    assert len(stage.wall()[0].pictures) == 2


@pytest.mark.parametrize("photos", [0, 1, 3])
def test_post_whose_answer_was_lost_is_found_again(stage, photos):
    post = outgoing("Fish & chips at bramleyhill.sch.uk", photos=photos)
    prepared = stage.platform.prepare(post)
    stage.lose_answer()
    with pytest.raises(OutcomeUnknownError):
        stage.platform.send(post, prepared)
    found = stage.platform.find_published(post, prepared, since=clock.now() - LONG_AGO)
    assert [found.remote_id] == [shown.remote_id for shown in stage.wall()]


@pytest.mark.parametrize("photos", [0, 2])
def test_post_whose_request_was_lost_is_not_found(stage, photos):
    post = outgoing("Only once", photos=photos)
    stage.post_elsewhere("Something else")
    prepared = stage.platform.prepare(post)
    stage.lose_request()
    with pytest.raises(OutcomeUnknownError):
        stage.platform.send(post, prepared)
    assert stage.platform.find_published(post, prepared, since=clock.now() - LONG_AGO) is None


def test_post_of_long_ago_is_not_taken_for_ours(stage):
    stage.post_elsewhere("Only once")
    later = clock.now() + timedelta(minutes=30)
    assert stage.platform.find_published(outgoing("Only once"), None, since=later) is None


def test_two_posts_alike_are_a_question_for_a_person(stage):
    for text in ("Only once", "Something between", "Only once"):
        stage.post_elsewhere(text)
    with pytest.raises(AmbiguousError):
        stage.platform.find_published(outgoing("Only once"), None, since=clock.now() - LONG_AGO)


def test_posts_made_elsewhere_are_listed(stage):
    _, ours = publish(stage, outgoing("Ours"))
    theirs = stage.post_elsewhere("Somebody else wrote this")
    listed = stage.platform.recent_posts(since=clock.now() - LONG_AGO)
    assert [(post.remote_id, post.text) for post in listed] == [
        (theirs, "Somebody else wrote this"),
        (ours.remote_id, "Ours"),
    ]


def test_taking_down_is_seen_to_be_done_and_may_be_repeated(stage):
    _, published = publish(stage, outgoing("Down again", photos=1))
    assert stage.platform.is_live(published.remote_id)
    for _ in range(2):
        stage.platform.retract(published.remote_id)
        assert not stage.platform.is_live(published.remote_id)
    assert stage.wall() == []


def test_taking_down_what_somebody_removed_already(stage):
    _, published = publish(stage, outgoing())
    stage.remove_elsewhere(published.remote_id)
    stage.platform.retract(published.remote_id)
    assert not stage.platform.is_live(published.remote_id)


def test_permalink_opens_the_post_on_the_wall(real):
    _, published = publish(real, outgoing("Look here", photos=1))
    found = real.platform.find_published(outgoing("Look here"), None, since=clock.now() - LONG_AGO)
    page = real.sandbox.http.get(published.permalink, timeout=10)
    assert page.status_code == 200
    assert "Look here" in page.text
    assert found == published


def test_hidden_from_us_is_no_proof_that_it_is_gone(facebook):
    """Facebook answers in the same words when a permission has gone missing."""
    _, published = publish(facebook, outgoing())
    facebook.fault("error:100/33", "read")
    facebook.fault("error:200", "list")
    with pytest.raises(Exception, match="permission is missing"):
        facebook.platform.is_live(published.remote_id)


def test_failed_photo_leaves_no_orphans_on_facebook(facebook):
    facebook.fault("error:324", "upload", skip=2)
    with pytest.raises(Exception, match="could not read one of the photos"):
        facebook.platform.prepare(outgoing("Four photos", photos=4))
    removed = [row for row in facebook.sandbox.control("GET", "/requests")["data"] if row["method"] == "DELETE"]
    assert [row["status"] for row in removed] == [200, 200]


def test_expired_uploads_are_uploaded_again(x):
    post = outgoing("Late", photos=1)
    prepared = x.platform.prepare(post)
    x.sandbox.control("POST", f"/x/accounts/{x.sandbox.x['handle']}/expire-media", {})
    with pytest.raises(TransientError):
        x.platform.send(post, prepared)
    x.platform.send(post, x.platform.prepare(post))
    assert len(x.wall()) == 1


def test_upload_that_takes_its_time_is_waited_for(x):
    x.fault("processing", "upload", options={"seconds": 0})
    publish(x, outgoing("Soon", photos=1))
    assert len(x.wall()[0].pictures) == 1


def test_post_without_alt_text_taken_is_not_sent(x):
    x.fault("only-errors", "describe")
    with pytest.raises(TransientError, match="alt text"):
        x.platform.prepare(outgoing("No words for it", photos=1))


@pytest.mark.parametrize("naming", ["old", "new", "either"])
def test_fields_are_asked_for_by_the_names_that_x_knows(x, naming):
    state = {"state": "valid", "naming": naming}
    x.sandbox.control("POST", f"/x/accounts/{x.sandbox.x['handle']}/state", state)
    _, published = publish(x, outgoing("Renamed", photos=1))
    reply = x.say(published.remote_id, "Lovely")
    comments = x.platform.fetch_comments(post_remote_ids=[published.remote_id], cursor={}).comments
    assert [(comment.remote_id, comment.parent_remote_id) for comment in comments] == [(reply, published.remote_id)]
    prepared = Prepared(("0",))
    assert x.platform.find_published(outgoing("Renamed"), prepared, since=clock.now() - LONG_AGO) is None


@pytest.mark.parametrize("kind", [FacebookStage, XStage])
def test_refused_connection_is_safe_to_repeat(sandbox, kind):
    stage = kind(sandbox)
    nowhere = "http://127.0.0.1:9"
    stage.endpoints = type(stage.endpoints)(facebook_base_url=nowhere, x_base_url=nowhere, timeouts=QUICK)
    with pytest.raises(TransientError):
        stage.platform.send(outgoing(), Prepared())


def test_connection_is_kept_for_an_errand(real):
    platform = real.platform
    post = outgoing(photos=3)
    platform.send(post, platform.prepare(post))
    transport = (platform._graph if real.network is Network.FACEBOOK else platform._client)._transport
    (pool,) = transport._session.get_adapter("http://").poolmanager.pools._container.values()
    assert pool.num_connections == 1
    assert pool.num_requests >= 4
