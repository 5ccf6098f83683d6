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
    r"\b\d{1,4}[a-d]?,?\s+(?:(?!(?:the|an?|this|that|in|on|by|all|no|any|some|our|my|half|is|was|to|of)\b)[A-Z][\w']+\s+){1,3}(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Way|Crescent|Court|Terrace|Grove)\b",
    re.IGNORECASE,
)
_DIGITS = "zero oh nought one two three four five six seven eight nine double triple hundred".split()
_SPELT = re.compile(rf"\b(?:(?:{'|'.join(_DIGITS)}|\d)[\s,.-]*){{8,16}}", re.IGNORECASE)
_FULL_NAME = r"[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?\s+(?:O['’]|Mc|Mac)?[A-Z][a-z'’]+(?:-[A-Z][a-z]+)?"
_CLASS = r"(?:(?:Y(?:ea)?r|year|yr)\s?\d{1,2}[A-Z]?|Y\d{1,2}|(?:[1-9]|1[0-3])[A-Z]{1,2}|[A-Z][a-z]+\s+[Cc]lass|(?:Mr|Mrs|Miss|Ms|Dr)\.?\s+[A-Z][a-z]+['’]s\s+(?:class|form|group))\b"
_NAME_AND_CLASS = re.compile(
    rf"\b{_FULL_NAME}(?:['’]s\s+(?:lad|boy|girl|son|daughter))?[\s,(\-–]{{1,3}}(?:(?:who\s+is\s+|who['’]s\s+|is\s+)?(?:in|from|of)\s+|the\s+one[^.!?]{{0,30}}[?.,]?\s+(?:He|She)(?:['’]s| is)\s+in\s+|(?:He|She)(?:['’]s| is)\s+in\s+)?{_CLASS}"
)
_NAME_TOLD = re.compile(
    rf"(?:\b{_CLASS}['’]s\s+(?P<first>{_FULL_NAME})"
    rf"|(?P<second>{_FULL_NAME})[^.!?\n]{{0,25}}?,?\s(?:[Hh]e|[Ss]he)(?:['’]s|\s+is)\s+in\s+{_CLASS}"
    rf"|\b(?:son|daughter|boy|girl|lad|[Bb]irthday\s+to)\s+(?P<third>{_FULL_NAME}),\s+\d{{1,2}}"
    rf"|\b(?:boy|girl|lad|kid|one)\s[^.!?\n]{{2,30}}\s(?:is|called|named)\s+(?P<fourth>{_FULL_NAME}))"
)
_NOT_A_NAME = re.compile(
    r"\b(?:Mr|Mrs|Miss|Ms|Dr|Sir|Well|Good|Great|Happy|Thank|Thanks|Congratulations|Congrats|Love|Lovely|Amazing|The|Our|My|Year|World|Sports|Open|Parents|Book|Red|Blue|"
    r"Green|Yellow|Team|House|Harvest|Christmas|Easter|Summer|Spring|Winter|Autumn|Science|Art|Music|School|Head|Go|Come|What|Who|When|Where|Is|Are|Can|Will|Please|Big|Welcome|To|From|And|For|All|Guy|Stone|Bronze|Iron|Victorian|Roman|Tudor|Viking|Ancient|King|Queen|Saint|St|Santa|Father|Mother|Captain|Second|First|New|Old|Lord|Lady)\s+[A-Z]|"
    r"\b(?:Florence Nightingale|Mary Seacole|Rosa Parks|Anne Frank|Roald Dahl|Martin Luther|Neil Armstrong|Charles Darwin|William Shakespeare|Marcus Rashford|David Attenborough|"
    r"Harry Potter|Samuel Pepys|Isaac Newton|Ernest Shackleton|Mary Anning|Oliver Twist|Romeo)\b"
)
_TITLE_BEFORE = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Dr|Sir)\.?\s+$")
_SURE = 0.8
_SHORTEST_NUMBER = 10


def privacy_signals(text: str, context: Context) -> Iterator[Signal]:
    yield from _names(text, context)
    yield from _names_with_class(text)
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


def _names_with_class(text: str) -> Iterator[Signal]:
    """A full name beside a year, a form or a class is most likely a pupil's, though no register knows it."""
    for match in (*_NAME_AND_CLASS.finditer(text), *_NAME_TOLD.finditer(text)):
        if not _NOT_A_NAME.search(match.group()) and not _TITLE_BEFORE.search(text[: match.start()]):
            words = quoted(match.group())
            yield Signal(
                "privacy.name_and_class",
                Label.PUPIL_NAMED,
                0.75,
                f"names somebody with their class: “{words}”",
                *match.span(),
            )
            return


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
