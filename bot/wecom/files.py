"""Files that people sent at WeCom: fetched by jobs within the three days that they live, looked at, and kept."""

from collections.abc import Mapping
from datetime import timedelta

from bot.wecom.meanings import Means
from bot.wecom.translating import PLATFORM
from bot.wecom.transport import RefusedError, Transport
from handlers import fetching
from handlers.company import Company
from handlers.events import Upload
from handlers.uploads import MOST_BYTES, looked_at
from notifications.gateway import DeliveryError, Letter
from notifications.manners import NONE
from storage.database import Database

PAUSE = timedelta(minutes=1)


class WeComFiles:
    """The gateway of platform ``wecom-files``: a letter is a job, its receipt the file's media id."""

    platform = f"{PLATFORM}{fetching.JOBS}"
    can_find = True
    pace: Mapping[str, tuple[timedelta, int]] = {}
    manners = NONE
    fault = ""

    def __init__(self, transport: Transport, database: Database, company: Company) -> None:
        self._transport = transport
        self._database = database
        self._company = company

    def send(self, letter: Letter) -> str:
        """Fetch the file that the job names; after the last try whoever sent it is asked to send it again."""
        attachment, media = int(str(letter.data["attachment"])), str(letter.data["file"])
        if not self._database.look(lambda uow: fetching.wanted(uow, attachment)):
            return media
        try:
            upload = self._fetched(media)
        except DeliveryError as error:
            if letter.last or error.lasting:
                fetching.lost(self._database, self._company, attachment)
            raise
        fetching.arrived(self._database, self._company, attachment, looked_at(upload))
        return media

    def find(self, letter: Letter) -> str | None:
        """Whether the file is here; fetching it twice does no harm."""
        attachment = int(str(letter.data["attachment"]))
        wanted = self._database.look(lambda uow: fetching.wanted(uow, attachment))
        return None if wanted else str(letter.data["file"])

    def _fetched(self, media: str) -> Upload:
        try:
            content, name = self._transport.download(media, MOST_BYTES)
        except RefusedError as refused:
            closed = refused.means is Means.CLOSED
            lasting = not closed and refused.means is not Means.LIMITED
            raise DeliveryError(str(refused), lasting=lasting, closed=closed, retry_after=PAUSE) from None
        return Upload(name, "", content)
