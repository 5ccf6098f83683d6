"""The house rules under a school's posts, in numbers that decisions cite. A number is history and never given anew."""

from collections.abc import Collection
from dataclasses import dataclass

from moderation import Label


@dataclass(frozen=True, slots=True)
class HouseRule:
    number: int
    title: str
    says: str
    labels: frozenset[Label]


HOUSE_RULES = (
    HouseRule(
        1,
        "No threats",
        "We hide threats and anything that tells somebody to harm themselves, and pass it to the police where needed.",
        frozenset({Label.THREAT, Label.SELF_HARM_INCITEMENT, Label.WEAPONS}),
    ),
    HouseRule(
        2,
        "Keep children out of it",
        "Please do not name or describe pupils, and do not ask children to get in touch. We hide this to protect them.",
        frozenset({Label.PUPIL_NAMED, Label.CONTACT_SEEKING, Label.SEXUAL_CHILD}),
    ),
    HouseRule(
        3,
        "No private details",
        "No telephone numbers, addresses, health matters or whereabouts of anybody but the school office.",
        frozenset({Label.PERSONAL_DATA, Label.DOXXING}),
    ),
    HouseRule(
        4,
        "No prejudice",
        "We hide what attacks people for their race, religion, sex, sexuality, gender, disability or age.",
        frozenset({Label.PREJUDICE, Label.EXTREMISM}),
    ),
    HouseRule(
        5,
        "No insults",
        "Disagree with us as hard as you like. Leave out insults and foul words aimed at people.",
        frozenset({Label.INSULT, Label.UNKIND, Label.PROFANITY, Label.SEXUAL}),
    ),
    HouseRule(
        6,
        "Serious accusations belong in the right hands",
        "If you fear that somebody was harmed, tell the school or the local authority, not this page. We hide such a "
        "comment so that it can be looked into fairly, and we do look into it.",
        frozenset({Label.ALLEGATION_STAFF, Label.ALLEGATION_HEAD}),
    ),
    HouseRule(
        7,
        "No advertising, scams or drugs",
        "We hide adverts, false live streams, offers that cheat people, and anything for sale that is against the law.",
        frozenset({Label.SPAM, Label.SCAM, Label.DRUGS}),
    ),
)


def rules_for(categories: Collection[str]) -> tuple[HouseRule, ...]:
    """Return the rules that a comment of these categories touches, the gravest category first."""
    cited = [rule for category in categories for rule in HOUSE_RULES if category in rule.labels]
    return tuple(dict.fromkeys(cited))
