"""The headteacher's screens over HTTP: what is shown, what may be done, and what stays secret."""

import re
from uuid import uuid4

import pytest

from app.accounts.roles import Role
from app.comments.models import Appeal, CommentState
from app.comments.reply_models import PreparedText, Reply, ReplyState, TextKind, TextState
from app.core import clock
from app.incidents.models import Incident

NASTY = "You are a bitch and an idiot"
ABOUT_HEAD = "The headteacher touched my son, ask him about it"
DISCLOSURE = "I want to kill myself, nobody would miss me"


@pytest.fixture
def head(sign_in):
    return sign_in(Role.HEADTEACHER)


def decide(browser, comment, action: str, reason: str = ""):
    data = {"action": action, "reason": reason, "seen": comment.text_sha256}
    return browser.post(f"/comments/{comment.id}/decide", data=data, follow_redirects=True)


def test_queue_shows_what_needs_the_head_with_reasons_and_choices(comes_in, head, book):
    comes_in("c1", NASTY, author_name="Sam Somebody")
    page = head.get("/comments").text
    assert "Needs you (1)" in page
    assert "Sam Somebody" not in page  # who wrote it is evidence, and helps nobody to decide
    assert "Sam Somebody" in head.get(f"/comments/{book.comment('c1').id}").text
    assert "Our summer fair" in page
    assert "Leave hidden" in page
    assert "Hidden is not removed" in page


def test_strong_words_are_covered_until_asked_for(comes_in, head):
    comes_in("c1", NASTY)
    page = head.get("/comments").text
    assert page.index('<details class="govuk-details sg-strong">') < page.index("You are a bitch")


def test_words_of_a_comment_cannot_run(comes_in, head, book):
    comes_in("c1", "<script>alert(1)</script> you idiot", author_name="<b>x</b>")
    for address in ("/comments?tab=all", f"/comments/{book.comment('c1').id}"):
        page = head.get(address).text
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_head_confirms_and_the_queue_is_empty(comes_in, head, book):
    comes_in("c1", NASTY)
    assert decide(head, book.comment("c1"), "leave_hidden").status_code == 200
    assert "Needs you (0)" in head.get("/comments").text


def test_all_of_them_leaves_what_must_be_read_one_by_one(comes_in, head, book):
    comes_in("c1", NASTY)
    comes_in("c2", DISCLOSURE)
    data = {"action": "hide", "reason": "", "every": "yes"}
    page = head.post("/comments/decide?tab=all", data=data, follow_redirects=True).text
    assert "Nothing here can be decided without reading it first" in page
    assert book.comment("c2").state is CommentState.QUEUED
    ticked = {"action": "hide", "comment_ids": [f"{book.comment('c1').id}:{book.comment('c1').text_sha256}:"]}
    assert "1 is hidden already." in head.post("/comments/decide", data=ticked, follow_redirects=True).text


def test_only_what_can_be_done_is_offered_and_the_rest_is_read_one_after_the_other(
    comes_in, sign_in, user_with, book, worker
):
    comes_in("threat", "I will find you and kill you")
    comes_in("insult", NASTY)
    comes_in("missing", "Has anyone seen my daughter Amy, she has not come home from school")
    comes_in("cry", "My son says he wants to kill himself because of this school")
    head = sign_in(Role.HEADTEACHER, Role.SAFEGUARDING_LEAD)
    page = head.get(f"/comments?post={book.comment('cry').post_id}").text
    listed = re.findall(r'id="comment-([0-9a-f-]+)"', page)
    names = {str(comment.id): comment.remote_id for comment in book.comments()}
    assert {names[each] for each in listed[:2]} == {"missing", "cry"}  # seen by everybody, and calling for help
    assert "Leave all 2 hidden" in page
    assert "Hide the" not in page
    assert "2 you must read one by one" in page
    first = re.search(r'href="(/comments/[^"]+from=reading[^"]*)"', page).group(1).replace("&amp;", "&")
    assert names[listed[0]] == names[first[10:46]]
    data = {"action": "leave_visible", "seen": book.comment(names[listed[0]]).text_sha256}
    address = re.search(r'action="(/comments/[^"]+/decide[^"]+)"', head.get(first).text).group(1).replace("&amp;", "&")
    assert listed[1] in head.post(address, data=data).headers["Location"]


def test_head_restores_with_a_reason_and_the_network_shows_it(comes_in, head, book, network, worker):
    comes_in("c1", NASTY)
    answer = decide(head, book.comment("c1"), "restore", "A joke between friends")
    worker.sweep_until_idle()
    assert answer.status_code == 200
    assert not network.comments["c1"].is_hidden
    assert "A joke between friends" in head.get(f"/comments/{book.comment('c1').id}").text


def test_stale_page_overrules_nobody_and_a_second_tap_is_no_conflict(comes_in, head, sign_in, book):
    comes_in("c1", NASTY)
    other = sign_in(Role.HEADTEACHER)
    comment = book.comment("c1")
    stale = {"action": "restore", "reason": "A joke", "seen": comment.text_sha256, "decided": ""}
    assert decide(head, comment, "leave_hidden").status_code == 200
    assert decide(head, comment, "leave_hidden").status_code == 200
    refused = other.post(f"/comments/{comment.id}/decide", data=stale)
    assert refused.status_code == 409
    assert "Alex Example decided this at" in refused.text
    assert "left hidden. Look again." in refused.text
    ticked = {"action": "restore", "reason": "A joke", "comment_ids": [f"{comment.id}:{comment.text_sha256}:"]}
    assert "Left as they were, 1 comment" in other.post("/comments/decide", data=ticked, follow_redirects=True).text
    assert book.comment("c1").state is CommentState.HIDDEN
    page = other.get(f"/comments/{comment.id}").text
    fresh = stale | {"decided": re.search(r'name="decided" value="([0-9a-f-]+)"', page).group(1)}
    assert other.post(f"/comments/{comment.id}/decide", data=fresh).status_code == 302


def test_threat_is_shown_again_only_when_sure_and_can_be_hidden_at_once(comes_in, head, book, network, worker):
    comes_in("c1", "I will find you and kill you")
    address = f"/comments/{book.comment('c1').id}"
    assert 'name="sure"' in head.get(address).text
    assert "This reads like a threat" in decide(head, book.comment("c1"), "restore", "A song").text
    data = {"action": "restore", "reason": "A song", "seen": book.comment("c1").text_sha256, "sure": "y"}
    page = head.post(f"{address}/decide?from=queue", data=data, follow_redirects=True).text
    assert "Hide again" in page
    data |= {"action": "hide", "decided": re.search(r'name="decided" value="([0-9a-f-]+)"', page).group(1)}
    assert "The comment is being hidden." in head.post(f"{address}/decide", data=data, follow_redirects=True).text
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.HIDDEN
    assert network.comments["c1"].is_hidden


@pytest.mark.parametrize("action", ["restore", "delete", "escalate"])
def test_missing_reason_is_asked_for_and_nothing_is_lost(comes_in, head, book, action):
    comes_in("c1", NASTY)
    answer = decide(head, book.comment("c1"), action)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert book.comment("c1").state is CommentState.HIDDEN


@pytest.mark.parametrize("action", ["", "burn", "allow"])
def test_unknown_decision_is_refused(comes_in, head, book, action):
    comes_in("c1", NASTY)
    assert decide(head, book.comment("c1"), action, "x").status_code == 422


def test_decision_that_came_too_late_is_a_conflict(comes_in, head, book):
    comes_in("c1", "Lovely")
    assert decide(head, book.comment("c1"), "restore", "Why not").status_code == 409


def test_many_are_decided_at_once(comes_in, head, book):
    for number in range(3):
        comes_in(f"c{number}", NASTY)
    ids = [f"{comment.id}:{comment.text_sha256}" for comment in book.comments()]
    answer = head.post("/comments/decide", data={"action": "leave_hidden", "comment_ids": ids}, follow_redirects=True)
    assert "3 comments stay hidden." in answer.text
    assert "Needs you (0)" in answer.text


@pytest.mark.parametrize(
    "data", [{}, {"action": "leave_hidden"}, {"action": "leave_hidden", "comment_ids": ["nonsense"]}]
)
def test_deciding_about_none_is_a_clear_sentence(head, data):
    page = head.post("/comments/decide", data=data, follow_redirects=True)
    assert "Tick the comments first" in page.text or "Tick at least one" in page.text


def test_evidence_and_history_are_on_the_page(comes_in, head, book):
    comes_in("c1", NASTY)
    page = head.get(f"/comments/{book.comment('c1').id}").text
    assert book.evidence()[0].sha256 in page
    assert "by the rules" in page


@pytest.mark.parametrize(
    "role",
    [
        Role.STAFF,
        Role.VOLUNTEER,
        Role.SMT,
        Role.COORDINATOR,
        Role.OFFICE_MANAGER,
        Role.GOVERNOR,
        Role.DPO,
        Role.ADMINISTRATOR,
    ],
)
def test_others_are_kept_out(comes_in, sign_in, book, role):
    comes_in("c1", NASTY)
    browser = sign_in(role)
    assert browser.get("/comments").status_code == 403
    assert browser.get(f"/comments/{book.comment('c1').id}").status_code == 403
    assert decide(browser, book.comment("c1"), "leave_hidden").status_code == 403


def test_nobody_signed_in_sees_nothing(comes_in, client, book):
    comes_in("c1", NASTY)
    assert client.get("/comments").status_code == 302
    assert client.post(f"/comments/{book.comment('c1').id}/decide", data={"action": "leave_hidden"}).status_code == 401


def test_allegation_about_the_head_does_not_exist_for_the_head(comes_in, head, book):
    comes_in("c1", ABOUT_HEAD)
    comment = book.comment("c1")
    for tab in ("needs-you", "hidden", "all"):
        page = head.get(f"/comments?tab={tab}").text
        assert "touched" not in page
        assert "All (0)" in page
    assert head.get(f"/comments/{comment.id}").status_code == 404
    assert decide(head, comment, "restore", "A lie").status_code == 404
    assert head.get(f"/incidents/of-comment/{comment.id}").status_code == 404
    assert "There is none" in head.get("/incidents").text
    refused = head.post("/comments/decide", data={"action": "leave_hidden", "comment_ids": [str(comment.id)]})
    assert "touched" not in refused.text
    assert "stay hidden" not in refused.text
    assert book.comment("c1").awaits_person


def test_chair_finds_the_allegation_and_its_incident(comes_in, sign_in, book):
    chair = sign_in(Role.CHAIR_OF_GOVERNORS)
    comes_in("c1", ABOUT_HEAD)
    page = chair.get(f"/comments/{book.comment('c1').id}").text
    assert "only the chair of governors can see this" in page
    incident = chair.get(f"/incidents/of-comment/{book.comment('c1').id}", follow_redirects=True).text
    assert "designated officer" in incident


def test_chair_sees_no_other_comment(comes_in, sign_in, book):
    chair = sign_in(Role.CHAIR_OF_GOVERNORS)
    comes_in("c1", NASTY)
    comes_in("c2", DISCLOSURE)
    assert "All (0)" in chair.get("/comments?tab=all").text
    assert chair.get(f"/comments/{book.comment('c2').id}").status_code == 404


def test_disclosure_opens_one_incident_for_the_designated_persons(comes_in, sign_in, book):
    lead = sign_in(Role.SAFEGUARDING_LEAD)
    comes_in("c1", DISCLOSURE)
    [incident] = book.all(Incident)
    assert "999" in lead.get(f"/incidents/{incident.id}").text
    assert incident.audience.value == "designated"


def test_head_passes_a_comment_on_and_an_incident_is_there(comes_in, head, book):
    comes_in("c1", "Not everything at this fair was as it looks")
    decide(head, book.comment("c1"), "escalate", "This worries me")
    [incident] = book.all(Incident)
    assert "This worries me" in head.get(f"/incidents/{incident.id}").text


def test_head_opens_an_incident_to_record_support(comes_in, head, book):
    comes_in("c1", NASTY)
    address = f"/incidents/of-comment/{book.comment('c1').id}"
    assert "Open an incident" in head.get(address).text
    head.post(address)
    head.post(address)
    [incident] = book.all(Incident)
    assert head.get(address).location == f"/incidents/{incident.id}"


def test_comment_that_is_not_judged_yet_is_on_no_page(comes_in, head, book):
    comes_in("c1", ABOUT_HEAD, settle=False)
    assert head.get(f"/comments/{book.comment('c1').id}").status_code == 404
    assert "All (0)" in head.get("/comments?tab=all").text


def test_words_that_were_edited_while_somebody_looked_are_not_shown_again_unread(comes_in, head, book):
    comes_in("c1", NASTY)
    looked_at = book.comment("c1")
    comes_in("c1", "I will find you and kill you", is_hidden=True)
    answer = decide(head, looked_at, "restore", "A joke between friends")
    assert answer.status_code == 409
    assert "edited while you looked" in answer.text
    assert book.comment("c1").state is CommentState.HIDDEN


def test_threat_is_not_shown_again_by_appeal_unless_somebody_says_that_it_is_none(
    comes_in, head, sign_in, book, network, worker
):
    comes_in("c1", "I will find you and kill you")
    address = f"/comments/{book.comment('c1').id}"
    refused = head.post(f"{address}/appeal", data={"words": "It is a song"})
    assert (refused.status_code, book.all(Appeal)) == (409, [])  # nobody else yet
    assert "Read the comment again and decide yourself" in refused.text
    lead = sign_in(Role.SAFEGUARDING_LEAD)
    head.post(f"{address}/appeal", data={"words": "It is a song"})
    assert "You wrote this down, so somebody else answers:" in head.get(address).text
    assert head.get(address).text.count('value="restore"') == 0  # nobody goes past the second pair of eyes
    page = lead.get(address).text
    assert "still open" in page
    assert page.index("It stays hidden") < page.index("They are right: show it again")
    answer = re.search(r'action="(/comments/\S+/appeal/\S+)"', page).group(1)
    said = {"upholds": "yes", "reason": "Only a song", "seen": book.comment("c1").text_sha256}
    assert lead.post(answer, data=said | {"seen": "other words", "sure": "y"}).status_code == 409
    assert lead.post(answer.replace(str(book.comment("c1").id), str(uuid4())), data=said).status_code == 404
    refused = lead.post(answer, data=said)
    assert refused.status_code == 422
    assert 'href="#appeal-sure"' in refused.text
    assert 'value="Only a song"' in refused.text
    worker.sweep_until_idle()
    assert network.comments["c1"].is_hidden
    assert lead.get(answer).headers["Location"] == address  # a reload leads back
    lead.post(answer, data=said | {"sure": "y"})
    worker.sweep_until_idle()
    assert not network.comments["c1"].is_hidden


def test_own_words_are_never_thrown_away_for_a_prepared_answer(comes_in, head, book, database, school, user_with):
    comes_in("c1", "Worst school ever, nobody answers the phone")
    text = PreparedText(
        id=uuid4(), kind=TextKind.SIGNPOST, state=TextState.APPROVED, title="Office", text="Please ring the office.",
        written_at=clock.now(), approved_by=user_with(Role.SMT).id,
    )  # fmt: skip
    with database.transaction(school.id) as session:
        session.add(text)
    address = f"/comments/{book.comment('c1').id}"
    assert " checked" not in head.get(address).text
    typed = {"text_id": str(text.id), "own_words": "We will ring you today.", "way": "prepared"}
    refused = head.post(f"{address}/answer", data=typed)
    assert (refused.status_code, book.all(Reply)) == (422, [])
    assert "Which one?" in refused.text
    assert "We will ring you today." in refused.text
    head.post(f"{address}/answer", data=typed | {"way": "own"})
    [reply] = book.all(Reply)
    assert (reply.text, reply.state) == ("We will ring you today.", ReplyState.WAITING)


def test_threat_is_not_answered_in_public_until_a_person_has_let_it_stand(comes_in, head, book, worker):
    comes_in("c1", "I will find you and smash your face in")
    address, said = f"/comments/{book.comment('c1').id}", {"own_words": "We will ring you today.", "way": "own"}
    page = head.get(address).text
    assert "This is not answered in public." in page
    assert "Answer this comment" not in page
    assert head.post(f"{address}/answer", data=said).status_code == 422
    assert book.all(Reply) == []
    restored = {"action": "restore", "reason": "A song", "seen": book.comment("c1").text_sha256, "sure": "y"}
    head.post(f"{address}/decide", data=restored)
    worker.sweep_until_idle()
    assert "Answer this comment" in head.get(address).text


def test_approver_reads_what_a_reply_answers_or_is_told_to_leave_it_to_others(
    comes_in, head, sign_in, book, hide_by_hand
):
    comes_in("c1", "Worst school ever, nobody answers the phone")
    address = f"/comments/{book.comment('c1').id}"
    head.post(f"{address}/answer", data={"own_words": "We will ring you today.", "way": "own"})
    other = sign_in(Role.HEADTEACHER, user=None)
    smt = sign_in(Role.SMT)
    assert "nobody answers the phone" in smt.get("/comments/replies").text
    hide_by_hand("c1", other.person.as_actor())
    page = smt.get("/comments/replies").text
    assert "nobody answers the phone" not in page
    assert "You cannot read the comment that this answers now." in page
    assert "can approve it" not in page
    assert "Approve and send" not in page
    [reply] = book.all(Reply)
    assert smt.post(f"/comments/replies/{reply.id}/approve").status_code == 403
    assert "nobody answers the phone" in other.get("/comments/replies").text


def test_head_does_not_learn_from_the_replies_that_a_comment_accuses_the_head_now(comes_in, head, sign_in, book):
    comes_in("c1", "Worst school ever, nobody answers the phone")
    head.post(f"/comments/{book.comment('c1').id}/answer", data={"own_words": "We will ring you.", "way": "own"})
    accused = sign_in(Role.HEADTEACHER, user=None)
    assert "We will ring you." in accused.get("/comments/replies").text
    comes_in("c1", ABOUT_HEAD)
    assert "No reply waits for you" in accused.get("/comments/replies").text
    assert "0 replies wait for approval" in accused.get("/").text
    [reply] = book.all(Reply)
    for answer in ("approve", "refuse"):
        refused = accused.post(f"/comments/replies/{reply.id}/{answer}", data={"reason": "No"})
        assert (refused.status_code, "confidential" in refused.text) == (404, False)
