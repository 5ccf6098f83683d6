"""Whatever people do, in whatever order: nobody protected is ever shown, and no name goes out with a photo."""

import ast
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.core.errors import AppError
from app.platforms.base import OutgoingPost
from app.posts.drafting import Draft, PhotoDraft, latest_revision, save_draft
from app.posts.faces import GivenAnswer
from app.posts.models import Post
from app.posts.submission import recall
from app.publishing.services import cancel_pending
from app.reviews.services import return_post
from consent.model import Box, Disposition

NAMES = (("Omar", "Rahimi"), ("Mei", "Tanaka"), ("Zainab", "Osei"))
CAPTIONS = (
    "A good day out.",
    "Well done Omar!",
    "Our garden grows.",
    "Mei and Zainab built a tower",
    "#WellDoneOmarRahimi",
)
BOX = Box(10, 10, 90, 90)


class Machine(RuleBasedStateMachine):
    """Acts as an author, an approver, an office and a worker, in any order; watches what reaches the walls."""

    house = None  # set for each run by the test below

    def __init__(self) -> None:
        super().__init__()
        self.posts = []
        self.shown = {}
        for number, (forename, surname) in enumerate(NAMES):
            key = f"{type(self).run_number}-{number}"
            self.shown[self.house.pupil(key, forename, surname, shown=bool(number))] = bool(number)
        type(self).run_number += 1
        self.pupils = list(self.shown)
        self.masters = {}
        self.checked = {network: len(platform.ever_sent) for network, platform in self.house.platforms.items()}

    run_number = 0

    @initialize(who=st.none() | st.integers(1, 2))
    def begin(self, who):
        """One post goes the shortest way, so that every run has something on the walls to begin with."""
        photos = [] if who is None else [self._photo_of(self.pupils[who])]
        self.posts.append(self.house.draft("A good day out.", *photos))
        self._hurry(self.posts[0])

    @rule(caption=st.sampled_from(CAPTIONS), who=st.none() | st.integers(0, 2))
    def write(self, caption, who):
        photos = [] if who is None else [self._photo_of(self.pupils[who])]
        self.posts.append(self.house.draft(caption, *photos))

    @precondition(lambda self: self.posts)
    @rule(data=st.data(), caption=st.sampled_from(CAPTIONS))
    def rewrite(self, data, caption):
        post_id = data.draw(st.sampled_from(self.posts))
        with suppress(AppError), self.house.database.transaction(self.house.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            photos = tuple(PhotoDraft(photo.photo_id, "Children at work") for photo in revision.photos)
            draft = Draft(caption, tuple(self.house.platforms), photos=photos)
            save_draft(session, post_id, draft, based_on=revision.id, actor=self.house.author)

    @precondition(lambda self: self.posts)
    @rule(data=st.data(), disposition=st.sampled_from(list(Disposition)), who=st.integers(0, 2), boxed=st.booleans())
    def answer(self, data, disposition, who, boxed):
        post_id = data.draw(st.sampled_from(self.posts))
        with self.house.database.reading(self.house.school_id) as session:
            photos = [photo.photo_id for photo in latest_revision(session, session.get_one(Post, post_id)).photos]
        for photo_id in photos:
            with suppress(AppError):
                given = {1: GivenAnswer(disposition, self.pupils[who])}
                self.house.answer(post_id, photo_id, given, boxed=boxed)

    @precondition(lambda self: self.posts)
    @rule(data=st.data())
    def submit(self, data):
        with suppress(AppError):
            self.house.submit(data.draw(st.sampled_from(self.posts)))

    @precondition(lambda self: self.posts)
    @rule(data=st.data())
    def approve(self, data):
        with suppress(AppError):
            self.house.approve(data.draw(st.sampled_from(self.posts)))

    @precondition(lambda self: self.posts)
    @rule(data=st.data())
    def hurry(self, data):
        """The shortest way that well-meaning people take, so that posts do get out."""
        self._hurry(data.draw(st.sampled_from(self.posts)))

    def _hurry(self, post_id):
        self.answer_everything_obscured(post_id)
        with suppress(AppError):
            self.house.submit(post_id)
            self.house.approve(post_id)
            self.house.work()

    def answer_everything_obscured(self, post_id):
        with self.house.database.reading(self.house.school_id) as session:
            photos = [photo.photo_id for photo in latest_revision(session, session.get_one(Post, post_id)).photos]
        for photo_id in photos:
            with suppress(AppError):
                self.house.answer(post_id, photo_id, {1: GivenAnswer(Disposition.OBSCURED)})

    @precondition(lambda self: self.posts)
    @rule(data=st.data())
    def take_back(self, data):
        with suppress(AppError), self.house.database.transaction(self.house.school_id) as session:
            post = recall(session, data.draw(st.sampled_from(self.posts)), actor=self.house.author)
            cancel_pending(session, post, actor=self.house.author)

    @precondition(lambda self: self.posts)
    @rule(data=st.data())
    def give_back(self, data):
        post_id = data.draw(st.sampled_from(self.posts))
        with suppress(AppError), self.house.database.transaction(self.house.school_id) as session:
            revision = latest_revision(session, session.get_one(Post, post_id))
            actor = self.house.approver
            return_post(session, post_id, revision_id=revision.id, reason="Please say more.", actor=actor)

    @rule(who=st.integers(0, 2))
    def withdraw(self, who):
        self.house.withdraw(self.pupils[who])
        self.shown[self.pupils[who]] = False

    @rule()
    def work(self):
        self.house.work()

    @invariant()
    def nobody_protected_is_on_a_wall(self):
        for network, platform in self.house.platforms.items():
            for post in platform.ever_sent[self.checked[network] :]:
                self._inspect(post)
            self.checked[network] = len(platform.ever_sent)

    def _inspect(self, post: OutgoingPost) -> None:
        for photo in post.photos:
            master, obscured = ast.literal_eval(
                photo.content.decode()
                .replace("Box(left=", "(")
                .replace("top=", "")
                .replace("right=", "")
                .replace("bottom=", "")
            )
            pupil_id = self.masters[master]
            assert obscured or self.shown[pupil_id], "a protected pupil is on the wall"
        named = any(forename.lower() in post.text.lower() for forename, _ in NAMES)
        assert not (post.photos and named), "a name went out with a photo"

    def _photo_of(self, pupil_id):
        photo_id = self.house.photo()
        with self.house.database.reading(self.house.school_id) as session:
            from app.media.models import Photo

            sha256 = session.get_one(Photo, photo_id).sha256
        self.house.examiner.people[sha256] = ((BOX, pupil_id),)
        self.masters[sha256] = pupil_id
        return photo_id


@pytest.mark.timeout(400)
def test_no_sequence_of_actions_shows_a_protected_pupil_or_names_one_beside_a_photo(house):
    kind = type("ThisRun", (Machine,), {"house": house, "run_number": 0})
    limits = settings(
        max_examples=12, stateful_step_count=18, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(kind, settings=limits)
    assert house.sent(), "the run proves nothing unless something got out"
