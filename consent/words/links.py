"""Links that would go out: where they lead, as far as can be told without opening them."""

import ipaddress
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, urlsplit

from rapidfuzz.distance import OSA

from consent.codes import Code
from consent.model import Severity

SHORTENERS = frozenset(
    """
    bit.ly bitly.com buff.ly cutt.ly dub.sh goo.gl is.gd lnkd.in ow.ly qr.net rb.gy rebrand.ly s.id shorturl.at soo.gd
    t.co t.ly tiny.cc tinyurl.com trib.al v.gd wp.me fb.me
    """.split()
)
IMITATED = frozenset(
    """
    amazon apple bbc facebook gmail google instagram justgiving linkedin microsoft nspcc ofsted office365 outlook
    parentmail parentpay paypal sainsburys tesco twitter whatsapp youtube
    """.split()
)
_LINK = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,19}://[^\s<>\"“”]*|\bwww\.[^\s<>\"“”]+)|\b(?:javascript|vbscript|data|file):(?=[^\s/]*[(/,])\S+|(?<![@\w.-])(?:[\w-]+\.)+"
    r"(?:com|org|net|uk|ie|eu|gov|edu|io|me|ly|gl|gd|gy|co|cc|info|biz|xyz|top|click|link|site|online|shop|ru|tk|app|dev)\b(?:[:/?#][^\s<>\"“”]*)?",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|(?:javascript|vbscript|data|file):", re.IGNORECASE)
_LEET = str.maketrans("013457$@", "oleastsa")
_LONG_ENOUGH = 6
_LURES = frozenset(
    "account alert billing confirm help login online pay secure security signin support update verify wallet".split()
)
_INWARD = (
    ".nip.io",
    ".sslip.io",
    ".xip.io",
    ".localtest.me",
    ".lvh.me",
    ".local",
    ".internal",
    ".localhost",
    ".lan",
    ".home",
    ".intranet",
    ".corp",
    ".test",
    ".onion",
)


@dataclass(frozen=True, slots=True)
class LinkFinding:
    code: Code
    severity: Severity
    message: str
    start: int
    end: int


def find_links(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _LINK.finditer(text):
        link = match.group().rstrip(".,;:!?)]}»”’'\"…")
        yield match.start(), match.start() + len(link), link


def judge_links(
    text: str, *, allowed_hosts: Collection[str] = (), denied_hosts: Collection[str] = ()
) -> list[LinkFinding]:
    """Return what stands against each link of a text: at most one thing each."""
    found = []
    for start, end, link in find_links(text):
        verdict = _judge(link, allowed_hosts, denied_hosts)
        if verdict is not None:
            found.append(LinkFinding(*verdict, start, end))
    return found


_Verdict = tuple[Code, Severity, str]


def _judge(link: str, allowed: Collection[str], denied: Collection[str]) -> _Verdict | None:
    try:
        parts = urlsplit(link if _SCHEME.match(link) else f"https://{link}")
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        host = ""
    if not all(host.split(".")):
        return (Code.LINK_BROKEN, Severity.BLOCK, "This link is not complete. Copy it again from the browser.")
    refused = _refuse(parts, host, denied)
    if refused is not None or _matches(host, allowed):
        return refused
    if parts.scheme.lower() != "https":
        return (Code.LINK_NOT_HTTPS, Severity.HOLD, "This link is not secure. Use an address that begins with https.")
    if _matches(host, SHORTENERS):
        return (Code.LINK_SHORTENED, Severity.HOLD, "This link hides where it leads. Use the full address.")
    return None


def _refuse(parts: SplitResult, host: str, denied: Collection[str]) -> _Verdict | None:
    if _matches(host, denied):
        return (Code.LINK_DENIED, Severity.BLOCK, "Your school has ruled this site out. Take the link out.")
    if parts.username is not None or parts.password is not None:
        return (Code.LINK_SIGN_IN, Severity.BLOCK, "This link carries a sign-in. Take it out.")
    if _is_address(host) or "." not in host or host.endswith(_INWARD):
        return (Code.LINK_PRIVATE, Severity.BLOCK, "This link does not lead to a public site. Take it out.")
    if _imitates(host):
        return (Code.LINK_LOOK_ALIKE, Severity.BLOCK, "This link imitates another site's name. Take it out.")
    return None


def _matches(host: str, hosts: Collection[str]) -> bool:
    lower = host.lower()
    return any(lower == known.lower() or lower.endswith("." + known.lower()) for known in hosts if known)


def _imitates(host: str) -> bool:
    """Foreign letters, digits in the place of letters, a name spelt nearly right or used as somebody else's subdomain."""
    labels = host.lower().split(".")
    if not host.isascii() or any(label.startswith("xn--") for label in labels):
        return True
    if any(label not in IMITATED and _reads_as_known(label) for label in labels):
        return True
    is_borrowed = any(one in IMITATED and two in ("com", "co", "org") for one, two in pairwise(labels[:-2]))
    return is_borrowed or any(_lures(label.split("-")) for label in labels)


def _reads_as_known(label: str) -> bool:
    calm = label.translate(_LEET).replace("rn", "m").replace("vv", "w")
    return calm in IMITATED or any(
        len(known) >= _LONG_ENOUGH and OSA.distance(known, label, score_cutoff=1) == 1 for known in IMITATED
    )


def _lures(parts: Collection[str]) -> bool:
    """`paypal-login`, `secure-parentpay`."""
    return any(part in IMITATED for part in parts) and any(part in _LURES for part in parts)


def _is_address(host: str) -> bool:
    """Tell whether a host is a number in any of the ways that browsers understand."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return all(re.fullmatch(r"0x[0-9a-f]*|\d+", label, re.IGNORECASE) for label in host.split("."))
    return True
