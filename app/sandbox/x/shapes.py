"""How the X API shows posts, people and media: as few fields as were asked for, by old or new names."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.answers import Json
from app.sandbox.tables import XMedia, XPost, XUser
from app.sandbox.x.text import render, short_link

POST_FIELDS = frozenset(
    "article article_title attachments author_id card_uri community_id context_annotations conversation_id "
    "created_at display_text_range edit_controls edit_history_tweet_ids edit_history_post_ids entities geo id "
    "in_reply_to_user_id lang matched_media_notes media_metadata non_public_metrics note_tweet note_post "
    "note_request_suggestions organic_metrics paid_partnership possibly_sensitive promoted_metrics "
    "public_metrics referenced_tweets referenced_posts reply_settings scopes source suggested_source_links "
    "suggested_source_links_with_counts text username withheld".split()
)
USER_FIELDS = frozenset(
    "affiliation confirmed_email connection_status created_at description entities id is_identity_verified "
    "location most_recent_tweet_id most_recent_post_id name parody pinned_tweet_id pinned_post_id "
    "profile_banner_url profile_image_url protected public_metrics receives_your_dm subscribes_to_you "
    "subscription subscription_type url username verified verified_followers_count verified_type withheld".split()
)
USER_COUNTS = ("followers_count", "following_count", "tweet_count", "post_count", "listed_count", "like_count")
"""Posts are counted by the old name and the new: there is no parameter whose name would tell which is meant."""
MEDIA_FIELDS = frozenset(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url "
    "promoted_metrics public_metrics type url variants width".split()
)
EXPANSIONS = frozenset(
    "article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet "
    "attachments.poll_ids author_id edit_history_tweet_ids edit_history_post_ids entities.mentions.username "
    "geo.place_id in_reply_to_user_id entities.note.mentions.username referenced_tweets.id "
    "referenced_tweets.id.author_id referenced_tweets.id.attachments.media_keys referenced_posts "
    "referenced_posts.id referenced_posts.id.author_id username".split()
)


@dataclass(frozen=True)
class View:
    """What a caller wants to see, and by which names."""

    session: Session
    public_url: str
    noun: str = "tweet"
    post_fields: frozenset[str] = frozenset()
    user_fields: frozenset[str] = frozenset()
    media_fields: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()

    def post(self, post: XPost) -> Json:
        rendered = render(self.session, post.text)
        text, entities = rendered.text, rendered.entities
        if post.media:
            text, entities = self._with_media_link(post, text, entities)
        shown: Json = {
            "id": str(post.id),
            "text": html.escape(text, quote=False),
            f"edit_history_{self.noun}_ids": post.edit_history,
        }
        for name in sorted(self.post_fields | self._implied):
            value = self._post_field(post, name, entities, text)
            if value is not None:
                shown[_renamed(name, self.noun)] = value
        return shown

    @property
    def _implied(self) -> frozenset[str]:
        """Return the fields that come along with an expansion of them."""
        implied = {name.partition(".")[0] for name in self.expansions}
        return frozenset(
            implied & {"author_id", "attachments", "in_reply_to_user_id", "referenced_tweets", "referenced_posts"}
        )

    def user(self, user: XUser) -> Json:
        shown: Json = {"id": user.id, "name": user.name, "username": user.handle}
        facts: Json = {
            "created_at": clock.x_time(user.created_at),
            "description": "",
            "profile_image_url": f"{self.public_url}/static/person.svg",
            "protected": False,
            "url": "",
            "verified": False,
            "verified_type": "none",
            "public_metrics": dict.fromkeys(USER_COUNTS, 0),
        }
        return shown | {name: facts[name] for name in sorted(self.user_fields) if name in facts}

    def media(self, media: XMedia) -> Json:
        shown: Json = {"media_key": media_key(media), "type": "photo"}
        facts: Json = {
            "url": f"{self.public_url}/pictures/{media.sha256}",
            "alt_text": media.alt_text or None,
            "height": media.picture.height,
            "width": media.picture.width,
        }
        return shown | {name: facts[name] for name in sorted(self.media_fields) if facts.get(name) is not None}

    def includes(self, posts: Sequence[XPost]) -> Json:
        """Show what the expansions ask for beside the posts themselves."""
        beside: Json = {}
        users = list(self._people(posts))
        if users:
            beside["users"] = [self.user(user) for user in users]
        media = [item for post in posts for item in post.media]
        if media and "attachments.media_keys" in self.expansions:
            beside["media"] = [self.media(item) for item in media]
        referenced = self._referenced(posts)
        if referenced:
            beside[f"{self.noun}s"] = [self.post(post) for post in referenced]
        return {"includes": beside} if beside else {}

    def _people(self, posts: Sequence[XPost]) -> Iterable[XUser]:
        wanted: set[str] = set()
        if "author_id" in self.expansions:
            wanted |= {post.author_id for post in posts}
        if "in_reply_to_user_id" in self.expansions:
            wanted |= {post.reply_to_user_id for post in posts if post.reply_to_user_id}
        return self.session.scalars(select(XUser).where(XUser.id.in_(wanted)).order_by(XUser.id)) if wanted else ()

    def _referenced(self, posts: Sequence[XPost]) -> Sequence[XPost]:
        if not any(name.startswith("referenced_") for name in self.expansions):
            return ()
        wanted = {post.reply_to_id for post in posts if post.reply_to_id}
        return self.session.scalars(select(XPost).where(XPost.id.in_(wanted))).all()

    def _with_media_link(self, post: XPost, text: str, entities: Json) -> tuple[str, Json]:
        """End the text with the link to its photos, as X does."""
        page = f"https://x.com/{post.author.handle}/status/{post.id}/photo/1"
        link = short_link(self.session, page)
        start = len(text) + 1 if text else 0
        each: list[Json] = [
            {
                "start": start,
                "end": start + len(link),
                "url": link,
                "expanded_url": page,
                "display_url": f"pic.x.com/{link.rsplit('/', 1)[1]}",
                "media_key": media_key(item),
            }
            for item in post.media
        ]
        urls = entities.get("urls")
        return f"{text} {link}".strip(), entities | {"urls": [*(urls if isinstance(urls, list) else []), *each]}

    def _post_field(self, post: XPost, name: str, entities: Json, text: str) -> object:
        if name in {"referenced_tweets", "referenced_posts"}:
            return [{"type": "replied_to", "id": str(post.reply_to_id)}] if post.reply_to_id else None
        if name == "attachments":
            return {"media_keys": [media_key(item) for item in post.media]} if post.media else None
        metrics: Json = dict.fromkeys(
            ("reply_count", "like_count", "quote_count", "bookmark_count", "impression_count"), 0
        )
        facts: Json = {
            "author_id": post.author_id,
            "conversation_id": str(post.conversation_id),
            "created_at": clock.x_time(post.created_at),
            "display_text_range": [0, len(text)],
            "edit_controls": {
                "edits_remaining": 5,
                "is_edit_eligible": False,
                "editable_until": clock.x_time(post.created_at),
            },
            "entities": entities or None,
            "in_reply_to_user_id": post.reply_to_user_id,
            "lang": "en",
            "possibly_sensitive": False,
            "public_metrics": metrics | {f"re{self.noun}_count": 0},
            "reply_settings": "everyone",
            "username": post.author.handle,
        }
        return facts.get(name)


def media_key(media: XMedia) -> str:
    return f"3_{media.id}"


def _renamed(name: str, noun: str) -> str:
    return name.replace("tweet", noun).replace("post", noun) if name.startswith(("referenced_", "note_")) else name
