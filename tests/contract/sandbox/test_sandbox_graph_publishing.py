"""Publishing on the Facebook stand-in, in the shapes of the real Graph API."""

import json
import re

import pytest

from tests.contract.sandbox.rehearsal import jpeg


def test_text_post_appears_on_the_wall(sandbox):
    answer = sandbox.graph("POST", f"{sandbox.page_id}/feed", data={"message": "Dydd Gŵyl Dewi 🏴󠁧󠁢󠁷󠁬󠁳󠁿"})
    assert answer.json().keys() == {"id"}
    assert re.fullmatch(rf"{sandbox.page_id}_\d+", answer.json()["id"])
    assert sandbox.wall()[0]["message"] == "Dydd Gŵyl Dewi 🏴󠁧󠁢󠁷󠁬󠁳󠁿"


@pytest.mark.parametrize("count", [1, 4, 10])
@pytest.mark.parametrize("form", ["one list", "numbered"])
def test_uploaded_photos_are_shown_in_order_with_alt_text(sandbox, count, form):
    photos = [sandbox.photo(number, f"Photo {number}") for number in range(count)]
    entries = [{"media_fbid": photo} for photo in photos]
    listed = {"attached_media": json.dumps(entries)}
    numbered = {f"attached_media[{number}]": json.dumps(entry) for number, entry in enumerate(entries)}
    sandbox.graph(
        "POST", f"{sandbox.page_id}/feed", data={"message": "Trip"} | (listed if form == "one list" else numbered)
    )
    shown = sandbox.wall()[0]["photos"]
    assert [photo["alt_text"] for photo in shown] == [f"Photo {number}" for number in range(count)]
    assert sandbox.http.get(shown[0]["url"], timeout=5).content == jpeg(0)


def test_photo_tells_its_story_only_once_it_is_published(sandbox):
    photo = sandbox.photo()
    asked = {"fields": "page_story_id,alt_text_custom"}
    before = sandbox.graph("GET", photo, params=asked).json()
    post = sandbox.graph(
        "POST", f"{sandbox.page_id}/feed", data={"attached_media": f'[{{"media_fbid":"{photo}"}}]'}
    ).json()["id"]
    after = sandbox.graph("GET", photo, params=asked).json()
    assert before == {"alt_text_custom": "Children run", "id": photo}
    assert after == {"page_story_id": post, "alt_text_custom": "Children run", "id": photo}


def test_photo_published_at_once_answers_with_its_post(sandbox):
    answer = sandbox.graph(
        "POST", f"{sandbox.page_id}/photos", data={"caption": "Hall"}, files={"source": jpeg()}
    ).json()
    assert answer.keys() == {"id", "post_id"}
    assert sandbox.wall()[0]["id"] == answer["post_id"]


def test_media_named_in_no_readable_way_is_lost_without_a_word(sandbox):
    photo = sandbox.photo()
    sandbox.facebook_sdk().put_object(sandbox.page_id, "feed", message="Lost", attached_media=[{"media_fbid": photo}])
    assert sandbox.wall()[0]["photos"] == []


def test_post_is_read_by_its_fields(sandbox):
    post = sandbox.publish("Hello", link="https://example.org/a")
    asked = {"fields": "id,permalink_url,message,created_time,is_hidden"}
    shown = sandbox.graph("GET", post, params=asked).json()
    assert shown.keys() == {"id", "permalink_url", "message", "created_time", "is_hidden"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", shown["created_time"])
    assert sandbox.http.get(shown["permalink_url"], timeout=5).status_code == 200


def test_deleted_post_is_gone_for_good(sandbox):
    post = sandbox.publish(photos=1)
    assert sandbox.graph("DELETE", post).json() == {"success": True}
    again = sandbox.graph("DELETE", post)
    assert (again.status_code, again.json()["error"]["code"], again.json()["error"]["error_subcode"]) == (400, 100, 33)
    assert sandbox.wall() == []


def test_published_posts_are_walked_by_cursor(sandbox):
    posts = [sandbox.publish(f"Post {number}") for number in range(5)]
    seen, after = [], None
    while True:
        params = {"limit": 2, "fields": "id"} | ({"after": after} if after else {})
        body = sandbox.graph("GET", f"{sandbox.page_id}/published_posts", params=params).json()
        seen += [post["id"] for post in body["data"]]
        if "next" not in body.get("paging", {}):
            break
        after = body["paging"]["cursors"]["after"]
    assert seen == posts[::-1]


def test_more_than_a_hundred_posts_at_once_are_refused(sandbox):
    answer = sandbox.graph("GET", f"{sandbox.page_id}/published_posts", params={"limit": 101})
    assert answer.json()["error"]["code"] == 100


def test_same_words_again_are_a_duplicate(sandbox):
    sandbox.publish("Once")
    answer = sandbox.graph("POST", f"{sandbox.page_id}/feed", data={"message": "Once"})
    assert answer.json()["error"]["code"] == 506
    assert len(sandbox.wall()) == 1


@pytest.mark.parametrize("raw", [b"", b"not a picture", jpeg()[:200], b"GIF89a", b"%PDF-1.4"])
def test_bad_image_is_refused(sandbox, raw):
    answer = sandbox.graph(
        "POST", f"{sandbox.page_id}/photos", data={"published": "false"}, files={"source": ("a.jpg", raw)}
    )
    assert answer.json()["error"]["code"] == 324


def test_photo_cannot_be_used_twice(sandbox):
    photo = sandbox.photo()
    for expected in (True, False):
        fields = {"message": f"With {expected}", "attached_media": f'[{{"media_fbid":"{photo}"}}]'}
        assert ("id" in sandbox.graph("POST", f"{sandbox.page_id}/feed", data=fields).json()) is expected


@pytest.mark.parametrize("fields", [{}, {"message": "  "}, {"link": "ftp://example.org"}, {"link": "nonsense"}])
def test_empty_and_crooked_posts_are_bad_arguments(sandbox, fields):
    assert sandbox.graph("POST", f"{sandbox.page_id}/feed", data=fields).json()["error"]["code"] == 100


def test_unknown_field_is_named(sandbox):
    answer = sandbox.graph("GET", sandbox.publish(), params={"fields": "id,colour"})
    assert "nonexistent field (colour)" in answer.json()["error"]["message"]


def test_error_has_the_shape_of_the_real_one(sandbox):
    error = sandbox.graph("GET", "12345").json()["error"]
    assert error.keys() == {"message", "type", "code", "error_subcode", "fbtrace_id"}


def test_usage_headers_come_with_every_answer(sandbox):
    answer = sandbox.graph("GET", sandbox.page_id)
    assert json.loads(answer.headers["X-App-Usage"]).keys() == {"call_count", "total_cputime", "total_time"}
    case = json.loads(answer.headers["X-Business-Use-Case-Usage"])[sandbox.page_id][0]
    assert case["type"] == "pages"
    assert "estimated_time_to_regain_access" in case
    assert answer.headers["facebook-api-version"] == "v25.0"


@pytest.mark.parametrize(("version", "code"), [("v3.1", 2635), ("v99.0", 2500)])
def test_retired_and_unborn_versions_are_refused(sandbox, version, code):
    answer = sandbox.http.get(
        f"{sandbox.url}/graph/{version}/me", params={"access_token": sandbox.page["page_token"]}, timeout=5
    )
    assert answer.json()["error"]["code"] == code


def test_facebook_sdk_publishes_and_reads(sandbox):
    graph = sandbox.facebook_sdk()
    post = graph.put_object(sandbox.page_id, "feed", message="By the old library")["id"]
    photo = graph.put_photo(jpeg(), album_path=f"{sandbox.page_id}/photos", published=False)["id"]
    assert graph.get_object(post)["message"] == "By the old library"
    assert "page_story_id" not in graph.get_object(photo, fields="page_story_id")
    assert graph.delete_object(post) == {"success": True}
