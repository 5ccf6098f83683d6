"""The sandbox's only reading of the time, and the ways in which the two networks write it."""

from datetime import UTC, datetime

_LATEST = 253_402_300_799


def now() -> datetime:
    return datetime.now(UTC)


def graph_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def x_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def from_text(text: str) -> datetime:
    """Read an ISO time or a count of seconds since 1970; a time without a zone is UTC."""
    if text.isascii() and text.replace(".", "", 1).isdigit():
        if float(text) > _LATEST:
            raise ValueError("this is after the year 9999")
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
