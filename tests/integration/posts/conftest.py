"""A school with pupils, two accounts, an author and an approver; networks and eyes are stand-ins."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.roles import Role
from app.channels.models import Channel, ChannelState
from app.channels.services import connect_channel
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.jobs.due import Job
from app.media.models import Photo
from app.platforms.base import Health, Network
from app.platforms.registry import FacebookCredentials, XCredentials
from app.posts.check_requests import CHECK_JOB
from app.posts.checking import LEASE, Checker
from app.posts.checks import evaluate, key_of
from app.posts.drafting import Draft, PhotoDraft, create_post, latest_revision
from app.posts.faces import FacesGiven, GivenAnswer, answer_faces
from app.posts.models import CheckState, ConsentCheck, Post, PostState
from app.posts.submission import acknowledge, submit
from app.register.models import Capacity, Pupil
from app.register.services import Statement, record_statement, touch_register
from app.reviews.services import approve, note_viewed
from consent.model import ConsentState, Disposition, Purpose, Severity
from tests.fakes import FakeExaminer, FakePlatform

CREDENTIALS = {
    Network.FACEBOOK: FacebookCredentials("1", "s", "2", "t"),
    Network.X: XCredentials("k", "s", "t", "u", "3", "school"),
}
EVERY_PURPOSE = (Purpose.FACEBOOK, Purpose.X, Purpose.NAME)


@dataclass
class House:
    """Everything a test of the post's way touches, with the steps that people take."""

    app: Any
    database: Any
    engine: Any
    school_id: UUID
    author: Actor
    approver: Actor
    office: Actor
    platforms: dict[Network, FakePlatform]
    examiner: FakeExaminer

    def work(self) -> None:
        self.engine.sweep_until_idle()

    def pupil(self, number: str, forename: str, surname: str, *, shown: bool, group: str = "4 Oak") -> UUID:
        with self.database.transaction(self.school_id) as session:
            pupil = Pupil(
                id=uuid4(), admission_no=number, legal_forename=forename, legal_surname=surname, reg_group=group
            )
            session.add(pupil)
            touch_register(session)
            state = ConsentState.GRANTED if shown else ConsentState.REFUSED
            self._say(session, pupil, state)
            return pupil.id

    def withdraw(self, pupil_id: UUID, *purposes: Purpose) -> None:
        with self.database.transaction(self.school_id) as session:
            self._say(session, session.get_one(Pupil, pupil_id), ConsentState.WITHDRAWN, purposes or EVERY_PURPOSE)

    def _say(self, session, pupil, state, purposes=EVERY_PURPOSE) -> None:
        statement = Statement(purposes, state, "Parent", Capacity.PARENT, clock.today(), "form")
        record_statement(session, pupil, statement, actor=self.office)

    def photo(self, *sightings) -> UUID:
        storage = self.app.extensions["schoolgate.storage"]
        with self.database.transaction(self.school_id) as session:
            source = uuid4().hex * 2
            sha256 = storage.put(self.school_id, source.encode())
            photo = Photo(
                id=uuid4(), sha256=sha256, source_sha256=source, width=800, height=600, byte_count=1, file_name="a.jpg",
                uploaded_by=self.author.user_id, uploaded_at=clock.now(),
            )  # fmt: skip
            session.add(photo)
            self.examiner.sightings[sha256] = sightings
            return photo.id

    def draft(self, caption: str, *photos: UUID, alt_text: str = "Children at work", **more) -> UUID:
        drafts = tuple(PhotoDraft(photo_id, alt_text) for photo_id in photos)
        with self.database.transaction(self.school_id) as session:
            draft = Draft(caption, (Network.FACEBOOK, Network.X), photos=drafts, **more)
            post_id = create_post(session, draft, actor=self.author).id
        self.work()
        return post_id

    def answer(self, post_id: UUID, photo_id: UUID, answers: dict[int, GivenAnswer], *, boxed: bool = True) -> None:
        with self.database.transaction(self.school_id) as session:
            nobody = (Disposition.NOT_A_FACE, Disposition.NOT_RECOGNISABLE)
            people = sum(answer.disposition not in nobody for answer in answers.values())
            given = {photo_id: FacesGiven(answers, all_faces_boxed=boxed, people_count=people)}
            answer_faces(session, post_id, given, actor=self.author)
        self.work()

    def submit(self, post_id: UUID) -> PostState:
        with self.database.transaction(self.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            for finding in evaluate(session, revision).open_findings:
                if finding.severity is Severity.WARN:
                    acknowledge(session, post_id, key_of(finding), actor=self.author)
            submit(session, post_id, revision_id=revision.id, actor=self.author)
        self.work()
        return self.state(post_id)

    def approve(self, post_id: UUID, *, by: Actor | None = None, look: bool = True) -> None:
        actor = by or self.approver
        with self.database.transaction(self.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            for photo in revision.photos if look else ():
                note_viewed(session, photo.id, actor=actor)
            approve(session, post_id, revision_id=revision.id, actor=actor)

    def publish(self, caption: str, *photos: UUID) -> UUID:
        post_id = self.draft(caption, *photos)
        self.submit(post_id)
        self.approve(post_id)
        self.work()
        return post_id

    def state(self, post_id: UUID) -> PostState:
        with self.database.reading(self.school_id) as session:
            return session.get_one(Post, post_id).state

    def sent(self) -> list:
        return [post for platform in self.platforms.values() for post in platform.ever_sent]


@pytest.fixture
def house(app, database, engine, school, user_with, actor_with):
    return build_house(app, database, engine, school, user_with, actor_with)


def build_house(app, database, engine, school, user_with, actor_with) -> House:
    platforms = {network: FakePlatform(network) for network in Network}
    connector = app.extensions["schoolgate.connector"]
    connector.connect = lambda network, credentials: platforms[network]
    examiner = FakeExaminer(app.extensions["schoolgate.storage"])
    engine.add(Job(CHECK_JOB, ConsentCheck, frozenset({CheckState.WAITING}), Checker(examiner).run, LEASE))
    coordinator = actor_with(Permission.CHANNEL_CONNECT)
    for network in Network:
        with database.transaction(school.id) as session:
            channel = Channel(
                id=uuid4(), network=network, name="School", handle="school", url="https://x.example", owner="Office",
                school_email="office@school.example", second_factor_on=True, state=ChannelState.APPROVED,
                proposed_at=clock.now(), comment_cursor={},
            )  # fmt: skip
            session.add(channel)
            session.flush()
            health = Health(ok=True, account_id=CREDENTIALS[network].account_id, handle="school")
            connect_channel(session, channel.id, CREDENTIALS[network], health, connector=connector, actor=coordinator)
    return House(
        app, database, engine, school.id, user_with(Role.STAFF, name="Ann Author").as_actor(),
        user_with(Role.SMT, name="Bea Boss").as_actor(),
        actor_with(Permission.REGISTER_WRITE), platforms, examiner,
    )  # fmt: skip
