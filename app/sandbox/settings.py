"""The sandbox's own settings: environment variables that begin with SCHOOLGATE_SANDBOX_."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SandboxSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SCHOOLGATE_SANDBOX_", env_file=".env", extra="ignore")

    folder: Path = Path("instance/sandbox")
    """Keeps the walls, the uploaded pictures and the pending webhooks over a restart."""
    host: str = "127.0.0.1"
    port: int = Field(default=8002, ge=0, le=65535)
    public_url: str = ""
    """Begins every permalink; empty takes the address that the request came to."""
    webhook_url: str = ""
    """Where a new Page's webhooks go unless its own call says otherwise."""
    webhook_verify_token: SecretStr = SecretStr("")
    webhook_delay: float = Field(default=0.1, ge=0)
    """Seconds between an event and its delivery; what gathers meanwhile goes out as one batch."""
    webhook_timeout: float = Field(default=10, gt=0)
    fault_seed: int = 1
    control_token: SecretStr = SecretStr("")
    """When set, the control API wants it as a bearer token."""

    @field_validator("public_url")
    @classmethod
    def without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def address(self) -> str:
        """Return where people find the sandbox."""
        return self.public_url or f"http://{self.host}:{self.port}"
