"""Who is told what about a post. The sentences name no pupil and quote no post."""

from sqlalchemy.orm import Session

from app.accounts.queries import names_of, user_ids_with
from app.core.permissions import Permission
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify, settle
from app.posts.models import Post


def waits_for_approval(session: Session, post: Post) -> None:
    """Everybody who may approve, except the author, gets a notice."""
    author = names_of(session, [post.author_id]).get(post.author_id, "A colleague")
    people = [user_id for user_id in user_ids_with(session, Permission.POST_APPROVE) if user_id != post.author_id]
    sentence = f"{author} has a post that waits for approval."
    link = f"/reviews/{post.id}"
    notify(session, people, sentence, link=link, urgency=NoticeUrgency.AT_ONCE, bundle=f"approve:{post.id}")


def waits_no_more(session: Session, post: Post) -> None:
    """It was decided, taken back or overtaken: nobody is asked to approve it any more."""
    settle(session, f"approve:{post.id}")


def is_on_its_way(session: Session, post: Post) -> None:
    """Its author submitted it again, so what blocked it before is no news."""
    settle(session, f"blocked:{post.id}")


def blocked(session: Session, post: Post) -> None:
    sentence = "Your post did not pass its checks. Open it to see what to change."
    notify(session, [post.author_id], sentence, link=f"/posts/{post.id}", bundle=f"blocked:{post.id}")


def looked_again(session: Session, post: Post) -> None:
    settle(session, f"second-look:{post.id}")


def second_look_wanted(session: Session, post: Post) -> None:
    people = user_ids_with(session, Permission.POST_SIGN_NOT_PROTECTED)
    sentence = "A colleague asks for a second look at a face in a photo."
    notify(
        session,
        [user_id for user_id in people if user_id != post.author_id],
        sentence,
        link=f"/posts/{post.id}/faces",
        urgency=NoticeUrgency.AT_ONCE,
        bundle=f"second-look:{post.id}",
    )
