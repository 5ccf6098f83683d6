"""People and private facts: pupils and staff by the school's register, phones, e-mails, addresses, plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from moderation.labels import Label, PersonRole
from moderation.model import Context, NameMention, Signal
from moderation.rules.phrase import quoted

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b")
_PLATE = re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b")
_ADDRESS = re.compile(
    r"\b\d{1,4}[a-d]?,?\s+(?:[A-Z][\w']+\s+){1,3}(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Way|Crescent|Court|Terrace|Grove)\b",
    re.IGNORECASE,
)
_DIGITS = "zero oh nought one two three four five six seven eight nine double triple hundred".split()
_SPELT = re.compile(rf"\b(?:(?:{'|'.join(_DIGITS)}|\d)[\s,.-]*){{8,16}}", re.IGNORECASE)
_SURE = 0.8
_SHORTEST_NUMBER = 10


def privacy_signals(text: str, context: Context) -> Iterator[Signal]:
    yield from _names(text, context)
    yield from _facts(text, context)


def mentions_in(text: str, context: Context) -> list[NameMention]:
    return [] if context.names is None else list(context.names.find(text))


def _names(text: str, context: Context) -> Iterator[Signal]:
    for mention in mentions_in(text, context):
        if mention.role is not PersonRole.PUPIL:
            continue
        words = quoted(text[mention.start : mention.end])
        full = " " in words
        if context.post_has_photos and mention.confidence >= _SURE:
            score, because = 0.9, f"names a pupil under a photo: “{words}”"
        elif full and mention.confidence >= _SURE:
            score, because = 0.85, f"gives a pupil's full name: “{words}”"
        else:
            score, because = 0.5, f"may name a pupil: “{words}”"
        yield Signal("privacy.pupil_named", Label.PUPIL_NAMED, score, because, mention.start, mention.end)


def _facts(text: str, context: Context) -> Iterator[Signal]:
    office = context.office
    known_phones = {re.sub(r"\D", "", phone)[-9:] for phone in office.phones}
    for start, end in _phones(text):
        if re.sub(r"\D", "", text[start:end])[-9:] not in known_phones:
            yield _fact("privacy.phone", "gives a phone number", text, start, end, 0.9)
    for match in _EMAIL.finditer(text):
        domain = match.group().rsplit("@", 1)[1].lower()
        if match.group().lower() not in {email.lower() for email in office.emails} and domain not in office.domains:
            yield _fact("privacy.email", "gives an e-mail address", text, *match.span(), 0.85)
    for match in _ADDRESS.finditer(text):
        yield _fact("privacy.address", "gives an address", text, *match.span(), 0.85)
    postcodes = {code.replace(" ", "").upper() for code in office.postcodes}
    for match in _POSTCODE.finditer(text):
        if match.group().replace(" ", "") not in postcodes:
            yield _fact("privacy.postcode", "gives a postcode", text, *match.span(), 0.75)
    for match in _PLATE.finditer(text):
        yield _fact("privacy.plate", "gives a number plate", text, *match.span(), 0.8)


def _phones(text: str) -> Iterator[tuple[int, int]]:
    if sum(map(str.isdigit, text)) >= _SHORTEST_NUMBER:
        for match in phonenumbers.PhoneNumberMatcher(text[:4000], "GB", leniency=phonenumbers.Leniency.POSSIBLE):
            if len(re.sub(r"\D", "", match.raw_string)) >= _SHORTEST_NUMBER:
                yield match.start, match.end
    for spelt in _SPELT.finditer(text):
        if re.search("[a-z]{3}", spelt.group(), re.IGNORECASE):
            yield spelt.span()


def _fact(rule: str, because: str, text: str, start: int, end: int, score: float) -> Signal:
    return Signal(rule, Label.PERSONAL_DATA, score, f"{because}: “{quoted(text[start:end])}”", start, end)
