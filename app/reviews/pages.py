"""What the review pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.channels.models import Channel
from app.channels.queries import channel_for
from app.core import clock
from app.core.actors import Actor
from app.core.errors import NotFoundError
from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.validation import cost_quote, fitted, text_length
from app.posts.album import AlbumPhoto, photos_of
from app.posts.checks import Evaluation, evaluate, key_of
from app.posts.claims import claimed
from app.posts.drafting import latest_revision
from app.posts.models import Post, PostState, Resolution, Revision
from app.posts.queries import resolutions_of
from app.posts.scope import scope_of
from app.publishing import hours
from app.publishing.models import Delivery
from app.register.queries import snapshot
from app.reviews.models import Review
from app.reviews.policies import may_judge, unseen_photos
from app.reviews.queries import reviews_of
from app.schools.models import School
from consent.model import Finding
from consent.recognisability import Strictness, strictest


@dataclass(frozen=True, slots=True)
class Preview:
    """A post as one network will show it."""

    network: Network
    channel: Channel | None
    text: str
    link: str | None
    length: int
    cost: str | None
    photos: int
    """How many of the photos this network takes."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    post: Post
    revision: Revision
    author: str
    evaluation: Evaluation
    findings: Sequence[tuple[Finding, str, Resolution | None]]
    previews: Sequence[Preview]
    photos: Sequence[AlbumPhoto]
    unseen: frozenset[UUID]
    may_judge: bool
    waits: bool
    earlier: Sequence[Review]
    claimed: frozenset[str]
    """Keys of the findings of which the author says that no pupil is meant."""
    names: Mapping[str, str]
    """Of the people who are tagged in the photos or whom a face resembles, and of those who signed."""
    outlook: hours.Outlook
    reasons: Mapping[tuple[UUID, int], str]
    """What a second person wrote who signed for a face, by photo and number."""
    face_rule: Strictness
    numbers: Mapping[str, int]
    """How people count the photos, by photo id."""


def review_page(session: Session, post: Post, actor: Actor) -> ReviewPage:
    revision = latest_revision(session, post)
    evaluation = evaluate(session, revision)
    resolutions = resolutions_of(session, revision.id)
    settings = session.get_one(School, revision.school_id).settings
    photos = photos_of(session, revision, scope_of(session, revision, settings, on=clock.today()))
    return ReviewPage(
        post=post,
        revision=revision,
        author=names_of(session, [post.author_id]).get(post.author_id, ""),
        evaluation=evaluation,
        findings=[(found, key_of(found), resolutions.get(key_of(found))) for found in evaluation.report.findings],
        previews=[_preview(session, Network(network), revision) for network in revision.networks],
        photos=photos,
        unseen=frozenset(photo.id for photo in unseen_photos(session, revision, actor)),
        may_judge=may_judge(post, revision, actor),
        waits=post.state is PostState.SUBMITTED,
        earlier=reviews_of(session, post.id),
        claimed=claimed(evaluation.report.findings, resolutions),
        names=_names(session, revision),
        outlook=hours.outlook(settings, revision),
        reasons={
            (photo.id, answer.number): answer.signed_reason
            for photo in revision.photos
            for answer in photo.answers
            if answer.signed_reason
        },
        face_rule=strictest(settings.face_rule, revision.face_rule),
        numbers={str(photo.photo_id): photo.position + 1 for photo in revision.photos},
    )


def _names(session: Session, revision: Revision) -> Mapping[str, str]:
    register = snapshot(session, on=clock.today())
    answers = [answer for photo in revision.photos for answer in photo.answers]
    ids = {str(person_id) for answer in answers for person_id in (answer.person_id, answer.match_person_id)}
    people = (register.person(person_id) for person_id in ids)
    signers = names_of(session, [answer.signed_by for answer in answers if answer.signed_by])
    named = {person.id: person.display_name for person in people if person}
    return named | {str(user_id): name for user_id, name in signers.items()}


def waiting_rows(session: Session, waiting: Sequence[tuple[Post, Revision]]) -> Sequence[tuple[Post, Revision, str]]:
    names = names_of(session, [post.author_id for post, _ in waiting])
    return [(post, revision, names.get(post.author_id, "")) for post, revision in waiting]


def post_id_of(session: Session, delivery_id: UUID) -> UUID:
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFoundError
    return delivery.post_id


def _preview(session: Session, network: Network, revision: Revision) -> Preview:
    text = revision.caption
    if network is Network.X and revision.link:
        text = f"{text}\n\n{revision.link}"
    photos = tuple(OutgoingPhoto(b"", "image/jpeg", photo.alt_text, "") for photo in revision.photos)
    post = fitted(network, OutgoingPost(revision.caption, photos, revision.link))
    cost = cost_quote(post) if network is Network.X else None
    return Preview(
        network,
        channel_for(session, network),
        text,
        None if network is Network.X else revision.link,
        text_length(network, text),
        f"${cost}" if cost is not None else None,
        len(post.photos),
    )
