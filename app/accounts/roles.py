"""The roles of a school and what each may do."""

from enum import StrEnum

from app.core.permissions import Permission as P  # noqa: N817  the table below is read by column


class Role(StrEnum):
    STAFF = "staff"
    VOLUNTEER = "volunteer"
    SMT = "smt"
    COORDINATOR = "coordinator"
    HEADTEACHER = "headteacher"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    OFFICE_MANAGER = "office_manager"
    GOVERNOR = "governor"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    DPO = "dpo"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Role.STAFF: "Staff",
    Role.VOLUNTEER: "Volunteer",
    Role.SMT: "Senior management team",
    Role.COORDINATOR: "Account coordinator",
    Role.HEADTEACHER: "Headteacher",
    Role.SAFEGUARDING_LEAD: "Designated safeguarding lead",
    Role.OFFICE_MANAGER: "Office manager",
    Role.GOVERNOR: "Link governor",
    Role.CHAIR_OF_GOVERNORS: "Chair of governors",
    Role.DPO: "Data protection officer",
    Role.ADMINISTRATOR: "Administrator",
}

SYNONYMS = {
    "teacher": Role.STAFF,
    "drafter": Role.STAFF,
    "slt": Role.SMT,
    "approver": Role.SMT,
    "head": Role.HEADTEACHER,
    "dsl": Role.SAFEGUARDING_LEAD,
    "safeguarding": Role.SAFEGUARDING_LEAD,
    "office": Role.OFFICE_MANAGER,
    "chair": Role.CHAIR_OF_GOVERNORS,
    "auditor": Role.DPO,
    "admin": Role.ADMINISTRATOR,
    "account_coordinator": Role.COORDINATOR,
    "link_governor": Role.GOVERNOR,
}

_VOLUNTEER = frozenset({P.POST_DRAFT, P.REGISTER_READ_NAMES})
_STAFF = _VOLUNTEER | {P.POST_SUBMIT, P.CHANNEL_READ}
_SMT = _STAFF | {
    P.POST_APPROVE,
    P.POST_READ_ALL,
    P.POST_TAKE_DOWN,
    P.DELIVERY_SETTLE,
    P.POST_RELEASE_HOLD,
    P.POST_SIGN_NOT_PROTECTED,
    P.CHANNEL_APPROVE,
}
_COORDINATOR = _STAFF | {P.POST_READ_ALL, P.POST_TAKE_DOWN, P.DELIVERY_SETTLE, P.CHANNEL_CONNECT, P.HEALTH_READ}
_SAFEGUARDING = frozenset(
    {
        P.SAFEGUARDING_READ,
        P.SAFEGUARDING_WRITE,
        P.INCIDENT_READ,
        P.INCIDENT_WRITE,
        P.REGISTER_READ,
        P.REGISTER_READ_NAMES,
        P.REGISTER_FLAG,
        P.MATCHING_READ,
        P.POST_READ_ALL,
        P.POST_TAKE_DOWN,
        P.POST_SIGN_NOT_PROTECTED,
        P.COMMENT_READ,
    }
)
_HEADTEACHER = (
    _SMT
    | _SAFEGUARDING
    | {
        P.COMMENT_READ,
        P.COMMENT_DECIDE,
        P.INCIDENT_READ,
        P.INCIDENT_WRITE,
        P.BREACH_MANAGE,
        P.PUBLISHING_STOP,
        P.REPORT_READ,
    }
    | {P.MATCHING_PROPOSE}
)

PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.STAFF: _STAFF,
    Role.VOLUNTEER: _VOLUNTEER,
    Role.SMT: _SMT,
    Role.COORDINATOR: _COORDINATOR,
    Role.HEADTEACHER: frozenset(_HEADTEACHER),
    Role.SAFEGUARDING_LEAD: _SAFEGUARDING,
    Role.OFFICE_MANAGER: frozenset(
        {
            P.REGISTER_READ,
            P.REGISTER_READ_NAMES,
            P.REGISTER_WRITE,
            P.REGISTER_IMPORT,
            P.REGISTER_ENROL,
            P.MATCHING_READ,
        }
    ),
    Role.GOVERNOR: frozenset({P.REPORT_READ}),
    Role.CHAIR_OF_GOVERNORS: frozenset({P.REPORT_READ, P.ALLEGATION_ABOUT_HEAD_READ}),
    Role.DPO: frozenset(
        {P.BREACH_MANAGE, P.AUDIT_READ, P.REPORT_READ, P.CHANNEL_READ, P.MATCHING_READ, P.MATCHING_SIGN}
    ),
    Role.ADMINISTRATOR: frozenset(
        {P.USER_MANAGE, P.SETTINGS_MANAGE, P.CHANNEL_READ, P.MATCHING_READ, P.MATCHING_PROPOSE, P.HEALTH_READ}
    ),
}
"""The administrator runs the system and can neither approve nor publish: separate hands."""


def who_may(*permissions: P) -> str:
    """Say whom to ask for something that one's own role does not allow."""
    able = [LABELS[role] for role, held in PERMISSIONS.items() if held & set(permissions)]
    return f"Your role does not allow this. It is for: {', '.join(able).lower()}." if able else ""


def role_called(word: str) -> Role | None:
    """Read a role as people write it: `DSL`, `head teacher`, `office-manager`."""
    key = "_".join(word.replace("-", " ").lower().split())
    if key in SYNONYMS:
        return SYNONYMS[key]
    return next((role for role in Role if key in (role.value, role.value.replace("_", ""))), None) or next(
        (role for role in Role if key.replace("_", "") == role.value.replace("_", "")), None
    )
