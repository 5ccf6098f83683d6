"""What every template may use: filters, the addresses of static files, the navigation."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, url_for
from flask_login import current_user
from jinja2 import StrictUndefined

from app.core import clock
from app.core.settings import Settings


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    href: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Shell:
    """What the frame of a page shows of the school."""

    school_name: str
    navigation: Sequence[NavigationItem]
    notices: NavigationItem
    stopped: bool
    quiet_times: str = ""
    """When nothing goes out, in words."""


ShellMaker = Callable[[], Shell]
BARE = "bare_page"
"""Set in `g` for a page that must come up when the database does not answer: it asks nobody who is signed in."""


def init_front_end(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    filters: dict[str, Callable[..., str]] = {
        "date": date_words,
        "datetime": datetime_words,
        "ago": ago,
        "at": at_words,
        "event": event_words,
        "plural": plural,
        "state": state_words,
    }
    app.jinja_env.filters.update(filters)
    app.context_processor(lambda: _common(app))


def _common(app: Flask) -> dict[str, Any]:
    settings: Settings = app.extensions["schoolgate.settings"]
    make: ShellMaker | None = app.extensions.get("schoolgate.shell")
    known = not g.get(BARE) and current_user.is_authenticated
    return {
        "asset": lambda name: url_for("static", filename=name, v=_hash_of(str(Path(app.static_folder or "") / name))),
        "shell": make() if make is not None and known else None,
        "sandbox_url": settings.sandbox_url,
        "me": current_user if known else None,
    }


@cache
def _hash_of(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def date_words(moment: datetime) -> str:
    """Tuesday 3 March 2026."""
    there = clock.london(moment)
    return f"{there:%A} {there.day} {there:%B %Y}"


def datetime_words(moment: datetime) -> str:
    """Tuesday 3 March 2026 at 9:05am, in London time."""
    there = clock.london(moment)
    hour = there.hour % 12 or 12
    return f"{date_words(moment)} at {hour}:{there:%M}{'am' if there.hour < 12 else 'pm'}"


def at_words(moment: datetime) -> str:
    """At 9:05am, for today; else with the day."""
    told = datetime_words(moment)
    return told[told.rindex("at ") :] if clock.london(moment).date() == clock.today() else f"on {told}"


def exact_words(moment: datetime) -> str:
    """Tuesday 3 March 2026, 09:05:12 GMT: to the second, in the time that clocks here show."""
    return f"{date_words(moment)}, {clock.london(moment):%H:%M:%S %Z}"


def ago(moment: datetime) -> str:
    seconds = (clock.now() - moment).total_seconds()
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{plural(int(seconds // size), word)} ago"
    return "just now"


def plural(count: int, word: str, words: str | None = None) -> str:
    return f"{count} {word if count == 1 else words or word + 's'}"


def state_words(state: str) -> str:
    return WORDS.get(str(state)) or str(state).replace("_", " ").capitalize()


def event_words(tag: str) -> str:
    """Say an audit tag such as `post:settle_published` as people would."""
    return EVENT_WORDS.get(tag) or state_words(tag.partition(":")[2].replace("-", "_"))


WORDS = {
    "roll_call": "None of those who may not be shown",
    "not_recognisable": "Nobody could recognise this person",
    "not_a_face": "Not a face",
    "pupil": "A pupil",
    "adult": "An adult",
    "shown_only": "Shown in the app only",
}
EVENT_WORDS = {
    "post:revised": "Saved",
    "post:submit": "Sent for approval",
    "post:clear": "Passed its checks",
    "post:block": "Did not pass its checks",
    "post:recall": "Taken back",
    "post:return": "Returned",
    "post:reject": "Rejected",
    "post:approve": "Approved",
    "post:schedule": "Planned",
    "post:lapse": "Approval ended",
    "post:expire": "Ran out of time",
    "post:start_sending": "Sending began",
    "post:settle_published": "Published",
    "post:settle_partly": "Published on one network only",
    "post:settle_failed": "Could not be published",
    "post:settled": "Sending ended",
    "post:take_down": "Taken down",
    "post:settle_taken_down": "Gone from every network",
    "post:edit": "Changed",
    "notice:send": "Sent by e-mail",
    "notice:show_only": "Shown in the app only",
    "delivery:arm": "Began",
    "delivery:finish": "Sent",
}
