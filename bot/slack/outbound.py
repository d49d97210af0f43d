"""The ways out to Slack, put together: messages and homes on one thread, the fetching of files on another."""

from collections.abc import Sequence
from functools import partial

from slack_sdk import WebClient

from bot.slack import home
from bot.slack.files import SlackFiles
from bot.slack.gateway import SlackGateway
from handlers.company import Company
from notifications.gateway import Gateway
from storage.database import Database


def gateways(web: WebClient, database: Database, company: Company) -> Sequence[Gateway]:
    """One gateway for messages, one for files that people sent: a slow download keeps no escalation waiting."""
    publish = partial(home.publish, web, database, company)
    return SlackGateway(web, database, company, publish), SlackFiles(web, database, company)
