"""A disk that is full: whoever can make room hears of it."""

from handlers.addresses import person_address
from handlers.company import Company
from handlers.outgoing import URGENT, How, send
from handlers.turn import Turn
from notifications import space
from storage.database import Database
from storage.unit_of_work import UnitOfWork


def full(database: Database, company: Company, free: int) -> None:
    """The administrators hear it at once, and once an hour at most."""

    def tell(uow: UnitOfWork) -> None:
        turn = Turn(uow, company)
        to = [person_address(turn, person, "admin") for person in uow.organisation.people_with("admin")]
        send(turn, space.disk_full(free), to, How(key=f"disk/{turn.now:%Y-%m-%dT%H}", priority=URGENT, at_once=True))

    database.do(tell)
