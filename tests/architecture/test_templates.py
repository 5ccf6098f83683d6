"""Templates: no inline script or style, nothing marked safe, a token in every form."""

import re

import pytest

from tests.architecture.source import all_files, place

SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE)
STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"\son[a-z]+\s*=|\bhx-on\b|javascript:", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe\b|\bautoescape\s+false|\|\s*striptags\b.*\|\s*safe")
FOREIGN = re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
TOKEN = re.compile(r"csrf_token\(\)|\bcsrf\(\)|form\.hidden_tag\(\)|render_form\(|name=\"csrf_token\"")

TEMPLATES = all_files("app", suffix=".html")
PRODUCT_TEMPLATES = [path for path in TEMPLATES if "sandbox" not in path.parts]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (SCRIPT, "an inline script is refused by our content policy"),
        (STYLE, "an inline style is refused by our content policy"),
        (HANDLER, "an inline handler is refused by our content policy"),
        (UNESCAPED, "text of people must be escaped"),
        (FOREIGN, "nothing is loaded from elsewhere"),
    ],
)
def test_no_template_holds(pattern, why):
    found = [
        f"{place(path, number)}: {line.strip()}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, why


def test_every_form_that_posts_carries_a_token():
    forms = [
        (place(path), inside)
        for path in PRODUCT_TEMPLATES
        for attributes, inside in FORM.findall(path.read_text(encoding="utf-8"))
        if re.search(r"method\s*=\s*[\"']post", attributes, re.IGNORECASE)
    ]
    assert len(forms) > 10
    assert not [name for name, inside in forms if not TOKEN.search(inside)]


def test_every_form_says_how_it_is_sent():
    """A form without a method would put what people write into the address."""
    forms = [
        (place(path), found)
        for path in PRODUCT_TEMPLATES
        for found, _ in FORM.findall(path.read_text(encoding="utf-8"))
    ]
    assert not [name for name, attributes in forms if not re.search(r"method\s*=", attributes)]


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        (SCRIPT, "<script>alert(1)</script>", True),
        (SCRIPT, '<script type="module">', True),
        (SCRIPT, '<script defer src="/static/x.js"></script>', False),
        (STYLE, '<p style="color: red">', True),
        (STYLE, "<style>", True),
        (STYLE, '<link rel="stylesheet" href="x">', False),
        (HANDLER, '<a onclick="go()">', True),
        (HANDLER, '<a href="javascript:go()">', True),
        (HANDLER, "turn the light on = bright", False),
        (HANDLER, '<a hx-on:click="go()">', True),
        (UNESCAPED, "{{ comment.text | safe }}", True),
        (UNESCAPED, "{{ comment.text|safe }}", True),
        (UNESCAPED, "{{ 'keep safe' }}", False),
        (FOREIGN, '<script src="https://cdn.example/x.js">', True),
        (FOREIGN, '<a href="https://school.example">', False),
    ],
)
def test_a_pattern_finds_what_it_should(pattern, text, is_found):
    assert bool(pattern.search(text)) is is_found
