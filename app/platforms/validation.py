"""What a network would refuse, said before anybody submits; and what a post on X costs."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlsplit

from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.parsing import text_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports pkg_resources, which tells everybody that it will go
    from twitter_text import extract_urls, parse_tweet
    from twitter_text.has_invalid_characters import has_invalid_characters

LONGEST_ALT_TEXT = 1000
MEGABYTE = 1024 * 1024

COST_POST = Decimal("0.015")
COST_POST_WITH_LINK = Decimal("0.20")
COST_ALT_TEXT = Decimal("0.005")
"""Dollars a call, as X lists them in 2026."""


@dataclass(frozen=True, slots=True)
class Limits:
    length: int
    photos: int
    photo_megabytes: int
    formats: frozenset[str]


LIMITS = {
    Network.FACEBOOK: Limits(63_206, 10, 10, frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})),
    Network.X: Limits(280, 4, 5, frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})),
}


def text_length(network: Network, text: str) -> int:
    """Count as the network counts: weighted on X, characters on Facebook."""
    return int(parse_tweet(text_of(text)).weightedLength) if network is Network.X else len(text)


def fitted(network: Network, post: OutgoingPost) -> OutgoingPost:
    """Return what the network takes of a post: the first photos, as many as it shows."""
    return replace(post, photos=post.photos[: LIMITS[network].photos])


def problems(network: Network, post: OutgoingPost) -> tuple[str, ...]:
    """Return what stands against this post on this network, a sentence each."""
    return (*_words(network, post), *_photos(network, post.photos))


def cost_quote(post: OutgoingPost) -> Decimal:
    """Return what X charges for this post, in dollars. A bare school.sch.uk counts as a link."""
    has_link = bool(post.link or extract_urls(text_of(post.text)))
    return (COST_POST_WITH_LINK if has_link else COST_POST) + COST_ALT_TEXT * len(post.photos)


def _words(network: Network, post: OutgoingPost) -> Iterator[str]:
    if not post.text.strip() and not post.photos:
        yield "Write something or add a photo."
    whole = f"{post.text}\n\n{post.link}" if post.link and network is Network.X else post.text
    over = text_length(network, whole) - LIMITS[network].length
    if over > 0:
        plural = "character" if over == 1 else "characters"
        yield f"This is {over} {plural} too long for {network.label}, which takes {LIMITS[network].length}."
    if network is Network.X and has_invalid_characters(whole):
        yield "An invisible sign in the words cannot be sent to X. Type the words anew instead of pasting them."
    if post.link and not _is_web_address(post.link):
        yield "The link must be a whole address that begins with https:// or http://."


def _photos(network: Network, photos: tuple[OutgoingPhoto, ...]) -> Iterator[str]:
    limits = LIMITS[network]
    if len(photos) > limits.photos:
        yield f"{network.label} takes at most {limits.photos} photos. Take some out, or leave {network.label} out."
    for number, photo in enumerate(photos, start=1):
        if photo.mime not in limits.formats:
            yield f"Photo {number} is of a kind that {network.label} does not take. Save it as JPEG or PNG."
        if len(photo.content) > limits.photo_megabytes * MEGABYTE:
            yield f"Photo {number} is too large for {network.label}, which takes {limits.photo_megabytes} MB each."
        if not photo.alt_text.strip():
            yield f"Photo {number} needs alt text: say in a sentence what it shows, without names."
        elif len(photo.alt_text) > LONGEST_ALT_TEXT:
            yield f"The alt text of photo {number} is too long: at most {LONGEST_ALT_TEXT} characters."


def _is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(sign.isspace() for sign in link)
