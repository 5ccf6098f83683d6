"""Personal data in words: what may never go out, and what somebody must look at first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import phonenumbers

from consent.model import Severity

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Leak:
    code: str
    severity: Severity
    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    code: str
    severity: Severity
    message: str
    expression: re.Pattern[str]


def _block(code: str, message: str, expression: str) -> _Pattern:
    return _Pattern(code, Severity.BLOCK, message, re.compile(expression, re.IGNORECASE))


def _hold(code: str, message: str, expression: str) -> _Pattern:
    return _Pattern(code, Severity.HOLD, message, re.compile(expression, re.IGNORECASE))


_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_DAY = rf"(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})\s+\d{{2,4}})"
_STREET = "street|st|road|rd|lane|ln|avenue|ave|close|drive|way|crescent|court|gardens|terrace|grove|place|hill"

PATTERNS = (
    _block("data.birthday", "This is a date of birth. Take it out.", rf"\b(?:d\.?o\.?b\.?|born(?: on)?|date of birth|birthday)\b\W{{0,3}}(?:is |on )?{_DAY}"),
    _block("data.address", "This is a home address. Take it out.", rf"\b\d{{1,4}}[a-d]?,?\s+(?:[A-Z][\w']+\s+){{1,3}}(?:{_STREET})\b(?=[\s\S]{{0,60}}\b[A-Z]{{1,2}}\d[A-Z\d]?\s*\d[A-Z]{{2}}\b)"),
    _block("data.address", "This is a home address. Take it out.", r"\b(?:lives?|living|home|address)\b[^.!?\n]{0,25}\b\d{1,4}[a-d]?,?\s+(?:[A-Z][\w']+\s+){1,3}(?:" + _STREET + r")\b"),
    _block("data.bank", "These are bank details. Take them out.", r"\b\d{2}[- ]\d{2}[- ]\d{2}\b[\s\S]{0,40}\b\d{8}\b"),
    _block("data.bank", "These are bank details. Take them out.", r"\b[A-Z]{2}\d{2}[ ]?[A-Z]{4}(?:[ ]?\d){14}\b"),
    _block("data.medical", "This tells of somebody's health. Take it out.", r"\b(?:diagnosed with|suffers? from|has (?:been diagnosed|autism|adhd|epilepsy|asthma|diabetes|anxiety|dyslexia|cancer)|(?:his|her|their) (?:autism|adhd|epilepsy|asthma|diabetes|medication|seizures?|allergy|inhaler|epipen|dyslexia|anxiety|cancer|diagnosis))\b"),
    _block("data.send", "This tells of somebody's special needs or plans. Take it out.", r"\b(?:ehcp|ehc plan|sen register|send support|child in care|looked[- ]after child|pupil premium child|free school meals? (?:pupil|child)|on the (?:child protection|sen) register)\b"),
    _hold("data.plate", "This looks like a number plate. Is it needed?", r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b"),
    _hold("data.security", "This tells how the school is kept safe. Is it needed?", r"\b(?:door|gate|alarm|entry|access|keypad|lock)\s*(?:code|pin|combination)\b|\blockdown (?:plan|procedure|drill)\b|\bsite plan\b|\bpassword\s*(?:is|:)"),
    _hold("data.whereabouts", "This tells where pupils will be and when. Post it after the event, or take the place or time out.", r"\b(?:we|children|pupils|class|year \w+|they)\b[^.!?\n]{0,40}\b(?:will be|are going|will leave|leave|set off|arrive|return|be back|meet|meeting|pick(?:ed)? up)\b[^.!?\n]{0,50}\b(?:at\s+\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)?|(?:at|from|outside)\s+the\s+[A-Z]\w+[^.!?\n]{0,30}\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm))\b"),
    _hold("data.postcode", "This is a postcode. Is it the school's own?", r"\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b"),
)  # fmt: skip

_EMAIL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w.+-]+\s*[\[(]?\bat\b[\])]?\s*[\w-]+\s*[\[(]?\bdot\b[\])]?\s*\w+", re.IGNORECASE
)
_UPN = re.compile(r"\b[A-Z]\d{11}[\dA-Z]\b", re.IGNORECASE)
_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SPELT_NUMBER = re.compile(
    rf"\b(?:(?:double|triple)?\s*(?:{'|'.join(_DIGIT_WORDS)}|\d)[\s,.-]*){{9,14}}", re.IGNORECASE
)


def find_personal_data(text: str, *, published_contacts: Sequence[str] = ()) -> list[Leak]:
    """Return what identifies or endangers somebody. The school's own published contacts are let through."""
    allowed = [_bare(contact) for contact in published_contacts]
    found = [*_patterns(text), *_emails(text), *_phones(text), *_upns(text)]
    return [leak for leak in found if not _is_published(_bare(text[leak.start : leak.end]), allowed)]


def _patterns(text: str) -> Iterable[Leak]:
    for pattern in PATTERNS:
        for match in pattern.expression.finditer(text):
            yield Leak(pattern.code, pattern.severity, pattern.message, match.start(), match.end())


def _emails(text: str) -> Iterable[Leak]:
    for match in _EMAIL.finditer(text):
        message = "This is an e-mail address that the school has not published. Take it out."
        yield Leak("data.email", Severity.BLOCK, message, match.start(), match.end())


def _phones(text: str) -> Iterable[Leak]:
    message = "This is a phone number that the school has not published. Take it out."
    spans = set()
    for region in ("GB",):
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE):
            if len(re.sub(r"\D", "", match.raw_string)) >= 10:
                spans.add((match.start, match.end))
    for spelt in _SPELT_NUMBER.finditer(text):
        digits = "".join(_DIGIT_WORDS.get(word, word) for word in re.findall(r"[a-z]+|\d", spelt.group().lower()))
        if sum(sign.isdigit() for sign in digits) >= 9 and re.search("[a-z]", spelt.group(), re.IGNORECASE):
            spans.add(spelt.span())
    return [Leak("data.phone", Severity.BLOCK, message, start, end) for start, end in sorted(spans)]


def _upns(text: str) -> Iterable[Leak]:
    for match in _UPN.finditer(text):
        yield Leak("data.upn", Severity.BLOCK, "This is a pupil's number. Take it out.", match.start(), match.end())


def _is_published(found: str, allowed: Sequence[str]) -> bool:
    return any(found and (found in contact or contact in found) for contact in allowed if contact)


def _bare(text: str) -> str:
    bare = re.sub(r"[^\w@]", "", text.lower())
    return "0" + bare[2:] if bare.startswith("44") and bare.isdigit() else bare
