"""What an author is told about the leadership's judgement."""

from sqlalchemy.orm import Session

from app.notifications.services import notify
from app.posts.models import Post
from app.reviews.models import Judgement

SENTENCES = {
    Judgement.RETURNED: "Your post came back with a reason. Open it to see what to change.",
    Judgement.REJECTED: "Your post was rejected. Open it to see why.",
}


def approved(session: Session, post: Post) -> None:
    notify(session, [post.author_id], "Your post is approved.", link=f"/posts/{post.id}", bundle=f"approved:{post.id}")


def came_back(session: Session, post: Post, judgement: Judgement) -> None:
    notify(session, [post.author_id], SENTENCES[judgement], link=f"/posts/{post.id}")
