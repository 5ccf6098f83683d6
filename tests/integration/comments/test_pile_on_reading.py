"""What cannot wait in a pile-on is said first, to those who may know of it and to nobody else."""

import pytest

from app.accounts.roles import Role
from app.comments import pile_ons, replies
from app.comments.pile_on_models import PileOn
from app.comments.pile_on_sorting import Heap, Kept, heap_of, kept_in_sight
from app.comments.reply_models import Reply, ReplyState, TextKind
from app.comments.spots import Spot
from app.comments.texts import approve_text, write_text
from app.comments.workflow import ReplyAction, reply_workflow
from app.core.actors import system_actor
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.incidents.models import SupportOffer
from tests.integration.comments.test_pile_on import COMPLAINT, CRY, DOUBTED, NASTY

THREAT = "I will find you and smash your face in"
ABOUT_THE_HEAD = "The headteacher touched my son, ask him about it"


@pytest.fixture
def storm(comes_in, database, school, post, user_with):
    """A complaint, a doubt, a cry for help, a threat and an accusation under one post, locked down by the head."""
    head = user_with(Role.HEADTEACHER, name="Ada Head").as_actor()
    user_with(Role.CHAIR_OF_GOVERNORS)
    with database.transaction(school.id) as session:
        pile_on = pile_ons.begin_by_hand(session, Spot(post.id), actor=head)
        pile_ons.lock_down(session, pile_on.id, actor=head)
    for key, words in (
        ("a", COMPLAINT),
        ("b", DOUBTED),
        ("c", CRY),
        ("d", THREAT),
        ("e", ABOUT_THE_HEAD),
        ("f", NASTY),
    ):
        comes_in(key, words)
    return pile_on, head


def test_each_reads_first_what_they_may_know_of(storm, database, school):
    pile_on, head = storm
    with database.reading(school.id) as session:
        pile_on = session.get_one(PileOn, pile_on.id)
        heaps = {heap: [each.text for _, each in heap_of(session, pile_on, heap, actor=head)] for heap in Heap}
        kept = [why for why, _ in kept_in_sight(session, pile_on, actor=head)]
        stranger = system_actor(school.id, "test", Permission.COMMENT_READ)
        others = {heap: len(heap_of(session, pile_on, heap, actor=stranger)) for heap in Heap}
    assert heaps == {Heap.HELP: [CRY], Heap.GRAVE: [THREAT], Heap.UNDECIDED: [DOUBTED], Heap.IN_SIGHT: [CRY]}
    assert kept == [Kept.HELP]
    assert others == {Heap.HELP: 0, Heap.GRAVE: 1, Heap.UNDECIDED: 1, Heap.IN_SIGHT: 0}


def test_page_and_home_say_what_cannot_wait(storm, sign_in):
    head, address = sign_in(Role.HEADTEACHER), f"/comments/pile-ons/{storm[0].id}"
    page = head.get(address).text
    for words in (
        "1 cry for help is still visible", "1 may be somebody asking for help: read it now.", "read it to",
        "The other 2 can wait until tomorrow", "1 comment will be seen again", "1 may do harm and still needs your decision",
    ):  # fmt: skip
        assert words in page
    assert "Accuses" not in page
    for heap in Heap:
        assert head.get(f"{address}/read/{heap}").status_code == 200
    assert head.get(f"{address}/read/nothing").status_code == 404
    home = head.get("/").text
    assert (
        home.index("Somebody may be asking for help (1)")
        < home.index("Threat (1)")
        < home.index("A post is locked down")
    )
    assert "A threat: a report is due" in home
    assert "Accuses" not in home
    assert "What cannot wait" not in sign_in(Role.STAFF).get("/").text
    chair = sign_in(Role.CHAIR_OF_GOVERNORS).get("/").text
    assert "Accuses the head (1)" in chair
    assert "asking for help" not in chair


def test_statement_has_its_tick_only_when_it_is_there(storm, database, school, sign_in, user_with, book):
    pile_on, head = storm
    writer = user_with(Role.SMT).as_actor()
    with database.transaction(school.id) as session:
        text = write_text(session, kind=TextKind.HOLDING, title="Heard", text="We have heard you.", actor=writer)
        approve_text(session, text.id, actor=head)
        replies.say_under_post(session, pile_on.id, text.id, actor=head)
    with database.transaction(school.id) as session:
        reply = session.get_one(Reply, book.all(Reply)[0].id)
        worker = system_actor(school.id, "test", Permission.POST_PUBLISH)
        reply_workflow.advance(session, reply, ReplyAction.ARM, actor=worker)
        reply_workflow.advance(session, reply, ReplyAction.ASK, actor=worker)
    browser, address = sign_in(Role.HEADTEACHER), f"/comments/pile-ons/{pile_on.id}"
    assert "1</span> answer: did it arrive?" in browser.get("/").text
    page = browser.get(address).text
    assert "Did your statement arrive?" in page
    assert '<li id="say">' in page
    assert browser.post(f"{address}/arrived/{reply.id}/no").status_code == 302
    assert book.all(Reply)[0].state is ReplyState.FAILED
    page = browser.get(address).text
    assert '<li id="say">' in page
    assert "Send it again, or say something else" in page


def test_somebody_without_a_sign_in_is_noted_as_told(storm, database, school, sign_in, book, user_with):
    pile_on, head = storm
    user_with(Role.GOVERNOR, name="Gus Governor")
    user_with(Role.STAFF, name="Tess Teacher")
    browser, address = sign_in(Role.HEADTEACHER), f"/comments/pile-ons/{pile_on.id}"
    page = browser.get(address).text
    assert "Tess Teacher" in page
    assert "Gus Governor" not in page
    assert browser.post(f"{address}/told", data={"name": " Mrs  Patel "}).status_code == 302
    with database.transaction(school.id) as session, pytest.raises(InvalidInputError):
        pile_ons.note_told(session, pile_on.id, "mrs patel", actor=head)
    assert [offer.offered_to for offer in book.all(SupportOffer)] == ["Mrs Patel"]
    assert "Mrs Patel: told by one of you" in browser.get(address).text
