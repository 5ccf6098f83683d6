"""Make, change and suspend user accounts; check passwords."""

import secrets
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from app.accounts.models import RoleHeld, User
from app.accounts.roles import Role
from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError
from app.core.permissions import Permission

MINIMUM_PASSWORD_LENGTH = 12
_hasher = PasswordHasher()
_nobody = _hasher.hash(secrets.token_urlsafe())  # compared when the e-mail is unknown, so that both take as long


def create_user(
    session: Session, *, email: str, name: str, roles: tuple[Role, ...], password: str, actor: Actor
) -> User:
    """Add a person to the actor's school."""
    actor.ensure(Permission.USER_MANAGE)
    address = _address(email)
    _ensure_strong(password)
    if not roles:
        raise InvalidInputError("Choose at least one role.")
    user = User(
        id=uuid4(),
        school_id=actor.school_id,
        email=address,
        name=" ".join(name.split()) or _name_from(address),
        password_hash=_hasher.hash(password),
        created_at=clock.now(),
        session_stamp=_new_stamp(),
    )
    user.roles = [RoleHeld(school_id=actor.school_id, role=role, starts_on=clock.today()) for role in roles]
    session.add(user)
    try:
        session.flush()
    except sa.exc.IntegrityError as error:  # also when another school has the address, which nobody here can look up
        raise InvalidInputError(f"{address} already has an account.") from error
    details: dict[str, object] = {"roles": [role.value for role in roles]}
    record(session, "user:created", actor=actor, subject_type="user", subject_id=user.id, details=details)
    return user


def create_unready_user(session: Session, *, email: str, name: str, roles: tuple[Role, ...], actor: Actor) -> User:
    """Add a person who chooses a password by invitation; until then nobody can sign in as them."""
    return create_user(session, email=email, name=name, roles=roles, password=secrets.token_urlsafe(24), actor=actor)


def check_password(session: Session, email: str, password: str) -> User | None:
    """Return the person whose e-mail and password these are, unless suspended. Needs a session across schools."""
    user = session.scalar(sa.select(User).where(User.email == email.strip().lower()))
    try:
        _hasher.verify(user.password_hash if user else _nobody, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user is not None and user.suspended_at is None else None


def note_sign_in(session: Session, user_id: UUID, password: str) -> User:
    """Record that somebody whose password was just checked is in; hash it anew when the hashing has become stronger."""
    user = user_with(session, user_id)
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    user.last_signed_in_at = clock.now()
    record(session, "user:signed-in", actor=user.as_actor(), subject_type="user", subject_id=user.id)
    return user


def end_sessions(session: Session, user_id: UUID, *, actor: Actor) -> None:
    """Sign oneself out everywhere: a cookie that somebody copied from a shared computer ends as well."""
    if actor.user_id != user_id:
        raise NotPermittedError("You can sign out only yourself. An administrator can suspend an account.")
    user = user_with(session, user_id)
    user.session_stamp = _new_stamp()
    record(session, "user:signed-out", actor=actor, subject_type="user", subject_id=user.id)


def suspend_user(session: Session, user_id: UUID, *, actor: Actor) -> None:
    """End somebody's access at once: open sessions stop working with the next click."""
    actor.ensure(Permission.USER_MANAGE)
    user = user_with(session, user_id)
    if user.id == actor.user_id:
        raise InvalidInputError("You cannot suspend your own account. Ask another administrator.")
    user.suspended_at = clock.now()
    user.session_stamp = _new_stamp()
    record(session, "user:suspended", actor=actor, subject_type="user", subject_id=user.id)


def reinstate_user(session: Session, user_id: UUID, *, actor: Actor) -> None:
    actor.ensure(Permission.USER_MANAGE)
    user = user_with(session, user_id)
    user.suspended_at = None
    record(session, "user:reinstated", actor=actor, subject_type="user", subject_id=user.id)


def change_password(session: Session, user_id: UUID, *, current: str, new: str, actor: Actor) -> None:
    """Change one's own password; every other session of the person ends."""
    user = user_with(session, user_id)
    if actor.user_id != user.id or check_password(session, user.email, current) is None:
        raise InvalidInputError("Your current password is not right. Try again.")
    set_password(session, user, new)
    record(session, "user:password-changed", actor=actor, subject_type="user", subject_id=user.id)


def set_password(session: Session, user: User, password: str) -> None:
    """Give somebody another password, which ends every session of theirs. The caller says who asked for it."""
    _ensure_strong(password)
    user.password_hash = _hasher.hash(password)
    user.session_stamp = _new_stamp()
    session.flush()


def change_roles(session: Session, user_id: UUID, *, roles: Collection[Role], actor: Actor) -> None:
    """Give and take roles from today on. Nobody changes their own: separate hands."""
    actor.ensure(Permission.USER_MANAGE)
    user = user_with(session, user_id)
    if user.id == actor.user_id:
        raise NotPermittedError("You cannot change your own roles. Ask another administrator.")
    if not roles:
        raise InvalidInputError("Choose at least one role, or suspend the account.")
    today = clock.today()
    held = {role.role: role for role in user.roles if role.is_held_on(today)}
    for role in held.keys() - set(roles):
        held[role].ends_on = today - timedelta(days=1)
    user.roles += [RoleHeld(school_id=user.school_id, role=role, starts_on=today) for role in set(roles) - held.keys()]
    details: dict[str, object] = {"roles": sorted(role.value for role in roles)}
    record(session, "user:roles-changed", actor=actor, subject_type="user", subject_id=user.id, details=details)


def user_with(session: Session, user_id: UUID) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def _new_stamp() -> str:
    return secrets.token_urlsafe(18)


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidInputError(f"“{email}” is not an e-mail address. Write it like name@school.example.") from error


def _ensure_strong(password: str) -> None:
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise InvalidInputError(f"Choose a password of at least {MINIMUM_PASSWORD_LENGTH} characters.")


def _name_from(address: str) -> str:
    return address.split("@", maxsplit=1)[0].replace(".", " ").title()
