"""Who works at the made-up school."""

from dataclasses import dataclass

from app.accounts.roles import Role

SCHOOL = "Bramley Hill School"
PASSWORD = "rehearsal-2026"  # noqa: S105  of a made-up school, printed by the demo itself


@dataclass(frozen=True, slots=True)
class DemoPerson:
    title: str
    name: str
    email: str
    roles: tuple[Role, ...]


PEOPLE = (
    DemoPerson("Teacher", "Tom Rourke", "teacher@bramleyhill.example", (Role.STAFF,)),
    DemoPerson("Volunteer", "Wendy Sharp", "volunteer@bramleyhill.example", (Role.VOLUNTEER,)),
    DemoPerson("SMT (approves posts)", "Grace Mbeki", "smt@bramleyhill.example", (Role.SMT,)),
    DemoPerson("Account coordinator", "Liam Oduya", "coordinator@bramleyhill.example", (Role.COORDINATOR,)),
    DemoPerson("Headteacher", "David Ellery", "head@bramleyhill.example", (Role.HEADTEACHER,)),
    DemoPerson("Safeguarding lead", "Helen Varga", "dsl@bramleyhill.example", (Role.SAFEGUARDING_LEAD,)),
    DemoPerson("Office manager", "Pauline Greer", "office@bramleyhill.example", (Role.OFFICE_MANAGER,)),
    DemoPerson("Link governor", "Asif Malik", "governor@bramleyhill.example", (Role.GOVERNOR,)),
    DemoPerson("Chair of governors", "Ruth Penhale", "chair@bramleyhill.example", (Role.CHAIR_OF_GOVERNORS,)),
    DemoPerson("Data protection officer", "Owen Pryce", "dpo@bramleyhill.example", (Role.DPO,)),
    DemoPerson("Administrator", "Sam Kettle", "admin@bramleyhill.example", (Role.ADMINISTRATOR,)),
)


def demo_people() -> list[dict[str, str]]:
    """Return who can sign in to the rehearsal, for those who show it."""
    return [{"role": person.title, "email": person.email, "password": PASSWORD} for person in PEOPLE]
