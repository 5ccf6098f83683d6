"""The policy table in plain words: `python -m moderation.policy_words` prints what docs/moderation-policy.md says."""

from __future__ import annotations

from collections.abc import Iterator

from moderation.labels import Action, Label, Route, Severity
from moderation.policy import KEPT_IN_SIGHT, TABLE, Row

HARM_NAMES: dict[Label, str] = {
    Label.THREAT: "A threat, or blackmail",
    Label.SELF_HARM_INCITEMENT: "Telling somebody to harm themselves",
    Label.DISCLOSURE: "A cry for help, or worry about a child",
    Label.MISSING_CHILD: "A missing child",
    Label.CONTACT_SEEKING: "Seeking contact with a child",
    Label.SEXUAL_CHILD: "Sexual words about a child",
    Label.SEXUAL: "Other sexual words",
    Label.DOXXING: "Telling where somebody can be found",
    Label.ALLEGATION_STAFF: "A serious accusation against a member of staff",
    Label.ALLEGATION_HEAD: "A serious accusation against the headteacher",
    Label.EXTREMISM: "Support for extremism",
    Label.DRUGS: "Drugs for sale or wanted",
    Label.WEAPONS: "A weapon at or near the school",
    Label.PREJUDICE: "Prejudice against a group of people",
    Label.INSULT: "An insult",
    Label.PUPIL_NAMED: "A pupil named under a photo, or by full name",
    Label.PERSONAL_DATA: "Phone, e-mail, address, number plate or private facts",
    Label.SCAM: "A scam",
    Label.SPAM: "An advertisement, a false live stream",
    Label.FROM_A_CHILD: "Written by a child",
    Label.REPORT_OF_ABUSE: "A report of bullying or abuse",
    Label.COUNTER_SPEECH: "An answer to abuse",
    Label.UNKIND: "Perhaps unkind",
    Label.PROFANITY: "Strong language at nobody",
    Label.NOT_ENGLISH: "Not in English",
    Label.ATTACHMENT: "A picture without words",
    Label.CRITICISM: "Criticism or complaint",
}
_ACTIONS = {
    Action.ALLOW: "Stays; a reply can be given",
    Action.REVIEW: "Stays; a person looks",
    Action.HIDE: "Hidden; a person looks",
    Action.ESCALATE: "People are told at once",
}
_SOON = {
    Severity.NONE: "–",
    Severity.LOW: "at the next look",
    Severity.MEDIUM: "the same day",
    Severity.HIGH: "soon",
    Severity.CRITICAL: "now",
}
_WHO = {
    Route.HEAD: "headteacher",
    Route.SAFEGUARDING: "designated safeguarding lead",
    Route.CHAIR_OF_GOVERNORS: "chair of governors, not the headteacher",
    Route.COORDINATOR: "coordinator (that it happened, no more)",
    Route.EQUALITIES: "link governor (that it happened, no more)",
}


def policy_lines() -> Iterator[str]:
    """The policy table as lines of Markdown."""
    yield "| What it is | What is done by itself | Hidden? | How soon | Who is told |"
    yield "|---|---|---|---|---|"
    for row in TABLE:
        yield f"| {HARM_NAMES[row.label]} | {_ACTIONS[row.action]} | {_hidden(row)} | {_SOON[row.severity]} | {_told(row)} |"


def _hidden(row: Row) -> str:
    if row.label in KEPT_IN_SIGHT:
        return "not for this"
    return "yes" if row.hide else "no"


def _told(row: Row) -> str:
    people = ", ".join(_WHO[route] for route in row.routes) or "nobody"
    return f"{people}; kept out of the general list" if row.restricted else people


if __name__ == "__main__":
    print("\n".join(policy_lines()))  # noqa: T201  a command that reports
