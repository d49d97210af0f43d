"""The composition root: the database, the words and the gateways, put together once per process."""

import os
import socket
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot import disk
from bot.bell import Bell
from bot.clock import Clock
from bot.databases import calendar_found, figures, schema_found
from bot.health import Check, Heartbeats, guarded
from bot.keys import links_of
from bot.metrics import Metrics
from bot.settings import Settings
from handlers.company import Company
from notifications.gateway import Gateway
from storage.database import Database


@dataclass(frozen=True)
class App:
    """Everything one process works with; handlers get what they need from here, never the whole."""

    settings: Settings
    database: Database
    clock: Clock
    company: Company
    gateways: Mapping[str, Gateway]
    metrics: Metrics
    heartbeats: Heartbeats = field(default_factory=Heartbeats)
    stopping: threading.Event = field(default_factory=threading.Event)
    bell: Bell = field(default_factory=Bell)
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}")

    def checks(self) -> tuple[Check, ...]:
        """Tell what /readyz reports: database, schema, disk, calendar, platforms, and threads that must be at work."""
        found = guarded("database", lambda: schema_found(self.database))
        stopping = Check(
            "running", ok=not self.stopping.is_set(), found="stopping" if self.stopping.is_set() else "yes"
        )
        space = guarded("disk", lambda: disk.room(self.settings))
        days = guarded("calendar", lambda: calendar_found(self.database))
        ways = (Check(name, ok=not way.fault, found=way.fault or "yes") for name, way in self.gateways.items())
        return (found, space, days, stopping, *ways, *self.heartbeats.checks())


def platforms_of(settings: Settings) -> tuple[str, ...]:
    """Name the platforms that are used, in the order in which a person is looked for; the console without any."""
    used = tuple(name for name, section in (("slack", settings.slack), ("wecom", settings.wecom)) if section.used)
    return used or ("console",)


def company_of(settings: Settings) -> Company:
    """Give the company as the handlers know it."""
    return Company(
        name=settings.company.name,
        zone=settings.zone,
        language=settings.company.language,
        phone=settings.company.phone,
        links=links_of(settings),
        platforms=platforms_of(settings),
        week=settings.hours.week(),
        alternate=settings.hours.alternate(),
    )


def build(settings: Settings, database: Database, clock: Clock, gateways: Sequence[Gateway]) -> App:
    """Put the parts together for this configuration; nothing is started yet."""
    return App(
        settings=settings,
        database=database,
        clock=clock,
        company=company_of(settings),
        gateways={gateway.platform: gateway for gateway in gateways},
        metrics=Metrics(lambda: {"gukebot_disk_free_bytes": float(disk.free(settings)), **figures(database)}),
    )
