"""The bench stories are played on: the demo's stage, with the first report ready to be said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from bot.demo.play import photo
from bot.demo.stage import FRIDAY, ZONE, Stage, at
from storage.cases import Action, Case
from storage.unit_of_work import UnitOfWork

__all__ = ["CASE", "FRIDAY", "ZONE", "Desk", "Time", "at"]

T = TypeVar("T")

CASE = "TS-2026-0082"
"""The first complaint that is reported at a desk."""


@dataclass(frozen=True, slots=True)
class Time:
    """A deadline as a story looks at it, instants in company time."""

    state: str
    due: datetime
    round: int
    breached: bool
    source: str


class Desk(Stage):
    """The whole bot on a database of its own; nothing of it is replaced."""

    @classmethod
    def furnished(cls, url: str, folder: Path) -> Self:
        """A desk at which the sample company works, Friday 20 November 2026, 16:05."""
        desk = cls.open(url, folder)
        desk.people()
        return desk

    def transmit(self, person: str = "程小满", **answers: str) -> str:
        """Somebody reports a quality problem that goes to quality: domain C6, thread 2. The last answer."""
        asked = {
            "customer": "瀚途", "product": "前下控制臂总成", "category": "产品质量", "impact": "换货",
            "description": "孔位偏移,装不上", "handling": "提交并转品保",
        }  # fmt: skip
        return self.report(person, **{**asked, **answers})

    def accept(self, severity: str = "一般") -> str:
        """Quality accepts the first complaint."""
        return self.say("梁可欣", f"接收 {CASE}", severity, "装配线(0公里)", "CC02")

    def remedy(self, person: str = "程小满", contact: str = "汪店长") -> str:
        """A measure, and a contact with the customer about it."""
        self.say(person, f"提措施 {CASE}", "补发并致歉")
        return self.say(person, f"登记沟通 {CASE}", contact, "已说明措施")

    def satisfied(self, person: str = "程小满", contact: str = "汪店长") -> str:
        """The customer is satisfied with the measure."""
        return self.say(person, f"满意 {CASE}", contact, "跳过")

    def refused(self, person: str = "程小满", contact: str = "汪店长") -> str:
        """The customer is not satisfied."""
        return self.say(person, f"不满意 {CASE}", "还是不行", contact)

    def implemented(self, person: str = "程小满") -> str:
        """The measure is carried out."""
        return self.say(person, f"已实施 {CASE}", "签收单已回", "跳过")

    def cause(self, *, needed: bool = False) -> str:
        """Quality records the cause."""
        capa = ("需要", "改为自动打印", "11-27") if needed else ("不需要(说明理由)", "偶发")
        return self.say("梁可欣", f"登记原因 {CASE}", "拣货单漏打印", "跳过", "总调度室", *capa)

    def close(self) -> str:
        """Quality closes the case and tells the customer."""
        return self.say("梁可欣", f"关闭 {CASE}", "拣货单漏打印", "改为自动打印", "汪店长", "已发送")

    def photos(self, person: str, count: int = 1) -> str:
        """Somebody sends photos."""
        return self.console(person).receive_photos([photo(shade) for shade in range(count)])

    def sign(self, person: str, action: str, number: str, *lines: str) -> str:
        """Somebody looks at what is to be decided, and decides; the last answer."""
        answer = self.decide(person, action, number)
        return self.say(person, *lines) if lines else answer

    def step(self, number: str = CASE) -> str:
        """Where a case stands."""
        return self.look(number, lambda _uow, case: case.step)

    def answers(self, number: str = CASE) -> dict[str, object]:
        """What a case keeps of its answers."""
        return self.look(number, lambda _uow, case: dict(case.answers))

    def look(self, number: str, at_it: Callable[[UnitOfWork, Case], T]) -> T:
        """Look at a case behind the front door."""

        def looking(uow: UnitOfWork) -> T:
            case = uow.cases.find(number)
            assert case is not None, f"there is no {number}"
            return at_it(uow, case)

        return self.do(looking)

    def done(self, number: str = CASE) -> list[str]:
        """The keys of everything that was done on a case."""
        return self.look(number, lambda uow, case: [row.key for row in uow.cases.actions_of(case.id)])

    def last(self, number: str = CASE) -> Action:
        """What was done on a case last."""

        def newest(uow: UnitOfWork, case: Case) -> Action:
            row = uow.cases.actions_of(case.id)[-1]
            uow.session.expunge(row)
            return row

        return self.look(number, newest)

    def times(self, key: str, number: str = CASE) -> list[Time]:
        """Every deadline of a kind that a case had, in order."""
        return self.look(
            number,
            lambda uow, case: [
                Time(row.state, row.due_at.astimezone(ZONE), row.round, row.breached_at is not None, row.source)
                for row in uow.deadlines.of(case.id)
                if row.key == key
            ],
        )

    def time(self, key: str, number: str = CASE) -> Time:
        """The newest deadline of a kind."""
        return self.times(key, number)[-1]

    def linked(self, number: str = CASE) -> list[str]:
        """The numbers of the cases that a case is tied to."""

        def others(uow: UnitOfWork, case: Case) -> list[str]:
            ids = [{link.case_id, link.other_id} - {case.id} for link in uow.cases.links_of(case.id)]
            return [str(other.number) for each in ids for i in each if (other := uow.cases.get(i))]

        return self.look(number, others)

    def leave(self) -> None:
        """Nobody stays at the database."""
        self.database.dispose()

    def report(self, person: str = "程小满", **answers: str) -> str:
        """Somebody reports a complaint: domain C6, thread 1, unless told otherwise. The last answer."""
        asked = {
            "customer": "驰安", "product": "球头总成", "category": "交付", "impact": "仅通知", "photos": "跳过",
            "description": "少送两箱,门店断货", "quantity": "11–100只", "received_at": "刚刚",
            "handling": "销售自行处理",
        }  # fmt: skip
        return self.say(person, "报投诉", *{**asked, **answers}.values())
