"""One real post and one real comment, all the way through, as people click it."""

import time

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.demo.pupils import PICTURES
from tests.e2e.conftest import DESKTOP

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
PAGE = "100000000000001"


def walls(product):
    facebook = requests.get(f"{product.sandbox}/_control/facebook/{PAGE}/wall", timeout=5).json()["posts"]
    x = requests.get(f"{product.sandbox}/_control/x/bramleyhill/wall", timeout=5).json()["posts"]
    return facebook, x


def until(page, condition, *, seconds=60):
    """Reload until something shows, as a person would."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, page.inner_text("main")
        page.wait_for_timeout(700)
        page.reload()


def answer_for_faces(page, alt_text):
    """On the page of faces: keep what is proposed, count in each photo, describe them; return how many taps it took."""
    until(page, lambda: page.locator("[data-count]").count() > 0)
    for select in page.locator("select[name*=-face-]").all():
        select.evaluate("select => { select.value = 'obscured' }")
    photos = page.locator(".sg-album__photo").all()
    for number, photo in enumerate(photos, start=1):
        people = photo.locator("select[data-face]").count()
        photo.get_by_role("button", name=f"{people} in photo {number}", exact=True).click()
    page.locator("textarea[name$=-alt]").first.click()
    page.keyboard.type(alt_text)
    page.get_by_role("button", name="Save and submit").click()
    return len(photos) + 2


def look_and_approve(page):
    """Scroll past every photo as a reader does; the button comes with the last one."""
    unseen = page.locator("[data-seen]")
    while unseen.count():
        unseen.first.scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
    page.get_by_role("button", name="Approve this version").click()


def test_post_goes_from_a_teachers_phone_to_both_walls(signed_in, product):
    teacher = signed_in("teacher")
    teacher.goto("/posts/new")
    teacher.fill("#caption", "Own-clothes day raised money for the village hospice.")
    pictures = [PICTURES / "events/ev14_two_close_up.jpg", PICTURES / "events/ev05_portrait_exif_gps.jpg"]
    teacher.set_input_files("#photos", pictures)
    teacher.get_by_role("button", name="Save and check").click()
    assert answer_for_faces(teacher, "Pupils in their own clothes") <= len(pictures) + 2, "8 photos in 10 taps"
    teacher.wait_for_url(lambda url: not url.endswith("/faces"))
    address = teacher.url
    until(teacher, lambda: teacher.locator("main .sg-tag:has-text('Submitted')").count() > 0)

    smt = signed_in("smt", size=DESKTOP)
    smt.goto(address.replace("/posts/", "/reviews/"))
    expect(smt.get_by_role("button", name="Approve this version")).to_have_count(0)  # photos are looked at first
    look_and_approve(smt)
    until(teacher, lambda: teacher.locator("main .sg-tag:has-text('Published')").count() > 0)
    assert teacher.locator("text=See it on Facebook").count() == teacher.locator("text=See it on X").count() == 1
    for posts in walls(product):
        photos = next(post for post in posts if "Own-clothes day" in (post.get("message") or post.get("text")))[
            "photos"
        ]
        assert [photo["alt_text"] for photo in photos] == ["Pupils in their own clothes"] * 2


def test_abuse_is_hidden_within_seconds_and_criticism_stays(signed_in, product):
    post = walls(product)[0][-1]
    comments = f"{product.sandbox}/_control/facebook/posts/{post['id']}/comments"
    abuse = requests.post(
        comments, json={"name": "x", "message": "You are a fat ugly waste of space, Mr Ellery"}, timeout=5
    )
    complaint = {"name": "y", "message": "Nobody ever answers my e-mails. Very poor communication."}
    criticism = requests.post(comments, json=complaint, timeout=5)

    def hidden(comment):
        found = next(
            item
            for wall_post in walls(product)[0]
            for item in wall_post["comments"]
            if item["id"] == comment.json()["id"]
        )
        return found["is_hidden"]

    end = time.monotonic() + 20
    while not hidden(abuse):
        assert time.monotonic() < end, "the abuse is still in public view"
        time.sleep(0.2)
    assert not hidden(criticism)
    head = signed_in("head")
    head.goto("/comments")
    expect(head.locator("main")).to_contain_text("insults somebody")


def test_author_may_not_approve(signed_in, product):
    teacher = signed_in("teacher")
    answer = teacher.goto("/reviews/")
    assert answer.status == 403


PAGES = {
    "teacher": ["/", "/posts/", "/posts/new", "/account", "/notices"],
    "smt": ["/reviews/", "/channels/"],
    "head": ["/comments", "/incidents"],
    "office": ["/register/", "/register/import", "/register/portraits"],
    "dpo": ["/register/matching", "/register/matching/calibration", "/register/matching/disposals", "/record"],
    "admin": ["/health", "/register/matching/decide", "/people"],
}


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_accessible_and_fit_a_narrow_phone(signed_in, who):
    page = signed_in(who, size={"width": 320, "height": 640})
    for address in PAGES[who]:
        assert page.goto(address).status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        found = Axe().run(page).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"]) for item in found] == [], address


def test_draft_can_be_written_without_javascript(signed_in):
    page = signed_in("teacher", javascript=False)
    page.goto("/posts/new")
    page.fill("#caption", "The library is open at lunch time.")
    page.get_by_role("button", name="Save and check").click()
    until(page, lambda: page.locator("text=Submit for approval").count() == 1)


def test_name_is_caught_while_it_is_typed(signed_in):
    page = signed_in("teacher")
    page.goto("/posts/new")
    page.locator("#caption").press_sequentially("Well done Amelia Hart", delay=5)
    expect(page.locator("#caption-said")).to_contain_text("Amelia")
    expect(page.locator(".sg-mirror__back mark")).to_have_text("Amelia Hart")
    page.get_by_role("button", name="Use “one of our pupils”").click()
    expect(page.locator("#caption")).to_have_value("Well done one of our pupils")
    expect(page.locator("#caption-said")).to_contain_text("No names or personal data")
