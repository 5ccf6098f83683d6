"""Bring the made-up school in through the same services that people use, so that nothing in it is painted on."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.services import create_user
from app.channels.services import Proposal, approve_channel, connect_channel, propose_channel
from app.comments.polling import watch_channels
from app.comments.reply_models import TextKind
from app.comments.texts import approve_text, write_text
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import EVERY_SCHOOL, Database
from app.core.permissions import Permission
from app.core.settings import Settings
from app.demo.matching_story import ask_what_distances_cost, decide_on_matching, keep_to_the_usual_distances
from app.demo.people import PASSWORD, PEOPLE, SCHOOL
from app.demo.pupils import PICTURES, portraits, pupils_csv
from app.demo.sandbox_accounts import comment_on_facebook, open_accounts
from app.jobs.engine import Engine
from app.media.services import Intake, add_photo
from app.platforms.base import Network
from app.platforms.registry import Credentials
from app.posts.checks import evaluate, key_of
from app.posts.drafting import Draft, PhotoDraft, create_post, latest_revision
from app.posts.faces import FacesGiven, GivenAnswer, answer_faces, faces_of
from app.posts.models import Post
from app.posts.submission import acknowledge, submit
from app.publishing.models import Delivery
from app.register.import_file import read_import
from app.register.importing import import_register
from app.register.likenesses import add_template
from app.register.models import Adult, AdultKind, Capacity, PortraitView, Pupil
from app.register.services import Statement, add_adult, record_statement
from app.reviews.services import approve, note_viewed, return_post
from app.schools.models import School, SchoolSettings
from app.schools.services import change_settings, create_school, school_with
from consent.faces.matcher import Thresholds
from consent.faces.scan import EnrolmentError
from consent.model import ConsentState, Disposition, MatchStatus, Purpose, Sighting

ADULTS = (
    ("David", "Ellery", "Mr", AdultKind.HEADTEACHER),
    ("Helen", "Varga", "Ms", AdultKind.STAFF),
    ("Tom", "Rourke", "Mr", AdultKind.STAFF),
    ("Grace", "Mbeki", "Mrs", AdultKind.STAFF),
)


@dataclass(frozen=True, slots=True)
class Story:
    """One post of the school's history and how far it came."""

    caption: str
    picture: str | None = None
    alt_text: str = ""
    classes: tuple[str, ...] = ()
    networks: tuple[Network, ...] = (Network.FACEBOOK, Network.X)
    submits: bool = True
    judged: str = "approve"
    in_days: int = 0


STORIES = (
    Story("Doors open at 6pm for the winter concert. Refreshments by our friends of the school. Everybody is welcome!"),
    Story(
        "The hall is ready. Thank you to everybody who carried chairs this morning!",
        "events/ev07_empty_hall.jpg",
        "Rows of empty chairs face the stage of the school hall.",
    ),
    Story(
        "A training day well spent: our staff looked at how we teach reading.",
        "events/ev08_staff_only.jpg",
        "Four members of staff stand together and smile.",
    ),
    Story(
        "Our gardening club has planted two hundred bulbs by the front gate. Come and see them in spring.",
        judged="wait",
    ),
    Story("Non-uniform day on the last Friday of term, for our partner school.", judged="wait", in_days=5),
    Story("Come to our open evening and see what we do.", judged="return", networks=(Network.FACEBOOK,)),
    Story(
        "Two friends after the quiz.",
        "events/ev14_two_close_up.jpg",
        "Two pupils sit close together and smile.",
        ("4 Beech", "8 Rowan"),
        submits=False,
    ),
)

TEXTS = (
    (
        TextKind.HOLDING,
        "We have heard you",
        (
            "We have read your comments and are looking into this. Please bear with us, and be kind to one another. "
            "If it concerns your child, ring the office: we want to hear from you."
        ),
    ),
    (
        TextKind.HOLDING,
        "Comments are closed for tonight",
        (
            "We have hidden the comments here for tonight. Nothing is deleted. Please talk to us: the office is open "
            "again on the next school day."
        ),
    ),
    (
        TextKind.SIGNPOST,
        "Please write to the office",
        (
            "Thank you for telling us. We cannot answer for one family in public. Please ring or write to the school "
            "office, and somebody will come back to you within two school days."
        ),
    ),
)

COMMENTS = (
    ("A proud grandad", "What a lovely evening, thank you to all the staff!"),
    ("Jo P.", "Worst communication of any school, nobody ever answers the phone."),
    ("Quiz fan", "What time do the doors open?"),
    ("angry_1987", "the head is a useless fat pig and a liar"),
    ("stream-now", "WATCH LIVE stream here now >> click the link in bio"),
    ("dave", "I know where you live, watch your back, you are dead"),
    ("kid", "please help me i don't want to go home, my stepdad hits me"),
)


class Seeder:
    def __init__(self, app: Flask) -> None:
        self.settings: Settings = app.extensions["schoolgate.settings"]
        self.database: Database = app.extensions["schoolgate.database"]
        self.engine: Engine = app.extensions["schoolgate.engine"]
        self.intake: Intake = app.extensions["schoolgate.intake"]
        self.faces = app.extensions["schoolgate.engine-of-faces"]
        self.sealers = app.extensions["schoolgate.sealers"]
        self.connector = app.extensions["schoolgate.connector"]
        self.actors: dict[str, Actor] = {}

    def run(self) -> str:
        accounts = open_accounts(self.settings, SCHOOL)
        with self.database.reading(EVERY_SCHOOL) as session:
            if session.scalar(sa.select(School.id).where(School.name == SCHOOL)):
                return f"{SCHOOL} is already there."
        self.school_id = self._school()
        self._people()
        head, officer = self.actors["head"], self.actors["dpo"]
        decide_on_matching(self.database, self.school_id, head=head, officer=officer)
        self._register()
        ask_what_distances_cost(self.database, self.school_id, head=head)
        self.engine.sweep_until_idle()
        keep_to_the_usual_distances(self.database, self.school_id, head=head)
        self._connect(Network.FACEBOOK, SCHOOL, accounts.facebook_url, accounts.facebook)
        self._connect(Network.X, f"@{accounts.x.handle}", accounts.x_url, accounts.x)
        for story in STORIES:
            self._tell(story)
        self._texts()
        self._comments()
        return f"{SCHOOL} is ready."

    def _school(self) -> UUID:
        with self.database.transaction(EVERY_SCHOOL) as session:
            school_id = create_school(session, SCHOOL).id
        actor = system_actor(school_id, "demo", Permission.SETTINGS_MANAGE)
        with self.database.transaction(school_id) as session:
            school = school_with(session, school_id)
            chosen = SchoolSettings(published_contacts=("020 7946 0018",))
            change_settings(session, school, chosen, actor=actor)
        return school_id

    def _people(self) -> None:
        maker = system_actor(self.school_id, "demo", Permission.USER_MANAGE)
        with self.database.transaction(self.school_id) as session:
            for person in PEOPLE:
                create_user(
                    session, email=person.email, name=person.name, roles=person.roles, password=PASSWORD, actor=maker
                )
        with self.database.reading(self.school_id) as session:
            for user in session.scalars(sa.select(User)):
                self.actors[user.email.split("@")[0]] = user.as_actor()

    def _register(self) -> None:
        office = self.actors["office"]
        with self.database.transaction(self.school_id) as session:
            import_register(session, read_import(pupils_csv()), apply=True, actor=office)
            for forename, surname, title, kind in ADULTS:
                adult = Adult(forename=forename, surname=surname, title=title, kind=kind)
                add_adult(session, adult, actor=office)
                self._agree(session, adult, office)
        vectors = []
        for number, path in portraits():
            data = path.read_bytes()
            try:
                view = PortraitView(path.stem.rpartition("_")[2])
                vectors.append((number, self.intake.digest(data), view, self.faces.enrol(data)))
            except EnrolmentError:
                continue  # one portrait looks too far aside; its pupil has two others
        with self.database.transaction(self.school_id) as session:
            pupils = {pupil.admission_no: pupil for pupil in session.scalars(sa.select(Pupil))}
            for number, digest, view, vector in vectors:
                add_template(
                    session,
                    pupils[number],
                    vector,
                    source_sha256=digest,
                    view=view,
                    sealer=self.sealers["templates"],
                    actor=office,
                )

    def _agree(self, session: Session, adult: Adult, actor: Actor) -> None:
        statement = Statement(
            purposes=(Purpose.FACEBOOK, Purpose.X, Purpose.WEBSITE, Purpose.NAME),
            state=ConsentState.GRANTED,
            informant=adult.name,
            capacity=Capacity.SELF,
            given_on=clock.today(),
            how="form",
        )
        record_statement(session, adult, statement, actor=actor)

    def _connect(self, network: Network, handle: str, url: str, credentials: Credentials) -> None:
        coordinator, smt = self.actors["coordinator"], self.actors["smt"]
        proposal = Proposal(network, SCHOOL, handle, url, "Liam Oduya", "office@bramleyhill.example", True)
        with self.database.transaction(self.school_id) as session:
            channel = propose_channel(session, proposal, actor=coordinator)
        with self.database.transaction(self.school_id) as session:
            approve_channel(session, channel.id, actor=smt)
        health = self.connector.connect(network, credentials).check_health()
        with self.database.transaction(self.school_id) as session:
            connect_channel(session, channel.id, credentials, health, connector=self.connector, actor=coordinator)

    def _tell(self, story: Story) -> None:
        teacher = self.actors["teacher"]
        photos: tuple[PhotoDraft, ...] = ()
        if story.picture:
            clean = self.intake.take(self.school_id, (PICTURES / story.picture).read_bytes(), story.picture)
            with self.database.transaction(self.school_id) as session:
                photos = (PhotoDraft(add_photo(session, clean, actor=teacher).id, story.alt_text),)
        draft = Draft(story.caption, story.networks, classes=story.classes, photos=photos)
        if story.in_days:
            draft = replace(draft, scheduled_for=clock.now() + timedelta(days=story.in_days))
        with self.database.transaction(self.school_id) as session:
            post_id = create_post(session, draft, actor=teacher).id
        self.engine.sweep_until_idle()
        if story.submits:
            self._answer(post_id)
            self._submit_and_judge(post_id, story)

    def _answer(self, post_id: UUID) -> None:
        """Answer for the faces as the teacher would: adults are staff who agreed."""
        with self.database.transaction(self.school_id) as session:
            post = session.get_one(Post, post_id)
            revision = latest_revision(session, post)
            adults = list(session.scalars(sa.select(Adult).order_by(Adult.surname)))
            for photo in revision.photos:
                sightings = faces_of(session, revision, photo)
                answers = {
                    face.number: GivenAnswer(Disposition.ADULT, adults[position].id)
                    if not _is_like_a_protected_pupil(face)
                    else GivenAnswer(Disposition.OBSCURED)
                    for position, face in enumerate(sightings)
                }
                given = FacesGiven(answers, all_faces_boxed=True, people_count=len(sightings))
                answer_faces(session, post_id, {photo.photo_id: given}, actor=self.actors["teacher"])
        self.engine.sweep_until_idle()

    def _submit_and_judge(self, post_id: UUID, story: Story) -> None:
        teacher, smt = self.actors["teacher"], self.actors["smt"]
        with self.database.transaction(self.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            for finding in evaluate(session, revision).open_findings:
                if finding.severity.value == "warn":
                    acknowledge(session, post_id, key_of(finding), actor=teacher)
            submit(session, post_id, revision_id=revision.id, actor=teacher)
        self.engine.sweep_until_idle()
        with self.database.transaction(self.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            if story.judged == "return":
                reason = "Please add the date and the time, then send it again."
                return_post(session, post_id, revision_id=revision.id, reason=reason, actor=smt)
            elif story.judged == "approve":
                for photo in revision.photos:
                    note_viewed(session, photo.id, actor=smt)
                approve(session, post_id, revision_id=revision.id, actor=smt)
        self.engine.sweep_until_idle()

    def _texts(self) -> None:
        with self.database.transaction(self.school_id) as session:
            for kind, title, text in TEXTS:
                prepared = write_text(session, kind=kind, title=title, text=text, actor=self.actors["smt"])
                approve_text(session, prepared.id, actor=self.actors["head"])

    def _comments(self) -> None:
        with self.database.reading(self.school_id) as session:
            sent = sa.select(Delivery.remote_id).where(Delivery.remote_id.is_not(None))
            query = sent.where(Delivery.network == Network.FACEBOOK).order_by(Delivery.sent_at)
            remote_id = session.scalars(query).first()
        if remote_id is None:
            return
        for name, words in COMMENTS:
            comment_on_facebook(self.settings, remote_id, name, words)
        watch_channels(self.database)
        self.engine.sweep_until_idle()


def seed_demo(app: Flask) -> str:
    """Seed once; return what was done in a sentence."""
    return Seeder(app).run()


def _is_like_a_protected_pupil(face: Sighting) -> bool:
    is_close = face.distance is not None and face.distance <= Thresholds().protected
    return face.status is MatchStatus.PROTECTED or (face.status is MatchStatus.POSSIBLE and is_close)
