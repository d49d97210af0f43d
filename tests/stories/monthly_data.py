"""Rows for the stories of the monthly summary: a small company, and complaints in one line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from storage.cases import Action, Case, Link
from storage.customers import Customer, Defect, Product
from storage.deadlines import Deadline
from storage.organisation import Department, Person

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """An instant written in company time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _changed(row: Case | Deadline, columns: Mapping[str, object]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


@dataclass
class Records:
    """What is written for one story."""

    session: Session
    written: int = 0

    def company(self) -> None:
        """Two customers, a product, two defects, a department and a person."""
        self.session.add_all([
            Customer(code="K01", name="凌岳汽车有限公司", short="凌岳"),
            Customer(code="K05", name="森迪转向系统有限公司", short="森迪"),
            Product(code="LG-1010", name="前下控制臂总成"), Product(code="LG-1050", name="橡胶衬套"),
            Defect(code="GN01", name="异响"), Defect(code="WG01", name="锈蚀"), Department(code="SC", name="生产部"),
            Person(name="方大勇", department="SC"),
        ])  # fmt: skip
        self.session.flush()

    def complaint(self, received: str, **columns: object) -> Case:
        """One complaint; what is not said is a closed complaint of 凌岳 about 异响."""
        self.written += 1
        instant = at(received)
        case = Case(
            procedure="complaint", number=f"TS-{received[:4]}-{self.written:04d}", kind="complaint",
            customer="K01", product="LG-1010", category="quality", defect="GN01", severity="general",
            step="closed", closed_at=instant + timedelta(days=10), received_at=instant,
            received_month=received[:7], created_at=instant, updated_at=instant,
        )  # fmt: skip
        _changed(case, columns)
        self.session.add(case)
        self.session.flush()
        return case

    def deadline(self, case: Case, ended: str | None, **columns: object) -> None:
        """The 48 hours of a complaint, met at an instant or not yet."""
        due = case.received_at + timedelta(hours=48)
        met = ended is not None and at(ended) <= due
        state = "running" if ended is None else "met" if met else "breached_met"
        deadline = Deadline(
            case_id=case.id, key="K1", basis="natural", span_minutes=2880, state=state,
            started_at=case.received_at, due_at=due, ended_at=at(ended) if ended else None,
        )  # fmt: skip
        _changed(deadline, columns)
        self.session.add(deadline)
        self.session.flush()

    def verdict(self, case: Case, key: str, number: int = 1) -> None:
        """What the customer said of a measure."""
        action = Action(step="awaiting_customer", key=key, round=number, answers={}, at=case.received_at)
        action.case_id = case.id
        self.session.add(action)
        self.session.flush()

    def corrective(self, case: Case, number: str, step: str = "open") -> Case:
        """A corrective action that a complaint led to."""
        instant = case.received_at
        task = Case(
            procedure="task", kind="corrective", number=number, step=step, received_at=instant,
            received_month=case.received_month, created_at=instant, updated_at=instant,
            closed_at=instant if step == "closed" else None,
        )  # fmt: skip
        self.session.add(task)
        self.session.flush()
        self.session.add(Link(case_id=case.id, other_id=task.id, kind="spawned"))
        self.session.flush()
        return task
