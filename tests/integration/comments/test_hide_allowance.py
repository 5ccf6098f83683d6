"""What may be hidden in a quarter of an hour is kept for the worst, which may come last."""

import sqlalchemy as sa

from app.accounts.roles import Role
from app.comments.models import Comment, CommentState
from app.comments.pacing import KEPT_FOR_WORSE
from app.comments.services import hide_comment
from app.core import clock
from app.platforms.base import Network
from moderation import Severity
from tests.integration.comments.network import FakeNetwork

DOUBTED = "Mr Lee couldn't teach a fish to swim"


def test_insults_leave_room_for_a_threat_that_comes_after_them(
    comes_in, book, network, database, school, user_with, sealer
):
    head = user_with(Role.HEADTEACHER).as_actor()
    network.capabilities = FakeNetwork(Network.X).capabilities
    comes_in("kind", "Thank you all")
    comes_in("doubted", DOUBTED)
    with database.transaction(school.id) as session:
        sample = session.scalars(sa.select(Comment)).first()
        for number in range(network.capabilities.hides_per_quarter_hour - KEPT_FOR_WORSE[Severity.MEDIUM] - 1):
            session.add(_used(sample, number))
    for number in range(3):
        comes_in(f"insult{number}", f"you idiot {number}")
    comes_in("threat", "I will find you and smash your face in")
    with database.transaction(school.id) as session:
        for name in ("kind", "doubted"):
            hide_comment(session, book.comment(name).id, actor=head, sealer=sealer)
    comes_in("other", "What time does it end?")
    found = {comment.remote_id: comment.state for comment in book.comments()}
    assert [found[f"insult{number}"] for number in range(3)] == [CommentState.HIDDEN, *[CommentState.HIDING] * 2]
    assert found["threat"] is CommentState.HIDDEN
    assert {found["kind"], found["doubted"]} == {CommentState.HIDDEN}, "what a person asks for is done at once"


def _used(sample: Comment, number: int) -> Comment:
    return Comment(
        channel_id=sample.channel_id, remote_id=f"used{number}", author_name="", text="x", text_sha256="0" * 64,
        commented_at=clock.now(), received_at=clock.now(), categories=[], state=CommentState.HIDDEN,
        audience=sample.audience, hidden_at=clock.now(), is_hidden_remotely=True,
    )  # fmt: skip
