"""Every setting of an installation, read from environment variables that begin with SCHOOLGATE_."""

import base64
import json
import os
import secrets
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_NAMES = ("secret", "tokens", "templates", "evidence")


class Settings(BaseSettings):
    """The defaults run one small school on one machine: SQLite, local folders, one worker."""

    model_config = SettingsConfigDict(env_prefix="SCHOOLGATE_", env_file=".env", extra="ignore")

    data_folder: Path = Path("instance")
    """Holds the embedded database, the queue, pictures and generated keys unless those are set apart."""
    database_url: str = ""
    queue_url: str = ""
    """Empty for a file in the data folder, or redis://… or postgresql://… for workers on several machines."""
    rate_limit_url: str = "memory://"
    media_folder: Path | None = None
    model_folder: Path | None = None
    """Where the converted face networks are kept; they are made anew when missing."""
    backup_folder: Path | None = None
    """Where backups are put, so that the health page can tell how old the newest is."""

    secret_key: SecretStr = SecretStr("")
    token_key: SecretStr = SecretStr("")
    template_key: SecretStr = SecretStr("")
    evidence_key: SecretStr = SecretStr("")

    public_url: str = "http://127.0.0.1:8000"
    """Where people reach the web app; an https address switches secure cookies on."""
    trusted_proxies: int = Field(default=0, ge=0)

    facebook_base_url: str = "https://graph.facebook.com"
    facebook_version: str = "v25.0"
    facebook_verify_token: SecretStr = SecretStr("")
    facebook_dialog_url: str = "https://www.facebook.com"
    facebook_app_id: str = ""
    facebook_app_secret: SecretStr = SecretStr("")
    """The school's own app at Facebook: with it, a Page is connected by signing in there."""
    x_base_url: str = "https://api.x.com"
    x_web_url: str = "https://x.com"
    """Where people read X: links to posts and replies begin with it."""
    x_api_key: SecretStr = SecretStr("")
    x_api_secret: SecretStr = SecretStr("")
    """The school's own app at X, likewise."""
    sandbox_url: str = ""
    """Set in a rehearsal: the networks are a sandbox, and every page says so."""

    worker_threads: int = Field(default=4, ge=1, le=64)
    sweep_seconds: float = Field(default=5, gt=0)
    """How soon a post whose time has come goes out, and a lost wake-up is noticed."""
    comment_poll_seconds: float = Field(default=120, gt=0)
    session_hours: int = Field(default=10, ge=1)
    upload_megabytes: int = Field(default=30, ge=1)
    photos_per_post: int = Field(default=10, ge=1)

    smtp_url: SecretStr = SecretStr("")
    """smtp://user:password@host:587 sends notices by e-mail as well as showing them in the app."""
    mail_from: str = "schoolgate@localhost"

    log_format: str = "json"
    demo_sign_in: bool = False
    """Lists the made-up people on the sign-in page. For rehearsals only."""

    @field_validator("public_url", "facebook_base_url", "facebook_dialog_url", "x_base_url", "x_web_url", "sandbox_url")
    @classmethod
    def without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def resolved_database_url(self) -> str:
        """Name the driver that we ship, so that a plain postgresql:// address works."""
        url = self.database_url or f"sqlite:///{(self.data_folder / 'schoolgate.sqlite3').absolute()}"
        for plain in ("postgresql://", "postgres://"):
            if url.startswith(plain):
                return "postgresql+psycopg://" + url.removeprefix(plain)
        return url

    @property
    def resolved_media_folder(self) -> Path:
        return self.media_folder or self.data_folder / "media"

    @property
    def resolved_model_folder(self) -> Path:
        return self.model_folder or self.data_folder / "models"

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")

    def keys(self) -> dict[str, bytes]:
        """Return the four keys by name; those that are not set are made once and kept in the data folder."""
        given = {
            "secret": self.secret_key,
            "tokens": self.token_key,
            "templates": self.template_key,
            "evidence": self.evidence_key,
        }
        missing = [name for name, value in given.items() if not value.get_secret_value()]
        kept = _kept_keys(self.data_folder / "keys.json") if missing else {}
        return {name: (value.get_secret_value() or kept[name]).encode() for name, value in given.items()}


def _kept_keys(path: Path) -> dict[str, str]:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold the database too
        fresh = {name: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() for name in KEY_NAMES}
        scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(fresh, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(scratch, path)  # fails if another process was first: then its keys are everybody's keys
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded
