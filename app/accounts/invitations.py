"""Invitations: a signed address by which somebody chooses a first password, or a new one. It works once."""

from datetime import timedelta
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.services import set_password, user_with
from app.audit.services import record
from app.core.actors import Actor
from app.core.db import EVERY_SCHOOL, Database
from app.core.errors import NotFoundError
from app.core.permissions import Permission

VALID_FOR = timedelta(days=7)
GONE = "This invitation was used or has run out. Ask your administrator for a new one."


class Invitations:
    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="invitation")

    def invite(self, session: Session, user_id: UUID, *, actor: Actor) -> str:
        """Return the secret part of the address; choosing a password, or any sign-out, makes it worthless."""
        actor.ensure(Permission.USER_MANAGE)
        user = user_with(session, user_id)
        record(session, "user:invited", actor=actor, subject_type="user", subject_id=user.id)
        return self._signer.dumps([str(user.id), user.session_stamp])

    def whose(self, session: Session, token: str) -> User:
        """Return who was invited. Needs a session across schools; NotFoundError when the address is worthless."""
        try:
            user_id, stamp = self._signer.loads(token, max_age=int(VALID_FOR.total_seconds()))
            user = session.get(User, UUID(user_id))
        except (BadSignature, ValueError, TypeError) as error:
            raise NotFoundError(GONE) from error
        if user is None or user.session_stamp != stamp or user.suspended_at is not None:
            raise NotFoundError(GONE)
        return user

    def accept(self, database: Database, token: str, password: str) -> None:
        """Set the password that the invited person chose; every session of theirs ends."""
        with database.reading(EVERY_SCHOOL) as session:
            school_id = self.whose(session, token).school_id
        with database.transaction(school_id) as session:
            user = self.whose(session, token)
            set_password(session, user, password)
            record(session, "user:password-chosen", actor=user.as_actor(), subject_type="user", subject_id=user.id)
