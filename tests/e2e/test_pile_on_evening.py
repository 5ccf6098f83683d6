"""Nine in the evening, on a phone, without JavaScript: three taps, and the post is calm within half a minute."""

import time

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
PAGE = "100000000000001"
WORDS = (
    "you stupid idiots",
    "Worst school ever, nobody answers the phone",
    "I will smash your face in",
    "Shame on you",
)
CRY = "please help me i don't want to go home, my stepdad hits me"


def posts(product):
    return requests.get(f"{product.sandbox}/_control/facebook/{PAGE}/wall", timeout=5).json()["posts"]


def seen(product, post_id):
    post = next(post for post in posts(product) if post["id"] == post_id)
    return [comment["message"] for comment in post["comments"] if not comment["is_hidden"]]


def storm(product, post_id, count=60):
    words = [*(f"{WORDS[number % len(WORDS)]} {number}" for number in range(count)), CRY]
    comments = [{"name": f"Person {number}", "message": text} for number, text in enumerate(words)]
    address = f"{product.sandbox}/_control/facebook/posts/{post_id}/comments/batch"
    requests.post(address, json={"comments": comments}, timeout=30).raise_for_status()


def until(condition, *, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.3)


def test_head_brings_calm_in_three_taps_without_javascript(signed_in, product):
    stormy = posts(product)[0]
    post = stormy["id"]
    storm(product, post)
    head = signed_in("head", javascript=False)
    alarm = head.get_by_role("link", name=f"Bring calm under “{stormy['message'][:12]}")
    until(lambda: head.reload() and alarm.count(), seconds=40)
    began = time.monotonic()
    alarm.click()
    head.get_by_role("button", name="Lock down this post").click()
    head.get_by_role("button", name="Put it under the post").click()
    statement = "We have hidden the comments here for tonight."

    def is_calm():
        left = seen(product, post)
        return CRY in left and len(left) == 2 and any(text.startswith(statement) for text in left)

    until(is_calm, seconds=30)
    assert time.monotonic() - began < 30
    expect(head.locator("main")).to_contain_text("Locked down")
    _looks_right(head)
    head.goto(head.url)
    head.get_by_role("button", name="Lift the lock-down").click()
    until(lambda: sum(text.startswith(WORDS[1]) for text in seen(product, post)) == 15, seconds=60)
    assert not [text for text in seen(product, post) if text.startswith(WORDS[2])]


def _looks_right(page):
    """axe needs scripts, so it looks at the same pages with them."""
    context = page.context.browser.new_context(
        viewport={"width": 320, "height": 640}, storage_state=page.context.storage_state()
    )
    looking = context.new_page()
    origin = page.url.split("/comments")[0]
    pages = (page.url, *(f"{origin}{path}" for path in ("/", "/comments", "/comments?harm=threat", "/comments/rules")))
    for address in (*pages, f"{origin}/comments/texts", f"{origin}/house-rules/bramley-hill-school"):
        assert looking.goto(address).status == 200
        assert looking.evaluate("document.documentElement.scrollWidth") <= 320, address
        found = Axe().run(looking).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"]) for item in found] == [], address
    context.close()
