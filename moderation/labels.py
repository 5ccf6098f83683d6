"""The closed sets of words in which a judgement is spoken."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Action(StrEnum):
    """What the product does with a comment; later members outrank earlier ones."""

    ALLOW = "allow"
    REVIEW = "review"
    HIDE = "hide"
    ESCALATE = "escalate"

    @property
    def rank(self) -> int:
        return _ACTION_ORDER.index(self)


_ACTION_ORDER = (Action.ALLOW, Action.REVIEW, Action.HIDE, Action.ESCALATE)


class Severity(IntEnum):
    """How soon a person must look; the highest is the worst."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Label(StrEnum):
    """What a comment is, never who wrote it."""

    THREAT = "threat"
    SELF_HARM_INCITEMENT = "self_harm_incitement"
    DISCLOSURE = "disclosure"
    MISSING_CHILD = "missing_child"
    CONTACT_SEEKING = "contact_seeking"
    SEXUAL_CHILD = "sexual_child"
    SEXUAL = "sexual"
    DOXXING = "doxxing"
    ALLEGATION_STAFF = "allegation_staff"
    ALLEGATION_HEAD = "allegation_head"
    EXTREMISM = "extremism"
    DRUGS = "drugs"
    WEAPONS = "weapons"
    PREJUDICE = "prejudice"
    INSULT = "insult"
    PUPIL_NAMED = "pupil_named"
    PERSONAL_DATA = "personal_data"
    SCAM = "scam"
    SPAM = "spam"
    FROM_A_CHILD = "from_a_child"
    REPORT_OF_ABUSE = "report_of_abuse"
    COUNTER_SPEECH = "counter_speech"
    UNKIND = "unkind"
    PROFANITY = "profanity"
    NOT_ENGLISH = "not_english"
    ATTACHMENT = "attachment"
    CRITICISM = "criticism"


class Characteristic(StrEnum):
    """The protected characteristic that prejudice is recorded by."""

    RACE = "race"
    RELIGION = "religion"
    SEX = "sex"
    SEXUAL_ORIENTATION = "sexual_orientation"
    GENDER_REASSIGNMENT = "gender_reassignment"
    DISABILITY = "disability"
    AGE = "age"
    TRAVELLER = "traveller"
    OTHER = "other"


class Route(StrEnum):
    """Who is told."""

    HEAD = "head"
    SAFEGUARDING = "safeguarding"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    COORDINATOR = "coordinator"
    EQUALITIES = "equalities"


class PersonRole(StrEnum):
    """What a person found by the school's register is to the school."""

    PUPIL = "pupil"
    STAFF = "staff"
    HEAD = "head"


class Advice(StrEnum):
    """A next step for the people who are told."""

    CALL_999 = "call_999"
    CALL_101 = "call_101"
    HELPLINES = "helplines"
    KEEP_EVIDENCE = "keep_evidence"
    OFFER_SUPPORT = "offer_support"
    REPORT_TO_NETWORK = "report_to_network"
    ABUSE_IMAGES = "abuse_images"
    LOCAL_AUTHORITY_OFFICER = "local_authority_officer"
    SIGNPOSTING_REPLY = "signposting_reply"
    FRIENDLY_SIGNPOST = "friendly_signpost"
    FIND_A_SPEAKER = "find_a_speaker"

    @property
    def sentence(self) -> str:
        return _ADVICE_SENTENCES[self]


_ADVICE_SENTENCES: dict[Advice, str] = {
    Advice.CALL_999: "If somebody is in danger now, call 999.",
    Advice.CALL_101: "Tell the police on 101 and keep the reference number.",
    Advice.HELPLINES: "Childline 0800 1111 and Samaritans 116 123 answer day and night.",
    Advice.KEEP_EVIDENCE: "Keep the evidence as it is, and do not answer in public.",
    Advice.OFFER_SUPPORT: "Offer support to the person the comment is about, and record that you did.",
    Advice.REPORT_TO_NETWORK: "Report the comment to the network from its link.",
    Advice.ABUSE_IMAGES: "Do not copy or pass on any picture; report it to the Internet Watch Foundation.",
    Advice.LOCAL_AUTHORITY_OFFICER: "Tell the local authority's designated officer within one working day.",
    Advice.SIGNPOSTING_REPLY: "Offer a signposting reply; complaint is welcome and stays visible.",
    Advice.FRIENDLY_SIGNPOST: (
        "Thank them kindly, and ask them to leave out pupils' names and details. If a child was hurt, bullied or left "
        "out, look into what happened to the child, and tell the safeguarding lead today."
    ),
    Advice.FIND_A_SPEAKER: "Ask somebody who reads this language.",
}


def in_order(advice: Iterable[Advice]) -> list[Advice]:
    """Put first what comes first: danger now, then the officer to whom an accusation goes, then the helplines."""
    return sorted(advice, key=lambda each: _FIRST.get(each, len(_FIRST)))


_FIRST = {Advice.CALL_999: 0, Advice.LOCAL_AUTHORITY_OFFICER: 1}
