"""A post's words as X sees them: weighed, with links shortened and its entities found."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from twitter_text import extract_urls_with_indices, parse_tweet

from app.sandbox.answers import Json
from app.sandbox.tables import ShortLink

MOST_WEIGHT = 280
_HANDLE = re.compile(r"(?<![\w@/])@(\w{1,15})\b")
_HASHTAG = re.compile(r"(?<![\w&])#(\w*[^\W\d]\w*)")


@dataclass(frozen=True)
class Rendered:
    text: str
    entities: Json


def weight(text: str) -> int:
    return int(parse_tweet(text).asdict()["weightedLength"]) if text else 0


def handles(text: str) -> list[str]:
    return [match.group(1) for match in _HANDLE.finditer(text)]


def render(session: Session, text: str) -> Rendered:
    """Shorten every link and say where links, mentions and hashtags stand."""
    pieces, urls, at = [], [], 0
    for found in extract_urls_with_indices(text):
        start, end = found["indices"]
        pieces.append(text[at:start])
        short = short_link(session, text[start:end])
        position = sum(map(len, pieces))
        expanded = _with_scheme(text[start:end])
        urls.append(
            {
                "start": position,
                "end": position + len(short),
                "url": short,
                "expanded_url": expanded,
                "display_url": expanded.split("://", 1)[1].rstrip("/"),
            }
        )
        pieces.append(short)
        at = end
    shown = "".join([*pieces, text[at:]])
    entities: Json = {"urls": urls} if urls else {}
    return Rendered(shown, entities | _marks(shown))


def short_link(session: Session, url: str) -> str:
    """Return the one short form of this link; made on first sight."""
    full = _with_scheme(url)
    slug = session.scalar(select(ShortLink.slug).where(ShortLink.url == full))
    if slug is None:
        slug = secrets.token_urlsafe(12)[:10].replace("-", "x").replace("_", "y")
        session.add(ShortLink(slug=slug, url=full))
        session.flush()
    return f"https://t.co/{slug}"


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"http://{url}"


def _marks(text: str) -> Json:
    marks: Json = {}
    for name, pattern, key in (("mentions", _HANDLE, "username"), ("hashtags", _HASHTAG, "tag")):
        found = list(_spans(text, pattern, key))
        if found:
            marks[name] = found
    return marks


def _spans(text: str, pattern: re.Pattern[str], key: str) -> Iterator[Json]:
    for match in pattern.finditer(text):
        yield {"start": match.start(), "end": match.end(), key: match.group(1)}
