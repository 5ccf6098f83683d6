"""Links that would go out: where they lead, as far as can be told without opening them."""

import ipaddress
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from consent.model import Severity
from consent.words.normalise import plain

SHORTENERS = frozenset(
    """
    bit.ly buff.ly cutt.ly goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly s.id shorturl.at t.co t.ly tiny.cc
    tinyurl.com v.gd
    """.split()
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkFinding:
    code: str
    severity: Severity
    message: str
    start: int
    end: int


def find_links(text: str) -> Iterable[tuple[int, int, str]]:
    for match in _LINK.finditer(text):
        link = match.group().rstrip(".,;:!?)]}»”’'\"")
        yield match.start(), match.start() + len(link), link


def judge_links(
    text: str, *, allowed_hosts: Collection[str] = (), denied_hosts: Collection[str] = ()
) -> list[LinkFinding]:
    """Return what stands against each link of a text."""
    found = []
    for start, end, link in find_links(text):
        verdict = _judge(link, allowed_hosts, denied_hosts)
        if verdict is not None:
            found.append(LinkFinding(*verdict, start, end))
    return found


def _judge(link: str, allowed: Collection[str], denied: Collection[str]) -> tuple[str, Severity, str] | None:
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").rstrip(".")
        has_user = parts.username is not None
    except ValueError:
        return ("link.broken", Severity.BLOCK, "This link is not complete. Copy it again from the browser.")
    if _matches(host, denied):
        return ("link.denied", Severity.BLOCK, "Your school has ruled this site out. Take the link out.")
    if has_user:
        return ("link.sign-in", Severity.BLOCK, "This link carries a sign-in. Take it out.")
    if _is_address(host) or "." not in host or host.endswith((".local", ".internal", ".localhost")):
        return ("link.private", Severity.BLOCK, "This link does not lead to a public site. Take it out.")
    if host.startswith("xn--") or ".xn--" in host or plain(host) != host.lower():
        return ("link.look-alike", Severity.BLOCK, "This link imitates another site's name. Take it out.")
    if _matches(host, allowed):
        return None
    if parts.scheme.lower() != "https":
        return ("link.not-https", Severity.HOLD, "This link is not secure (http). Use the https address.")
    if _matches(host, SHORTENERS):
        return ("link.shortened", Severity.HOLD, "This link hides where it leads. Use the full address.")
    return None


def _matches(host: str, hosts: Collection[str]) -> bool:
    return any(host == known or host.endswith("." + known) for known in hosts)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.isdigit() or host.lower().startswith("0x")
    return True
