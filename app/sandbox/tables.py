"""What the sandbox remembers: both networks' accounts, walls and pictures, armed faults and pending webhooks."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sandbox.store import Base


class Picture(Base):
    """One decoded upload; its bytes lie in the pictures folder under this name."""

    __tablename__ = "picture"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    mime: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]


class App(Base):
    """A developer's app on the Facebook stand-in."""

    __tablename__ = "app"
    id: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[str]
    name: Mapped[str]
    require_proof: Mapped[bool] = mapped_column(default=False)
    webhook_url: Mapped[str] = mapped_column(default="")
    verify_token: Mapped[str] = mapped_column(default="")
    webhook_batch: Mapped[int] = mapped_column(default=100)


class Page(Base):
    __tablename__ = "page"
    id: Mapped[str] = mapped_column(primary_key=True)
    app_id: Mapped[str] = mapped_column(ForeignKey("app.id"))
    user_id: Mapped[str]
    """The person who looks after the Page and whose roles its tokens carry."""
    user_name: Mapped[str]
    name: Mapped[str]
    username: Mapped[str] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(default="")
    tasks: Mapped[list[str]]
    scopes: Mapped[list[str]]
    subscribed_fields: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    app: Mapped[App] = relationship(lazy="joined")


class Token(Base):
    __tablename__ = "token"
    value: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    app_id: Mapped[str] = mapped_column(ForeignKey("app.id"))
    user_id: Mapped[str]
    page_id: Mapped[str | None]
    scopes: Mapped[list[str]]
    tasks: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="valid")
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    app: Mapped[App] = relationship(lazy="joined")


class LoginCode(Base):
    """What the sign-in dialogs hand back: a code (Facebook) or a request token (X)."""

    __tablename__ = "login_code"
    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    client: Mapped[str]
    redirect_uri: Mapped[str]
    scopes: Mapped[list[str]]
    secret: Mapped[str] = mapped_column(default="")
    verifier: Mapped[str] = mapped_column(default="")
    account_id: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]


class PageGrant(Base):
    """A Page that was ticked in the dialog. A code or token without one stands for every Page of its person."""

    __tablename__ = "page_grant"
    holder: Mapped[str] = mapped_column(primary_key=True)
    """The code, then each token that is made from it."""
    page_id: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)


class PagePost(Base):
    __tablename__ = "page_post"
    id: Mapped[str] = mapped_column(primary_key=True)
    page_id: Mapped[str] = mapped_column(ForeignKey("page.id"))
    message: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    is_published: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    page: Mapped[Page] = relationship(lazy="joined")
    photos: Mapped[list["Photo"]] = relationship(
        lazy="selectin", order_by="Photo.position", cascade="all", passive_deletes=True
    )
    __table_args__ = (Index("ix_page_post_wall", "page_id", "created_at"),)


class Photo(Base):
    __tablename__ = "photo"
    id: Mapped[str] = mapped_column(primary_key=True)
    page_id: Mapped[str] = mapped_column(ForeignKey("page.id"), index=True)
    post_id: Mapped[str | None] = mapped_column(ForeignKey("page_post.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(ForeignKey("picture.sha256"))
    caption: Mapped[str] = mapped_column(default="")
    alt_text: Mapped[str] = mapped_column(default="")
    is_published: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    picture: Mapped[Picture] = relationship(lazy="joined")
    page: Mapped[Page] = relationship(lazy="joined")


class PageComment(Base):
    __tablename__ = "page_comment"
    id: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("page_post.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("page_comment.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str]
    author_name: Mapped[str]
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    """The network sometimes leaves out who wrote a comment."""
    message: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("picture.sha256"))
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    post: Mapped[PagePost] = relationship(lazy="joined")
    __table_args__ = (Index("ix_page_comment_order", "post_id", "created_at", "id"),)


class Block(Base):
    __tablename__ = "block"
    page_id: Mapped[str] = mapped_column(ForeignKey("page.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)


class XUser(Base):
    """Anybody on the X stand-in; a school's account also has credentials."""

    __tablename__ = "x_user"
    id: Mapped[str] = mapped_column(primary_key=True)
    handle: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class XAccount(Base):
    __tablename__ = "x_account"
    user_id: Mapped[str] = mapped_column(ForeignKey("x_user.id"), primary_key=True)
    consumer_key: Mapped[str] = mapped_column(index=True)
    consumer_secret: Mapped[str]
    access_token: Mapped[str] = mapped_column(unique=True)
    access_token_secret: Mapped[str]
    bearer_token: Mapped[str] = mapped_column(index=True)
    oauth2_token: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="valid")
    naming: Mapped[str] = mapped_column(default="either")
    """Which field names the network takes during its renaming: old, new or either."""
    user: Mapped[XUser] = relationship(lazy="joined")


class XPost(Base):
    __tablename__ = "x_post"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[str] = mapped_column(ForeignKey("x_user.id"), index=True)
    text: Mapped[str]
    """As written; the API shows its links shortened."""
    conversation_id: Mapped[int] = mapped_column(index=True)
    reply_to_id: Mapped[int | None]
    reply_to_user_id: Mapped[str | None]
    edit_history: Mapped[list[str]]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    author: Mapped[XUser] = relationship(lazy="joined")
    media: Mapped[list["XMedia"]] = relationship(
        lazy="selectin", order_by="XMedia.position", cascade="all", passive_deletes=True
    )


class XMention(Base):
    __tablename__ = "x_mention"
    post_id: Mapped[int] = mapped_column(ForeignKey("x_post.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("x_user.id"), primary_key=True, index=True)


class XMedia(Base):
    __tablename__ = "x_media"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("x_user.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("x_post.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(ForeignKey("picture.sha256"))
    alt_text: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime]
    picture: Mapped[Picture] = relationship(lazy="joined")


class XUpload(Base):
    """An upload in pieces that is not finished."""

    __tablename__ = "x_upload"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("x_user.id"))
    total_bytes: Mapped[int]


class XUploadPiece(Base):
    __tablename__ = "x_upload_piece"
    upload_id: Mapped[str] = mapped_column(ForeignKey("x_upload.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    raw: Mapped[bytes]


class XMute(Base):
    __tablename__ = "x_mute"
    user_id: Mapped[str] = mapped_column(ForeignKey("x_user.id"), primary_key=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("x_user.id"), primary_key=True)


class ShortLink(Base):
    __tablename__ = "short_link"
    slug: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(index=True)


class SeenNonce(Base):
    """A signed request that was used; the same signature is not taken twice."""

    __tablename__ = "seen_nonce"
    key: Mapped[str] = mapped_column(primary_key=True)
    timestamp: Mapped[int] = mapped_column(index=True)


class Fault(Base):
    __tablename__ = "fault"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    operation: Mapped[str]
    effect: Mapped[str] = mapped_column(default="before")
    account: Mapped[str | None]
    remaining: Mapped[int | None]
    skip: Mapped[int] = mapped_column(default=0)
    probability: Mapped[float] = mapped_column(default=1.0)
    seed: Mapped[int]
    options: Mapped[dict[str, object]] = mapped_column(default=dict)
    seen: Mapped[int] = mapped_column(default=0)
    struck: Mapped[int] = mapped_column(default=0)
    armed_at: Mapped[datetime]


class Change(Base):
    """One webhook change on its way to an app."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[str] = mapped_column(ForeignKey("app.id"))
    page_id: Mapped[str]
    time: Mapped[int]
    value: Mapped[dict[str, object]]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime]
    __table_args__ = (Index("ix_change_due", "state", "due_at"),)
