"""The server process of a crash story: `gukebot serve` from its configuration on, on a clock that runs fast."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import logs, serve
from bot.app import App, build
from bot.settings import Settings
from tests.support.faults.worker import Job


@dataclass(frozen=True)
class ServerJob(Job):
    """A job whose workers listen each on a port of its own; ``configuration`` says which platform they talk to."""

    configuration: Mapping[str, Any] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)

    def settings(self) -> Settings:
        """The configuration."""
        ours = {"data": {"directory": self.folder}, "company": {"name": "衡岚立光"}}
        return Settings.model_validate({**ours, **self.configuration})

    def app(self) -> App:
        """Everything of the server that is put together before it starts."""
        database, settings = self.database(), self.settings()
        return build(settings, database, self.clock, serve.ways_out(settings, database))


def work(job: ServerJob, name: str, _seed: int) -> None:
    """The server's whole life. It ends by being killed."""
    logs.configure("critical")
    listener = socket.create_server(("127.0.0.1", job.ports[name]), backlog=64)
    with listener:
        serve._serve(job.app(), listener)
