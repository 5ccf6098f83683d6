"""Whether an account is the one that the leadership approved: by what only one account can be called."""

import re
from urllib.parse import urlsplit

from app.channels.models import Channel

_NUMBER = re.compile(r"\d{5,}")


def is_approved(channel: Channel, account_id: str, handle: str) -> bool:
    """Compare what the network says of an account with the register. Display names do not count: anybody may take one.

    An account that was connected before is known by its id alone, which no renaming changes.
    """
    if channel.remote_account_id is not None:
        return channel.remote_account_id == account_id
    address = urlsplit(channel.url)
    parts = [part for part in address.path.split("/") if part]
    known = {_plain(word) for word in (channel.handle, *parts[-1:])}
    numbers = _NUMBER.findall(f"{address.path}?{address.query}")
    return account_id in {channel.handle.strip(), *numbers} or (bool(handle) and _plain(handle) in known)


def another(channel: Channel, account_id: str, handle: str) -> str:
    """Say that this is not the approved account, and how it is entered if it should be."""
    called = f"@{handle.removeprefix('@')}, number {account_id}" if handle else f"number {account_id}"
    return (
        f"This is another account than {channel.handle}, which the leadership approved: it is {called}. "
        "Connect the approved one, or enter this one as an account of its own."
    )


def _plain(handle: str) -> str:
    """Networks tell handles apart by letters alone: not by capitals, and Facebook not by full stops."""
    return handle.strip().removeprefix("@").casefold().replace(".", "")
