"""Personal data in words: what may never go out, and what somebody must look at first."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from consent.codes import Code
from consent.model import Severity
from consent.words.normalise import plain, plain_view
from consent.words.private_patterns import PATTERNS

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(r"(?<![A-Z\d])[A-Z](?:[ -]?\d){11}[ -]?[\dA-Z](?![A-Z\d])", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?<![\w.+-])(?:[\w.+-]+\s?[\[({<]\s?(?:at|@)\s?[\])}>]\s?[\w-]+(?:\.[\w-]+)+|[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[a-z][\w-]+)+|[\w.+-]+\s*[\[({<]?\s?\bat\b\s?[\])}>]?\s*[\w-]+(?:\s*[\[({<]?\s?\bdot\b\s?[\])}>]?\s*\w+)+)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w£$€.,/])(?:\+|00)?\(?\d[\d\s().–-]{7,22}\d(?![\w/])")
_SPELT_DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SPELT_NUMBER = re.compile(
    rf"\b(?:(?:(?:double|triple)\s+)?(?:{'|'.join(_SPELT_DIGITS)}|\d+)(?:[\s,.-]+|\b)){{7,14}}", re.IGNORECASE
)
_O_FOR_ZERO = re.compile(r"(?<=\d)[oO](?=[\d\s])|(?<=\d)[oO](?=[oO]\d)|(?<=\d[oO])[oO](?=\d)|\b[oO](?=\d{3})")
_PUBLIC_NUMBER = re.compile(r"0(?:80|3\d|84|87)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b", re.IGNORECASE)
_CARD = re.compile(r"\b(?:\d[ -]?){13,19}\b")


@dataclass(frozen=True, slots=True)
class Leak:
    code: Code
    severity: Severity
    message: str
    start: int
    end: int


def find_personal_data(text: str, *, published_contacts: Sequence[str] = ()) -> list[Leak]:
    """Return what identifies or endangers somebody. The school's own published contacts are let through."""
    view = plain_view(text)
    allowed = [_bare(contact) for contact in published_contacts]
    leaks = [leak for leak in _all(view.shown) if not _is_published(view.shown[leak.start : leak.end], allowed)]
    return [
        Leak(leak.code, leak.severity, leak.message, *view.span(leak.start, leak.end))
        for leak in _without_echoes(leaks)
    ]


def _all(text: str) -> Iterator[Leak]:
    yield from _patterns(text)
    yield from _emails(text)
    if any(sign.isdigit() for sign in text):
        yield from _upns(text)
        yield from _bank(text)
    yield from _phones(text)


def _without_echoes(leaks: Iterable[Leak]) -> Iterator[Leak]:
    """Let a block speak for the holds inside it, and say each thing once."""
    kept: list[Leak] = []
    order = sorted(leaks, key=lambda leak: (leak.severity is not Severity.BLOCK, leak.start, -leak.end))
    for leak in order:
        if not any(leak.start < other.end and other.start < leak.end for other in kept):
            kept.append(leak)
    yield from sorted(kept, key=lambda leak: leak.start)


def _patterns(text: str) -> Iterator[Leak]:
    for pattern in PATTERNS:
        for match in pattern.expression.finditer(text):
            yield Leak(pattern.code, pattern.severity, pattern.message, *_trimmed(text, match.start(), match.end()))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _emails(text: str) -> Iterator[Leak]:
    message = "This is an e-mail address that the school has not published. Take it out."
    for match in _EMAIL.finditer(text):
        yield Leak(Code.DATA_EMAIL, Severity.BLOCK, message, match.start(), match.end())


def _phones(text: str) -> Iterator[Leak]:
    message = "This is a phone number that the school has not published. Take it out."
    for match in _PHONE.finditer(_O_FOR_ZERO.sub("0", text)):
        if _is_personal_number(match.group()):
            yield Leak(Code.DATA_PHONE, Severity.BLOCK, message, match.start(), match.end())
    for match in _SPELT_NUMBER.finditer(text):
        digits = _digits_of(match.group())
        if len(digits) >= 10 and digits.startswith("0") and not match.group().isdigit():
            yield Leak(Code.DATA_PHONE, Severity.BLOCK, message, *_trimmed(text, match.start(), match.end()))


def _digits_of(spelt: str) -> str:
    digits = ""
    times = 1
    for word in re.findall(r"[a-z]+|\d", spelt.lower()):
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
            continue
        digits += _SPELT_DIGITS.get(word, word) * times
        times = 1
    return digits


def _is_personal_number(raw: str) -> bool:
    """National numbers begin with 0, others with + or 00. Freephone and service numbers are nobody's own."""
    bare = _bare(raw)
    if raw.strip().startswith(("+", "00")) and not bare.startswith("0"):
        return 9 <= len(bare) <= 15
    return 10 <= len(bare) <= 11 and bare.startswith("0") and not _PUBLIC_NUMBER.match(bare)


def _upns(text: str) -> Iterator[Leak]:
    for match in _UPN.finditer(text):
        if has_check_letter(re.sub(r"[ -]", "", match.group()).upper()):
            message = "This is a pupil's number (UPN). Take it out."
            yield Leak(Code.DATA_UPN, Severity.BLOCK, message, match.start(), match.end())
        else:
            message = "This looks like a pupil's number (UPN). If it is one, take it out."
            yield Leak(Code.DATA_UPN, Severity.HOLD, message, match.start(), match.end())


def has_check_letter(upn: str) -> bool:
    """Tell whether the first letter of a unique pupil number agrees with the rest; a final letter has a value too."""
    values = [int(sign) if sign.isdigit() else _UPN_LETTERS.find(sign) for sign in upn[1:]]
    if min(values) < 0:
        return False
    total = sum(value * position for position, value in enumerate(values, start=2))
    return _UPN_LETTERS[total % 23] == upn[0]


def _bank(text: str) -> Iterator[Leak]:
    message = "These are bank details. Take them out."
    for match in _IBAN.finditer(text):
        code = match.group().replace(" ", "")
        if int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1:
            yield Leak(Code.DATA_BANK, Severity.BLOCK, message, match.start(), match.end())
    for match in _CARD.finditer(text):
        if _is_card(re.sub(r"\D", "", match.group())):
            yield Leak(Code.DATA_BANK, Severity.BLOCK, message, match.start(), match.end())


def _is_card(digits: str) -> bool:
    doubled = [int(sign) * (1 + position % 2) for position, sign in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0 and digits[0] in "3456"


def _is_published(found: str, allowed: Sequence[str]) -> bool:
    bare = _bare(found)
    return any(
        bare == contact or (len(bare) > 4 and bare in contact) or (contact.startswith("@") and bare.endswith(contact))
        for contact in allowed
        if contact
    )


def _bare(text: str) -> str:
    """Return letters, digits and @ alone; British numbers in their national form."""
    bare = re.sub(r"[^\w@]|_", "", re.sub(r"(?:\+|\b00)44\s*(?:\(0\))?", "0", plain(text)))
    return "0" + bare[2:] if bare.startswith("44") and bare.isdigit() and len(bare) > 10 else bare
