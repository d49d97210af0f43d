"""The server process of a Slack crash story: `gukebot serve` from its configuration on, on a clock that runs fast."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot import logs, serve
from bot.app import App, build
from bot.settings import Settings
from tests.support.faults.worker import Job
from tests.support.slack.stand import SIGNING_SECRET

TOKEN = "xoxb-story"


@dataclass(frozen=True)
class SlackJob(Job):
    """A job whose workers listen each on a port of its own, and talk to a Slack of the story's."""

    api: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)

    def settings(self) -> Settings:
        """The configuration."""
        slack = {"bot_token": TOKEN, "signing_secret": SIGNING_SECRET, "api_base_url": self.api}
        return Settings.model_validate(
            {"data": {"directory": self.folder}, "slack": slack, "company": {"name": "衡岚立光"}}
        )

    def app(self) -> App:
        """Everything of the server that is put together before it starts."""
        database, settings = self.database(), self.settings()
        return build(settings, database, self.clock, serve.ways_out(settings, database))


def work(job: SlackJob, name: str, _seed: int) -> None:
    """The server's whole life. It ends by being killed."""
    logs.configure("critical")
    listener = socket.create_server(("127.0.0.1", job.ports[name]), backlog=64)
    with listener:
        serve._serve(job.app(), listener)
