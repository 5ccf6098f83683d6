"""Something seen elsewhere is passed on in 20 seconds, and followed up without JavaScript, on a narrow phone."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240), pytest.mark.xdist_group("browser")]
NARROW = {"width": 320, "height": 640}


def is_fit(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    found = Axe().run(page).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"]) for item in found] == [], page.url


def test_what_was_seen_elsewhere_is_passed_on_and_taken_along(signed_in):
    teacher = signed_in("teacher", size=NARROW)
    began = time.monotonic()
    teacher.click("text=pass it on")
    teacher.fill("#what", "https://example.org/groups/77 please help me, my stepdad hits me")
    teacher.get_by_role("button", name="Pass it on").click()
    expect(teacher.locator("main")).to_contain_text("Thank you")
    assert time.monotonic() - began < 20
    is_fit(teacher)
    reference = teacher.locator(".govuk-panel strong").inner_text()

    lead = signed_in("dsl", size=NARROW)
    lead.goto("/incidents")
    is_fit(lead)
    lead.locator(f"li:has-text('{reference}') a").click()
    expect(lead.locator("main")).to_contain_text("call 999")
    is_fit(lead)
    address = lead.url

    plain = signed_in("dsl", size=NARROW, javascript=False)
    plain.goto(address)
    plain.get_by_role("button", name="I am dealing with this").click()
    plain.get_by_role("button", name="Make an evidence pack").click()
    ready = plain.get_by_role("button", name="Download the PDF")
    until = time.monotonic() + 30
    while not ready.count():
        assert time.monotonic() < until
        plain.wait_for_timeout(500)
        plain.reload()
    with plain.expect_download() as taken:
        ready.click()
    assert taken.value.suggested_filename == f"evidence-{reference}.pdf"
    plain.get_by_role("button", name="Copy for the safeguarding system").click()
    assert "my stepdad hits me" in plain.locator("textarea").input_value()


@pytest.mark.parametrize(("who", "pages"), [
    ("dsl", ["/incidents/contacts", "/incidents/contact-from-a-child"]),
    ("governor", ["/incidents/prejudice"]),
])  # fmt: skip
def test_other_pages_of_incidents_fit_and_are_accessible(signed_in, who, pages):
    page = signed_in(who, size=NARROW)
    for address in pages:
        assert page.goto(address).status == 200
        is_fit(page)
