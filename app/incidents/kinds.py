"""What each kind of incident is called, who may know of it, and whom it must be reported to by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.comments.models import Audience
from app.incidents.models import Authority as To
from app.incidents.models import IncidentKind

QUARTER_OF_AN_HOUR = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
THREE_DAYS = timedelta(days=3)
FIND_THE_CHILD = (
    "Do not answer in public. Find out today who wrote it and who is in need. Speak to the child, and ring home unless "
    "home may be the danger. If you cannot reach them, or fear for somebody now, ring 999."
)


@dataclass(frozen=True, slots=True)
class KindCard:
    label: str
    audience: Audience
    prompts: tuple[str, ...]
    reports: Mapping[To, timedelta] = field(default_factory=dict)
    take_within: timedelta | None = None
    """When nobody has said by then that they deal with it, those who must act are told again."""
    gathers: bool = True
    """Several comments of this kind under one post are one incident; a child's call for help stands alone."""
    is_about_a_child: bool = False
    """The helplines for children are shown with it."""


CARDS: Mapping[IncidentKind, KindCard] = {
    IncidentKind.CHILD_AT_RISK: KindCard(
        "A child may be at risk",
        Audience.DESIGNATED,
        (
            "If a child is in danger now, call 999.",
            "Act today as your own procedure says: it goes before anything on this page.",
            FIND_THE_CHILD,
            "Do not promise to keep a secret.",
        ),
        {To.CHILDREN_SERVICES: DAY},
        take_within=QUARTER_OF_AN_HOUR,
        gathers=False,
        is_about_a_child=True,
    ),
    IncidentKind.CONTACT_WITH_CHILD: KindCard(
        "Somebody seeks contact with a child",
        Audience.DESIGNATED,
        (
            "If a child is in danger now, call 999.",
            "Do not answer and do not warn the writer. The evidence is kept.",
            "Tell the child exploitation command, and the police on 101.",
        ),
        {To.EXPLOITATION_COMMAND: HOUR, To.POLICE_101: DAY, To.NETWORK: DAY},
        take_within=QUARTER_OF_AN_HOUR,
        gathers=False,
        is_about_a_child=True,
    ),
    IncidentKind.CONTACT_FROM_CHILD: KindCard(
        "A child contacted us",
        Audience.DESIGNATED,
        (
            "If a child is in danger now, call 999.",
            "Find out today, in school and not online, whether the child is well.",
            "Do not answer from a school account, and leave the message where it is.",
            "If something is wrong, sort this as “A child may be at risk”.",
        ),
        take_within=HOUR,
        gathers=False,
        is_about_a_child=True,
    ),
    IncidentKind.ABUSE_IMAGE: KindCard(
        "Sexual content about a child",
        Audience.DESIGNATED,
        (
            "Do not copy, save, print or pass on any picture: that is a crime, also with good intentions.",
            "If a child is in danger now, call 999. Otherwise call the police on 101 now.",
            "Report the address to the Internet Watch Foundation, and only the address.",
        ),
        {To.POLICE_101: HOUR, To.WATCH_FOUNDATION: HOUR, To.NETWORK: DAY},
        take_within=QUARTER_OF_AN_HOUR,
        gathers=False,
        is_about_a_child=True,
    ),
    IncidentKind.ALLEGATION: KindCard(
        "An allegation against an adult of the school",
        Audience.DESIGNATED,
        (
            "Tell the local authority's designated officer within one working day, before asking anybody questions.",
            "Keep it among those who can see it here: a teacher accused by a pupil must not be identifiable.",
        ),
        {To.LOCAL_AUTHORITY: DAY},
        take_within=HOUR,
    ),
    IncidentKind.ALLEGATION_HEAD: KindCard(
        "An allegation against the headteacher",
        Audience.CHAIR,
        (
            "If it is about you as well, ask the local authority who should deal with it, and do nothing else.",
            "Tell the local authority's designated officer within one working day, before speaking to anybody.",
            "Do not tell the headteacher or ask anybody questions before that officer has advised you.",
        ),
        {To.LOCAL_AUTHORITY: DAY},
        take_within=HOUR,
    ),
    IncidentKind.THREAT: KindCard(
        "A threat",
        Audience.GENERAL,
        ("If somebody is in danger now, call 999.", "Tell the person who is threatened, and offer support."),
        {To.POLICE_101: HOUR, To.NETWORK: DAY},
        take_within=HOUR,
    ),
    IncidentKind.ABUSE_OF_STAFF: KindCard(
        "Abuse of a member of staff",
        Audience.GENERAL,
        ("Offer support to the person it is about, and record that you did.", "Do not answer in anger."),
        {To.NETWORK: DAY, To.HELPLINE: THREE_DAYS},
    ),
    IncidentKind.PREJUDICE: KindCard(
        "Prejudice",
        Audience.GENERAL,
        ("Offer support to those it is about.", "It is counted by protected characteristic, without names."),
        {To.NETWORK: DAY},
    ),
    IncidentKind.PERSONAL_DATA: KindCard(
        "Somebody's personal details",
        Audience.GENERAL,
        (
            "Tell the person whose details were shown. If somebody may come to harm by it, call 101.",
            "Did the school itself publish them? Then it is a data breach: tell the data protection officer now.",
        ),
        {To.NETWORK: DAY},
    ),
    IncidentKind.WRONG_PHOTO: KindCard(
        "We published a photo that we should not have",
        Audience.GENERAL,
        (
            "The post is coming down, and the data protection officer was told: the 72 hours run in the breach record.",
            "Tell the family today, say what was done, and offer support to the child.",
        ),
        take_within=HOUR,
    ),
    IncidentKind.CRIME: KindCard(
        "Drugs, weapons or extremism",
        Audience.DESIGNATED,
        ("If somebody is in danger now, call 999.", "Do not answer in public."),
        {To.POLICE_101: DAY},
        take_within=HOUR,
    ),
    IncidentKind.OTHER: KindCard("Something else", Audience.GENERAL, ("Write down what you decide, and why.",)),
}

ACCUSES = frozenset({IncidentKind.ALLEGATION, IncidentKind.ALLEGATION_HEAD})
_BY_CATEGORY: Mapping[str, IncidentKind] = {
    "allegation_head": IncidentKind.ALLEGATION_HEAD,
    "allegation_staff": IncidentKind.ALLEGATION,
    "sexual_child": IncidentKind.ABUSE_IMAGE,
    "contact_seeking": IncidentKind.CONTACT_WITH_CHILD,
    "disclosure": IncidentKind.CHILD_AT_RISK,
    "missing_child": IncidentKind.CHILD_AT_RISK,
    "self_harm_incitement": IncidentKind.CHILD_AT_RISK,
    "report_of_abuse": IncidentKind.CHILD_AT_RISK,
    "from_a_child": IncidentKind.CONTACT_FROM_CHILD,
    "extremism": IncidentKind.CRIME,
    "drugs": IncidentKind.CRIME,
    "weapons": IncidentKind.CRIME,
    "threat": IncidentKind.THREAT,
    "doxxing": IncidentKind.PERSONAL_DATA,
    "personal_data": IncidentKind.PERSONAL_DATA,
    "pupil_named": IncidentKind.PERSONAL_DATA,
    "prejudice": IncidentKind.PREJUDICE,
    "insult": IncidentKind.ABUSE_OF_STAFF,
}


def kind_for(categories: Sequence[str], audience: Audience) -> IncidentKind:
    """Return the kind that a comment's categories call for; the table's order is the order of gravity."""
    if audience is Audience.CHAIR:
        return IncidentKind.ALLEGATION_HEAD
    found = next((kind for category, kind in _BY_CATEGORY.items() if category in categories), None)
    if found is not None:
        return found
    return _OTHERWISE.get(audience, IncidentKind.OTHER)


_OTHERWISE = {Audience.DESIGNATED: IncidentKind.CHILD_AT_RISK, Audience.HEAD: IncidentKind.ALLEGATION}
