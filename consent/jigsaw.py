"""Two harmless posts can make one harmful one: names here, photos of the same event there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from consent.codes import Code
from consent.model import Finding, Severity

WINDOW = timedelta(days=7)
_TAG = re.compile(r"#\w+")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What one post tells of its event. `label` is how the sentence speaks of it: “Sports day”, 3 May."""

    day: date
    had_names: bool
    had_photos: bool
    people: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    """Hashtags and links: two posts that share one speak of one event, whatever classes were chosen."""
    label: str = ""
    post_id: str | None = None


def tags_of(caption: str, link: str | None = None) -> frozenset[str]:
    """Return what a post itself calls its event by: `#SportsDay`, or the page that it leads to."""
    tags = {tag.lower() for tag in _TAG.findall(caption)}
    return frozenset(tags | {link.lower().rstrip("/")} if link else tags)


def judge_jigsaw(own: Neighbour, others: Sequence[Neighbour]) -> tuple[Finding, ...]:
    """Hold a post that names, or shows, whom a post of the same week shows or names."""
    return tuple(_finding(own, other) for other in _pieces(own, others))


def _pieces(own: Neighbour, others: Iterable[Neighbour]) -> Iterable[Neighbour]:
    return (
        other
        for other in others
        if abs(other.day - own.day) <= WINDOW and _complete_each_other(own, other) and _same_event(own, other)
    )


def _complete_each_other(own: Neighbour, other: Neighbour) -> bool:
    return (own.had_names and other.had_photos) or (own.had_photos and other.had_names)


def _same_event(own: Neighbour, other: Neighbour) -> bool:
    """The same people, classes or tags; a post that says nothing of people and classes may be any event's."""
    if own.people & other.people or own.classes & other.classes or own.tags & other.tags:
        return True
    return not (own.people or own.classes) or not (other.people or other.classes)


def _finding(own: Neighbour, other: Neighbour) -> Finding:
    what, there = ("names", "photos") if own.had_names and other.had_photos else ("photos", "names")
    post = f"“{other.label}”" if other.label else f"of {other.day.day} {other.day:%B}"
    message = (
        f"This post has {what} and the post {post} has {there} of what may be the same event. "
        "Together they tell which child is which: wait a week, or take the names out."
    )
    return Finding(Code.JIGSAW.value, Severity.HOLD, message, other_post=other.post_id)
