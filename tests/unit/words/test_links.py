"""Links by what can be told without opening them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent import Code, Severity
from consent.words.links import judge_links


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("http://school.sch.uk/news", Code.LINK_NOT_HTTPS),
        ("ftp://school.sch.uk/news", Code.LINK_NOT_HTTPS),
        ("https://bit.ly/3abc", Code.LINK_SHORTENED),
        ("bit.ly/3abc", Code.LINK_SHORTENED),
        ("https://tinyurl.com/3abc", Code.LINK_SHORTENED),
        ("https://xn--pypal-4ve.com", Code.LINK_LOOK_ALIKE),
        ("https://раypal.com", Code.LINK_LOOK_ALIKE),
        ("https://faceb00k.com/login", Code.LINK_LOOK_ALIKE),
        ("https://www.g00gle.co.uk", Code.LINK_LOOK_ALIKE),
        ("https://user:secret@school.sch.uk", Code.LINK_SIGN_IN),
        ("https://school.sch.uk@evil.example", Code.LINK_SIGN_IN),
        ("https://10.0.0.1/a", Code.LINK_PRIVATE),
        ("https://8.8.8.8/a", Code.LINK_PRIVATE),
        ("https://2130706433/", Code.LINK_PRIVATE),
        ("https://0x7f.0.0.1/", Code.LINK_PRIVATE),
        ("https://[::1]/", Code.LINK_PRIVATE),
        ("https://localhost/a", Code.LINK_PRIVATE),
        ("https://intranet/a", Code.LINK_PRIVATE),
        ("https://server.local/a", Code.LINK_PRIVATE),
        ("https://school.sch.uk:99999/", Code.LINK_BROKEN),
    ],
)
def test_link_is_questioned(link, code):
    text = f"See {link}, it is great."
    [found] = judge_links(text)
    assert found.code == code
    assert text[found.start : found.end] == link.rstrip("/") or text[found.start : found.end] == link


@pytest.mark.parametrize(
    "text",
    [
        "https://www.school.sch.uk/news?page=2",
        "www.bbc.co.uk/newsround",
        "gov.uk",
        "What a day.We loved it",
        "e.g. this",
        "3.5 miles",
    ],
)
def test_ordinary_link_passes(text):
    assert judge_links(text) == []


def test_lists_of_the_school_count():
    assert judge_links("http://old.school.org bit.ly/a", allowed_hosts=["school.org", "bit.ly"]) == []
    [found] = judge_links("https://chat.example.com/x", denied_hosts=["example.com"])
    assert (found.code, found.severity) == (Code.LINK_DENIED, Severity.BLOCK)


def test_allowed_host_does_not_allow_a_sign_in_or_its_imitation():
    assert judge_links("https://a:b@school.org", allowed_hosts=["school.org"])
    assert judge_links("https://schооl.org", allowed_hosts=["school.org"])
    assert judge_links("http://notschool.org", allowed_hosts=["school.org"])


@given(st.text(max_size=100))
def test_any_text_can_be_searched(text):
    for found in judge_links(f"https://{text} {text}"):
        assert 0 <= found.start < found.end
