"""What a school decides about its own rules: its words, the kill switch, rules that only look on. All of it is kept."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.audit.services import record
from app.comments.context import may_be_silent
from app.comments.verdicts import OWN_WORD
from app.core.actors import Actor
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.notifications.services import notify
from app.schools.models import SchoolSettings
from app.schools.services import school_to_change, school_with
from moderation import known_rules

MOST_WORDS = 200
SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class OwnWords:
    blocked: tuple[str, ...]
    allowed: tuple[str, ...]


def switch_hiding(session: Session, *, on: bool, reason: str, actor: Actor) -> None:
    """The kill switch: whether anything may be hidden without a person. People are told as ever."""
    _ensure_reason(reason)
    _change(session, {"hides_by_itself": on}, reason, actor)
    sentence = f"Hiding by itself was switched {'on' if on else 'off'} for comments. People are told as ever."
    others = set(user_ids_with(session, Permission.COMMENT_READ)) - {actor.user_id}
    notify(session, others, sentence, link="/comments/rules", bundle="switch")


def set_rule(session: Session, rule: str, *, mode: str, reason: str, actor: Actor) -> None:
    """Let one rule act, tell without hiding, or only look on."""
    _ensure_reason(reason)
    now = school_with(session, actor.school_id).settings
    off, trial = set(now.rules_off) - {rule}, set(now.rules_on_trial) - {rule}
    if mode != "acts" and not _is_known(rule):
        raise InvalidInputError("There is no such rule. Choose one from the list.")
    if mode == "tells":
        off.add(rule)
    elif mode == "looks-on":
        _ensure_may_be_silent(rule)
        trial.add(rule)
    elif mode != "acts":
        raise InvalidInputError("Choose what the rule may do.")
    _change(session, {"rules_off": tuple(sorted(off)), "rules_on_trial": tuple(sorted(trial))}, reason, actor)


def set_words(session: Session, *, blocked: Collection[str], allowed: Collection[str], actor: Actor) -> None:
    """Change the school's own words. Words of complaint are not taken: criticism is never hidden by a rule."""
    words = OwnWords(_cleaned(blocked), _cleaned(allowed))
    if short := [word for word in words.blocked if len(word) < SHORTEST_WORD]:
        raise InvalidInputError(
            f"“{short[0]}” is too short and would hide harmless comments. Use three letters or more."
        )
    if twice := sorted(set(words.blocked) & set(words.allowed)):
        raise InvalidInputError(f"“{twice[0]}” cannot be both blocked and allowed.")
    _change(session, {"blocked_words": words.blocked, "allowed_words": words.allowed}, "", actor)


def _cleaned(lines: Collection[str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(" ".join(line.split()).casefold() for line in lines if line.strip()))
    if len(words) > MOST_WORDS:
        raise InvalidInputError(f"Keep it under {MOST_WORDS} words.")
    return words


def _change(session: Session, changes: dict[str, object], reason: str, actor: Actor) -> None:
    actor.ensure(Permission.COMMENT_DECIDE)
    school = school_to_change(session, actor.school_id)
    before: SchoolSettings = school.settings
    after = before.model_copy(update=changes)
    school.settings_json = after.model_dump(mode="json")
    details: dict[str, object] = {"before": {key: getattr(before, key) for key in changes}, "after": changes}
    if reason:
        details["reason"] = " ".join(reason.split())[:500]
    record(session, "moderation:changed", actor=actor, subject_type="school", subject_id=school.id, details=details)


def _is_known(rule: str) -> bool:
    return rule == OWN_WORD or any(known.rule == rule and not known.retired for known in known_rules())


def _ensure_may_be_silent(rule: str) -> None:
    """What tells people of grave harm may be kept from hiding, but is never silenced."""
    if not may_be_silent(rule):
        raise InvalidInputError("This rule tells people of grave harm. It can be kept from hiding, but not silenced.")


def _ensure_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInputError("Say in a few words why. It stays in the record.")
