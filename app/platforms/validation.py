"""What a network would refuse, said before anybody submits; and what a post on X costs."""

import re
import warnings
from decimal import Decimal

from app.platforms.base import Network, OutgoingPost

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports pkg_resources, which tells everybody that it will go
    from twitter_text import parse_tweet

X_LENGTH = 280
X_PHOTOS = 4
X_PHOTO_BYTES = 5 * 1024 * 1024
FACEBOOK_LENGTH = 63_206
FACEBOOK_PHOTOS = 10
LONGEST_ALT_TEXT = 1000

COST_POST = Decimal("0.015")
COST_POST_WITH_LINK = Decimal("0.20")
COST_ALT_TEXT = Decimal("0.005")
"""Dollars a call, as X lists them in 2026."""

_LINK = re.compile(r"(https?://\S+|\b[\w-]+(\.[\w-]+)+\b)")


def text_length(network: Network, text: str) -> int:
    """Count as the network counts: weighted on X, characters on Facebook."""
    return int(parse_tweet(text).weightedLength) if network is Network.X else len(text)


def problems(network: Network, post: OutgoingPost) -> tuple[str, ...]:
    """Return what stands against this post on this network, a sentence each."""
    found = list(_common(post))
    if network is Network.X:
        found += _x(post)
    else:
        found += _facebook(post)
    return tuple(found)


def cost_quote(post: OutgoingPost) -> Decimal:
    """Return what X charges for this post, in dollars."""
    words = post.text + (post.link or "")
    return (COST_POST_WITH_LINK if _LINK.search(words) else COST_POST) + COST_ALT_TEXT * len(post.photos)


def _common(post: OutgoingPost) -> list[str]:
    found = []
    if not post.text.strip() and not post.photos:
        found.append("Write something or add a photo.")
    for number, photo in enumerate(post.photos, start=1):
        if not photo.alt_text.strip():
            found.append(f"Photo {number} needs alt text: say in a sentence what it shows, without names.")
        elif len(photo.alt_text) > LONGEST_ALT_TEXT:
            found.append(f"The alt text of photo {number} is too long: at most {LONGEST_ALT_TEXT} characters.")
    return found


def _x(post: OutgoingPost) -> list[str]:
    found = []
    text = f"{post.text}\n\n{post.link}" if post.link else post.text
    length = text_length(Network.X, text)
    if length > X_LENGTH:
        found.append(f"This is {length - X_LENGTH} characters too long for X, which takes {X_LENGTH}.")
    if len(post.photos) > X_PHOTOS:
        found.append(f"X takes at most {X_PHOTOS} photos. Take some out, or leave X out.")
    if any(len(photo.content) > X_PHOTO_BYTES for photo in post.photos):
        found.append("A photo is too large for X, which takes 5 MB each.")
    return found


def _facebook(post: OutgoingPost) -> list[str]:
    found = []
    if len(post.text) > FACEBOOK_LENGTH:
        found.append(f"This is too long for Facebook, which takes {FACEBOOK_LENGTH} characters.")
    if len(post.photos) > FACEBOOK_PHOTOS:
        found.append(f"At most {FACEBOOK_PHOTOS} photos go into one Facebook post. Take some out.")
    return found
