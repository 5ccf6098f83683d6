"""What each kind of incident is called, who may know of it, and whom it must be reported to by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.comments.models import Audience
from app.incidents.models import Authority as To
from app.incidents.models import IncidentKind

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
THREE_DAYS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class KindCard:
    label: str
    audience: Audience
    prompts: tuple[str, ...]
    reports: Mapping[To, timedelta] = field(default_factory=dict)


CARDS: Mapping[IncidentKind, KindCard] = {
    IncidentKind.CHILD_AT_RISK: KindCard(
        "A child may be at risk",
        Audience.DESIGNATED,
        (
            "If a child is in danger now, call 999.",
            "Speak to the child's family or to children's services today, as your own procedure says.",
            "Do not answer the comment. Childline 0800 1111 and Samaritans 116 123 answer day and night.",
        ),
        {To.CHILDREN_SERVICES: DAY},
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
    ),
    IncidentKind.ALLEGATION: KindCard(
        "An allegation against an adult of the school",
        Audience.DESIGNATED,
        (
            "Tell the local authority's designated officer within one working day, before asking anybody questions.",
            "Keep it between head and safeguarding lead: a teacher accused by a pupil must not be identifiable.",
        ),
        {To.LOCAL_AUTHORITY: DAY},
    ),
    IncidentKind.ALLEGATION_HEAD: KindCard(
        "An allegation against the headteacher",
        Audience.CHAIR,
        (
            "Only you, the chair of governors, can see this here.",
            "Tell the local authority's designated officer within one working day, before speaking to anybody.",
        ),
        {To.LOCAL_AUTHORITY: DAY},
    ),
    IncidentKind.THREAT: KindCard(
        "A threat",
        Audience.GENERAL,
        ("If somebody is in danger now, call 999.", "Tell the person who is threatened, and offer support."),
        {To.POLICE_101: HOUR, To.NETWORK: DAY},
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
        ("Tell the person whose details were shown.", "If somebody may come to harm by it, call 101."),
        {To.NETWORK: DAY},
    ),
    IncidentKind.CRIME: KindCard(
        "Drugs, weapons or extremism",
        Audience.DESIGNATED,
        ("If somebody is in danger now, call 999.", "Do not answer the comment."),
        {To.POLICE_101: DAY},
    ),
    IncidentKind.OTHER: KindCard("Something else", Audience.GENERAL, ("Write down what you decide, and why.",)),
}

AUTHORITIES: Mapping[To, str] = {
    To.NETWORK: "The network (use its own “report” button on the comment)",
    To.POLICE_999: "Police, emergency: 999",
    To.POLICE_101: "Police: 101",
    To.LOCAL_AUTHORITY: "Local authority designated officer (LADO)",
    To.CHILDREN_SERVICES: "Children's services",
    To.EXPLOITATION_COMMAND: "Child exploitation and online protection command (CEOP)",
    To.WATCH_FOUNDATION: "Internet Watch Foundation",
    To.HELPLINE: "Professionals Online Safety Helpline",
    To.UNION: "The person's union",
    To.LEGAL: "The school's legal adviser",
}

_BY_CATEGORY: Mapping[str, IncidentKind] = {
    "allegation_head": IncidentKind.ALLEGATION_HEAD,
    "allegation_staff": IncidentKind.ALLEGATION,
    "contact_seeking": IncidentKind.CONTACT_WITH_CHILD,
    "sexual_child": IncidentKind.CONTACT_WITH_CHILD,
    "disclosure": IncidentKind.CHILD_AT_RISK,
    "missing_child": IncidentKind.CHILD_AT_RISK,
    "self_harm_incitement": IncidentKind.CHILD_AT_RISK,
    "from_a_child": IncidentKind.CHILD_AT_RISK,
    "report_of_abuse": IncidentKind.CHILD_AT_RISK,
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
    return IncidentKind.CHILD_AT_RISK if audience is Audience.DESIGNATED else IncidentKind.OTHER
