"""One table: what is done about each kind of harm, how soon, and who is told. Its version stands with every decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from moderation.labels import Action, Advice, Label, Route, Severity

POLICY_VERSION = "2026-11.9"
TELL_AT = 0.6
"""From here on, a harm that must reach people at once does so, though nothing is hidden yet."""


class Reach(IntEnum):
    """How far a signal carries; the highest does most."""

    NOTHING = 0
    ASKS = 1
    TELLS = 2
    ACTS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """Acts when a signal of the label reaches `threshold`; below it but above `doubt` a person looks, at once if it may be grave."""

    label: Label
    action: Action
    hide: bool
    severity: Severity
    routes: tuple[Route, ...]
    advice: tuple[Advice, ...] = ()
    restricted: bool = False
    threshold: float = 0.7
    doubt: float = 0.4

    def reach(self, score: float) -> Reach:
        """How far a signal of this score carries."""
        if score >= self.threshold:
            return Reach.ACTS
        if score >= TELL_AT and self.action is Action.ESCALATE:
            return Reach.TELLS
        return Reach.ASKS if score >= self.doubt else Reach.NOTHING


def loudness(rows: Iterable[tuple[Row, Reach]]) -> Reach:
    """How far a row must reach to be heard beside the others: what only asks, like a swear word, drowns nothing out."""
    loud = (reach for row, reach in rows if row.action in (Action.HIDE, Action.ESCALATE))
    return max(Reach.ASKS, min(max(loud, default=Reach.ASKS), Reach.TELLS))


_E, _H, _R, _A = Action.ESCALATE, Action.HIDE, Action.REVIEW, Action.ALLOW
_S = Severity
_HEAD, _SAFE = (Route.HEAD,), (Route.SAFEGUARDING, Route.HEAD)

TABLE: tuple[Row, ...] = (
    Row(Label.THREAT, _E, True, _S.CRITICAL, _SAFE, (Advice.CALL_999, Advice.CALL_101, Advice.KEEP_EVIDENCE)),
    Row(Label.SELF_HARM_INCITEMENT, _E, True, _S.CRITICAL, _SAFE, (Advice.HELPLINES, Advice.KEEP_EVIDENCE)),
    Row(Label.DISCLOSURE, _E, False, _S.CRITICAL, (Route.SAFEGUARDING,), (Advice.CALL_999, Advice.HELPLINES)),
    Row(Label.MISSING_CHILD, _E, False, _S.CRITICAL, _SAFE, (Advice.CALL_999,)),
    Row(Label.CONTACT_SEEKING, _E, True, _S.CRITICAL, (Route.SAFEGUARDING,), (Advice.KEEP_EVIDENCE, Advice.CALL_101)),
    Row(Label.SEXUAL_CHILD, _E, True, _S.CRITICAL, (Route.SAFEGUARDING,), (Advice.ABUSE_IMAGES, Advice.CALL_101)),
    Row(Label.DOXXING, _E, True, _S.CRITICAL, _SAFE, (Advice.CALL_101, Advice.OFFER_SUPPORT)),
    Row(Label.EXTREMISM, _E, True, _S.HIGH, _SAFE, (Advice.CALL_101, Advice.REPORT_TO_NETWORK)),
    Row(Label.WEAPONS, _E, True, _S.CRITICAL, _SAFE, (Advice.CALL_999, Advice.CALL_101)),
    Row(Label.DRUGS, _E, True, _S.HIGH, _SAFE, (Advice.CALL_101,)),
    Row(Label.ALLEGATION_HEAD, _E, True, _S.HIGH, (Route.CHAIR_OF_GOVERNORS,), (Advice.LOCAL_AUTHORITY_OFFICER,), True),
    Row(Label.ALLEGATION_STAFF, _E, True, _S.HIGH, _SAFE, (Advice.LOCAL_AUTHORITY_OFFICER,), True),
    Row(Label.PREJUDICE, _H, True, _S.HIGH, (Route.HEAD, Route.EQUALITIES), (Advice.OFFER_SUPPORT,)),
    Row(Label.SEXUAL, _H, True, _S.HIGH, _HEAD, (Advice.REPORT_TO_NETWORK,)),
    Row(Label.INSULT, _H, True, _S.MEDIUM, _HEAD, (Advice.OFFER_SUPPORT,)),
    Row(Label.PUPIL_NAMED, _H, True, _S.MEDIUM, (Route.COORDINATOR, Route.HEAD), (Advice.FRIENDLY_SIGNPOST,)),
    Row(Label.PERSONAL_DATA, _H, True, _S.MEDIUM, _HEAD, (Advice.FRIENDLY_SIGNPOST,)),
    Row(Label.SCAM, _H, True, _S.LOW, _HEAD, (Advice.REPORT_TO_NETWORK,)),
    Row(Label.SPAM, _H, True, _S.LOW, _HEAD, (Advice.REPORT_TO_NETWORK,)),
    Row(Label.UNKIND, _R, False, _S.LOW, _HEAD),
    Row(Label.FROM_A_CHILD, _R, False, _S.MEDIUM, (Route.SAFEGUARDING,), threshold=0.5),
    Row(Label.REPORT_OF_ABUSE, _R, False, _S.MEDIUM, _SAFE, (Advice.SIGNPOSTING_REPLY,)),
    Row(Label.COUNTER_SPEECH, _R, False, _S.LOW, _HEAD),
    Row(Label.PROFANITY, _R, False, _S.LOW, _HEAD, threshold=0.5),
    Row(Label.NOT_ENGLISH, _R, False, _S.LOW, _HEAD, (Advice.FIND_A_SPEAKER,), threshold=0.5),
    Row(Label.ATTACHMENT, _R, False, _S.LOW, _HEAD, threshold=0.5),
    Row(Label.CRITICISM, _A, False, _S.NONE, (), (Advice.SIGNPOSTING_REPLY,)),
)

ROW_OF = {row.label: row for row in TABLE}

QUOTED = (Label.REPORT_OF_ABUSE, Label.COUNTER_SPEECH)
"""Beside one of these, words of abuse are mostly told and not meant: a person looks, and nothing is hidden by a rule."""

SOFTENED = (Label.INSULT, Label.PREJUDICE, Label.PROFANITY, Label.UNKIND, Label.SEXUAL)

RETOLD = (Label.THREAT, Label.SELF_HARM_INCITEMENT, Label.WEAPONS, Label.DRUGS)
"""Beside a report these still reach people at once, but a report is not hidden."""

KEPT_IN_SIGHT = (Label.DISCLOSURE, Label.MISSING_CHILD)
"""A cry for help that vanishes looks like "nobody cares": it stays until a designated person has decided."""

EXPOSING = (
    Label.THREAT,
    Label.SELF_HARM_INCITEMENT,
    Label.PUPIL_NAMED,
    Label.PERSONAL_DATA,
    Label.DOXXING,
    Label.SEXUAL_CHILD,
    Label.CONTACT_SEEKING,
)
"""What hides even a cry for help: words that threaten somebody or give a child away to everybody who reads."""
