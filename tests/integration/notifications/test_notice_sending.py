"""Notices: one a bundle, by e-mail when there is a server, and nothing in them but a sentence and a link."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from app.accounts.roles import Role
from app.core import clock
from app.jobs.due import Job
from app.notifications import queries, services
from app.notifications.mailer import MailServer
from app.notifications.models import Notice, NoticeState, NoticeUrgency
from app.notifications.tasks import Postman
from tests.integration.notifications.mail_server import MailBox

SENTENCE = "A comment on a school account needs you now."


@pytest.fixture
def mailbox():
    with MailBox() as box:
        yield box


@pytest.fixture
def person(user_with):
    return user_with(Role.HEADTEACHER)


@pytest.fixture
def tell(database, school, person):
    def run(**more) -> None:
        with database.transaction(school.id) as session:
            services.notify(
                session, [person.id], SENTENCE, link="/comments", **{"urgency": NoticeUrgency.AT_ONCE, **more}
            )

    return run


@pytest.fixture
def notices(database, school):
    def read() -> list[Notice]:
        with database.reading(school.id) as session:
            return list(session.scalars(sa.select(Notice)))

    return read


@pytest.fixture
def send(app, engine):
    """Send what is due, with this mail server (or none)."""

    def run(url: str = "") -> None:
        settings = app.extensions["schoolgate.settings"].model_copy(update={"smtp_url": SecretStr(url)})
        job = Job(services.SEND_JOB, Notice, frozenset({NoticeState.WAITING}), Postman(settings).send)
        before = engine.jobs.get(job.name)
        engine.add(job)
        engine.sweep_until_idle()
        if before is not None:
            engine.add(before)

    return run


def test_urgent_notice_is_sent_with_its_sentence_and_a_link_only(tell, send, mailbox, notices, person):
    tell()
    send(mailbox.url)
    [notice], [letter] = notices(), mailbox.letters
    assert notice.state is NoticeState.SENT
    assert SENTENCE in letter
    assert f"/notices/{notice.id}" in letter
    assert f"To: {person.email}" in letter


def test_without_a_mail_server_the_notice_is_only_shown(tell, send, notices):
    tell()
    send()
    [notice] = notices()
    assert (notice.state, notice.due_at) == (NoticeState.SHOWN_ONLY, None)


def test_notice_for_later_is_not_sent(tell, send, mailbox):
    tell(urgency=NoticeUrgency.TODAY)
    send(mailbox.url)
    assert mailbox.letters == []


def test_notice_that_was_read_meanwhile_is_not_sent(tell, send, mailbox, notices, database, school, person):
    tell()
    with database.transaction(school.id) as session:
        services.mark_read(session, notices()[0].id, person.id)
    send(mailbox.url)
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("refusals", "state"),
    [
        ({"RCPT": "550 no such person"}, NoticeState.SHOWN_ONLY),
        ({"MAIL": "451 try later"}, NoticeState.WAITING),
        ({"DATA": "452 full"}, NoticeState.WAITING),
    ],
)
def test_refusal_for_good_ends_it_and_any_other_is_tried_again(tell, send, mailbox, notices, refusals, state):
    mailbox.refusals = refusals
    tell()
    send(mailbox.url)
    [notice] = notices()
    assert notice.state is state
    assert (notice.due_at is not None) is (state is NoticeState.WAITING)


def test_server_that_is_down_is_tried_again(tell, send, notices):
    tell()
    send("smtp://127.0.0.1:9")
    assert notices()[0].state is NoticeState.WAITING


def test_bundle_is_one_notice_until_it_is_read(tell, notices, database, school, person):
    for _ in range(3):
        tell(bundle="post:1")
    [first] = notices()
    with database.transaction(school.id) as session:
        services.mark_read(session, first.id, person.id)
    tell(bundle="post:1")
    assert len(notices()) == 2


def test_bundle_nobody_opens_is_sent_again_after_an_hour(tell, send, mailbox, notices, database, school):
    tell(bundle="post:1")
    send(mailbox.url)
    tell(bundle="post:1")
    send(mailbox.url)
    assert len(mailbox.letters) == 1
    with database.transaction(school.id) as session:
        session.scalars(sa.select(Notice)).one().alerted_at = clock.now() - timedelta(hours=2)
    tell(bundle="post:1")
    send(mailbox.url)
    assert len(mailbox.letters) == 2
    assert len(notices()) == 1


def test_notice_of_somebody_else_is_not_found(tell, notices, database, school, user_with):
    other = user_with(Role.STAFF)
    tell()
    with database.transaction(school.id) as session:
        assert services.mark_read(session, notices()[0].id, other.id) is None
        assert queries.notice_of(session, notices()[0].id, other.id) is None
        assert queries.count_unread(session, other.id) == 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", False)),
        ("smtps://mail.example", ("mail.example", 465, "", True)),
        ("smtp://me%40school:p%3Aw@mail.example:2525", ("mail.example", 2525, "me@school", False)),
    ],
)
def test_address_of_a_mail_server_is_read(url, expected):
    server = MailServer.at(url)
    assert (server.host, server.port, server.user, server.is_encrypted_from_start) == expected
    assert not server.may_be_plain
