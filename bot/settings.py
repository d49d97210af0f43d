"""The settings: every key that can be configured, its default, and what it refuses."""

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from conversations.calendar import Alternate, Calendar, Interval, Week

UTC_ZONE = ZoneInfo("UTC")
ENVIRONMENT_PREFIX = "GUKEBOT_"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = ("08:00-12:00", "13:00-17:00")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")


class Section(BaseModel):
    """A table of the file: only keys we know, never changed, its values never in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _listed(value: object) -> object:
    """Let the environment give a list as words between commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _nothing(value: object) -> object:
    """An empty text stands for no day."""
    return None if value == "" else value


def _counted(value: object) -> object:
    """True is no number, though Python counts it as one."""
    if isinstance(value, bool):
        raise ValueError("write a whole number")  # noqa: TRY004 - pydantic tells ValueErrors to people
    return value


Count = Annotated[int, BeforeValidator(_counted)]


def interval(span: str) -> Interval:
    """Read HH:MM-HH:MM as hours of work; an end not after the start is on the next day."""
    if not _SPAN.fullmatch(span):
        raise ValueError('a working interval is written "HH:MM-HH:MM", for example "08:00-12:00"')
    start, end = (time.fromisoformat(clock.replace("24:", "00:")) for clock in span.split("-"))
    return Interval(start, end)


Spans = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Company(Section):
    """Who the bot works for, and where its days begin and end."""

    name: str = ""
    zone: str = "Asia/Shanghai"
    language: Literal["zh", "en"] = "zh"
    phone: str = ""

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f'"{zone}" is not a time zone; write for example "Asia/Shanghai"') from error
        return zone


class Data(Section):
    """Where the bot keeps its files: the database unless it is elsewhere, attachments, backups."""

    directory: Path = Path("data")


class DatabaseSection(Section):
    """Where the records are. Empty means one SQLite file in the data directory."""

    url: SecretStr = SecretStr("")
    url_file: str = ""

    @field_validator("url")
    @classmethod
    def _ours(cls, url: SecretStr) -> SecretStr:
        value = url.get_secret_value()
        if value and not value.startswith(_DATABASES):
            raise ValueError('write "sqlite:///FILE" or "postgresql+psycopg://USER:PASSWORD@HOST/NAME"')
        return url


class Server(Section):
    """Where the web server listens."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: Count = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    link_key: SecretStr = SecretStr("")
    link_key_file: str = ""

    @field_validator("public_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if url and (not parts.hostname or parts.scheme not in (("https", "http") if here else ("https",))):
            raise ValueError('write the address that customers reach, "https://bot.example.com"')
        if parts.query or parts.fragment or parts.username:
            raise ValueError("write the address alone, without a query, a mark or a password")
        return url.rstrip("/")


class Slack(Section):
    """The Slack workspace. Without a bot token Slack is not used."""

    mode: Literal["http", "socket"] = "http"
    bot_token: SecretStr = SecretStr("")
    bot_token_file: str = ""
    signing_secret: SecretStr = SecretStr("")
    signing_secret_file: str = ""
    app_token: SecretStr = SecretStr("")
    app_token_file: str = ""
    api_base_url: str = "https://slack.com/api/"

    @field_validator("api_base_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if not parts.hostname or parts.scheme not in ("https", "http") or parts.query or parts.username:
            raise ValueError('write the address of the Web API, "https://slack.com/api/"')
        return url.rstrip("/") + "/"

    @property
    def used(self) -> bool:
        """Whether there is a workspace to talk with."""
        return bool(self.bot_token.get_secret_value() or self.bot_token_file)

    @model_validator(mode="after")
    def _complete(self) -> "Slack":
        """A workspace that can be written to must be heard too."""
        signing = self.signing_secret.get_secret_value() or self.signing_secret_file
        app = self.app_token.get_secret_value() or self.app_token_file
        if self.used and self.mode == "http" and not signing:
            raise ValueError('mode "http" needs signing_secret (Basic Information > App Credentials)')
        if self.used and self.mode == "socket" and not app:
            raise ValueError('mode "socket" needs app_token (Basic Information > App-Level Tokens)')
        return self


class Wecom(Section):
    """The WeCom app. Without a company id and a secret WeCom is not used."""

    corp_id: str = ""
    agent_id: Count = Field(default=0, ge=0)
    secret: SecretStr = SecretStr("")
    secret_file: str = ""
    token: SecretStr = SecretStr("")
    token_file: str = ""
    aes_key: SecretStr = SecretStr("")
    aes_key_file: str = ""
    api_base_url: str = "https://qyapi.weixin.qq.com"
    public_url: str = ""

    @field_validator("api_base_url", "public_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (not parts.hostname or parts.scheme not in ("https", "http") or parts.query or parts.username):
            raise ValueError('write an address such as "https://qyapi.weixin.qq.com"')
        return url.rstrip("/")

    @field_validator("api_base_url")
    @classmethod
    def _some_address(cls, url: str) -> str:
        if not url:
            raise ValueError('write the address of the API, "https://qyapi.weixin.qq.com"')
        return url.removesuffix("/cgi-bin")

    @field_validator("token")
    @classmethod
    def _a_token(cls, token: SecretStr) -> SecretStr:
        if len(token.get_secret_value()) > 32:
            raise ValueError("a token has 32 characters at most (copy it from the app's page 接收消息)")
        return token

    @field_validator("aes_key")
    @classmethod
    def _a_key(cls, key: SecretStr) -> SecretStr:
        if key.get_secret_value() and not re.fullmatch(r"[A-Za-z0-9]{43}", key.get_secret_value()):
            raise ValueError("an EncodingAESKey has 43 letters and digits (copy it from the app's page 接收消息)")
        return key

    @property
    def used(self) -> bool:
        """Whether there is a company to talk with."""
        return bool(self.corp_id and (self.secret.get_secret_value() or self.secret_file))

    @model_validator(mode="after")
    def _complete(self) -> "Wecom":
        """An app that can be written to must be heard too."""
        token = self.token.get_secret_value() or self.token_file
        key = self.aes_key.get_secret_value() or self.aes_key_file
        if self.used and not (self.agent_id and token and key):
            raise ValueError("agent_id, token and aes_key are needed as well (the app's page and its 接收消息)")
        return self


class Logging(Section):
    """How much is written to the log."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Hours(Section):
    """The weekly pattern of work, day by day; an empty list is a day of rest."""

    monday: Spans = _DAY
    tuesday: Spans = _DAY
    wednesday: Spans = _DAY
    thursday: Spans = _DAY
    friday: Spans = _DAY
    saturday: Spans = ()
    sunday: Spans = ()
    alternate_since: Annotated[date | None, BeforeValidator(_nothing)] = None
    alternate_saturday: Spans = ()

    @field_validator(*WEEK, "alternate_saturday")
    @classmethod
    def _readable(cls, spans: tuple[str, ...]) -> tuple[str, ...]:
        for span in spans:
            interval(span)
        return spans

    @model_validator(mode="after")
    def _a_week(self) -> "Hours":
        Calendar(UTC_ZONE, week=self.week(), alternate=self.alternate())
        return self

    def week(self) -> Week:
        """Tell the hours of work from Monday (0) to Sunday (6)."""
        return {number: tuple(map(interval, getattr(self, day))) for number, day in enumerate(WEEK)}

    def alternate(self) -> Alternate | None:
        """Tell the hours of every second week (大小周), if there are any."""
        if self.alternate_since is None:
            return None
        saturday = tuple(map(interval, self.alternate_saturday))
        return Alternate({**self.week(), 5: saturday}, self.alternate_since)


class _Environment(EnvSettingsSource):
    """The environment as pydantic reads it, except that a list may be words between commas."""

    def decode_complex_value(self, field_name: str, field: Any, value: Any) -> Any:
        """Read JSON where it is JSON; leave anything else to the field's own reader."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class Settings(BaseSettings):
    """Everything that can be configured, checked. ``load`` is the way to make one."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    company: Company = Company()
    data: Data = Data()
    database: DatabaseSection = DatabaseSection()
    server: Server = Server()
    slack: Slack = Slack()
    wecom: Wecom = Wecom()
    logging: Logging = Logging()
    hours: Hours = Hours()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_unused: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file; nothing else is read."""
        environment = _Environment(settings_cls, env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__")
        return environment, init_settings

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.company.zone)

    @property
    def database_url(self) -> str:
        """Where the records are: as configured, or the SQLite file of the data directory."""
        given = self.database.url.get_secret_value()
        return given or f"sqlite:///{self.data.directory / 'gukebot.db'}"

    @property
    def attachments(self) -> Path:
        """The folder of photos and files."""
        return self.data.directory / "attachments"

    @property
    def backups(self) -> Path:
        """The folder of copies made before the schema changes."""
        return self.data.directory / "backups"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None where the records are on PostgreSQL or in memory."""
        url = self.database_url
        path = url.removeprefix("sqlite:///").partition("?")[0]
        return Path(path) if url.startswith("sqlite:///") and path not in ("", ":memory:") else None
