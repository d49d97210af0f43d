"""The composition root: the database, the words and the gateways, put together once per process."""

import os
import socket
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.databases import figures, schema_found
from bot.health import Check, Heartbeats, guarded
from bot.metrics import Metrics
from bot.settings import Settings
from notifications.gateway import Gateway
from reports.words import Words
from storage.database import Database


@dataclass(frozen=True)
class App:
    """Everything one process works with; handlers get what they need from here, never the whole."""

    settings: Settings
    database: Database
    clock: Clock
    words: Words
    gateways: Mapping[str, Gateway]
    metrics: Metrics
    heartbeats: Heartbeats = field(default_factory=Heartbeats)
    stopping: threading.Event = field(default_factory=threading.Event)
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}")

    def checks(self) -> tuple[Check, ...]:
        """Tell what /readyz reports: the database, its schema, and every thread that must be at work."""
        found = guarded("database", lambda: schema_found(self.database))
        stopping = Check(
            "running", ok=not self.stopping.is_set(), found="stopping" if self.stopping.is_set() else "yes"
        )
        return (found, stopping, *self.heartbeats.checks())


def build(settings: Settings, database: Database, clock: Clock) -> App:
    """Put the parts together for this configuration; nothing is started yet."""
    from bot.console import ConsoleGateway

    words = Words(settings.zone)
    return App(
        settings=settings,
        database=database,
        clock=clock,
        words=words,
        gateways={"console": ConsoleGateway(database)},
        metrics=Metrics(lambda: figures(database)),
    )
