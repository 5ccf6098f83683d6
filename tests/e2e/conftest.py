"""A real Chromium against the product as it really runs."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from app.demo.people import PASSWORD
from tests.support.processes import RunningProduct

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    with RunningProduct(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("SCHOOLGATE_TEST_CHROMIUM") or shutil.which("chromium")
    assert path, "The browser tests need Chromium: apt-get install chromium, or run make test as root."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def signed_in(chromium, product):
    """Return a page in which somebody of the made-up school is signed in: `signed_in("teacher")`."""
    contexts = []

    def enter(who: str, *, size=None, javascript: bool = True):
        context = chromium.new_context(viewport=size or PHONE, java_script_enabled=javascript, base_url=product.web)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("#email", f"{who}@bramleyhill.example")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{product.web}/")
        return page

    yield enter
    for context in contexts:
        context.close()
