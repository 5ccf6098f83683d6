"""Who acts: a signed-in person, or the product itself with just the permissions its task needs."""

from dataclasses import dataclass
from uuid import UUID

from app.core.errors import NotPermittedError
from app.core.permissions import Permission


@dataclass(frozen=True, slots=True)
class Actor:
    school_id: UUID
    name: str
    permissions: frozenset[Permission]
    user_id: UUID | None = None
    """None for the product itself."""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def ensure(self, permission: Permission) -> None:
        if not self.may(permission):
            raise NotPermittedError(
                "Your role does not allow this. Somebody with another role at the school can do it."
            )


def system_actor(school_id: UUID, task: str, *permissions: Permission) -> Actor:
    """Return the product acting by itself, for example `system_actor(school_id, "consent check", …)`."""
    return Actor(school_id=school_id, name=f"Schoolgate: {task}", permissions=frozenset(permissions))
