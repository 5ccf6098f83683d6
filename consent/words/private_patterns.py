"""How private matters are put into words: one row for each way, with what to do about it."""

import re
from dataclasses import dataclass

from consent.codes import Code
from consent.model import Severity


@dataclass(frozen=True, slots=True)
class Pattern:
    code: Code
    severity: Severity
    message: str
    expression: re.Pattern[str]


_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19[4-9]\d|20\d\d|\d\d)\b"
_DATE = (
    rf"(?:\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?{_YEAR}|(?:19[4-9]\d|20\d\d)-\d\d-\d\d|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTHS},?\s+{_YEAR}|{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR})"
)
_WAY = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|crescent|court|gardens|terrace|grove|place|mews|walk|rise|hill|"
    r"row|square|parade|way)"
)
_STREET = rf"\d{{1,4}}[a-d]?,?\s+(?:[\w']+\s+){{1,3}}{_WAY}\b"
_CAPITAL_STREET = rf"(?<!Year )(?<!Class )\b\d{{1,4}}[a-d]?,?\s+(?:[A-Z][\w']+\s+){{1,3}}(?i:{_WAY})\b"
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b"
_OWNER = r"(?:his|her|their|my son's|my daughter's|whose|\w+['’]s)"
_ILLS = (
    r"(?:autism|autistic|adhd|epilepsy|asthma|diabetes|eczema|anaphylaxis|dyslexia|dyspraxia|depression|anxiety|cancer|leukaemia|"
    r"cerebral palsy|down['’]?s syndrome|chicken ?pox|covid|self[- ]harm|eating disorder|sickle cell|hearing loss|seizures?|"
    r"nut allergy|allergy|allergies|medication|inhaler|epipen|insulin|diagnosis|operation|surgery|chemotherapy|counselling)"
)
_FUTURE = r"(?:will|going to|leaves?|leaving|departs?|set(?:s|ting)? (?:off|out)|meet(?:ing)?|returns?|returning|back at|arriv\w+|every|off to)"
_OFF_SITE = (
    r"(?:trip|coach(?:es)?|minibus|museum|zoo|farm|theatre|cinema|beach|swimming (?:pool|baths)|baths|leisure centre|station|"
    r"residential|castle|gallery|off[- ]site|airport|stadium|aquarium|library|cathedral|town hall|activity centre|country park|park)"
)
_WHEN = (
    r"(?:\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm)|\d{1,2}[:.]\d\d|tomorrow|tonight|next week|"
    r"(?:on|every|this|next) (?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_PUPILS = r"(?:we|children|pupils|students|class|classes|year \w+|years \w+|reception|nursery|they|the team)"


_AGE = r"[3-9]|1[0-8]|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
_AGE_TH = (
    r"3rd|[4-9]th|1[0-8]th|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|sixteenth|eighteenth"
)
_DAY = rf"(?:today|tomorrow|yesterday|(?:on |this |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|on (?:the )?\d{{1,2}}|on {_MONTHS})"


def _any_case(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


_BIRTHDAY = "This is a date of birth. Take it out."
_ADDRESS = "This is a home address. Take it out."
_BANK = "These are bank details. Take them out."
_HEALTH = "This tells of somebody's health. Take it out."
_BEHAVIOUR = "This tells of somebody's behaviour or family. Take it out."
_WHEREABOUTS = "This tells where pupils will be and when. Post it after the event, or leave the place or the time out."

PATTERNS = (
    Pattern(Code.DATA_BIRTHDAY, Severity.BLOCK, _BIRTHDAY,
            _any_case(rf"(?:\bd\.?\s?o\.?\s?b\.?|\(b\.|\bborn(?: on)?|\bdate of birth|\bbirth ?date|\bbirthday)(?![a-z])[\s:,–-]{{0,3}}(?:is |was |on |the )*{_DATE}")),
    Pattern(Code.DATA_BIRTHDAY, Severity.HOLD, "Age and day together give a date of birth. Is it needed?",
            _any_case(rf"\b(?:turn(?:s|ed|ing)? (?:{_AGE})\b (?:years old )?{_DAY}|{_DAY} (?:he|she|they|\w+) (?:turn(?:s|ed)|is) (?:{_AGE})\b|\b(?:his|her|their|\w+['’]s) (?:{_AGE_TH}) birthday (?:is |was )?{_DAY})")),
    Pattern(Code.DATA_ADDRESS, Severity.BLOCK, _ADDRESS, re.compile(rf"{_CAPITAL_STREET}[\s\S]{{0,50}}?{_POSTCODE}")),
    Pattern(Code.DATA_ADDRESS, Severity.BLOCK, _ADDRESS,
            _any_case(rf"\b(?:lives?|living|home|house|address|moved)\b[^.!?\n]{{0,20}}?\b{_STREET}")),
    Pattern(Code.DATA_ADDRESS, Severity.BLOCK, _ADDRESS, re.compile(rf"(?:(?i:\b(?:no\.?|number|flat|house)) )?\b\d{{1,4}}[a-d]?,? {_POSTCODE}")),
    Pattern(Code.DATA_ADDRESS, Severity.BLOCK, _ADDRESS,
            re.compile(rf"(?i:\b(?:number|flat|house) )\d{{1,4}}[a-d]?\b[^.!?\n]{{0,40}}?{_POSTCODE}|{_POSTCODE},? (?i:(?:no\.?|number|flat|house) )\d")),
    Pattern(Code.DATA_ADDRESS, Severity.BLOCK, _ADDRESS,
            _any_case(r"\b(?:lives|living) (?:at|in) (?:number|no\.?|flat) \d{1,4}\b")),
    Pattern(Code.DATA_ADDRESS, Severity.BLOCK, _ADDRESS, re.compile(rf"\b(?:lives|living) (?:on|in|at|off|near|next to) (?:[A-Z][\w']+\s+){{1,3}}(?i:{_WAY})\b")),
    Pattern(Code.DATA_ADDRESS, Severity.HOLD, "This looks like an address. If somebody lives there, take it out.", re.compile(_CAPITAL_STREET)),
    Pattern(Code.DATA_POSTCODE, Severity.HOLD, "This is a postcode. Is it the school's own?", re.compile(_POSTCODE)),
    Pattern(Code.DATA_BANK, Severity.BLOCK, _BANK, re.compile(r"\b\d{2}[- ]?\d{2}[- ]?\d{2}\b[^\d]{0,40}\b\d{8}\b|\b\d{8}\b[^\d]{0,40}\b\d{2}-\d{2}-\d{2}\b")),
    Pattern(Code.DATA_BANK, Severity.BLOCK, _BANK,
            _any_case(r"\b(?:sort code|account (?:no|number)|acc(?:oun)?t\.? ?no|a/c)\b[\s.:#-]{0,4}(?:is )?\d[\d -]{4,}\d")),
    Pattern(Code.DATA_NUMBER, Severity.BLOCK, "This is somebody's National Insurance number. Take it out.",
            re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")),
    Pattern(Code.DATA_NUMBER, Severity.BLOCK, "This is somebody's National Insurance number. Take it out.",
            _any_case(r"\b(?:ni|nino|national insurance)\s?(?:no\.?|number)?[\s:#.-]{0,3}(?:is )?[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]?\b")),
    Pattern(Code.DATA_NUMBER, Severity.BLOCK, "This is somebody's personal number. Take it out.",
            _any_case(r"\b(?:nhs|passport|driving licen[cs]e|admission)\s?(?:no\.?|number)[\s:#.-]{0,3}(?:is )?(?=[a-z]*\d)[a-z\d][a-z\d -]{3,}")),
    Pattern(Code.DATA_MEDICAL, Severity.BLOCK, _HEALTH,
            _any_case(rf"\b(?:diagnosed with|suffer(?:s|ing) (?:from|with)|tested positive for|takes medication|(?:has|had|having|has been off with|uses|carries|(?:is )?recovering from|is being treated for|is living with|lives with) (?:a |an |his |her |their |severe |mild |an? severe )?(?:\w+ )?{_ILLS}|(?:is |has been )?recovering from {_ILLS})\b")),
    Pattern(Code.DATA_MEDICAL, Severity.BLOCK, _HEALTH, _any_case(rf"\b{_OWNER} (?:severe |mild |own )?{_ILLS}\b(?! (?:awareness|day|week|policy|training|support group|research|charity|nurse|bands?))")),
    Pattern(Code.DATA_MEDICAL, Severity.BLOCK, _HEALTH,
            _any_case(r"\b(?:he|she|who|[A-Z]\w+) (?:is|was|has been) (?:severely |very |a )?(?:autistic|epileptic|diabetic|asthmatic|dyslexic|disabled|anorexic|deaf|blind|partially sighted|non[- ]verbal|in a wheelchair|a wheelchair user|allergic to|on medication|having (?:an operation|surgery|chemotherapy|counselling)|pregnant|self[- ]harming|(?:rushed |taken |admitted |back )?(?:in|into|to) hospital)\b")),
    Pattern(Code.DATA_MEDICAL, Severity.BLOCK, _HEALTH, _any_case(r"\b(?:he|she|who|(?-i:[A-Z])\w+) (?:uses|needs|relies on|is in|came in|wears) (?:a |an |his |her |their |two )?(?:new )?(?:wheelchair|walking frame|hearing aids?|feeding tube|insulin pump|epipen|inhaler|crutches|leg braces?)\b")),
    Pattern(Code.DATA_SEND, Severity.BLOCK, "This tells of somebody's special needs, care or entitlement. Take it out.",
            _any_case(r"\b(?:has an? (?:ehcp|ehc plan|statement|one[- ]to[- ]one|1:1)|(?:his|her|their|\w+['’]s) (?:ehcp|ehc plan|special needs|sen plan|one page profile|learning support assistant)|"
                      r"(?:child|pupil|children|pupils|boy|girl|student|students) (?:in care|with (?:an )?ehcps?|on free school meals|on the (?:sen|send|child protection) register)|"
                      r"looked[- ]after (?:child|pupil|boy|girl)\b|pupil premium (?:child|pupil|boy|girl)|(?:on|added to|removed from|put on) (?:the|our) (?:sen|send|child protection) register|the (?:sen|send) register\b|is (?:on the (?:child protection|sen|send) register|in foster care|fostered|adopted|in care)|(?:gets|receives|is on) free school meals)")),
    Pattern(Code.DATA_BEHAVIOUR, Severity.BLOCK, _BEHAVIOUR,
            _any_case(r"(?<!lift )(?<!club )(?<!clubs )(?<!service )(?<!lessons )(?<!classes )(?<!payments )\b(?:was|were|is|been|being|got|be) (?:permanently |temporarily )?(?:excluded(?! from the price)|expelled|suspended|put in (?:isolation|detention)|given (?:a |an )?(?:detention|exclusion))\b|\b(?:got|had|has|in|served|given) (?:a |an |two |three |another )?detentions?\b|"
                      r"\b(?:his|her|their|\w+['’]s) (?:mum|mother|dad|father|parents|brother|sister|family) (?:is|are|was|were|has been|have|has) (?:divorced|divorcing|separated|splitting up|split up|in (?:prison|jail|rehab|court|debt)|homeless|unemployed|an alcoholic|arrested|been arrested|been evicted|ill|dying|pregnant)\b|"
                      r"\b(?:his|her|their|\w+['’]s) (?:detention|exclusion|suspension|bad behaviour|poor behaviour|parents['’]? (?:divorce|separation)|attendance is)\b|"
                      r"\b(?:social (?:worker|services)|child protection) (?:visited|is involved|are involved|case|plan)\b")),
    Pattern(Code.DATA_PLATE, Severity.HOLD, "This looks like a number plate. Is it needed?",
            re.compile(r"\b[A-HJ-PR-Y][A-HJ-PR-Y](?:0[2-9]|[1-7]\d) ?[A-HJ-PR-Z]{3}\b|\b[A-HJ-NPR-TV-Y]\d{1,3} [A-HJ-PR-Y]{3}\b|\b(?!ks|up|to|be|we|my)[a-hj-pr-y]{2}(?:0[2-9]|[1-7]\d) [a-hj-pr-z]{3}\b(?<!the)(?<!are)(?<!was)(?<!yrs)(?<!day)(?<!and)(?<!for)")),
    Pattern(Code.DATA_SECURITY, Severity.HOLD, "This tells how the school is kept safe. Is it needed?",
            _any_case(r"\b(?:door|gate|alarm|entry|access|keypad|lock|safe) ?(?:code|pin|combination)\b|\block ?down (?:plan|procedure|policy|drill|practice|signal)|\b(?:site|floor|evacuation) plans?\b|"
                      r"\bpass(?:word|code) ?(?:is|:)|\bpin (?:is|:)|\b(?:side|back|rear|fire|staff) (?:gate|door|entrance)s? (?:is|are|will be|stays?) (?:left )?open\b|\b(?:gate|door|entrance)s? (?:is|are|will be|stays?) (?:left open|left unlocked|unlocked)|\bkey ?code\b|\bschool (?:is|will be|stands) (?:empty|unattended|unguarded)|\bnobody is (?:on site|in the building)|\bcctv (?:is|are) (?:off|broken|not)|\bkey is (?:kept|under|in)\b")),
    Pattern(Code.DATA_WHEREABOUTS, Severity.HOLD, _WHEREABOUTS,
            _any_case(rf"(?<![^.!?\n])(?=[^.!?\n]*\b{_PUPILS}\b)(?=[^.!?\n]*\b{_FUTURE}\b)(?=[^.!?\n]*\b{_OFF_SITE}\b)(?=[^.!?\n]*\b{_WHEN})\s*\S[^.!?\n]*")),
    Pattern(Code.DATA_WHEREABOUTS, Severity.HOLD, _WHEREABOUTS,
            _any_case(r"(?<![^.!?\n])(?=[^.!?\n]*\b(?:year \d\w*|years \d|class \w+|reception|our (?:pupils|children|team|year \w+)))(?=[^.!?\n]*\b(?:is|are) (?:at|in|on) (?:the )?(?-i:[A-Z]))(?=[^.!?\n]*\b(?:until|till|all week|this week|today until))\s*\S[^.!?\n]*")),
    Pattern(Code.DATA_WHEREABOUTS, Severity.HOLD, _WHEREABOUTS,
            _any_case(rf"\bmeet (?:us|at|by|outside|in)\b[^.!?\n]*\b{_OFF_SITE}\b[^.!?\n]*{_WHEN}")),
    Pattern(Code.DATA_WHEREABOUTS, Severity.HOLD, _WHEREABOUTS,
            _any_case(rf"\b(?:walk(?:s|ing)? home alone|home alone|walks? to school alone|picked up (?:by|from)|is collected by)\b|\b(?:coach|minibus) (?:leaves|departs|returns|will)[^.!?\n]*{_WHEN}")),
)  # fmt: skip
