"""What a network would refuse is said beforehand, and counted as the network counts."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.validation import cost_quote, problems, text_length

LIGHT = [(0, 4351), (8192, 8205), (8208, 8223), (8242, 8247)]
"""Signs that weigh one, by twitter-text's published configuration v3; all others weigh two."""
PLAIN = st.characters(
    exclude_categories=["Cs", "So", "Sk", "Cn", "Co", "Mn", "Me"], exclude_characters=".#*0123456789@:/\0"
)


def photo(**changed):
    given_facts = {"content": b"x", "mime": "image/jpeg", "alt_text": "Children run", "sha256": "0"}
    return OutgoingPhoto(**(given_facts | changed))


def weigh(text):
    """Weigh words without links and emoji, independently of the library."""
    return sum(
        1 if any(low <= ord(sign) <= high for low, high in LIGHT) else 2 for sign in unicodedata.normalize("NFC", text)
    )


@given(st.text(PLAIN, max_size=300))
def test_weight_agrees_with_the_published_rules(text):
    words = " ".join(text.split())
    assert text_length(Network.X, words) == weigh(words)


@given(st.text(st.characters(), max_size=60))
def test_no_text_is_too_strange_to_be_weighed(text):
    assert text_length(Network.X, text) >= 0
    assert text_length(Network.FACEBOOK, text) == len(text)
    assert all(sentence.endswith(".") for network in Network for sentence in problems(network, OutgoingPost(text)))


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("£10", 3),
        ("café", 4),
        ("cafe\u0301", 4),
        ("日本", 4),
        ("\u201cquoted\u201d \u2013 and \u2018so\u2019", 19),
        ("😀", 2),
        ("👨\u200d👩\u200d👧\u200d👦", 2),
        ("🏴󠁧󠁢󠁷󠁬󠁳󠁿", 2),
        ("👍🏽", 2),
        ("🇬🇧", 2),
        ("❤️", 2),
        ("1\ufe0f\u20e3", 2),
        ("https://example.org/a/very/long/address/that/goes/on?and=on&and=on", 23),
        ("http://a.uk", 23),
        ("See bramleyhill.sch.uk now", 4 + 23 + 4),
        ("www.bramleyhill.sch.uk", 23),
        ("office@bramleyhill.sch.uk", 25),
        ("at 3.30pm, e.g. Mr. Hill", 24),
        ("#sportsday @bramleyhill", 23),
        ("two\r\nlines", 9),
    ],
)
def test_weights_known_from_elsewhere(text, weight):
    assert text_length(Network.X, text) == weight


@pytest.mark.parametrize(
    ("network", "text", "found"),
    [
        (Network.X, "x" * 280, ()),
        (Network.X, "x" * 281, ("This is 1 character too long for X, which takes 280.",)),
        (Network.X, "字" * 140, ()),
        (Network.X, "字" * 141, ("This is 2 characters too long for X, which takes 280.",)),
        (Network.X, "x" * 256 + " " + "https://example.org/" + "y" * 200, ()),
        (Network.X, "x" * 257 + " " + "https://example.org/" + "y" * 200, ("This is 1 character too long for X, which takes 280.",)),
        (Network.X, "😀" * 140, ()),
        (Network.X, "bad \ufffe sign", ("An invisible sign in the words cannot be sent to X. Type the words anew instead of pasting them.",)),
        (Network.FACEBOOK, "x" * 63_206, ()),
        (Network.FACEBOOK, "x" * 63_207, ("This is 1 character too long for Facebook, which takes 63206.",)),
        (Network.FACEBOOK, "  \n ", ("Write something or add a photo.",)),
        (Network.X, "", ("Write something or add a photo.",)),
    ],
)  # fmt: skip
def test_words_that_fit_and_words_that_do_not(network, text, found):
    assert problems(network, OutgoingPost(text)) == found


def test_link_counts_on_x_and_not_on_facebook():
    post = OutgoingPost("x" * 255, link="https://example.org/")
    assert problems(Network.X, post) == ()
    longer = OutgoingPost("x" * 256, link="https://example.org/")
    assert "1 character too long" in problems(Network.X, longer)[0]
    assert problems(Network.FACEBOOK, longer) == ()


@pytest.mark.parametrize(
    "link", ["example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https://a b.org", "http://[::1"]
)
def test_link_must_be_a_whole_address(link):
    for network in Network:
        assert problems(network, OutgoingPost("Read this", link=link)) == (
            "The link must be a whole address that begins with https:// or http://.",
        )


@pytest.mark.parametrize(("network", "most"), [(Network.FACEBOOK, 10), (Network.X, 4)])
def test_number_of_photos(network, most):
    assert problems(network, OutgoingPost("", (photo(),) * most)) == ()
    (sentence,) = problems(network, OutgoingPost("", (photo(),) * (most + 1)))
    assert sentence.startswith(f"{network.label} takes at most {most} photos.")


@pytest.mark.parametrize(("network", "megabytes"), [(Network.FACEBOOK, 10), (Network.X, 5)])
def test_size_of_photos(network, megabytes):
    content = bytes(megabytes * 1024 * 1024)
    assert problems(network, OutgoingPost("", (photo(content=content),))) == ()
    (sentence,) = problems(network, OutgoingPost("", (photo(), photo(content=content + b"x"))))
    assert sentence == f"Photo 2 is too large for {network.label}, which takes {megabytes} MB each."


@pytest.mark.parametrize("mime", ["image/tiff", "image/heic", "image/svg+xml", "video/mp4", ""])
def test_kind_of_photos(mime):
    for network in Network:
        (sentence,) = problems(network, OutgoingPost("", (photo(mime=mime),)))
        assert "does not take" in sentence


@pytest.mark.parametrize(
    ("alt_text", "says"),
    [("", "needs alt text"), ("  ", "needs alt text"), ("x" * 1000, None), ("x" * 1001, "too long")],
)
def test_alt_text(alt_text, says):
    for network in Network:
        found = problems(network, OutgoingPost("", (photo(alt_text=alt_text),)))
        assert (says in found[0]) if says else found == ()


@pytest.mark.parametrize(
    ("post", "cost"),
    [
        (OutgoingPost("Hello"), "0.015"),
        (OutgoingPost("At 3.30 p.m., e.g. in Mr. Hill's room."), "0.015"),
        (OutgoingPost("See bramleyhill.sch.uk"), "0.20"),
        (OutgoingPost("See https://example.org"), "0.20"),
        (OutgoingPost("Hello", link="https://example.org"), "0.20"),
        (OutgoingPost("Hello", (photo(), photo())), "0.025"),
    ],
)
def test_cost_of_a_post_on_x(post, cost):
    assert cost_quote(post) == Decimal(cost)
