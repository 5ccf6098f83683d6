"""Reading what networks write, in all its spellings."""

from datetime import UTC, datetime

import pytest

from app.platforms.parsing import identifier_of, parse_time, same_words, text_of, web_address_of, words_for_people

MOMENT = datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T08:00:05+0000", "2026-03-02T08:00:05+00:00", "2026-03-02T08:00:05Z", "2026-03-02T08:00:05.000Z",
        "2026-03-02T09:00:05+0100", "2026-03-02T08:00:05", 1772438405, 1772438405.0, "1772438405", 1772438405000,
    ],
)  # fmt: skip
def test_times_in_every_spelling(written):
    assert parse_time(written) == MOMENT
    assert parse_time(written).tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "soon",
        True,
        [],
        {},
        float("nan"),
        float("inf"),
        -1e300,
        10**400,
        "9" * 500,
        "9999-12-31T23:59:59-2359",
    ],
)
def test_what_is_no_time(written):
    assert parse_time(written) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hello  world", "Hello\nworld ", True),
        ("Fish &amp; chips", "Fish & chips", True),
        ("cafe\u0301", "caf\u00e9", True),
        ("See http://bramleyhill.sch.uk/", "See bramleyhill.sch.uk", True),
        ("Photos https://t.co/aB3", "Photos", True),
        ("https://example.org/a/b", "https://example.org/a/c", False),
        ("Hello", "Hello!", False),
        ("Hello", "hello", False),
    ],
)
def test_same_words(one, other, same):
    assert same_words(one, other) is same


@pytest.mark.parametrize(
    ("value", "read"),
    [("12_34", "12_34"), (12, "12"), ("AbC-1.2:3=", "AbC-1.2:3="), (True, None), (1.5, None), (None, None), ("", None), ("..", None), ("a/b", None), ("a?b", None), ("é", None), ("1" * 201, None), ("1\n", None)],
)  # fmt: skip
def test_identifiers(value, read):
    assert identifier_of(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [("https://www.facebook.com/1/posts/2", "https://www.facebook.com/1/posts/2"), ("/1/posts/2", "https://site/1/posts/2"), ("//evil.org/x", None), ("javascript:alert(1)", None), ("https://", None), ("https://a b", None), ('https://a/"onclick', None), ("http://[::1", None), (7, None), (None, None)],
)  # fmt: skip
def test_web_addresses(value, read):
    assert web_address_of(value, "https://site") == read


def test_words_can_be_kept_and_quoted():
    assert text_of("a\x00b\ud83dc") == "ab\ufffdc"
    assert text_of(7) == ""
    assert (
        words_for_people("Malformed access token EAABsbCS1iHgBAKZCzxxxxxxxxxxxxxxxxxxxxxxxxxx now")
        == "Malformed access token … now"
    )
    assert len(words_for_people("word " * 200)) <= 300
