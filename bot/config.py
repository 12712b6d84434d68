"""Settings from the environment or `.env`, read once. All mistakes are reported together, one line each."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")


class SettingsError(Exception):
    """The settings are not usable; `problems` has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _ids(value: Any) -> Any:
    if isinstance(value, str):
        return [part for part in re.split(r"[\s,;]+", value) if part]
    return value


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not a time zone; use an IANA name such as Asia/Dhaka")
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", value):
        raise ValueError("is not an http or https address")
    return value.rstrip("/")


def _token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("is not a bot token; @BotFather gives one like 123456:ABC-DEF…")
    return value


class Settings(BaseSettings):
    """What the operator decides; each field is the environment variable FACTDESK_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="FACTDESK_", env_file=".env", extra="ignore", frozen=True)

    token: Annotated[SecretStr, AfterValidator(_token)]
    api_url: Annotated[str, AfterValidator(_web_address)] = "https://api.telegram.org"
    database: Path = Path("factdesk.db")
    admins: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)] = frozenset()
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    language: Literal["en", "bn"] = "en"
    log: Literal["human", "json"] = "human"
    limits: Literal["telegram", "off"] = "telegram"
    semantic: Literal["auto", "off"] = "auto"

    @property
    def bot_url(self) -> str:
        """The base that method names follow, up to the token."""
        return f"{self.api_url}/bot"

    @property
    def invite_key(self) -> bytes:
        """The key that invites are made with: another token makes every open invite void."""
        return hmac.digest(self.token.get_secret_value().encode(), b"factdesk invites", hashlib.sha256)


class StorageSettings(BaseSettings):
    """The part of the settings that a command needs which never talks to Telegram."""

    model_config = SettingsConfigDict(env_prefix="FACTDESK_", env_file=".env", extra="ignore", frozen=True)

    database: Path = Path("factdesk.db")
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    language: Literal["en", "bn"] = "en"
    log: Literal["human", "json"] = "human"
    semantic: Literal["auto", "off"] = "auto"
    token: SecretStr | None = Field(default=None)


def load() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: with a line for every setting that is missing or wrong. No line holds the token.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the fields come from the environment
    except ValidationError as error:
        raise SettingsError(_problems(error)) from None


def load_storage() -> StorageSettings:
    """Read what a command line tool needs; SettingsError as for `load`."""
    try:
        return StorageSettings()
    except ValidationError as error:
        raise SettingsError(_problems(error)) from None


def _problems(error: ValidationError) -> list[str]:
    """One line per setting, from the kind of mistake alone: what pydantic prints may hold the value."""
    problems: dict[str, str] = {}
    for found in error.errors(include_input=False, include_url=False):
        name = f"FACTDESK_{str(found['loc'][0]).upper()}"
        if found["type"] == "missing":
            text = "is missing" + (": @BotFather gives you one" if name == "FACTDESK_TOKEN" else "")
        elif found["type"] == "value_error":
            text = str(found["ctx"]["error"])
        elif found["type"] == "literal_error":
            text = f"must be {found['ctx']['expected']}"
        elif found["type"].startswith("int_"):
            text = "must be whole numbers with commas between them"
        else:
            text = found["msg"][:1].lower() + found["msg"][1:]
        problems.setdefault(name, f"{name} {text}")
    return sorted(problems.values())
