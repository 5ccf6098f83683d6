"""The people, accounts and posts of a fault campaign, made through the services that people use."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from uuid import UUID, uuid4

import sqlalchemy as sa
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.services import create_user
from app.channels.models import Channel, ChannelState
from app.channels.services import Proposal, approve_channel, connect_channel, propose_channel
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import EVERY_SCHOOL
from app.core.permissions import Permission
from app.demo.sandbox_accounts import open_accounts
from app.jobs.due import owed_ids
from app.media.services import add_photo
from app.platforms.base import Network
from app.platforms.registry import Credentials
from app.posts.check_requests import CHECK_JOB
from app.posts.drafting import Draft, PhotoDraft, create_post, latest_revision
from app.posts.faces import FacesGiven, GivenAnswer, answer_faces, faces_of
from app.posts.models import CheckState, ConsentCheck, Post, PostState
from app.posts.submission import submit
from app.register.models import Capacity, Pupil
from app.register.services import Statement, record_statement
from app.register.versions import touch_register
from app.reviews.services import approve, note_viewed, recheck
from app.schools.services import create_school
from app.torture.stage import Stage
from consent.model import ConsentState, Disposition, Purpose

SCHOOL = "Torture Hill School"
PUPIL = "Zofia"
PICTURES = 3
PATIENCE_SECONDS = 60
CLASSES = ("5 Elm",)
"""A class without the pupil, so that its parent's word makes no picture doubtful again."""


class Fate(StrEnum):
    """What people mean to do with a post while the campaign runs."""

    APPROVED = "approved"
    LEFT_ALONE = "left alone"
    """Never approved: it must not be seen anywhere."""
    TAKEN_BACK = "taken back"
    """Approved, and taken down or back a moment later."""
    NAMES_PUPIL = "names a pupil"
    """Approved; then the consent to be named ends."""


@dataclass
class Cast:
    """Who acts, and which posts wait."""

    stage: Stage
    chance: random.Random
    fates: dict[UUID, Fate] = field(default_factory=dict)
    markers: dict[UUID, str] = field(default_factory=dict)
    """Words that stand in one post alone, by which it is known on a wall."""

    def __post_init__(self) -> None:
        app = self.stage.app
        self.database = app.extensions["schoolgate.database"]
        self.engine = app.extensions["schoolgate.engine"]
        self.connector = app.extensions["schoolgate.connector"]
        self.intake = app.extensions["schoolgate.intake"]

    def enter(self, posts: int) -> None:
        """Make the school and submit the posts; nothing is approved yet."""
        with self.database.transaction(EVERY_SCHOOL) as session:
            self.school_id = create_school(session, SCHOOL).id
        maker = system_actor(self.school_id, "campaign", Permission.USER_MANAGE)
        with self.database.transaction(self.school_id) as session:
            self.author, self.approver = (
                create_user(
                    session,
                    email=f"{role.value}@torture.example",
                    name=role.value,
                    roles=(role,),
                    password=uuid4().hex,
                    actor=maker,
                ).as_actor()
                for role in (Role.STAFF, Role.SMT)
            )
        self.office = system_actor(self.school_id, "campaign", Permission.REGISTER_WRITE, Permission.CHANNEL_CONNECT)
        self._register()
        self._accounts()
        photo_ids = [self._photo(number) for number in range(PICTURES)]
        for number in range(posts):
            self._submit(number, photo_ids)

    def _register(self) -> None:
        with self.database.transaction(self.school_id) as session:
            pupil, other = _pupil("1", PUPIL, "4 Oak"), _pupil("2", "Marek", CLASSES[0])
            session.add_all((pupil, other))
            session.flush()
            touch_register(session)
            self.pupil_id = pupil.id
            for each in (pupil, other):
                self._say(session, each, ConsentState.GRANTED)

    def end_consent(self) -> None:
        with self.database.transaction(self.school_id) as session:
            self._say(session, session.get_one(Pupil, self.pupil_id), ConsentState.WITHDRAWN)

    def _say(self, session: Session, pupil: Pupil, state: ConsentState) -> None:
        purposes = (Purpose.FACEBOOK, Purpose.X, Purpose.NAME)
        said = Statement(purposes, state, "Parent", Capacity.PARENT, clock.today(), "form")
        record_statement(session, pupil, said, actor=self.office)

    def _accounts(self) -> None:
        accounts = open_accounts(self.stage.app.extensions["schoolgate.settings"], SCHOOL)
        self.credentials: dict[Network, Credentials] = {Network.FACEBOOK: accounts.facebook, Network.X: accounts.x}
        self.page_id, self.handle = accounts.facebook.page_id, accounts.x.handle
        for network, credentials in self.credentials.items():
            proposal = Proposal(
                network,
                SCHOOL,
                credentials.account_id,
                "https://school.example",
                "Office",
                "office@torture.example",
                True,
            )
            with self.database.transaction(self.school_id) as session:
                channel = propose_channel(session, proposal, actor=self.office)
                approver = system_actor(self.school_id, "campaign", Permission.CHANNEL_APPROVE)
                approve_channel(session, channel.id, actor=approver)
        self.reconnect()

    def reconnect(self) -> int:
        """Connect every account that is not, as the coordinator does when told; return how many."""
        with self.database.reading(self.school_id) as session:
            broken = session.scalars(sa.select(Channel).where(Channel.state != ChannelState.CONNECTED)).all()
        for channel in broken:
            credentials = self.credentials[channel.network]
            health = self.connector.connect(channel.network, credentials).check_health()
            with self.database.transaction(self.school_id) as session:
                connect_channel(session, channel.id, credentials, health, connector=self.connector, actor=self.office)
        return len(broken)

    def _photo(self, number: int) -> UUID:
        clean = self.intake.take(self.school_id, _picture(number), f"{number}.png")
        with self.database.transaction(self.school_id) as session:
            return add_photo(session, clean, actor=self.author).id

    def _submit(self, number: int, photo_ids: list[UUID]) -> None:
        fate = self.chance.choices(list(Fate), weights=(12, 1, 2, 1))[0]
        chosen = [] if fate is Fate.NAMES_PUPIL else self.chance.sample(photo_ids, self.chance.choice((0, 0, 1, 2, 3)))
        marker = f"Notice number {number:04d}"
        caption = f"{marker}. {PUPIL} won the cup." if fate is Fate.NAMES_PUPIL else f"{marker}. The library is open."
        photos = tuple(PhotoDraft(photo_id, "Coloured shapes") for photo_id in chosen)
        with self.database.transaction(self.school_id) as session:
            draft = Draft(caption, tuple(Network), photos=photos, classes=CLASSES)
            post_id = create_post(session, draft, actor=self.author).id
        self._check()
        with self.database.transaction(self.school_id) as session:
            self._answer(session, post_id)
            revision = latest_revision(session, session.get_one(Post, post_id))
            submit(session, post_id, revision_id=revision.id, actor=self.author)
        self._check()
        self.fates[post_id], self.markers[post_id] = fate, marker

    def _answer(self, session: Session, post_id: UUID) -> None:
        """Say of whatever was taken for a face that it is none: the pictures are drawn shapes."""
        revision = latest_revision(session, session.get_one(Post, post_id))
        none = GivenAnswer(Disposition.NOT_A_FACE)
        given = {
            photo.photo_id: FacesGiven(
                {face.number: none for face in faces_of(session, revision, photo)}, all_faces_boxed=True, people_count=0
            )
            for photo in revision.photos
        }
        answer_faces(session, post_id, given, actor=self.author)

    def _check(self) -> None:
        """Do the consent checks that are due, or wait for the worker that does them; nothing is delivered here."""
        waiting = sa.select(sa.func.count()).select_from(ConsentCheck).where(ConsentCheck.state == CheckState.WAITING)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            for check_id in owed_ids(self.database, self.engine.jobs[CHECK_JOB]):
                self.engine.run(CHECK_JOB, str(check_id))
            with self.database.reading(self.school_id) as session:
                if not session.scalar(waiting):
                    return
            time.sleep(0.1)

    def approve(self, post_id: UUID) -> None:
        with self.database.transaction(self.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            for photo in revision.photos:
                note_viewed(session, photo.id, actor=self.approver)
            approve(session, post_id, revision_id=revision.id, actor=self.approver)

    def renew(self, post_id: UUID) -> None:
        """Bring a post that the register overtook through its check and approval once more."""
        with self.database.transaction(self.school_id) as session:
            state = session.get_one(Post, post_id).state
            if state is PostState.SUBMITTED:
                recheck(session, post_id, actor=self.approver)
        if state not in (PostState.SUBMITTED, PostState.BLOCKED):
            return
        self._check()
        with self.database.transaction(self.school_id) as session:
            post = session.get_one(Post, post_id)
            if post.state is PostState.BLOCKED:
                self._answer(session, post_id)
                revision = latest_revision(session, post)
                submit(session, post_id, revision_id=revision.id, actor=self.author)
        self._check()
        self.approve(post_id)

    def meant(self, *fates: Fate) -> Iterator[UUID]:
        return (post_id for post_id, fate in self.fates.items() if fate in fates)

    def head(self) -> Actor:
        return system_actor(self.school_id, "campaign", Permission.POST_TAKE_DOWN, Permission.PUBLISHING_STOP)


def _pupil(number: str, forename: str, group: str) -> Pupil:
    return Pupil(id=uuid4(), admission_no=number, legal_forename=forename, legal_surname="Kowalczyk", reg_group=group)


def _picture(number: int) -> bytes:
    image = Image.new("RGB", (640, 420), ("navy", "darkgreen", "maroon")[number % 3])
    pen = ImageDraw.Draw(image)
    for step in range(6):
        pen.rectangle((40 + step * 95, 60, 100 + step * 95, 120 + step * 40), fill=("gold", "white")[step % 2])
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
