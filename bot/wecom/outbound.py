"""The ways out to WeCom, put together: messages on one thread, the fetching of files on another."""

from collections.abc import Sequence

from bot.wecom.files import WeComFiles
from bot.wecom.gateway import WeComGateway
from bot.wecom.transport import Transport
from handlers.company import Company
from notifications.gateway import Gateway
from storage.database import Database


def gateways(transport: Transport, database: Database, company: Company) -> Sequence[Gateway]:
    """One gateway for messages, one for files: a slow download keeps no escalation waiting."""
    return WeComGateway(transport, database, company), WeComFiles(transport, database, company)
