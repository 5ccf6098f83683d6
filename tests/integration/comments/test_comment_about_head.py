"""Words of harm to a child that name the head reach the chair alone; a threat against the head reaches the head."""

import pytest

import moderation
from app.accounts.roles import Role
from app.comments.circles import audience_of
from app.comments.models import Audience
from app.comments.names import SchoolNames
from app.incidents.models import Incident, IncidentKind
from consent.model import Person, PersonKind, PersonName
from consent.words.gazetteer import compile_gazetteer
from moderation import PersonRole

CHAIR, HEAD, DESIGNATED, GENERAL = Audience.CHAIR, Audience.HEAD, Audience.DESIGNATED, Audience.GENERAL


@pytest.fixture(scope="module")
def names():
    people = [("head", "David", "Ellery"), ("lead", "Samira", "Khan"), ("staff", "Theo", "Blenkinsop")]
    index = compile_gazetteer(Person(key, PersonKind.ADULT, (PersonName(*name),)) for key, *name in people)
    pupil = compile_gazetteer([Person("pupil", PersonKind.PUPIL, (PersonName("Amelia", "Ellery"),))])
    roles = {"head": PersonRole.HEAD, "lead": PersonRole.STAFF, "staff": PersonRole.STAFF, "pupil": PersonRole.PUPIL}
    return SchoolNames((index, pupil), roles, frozenset({"lead"}), frozenset({"e"}))


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("David Ellery sends private messages to year 9 girls at night. He is grooming them", CHAIR),
        ("Mr. Ellery put his hand up my daughters skirt", CHAIR),
        ("Ellery is grooming year 9 girls, everyone knows", CHAIR),
        ("Dave Ellery sends nudes to pupils", CHAIR),
        ("David Ellery touched my daughter", CHAIR),
        ("D. Ellery slept with a sixth form pupil", CHAIR),
        ("D Ellery is grooming girls", CHAIR),
        ("David E. gropes pupils", CHAIR),
        ("The headteacher Mr Ellery hit my son", CHAIR),
        ("Head teacher sends nudes to pupils", CHAIR),
        ("The head is messaging girls on snapchat", CHAIR),
        ("Mr Elery touches kids", CHAIR),
        ("Elery is grooming year 9 girls", CHAIR),
        ("ellery grooms kids", CHAIR),
        ("@davidellery is a nonce", CHAIR),
        ("Mr E is grooming year 9 girls", CHAIR),
        ("mr.e sends nudes to pupils", CHAIR),
        ("Mr B is grooming year 9 girls", DESIGNATED),
        ("Ellery is grooming year 9 girls, I will kill him", CHAIR),
        ("Mrs Blenkinsop and David Ellery both hit kids", CHAIR),
        ("Mr Ellery isnt safe around children, police should know", CHAIR),
        ("I told David Ellery that my dad hits me", CHAIR),
        ("Theo Blenkinsop is grooming year 9 girls", DESIGNATED),
        ("My dad hits me round the head every night please help", DESIGNATED),
        ("Amelia Ellery says she wants to die, please help her", DESIGNATED),
        ("Mrs Khan is grooming year 9 girls", HEAD),
        ("Samira Khan sends nudes to pupils", HEAD),
        ("I will kill David Ellery", GENERAL),
        ("I'll smash your face in Mr Ellery", GENERAL),
        ("Ellery lives at 14 Beech Road, lets go round", GENERAL),
        ("Ellery is a useless prick", GENERAL),
        ("Mr Ellery is a liar and a bully, resign now", GENERAL),
        ("Well done Mr Ellery, my daughter loved the girls football", GENERAL),
    ],
)
def test_harm_to_a_child_that_names_the_head_is_for_the_chair_alone(names, text, audience):
    verdict = moderation.judge(moderation.Comment(text), moderation.Context(names=names))
    assert audience_of(verdict, text, names) is audience


def test_head_learns_nothing_of_such_a_comment(comes_in, book, sign_in, user_with):
    head, lead = user_with(Role.HEADTEACHER, name="David Ellery"), user_with(Role.SAFEGUARDING_LEAD)
    user_with(Role.STAFF, name="Theo Blenkinsop")
    chair = user_with(Role.CHAIR_OF_GOVERNORS)
    comes_in("c1", "Theo Blenkinsop is grooming year 9 girls, everyone knows")
    told = len(book.notices_of(head)), len(book.notices_of(lead))
    comes_in("c2", "Mr E sends private messages to year 9 girls at night. He is grooming them")
    assert (len(book.notices_of(head)), len(book.notices_of(lead))) == told
    assert book.notices_of(chair)
    about_staff, about_head = sorted(book.all(Incident), key=lambda incident: incident.opened_at)
    assert (about_staff.audience, about_head.audience) == (DESIGNATED, CHAIR)
    assert about_head.kind is IncidentKind.ALLEGATION_HEAD
    pages = ["/", "/comments", "/incidents", "/posts", f"/comments/{book.comment('c1').id}"]
    browser = sign_in(user=head)
    for page in pages:
        seen = browser.get(page, follow_redirects=True)
        assert seen.status_code == 200, page
        for secret in ("private messages", str(book.comment("c2").id), str(about_head.id)):
            assert secret not in seen.text, page
    assert browser.get(f"/comments/{book.comment('c2').id}").status_code == 404
    assert "private messages" in sign_in(user=chair).get("/comments").text


def test_child_who_names_the_head_is_not_left_to_the_chair_alone(comes_in, book, user_with):
    user_with(Role.HEADTEACHER, name="David Ellery")
    lead, chair = user_with(Role.SAFEGUARDING_LEAD), user_with(Role.CHAIR_OF_GOVERNORS)
    comes_in("c1", "I told the headteacher that my dad hits me")
    assert book.notices_of(chair)
    assert any("call the chair" in notice.sentence for notice in book.notices_of(lead))
