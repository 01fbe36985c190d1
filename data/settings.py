"""Settings, all from the environment (``WATCHROOM_...``); a wrong one stops the start with its name and what to do."""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.problems import BadSetting

PREFIX = "WATCHROOM_"
ADVICE = {
    "host": "give an address to listen on, such as 127.0.0.1",
    "port": "give a whole number from 1 to 65535",
    "database_url": "give sqlite:///path/to/file.db or postgresql://user:password@host/name",
    "past_days": "give a whole number of days from 1 to 3660",
    "screens": "give a whole number from 1 to 1000",
    "public_url": "give the address people open, such as https://watchroom.example.org",
    "oidc_issuer": "give the provider's address, which begins with https://",
    "second_factor": "give one of off, administrators, everybody",
    "second_factor_grace": "give a whole number of days from 0 to 90",
    "log_level": "give one of debug, info, warning, error",
}


class Settings(BaseSettings):
    """One value for each ``WATCHROOM_`` variable. Keys that are unset are made once in ``<var>/keys/`` (mode 600)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8050, ge=1, le=65535)
    database_url: str = Field(default="sqlite:///var/watchroom.db", repr=False)
    var: Path = Path("var")
    secret_key: SecretStr = SecretStr("")
    audit_key: SecretStr = SecretStr("")
    credentials_key: SecretStr = SecretStr("")
    metrics_token: SecretStr = SecretStr("")
    past_days: int = Field(default=92, ge=1, le=3660)
    screens: int = Field(default=64, ge=1, le=1000)
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_groups_claim: str = "groups"
    oidc_groups: str = ""
    oidc_label: str = "your organisation"
    second_factor: Literal["off", "administrators", "everybody"] = "administrators"
    second_factor_grace: int = Field(default=7, ge=0, le=90)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError as error:
            raise ValueError("not a database address") from error
        if url.get_backend_name() == "sqlite":
            return value
        if url.get_backend_name() == "postgresql":
            return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        raise ValueError("neither SQLite nor Postgres")

    @field_validator("oidc_issuer")
    @classmethod
    def _over_tls(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("not over TLS")
        return value

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("not a whole address")
        return value.rstrip("/")

    @property
    def address(self) -> str:
        """The address that people open."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS: cookies are then marked secure."""
        return self.public_url.startswith("https://")

    @property
    def threads(self) -> int:
        """Threads of the one worker: one for each open screen's stream, and eight for everything else."""
        return self.screens + 8


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``environment`` (by default the process's), with every key filled in.

    Raises ``BadSetting`` that names the variable and says what to do; never shows its value.
    """
    source = os.environ if environment is None else environment
    values = {
        name: source[PREFIX + name.upper()]
        for name in Settings.model_fields
        if source.get(PREFIX + name.upper(), "") != ""
    }
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise BadSetting(PREFIX + name.upper(), ADVICE.get(name, "see .env.example")) from None
    return settings.model_copy(update=_keys(settings))


def _keys(settings: Settings) -> dict[str, SecretStr]:
    return {
        name: SecretStr(_kept_key(settings.var / "keys", name))
        for name in ("secret_key", "audit_key", "credentials_key")
        if not getattr(settings, name).get_secret_value()
    } | {
        name: _checked(name, getattr(settings, name))
        for name in ("secret_key", "audit_key", "credentials_key")
        if getattr(settings, name).get_secret_value()
    }


def _checked(name: str, value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 32:
        raise BadSetting(PREFIX + name.upper(), "give at least 32 characters, or leave it unset and one is made")
    return value


def _kept_key(folder: Path, name: str) -> str:
    """The key in ``folder``, made on first use. Two processes that start at once end up with the same one."""
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            draft = folder / f".{name}.{os.getpid()}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(urlsafe_b64encode(secrets.token_bytes(32)).decode())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(PREFIX + name.upper(), f"set it, or make {folder} writable ({error.strerror})") from None
