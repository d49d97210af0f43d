"""A procedure that only tests declare: a sample goes to the customer until it is approved, then one is kept."""

from conversations.deadlines import Basis
from conversations.facts import CaseFacts
from conversations.fields import Answers, Field, Kind
from conversations.forms import Form
from conversations.permissions import Capacity as Who
from conversations.procedure import OPEN, Action, Attempt, Deadline, Procedure, Spawn, Step, after, by, starts_at, when
from conversations.rules import ADDITION, rule
from conversations.words import Said, people, said

TECHNOLOGY, DISPATCH = "JS", "DD"


def keep_one(facts: CaseFacts) -> tuple[Spawn, ...]:
    """An approved sample calls for a task of the dispatch office: keep one of them."""
    return (Spawn(procedure="task", kind="task", title=said("封样一件"), department=DISPATCH),)


def kept_first(facts: CaseFacts, attempt: Attempt) -> Said | None:
    """It is not over before one is kept."""
    if all(task.closed for task in facts.spawned("task")):
        return None
    return said("请先完成封样。")


def headline(answers: Answers) -> Said | None:
    """What is sent."""
    return people(answers.get("what") or "")


SAMPLES = Procedure(
    key="samples",
    title="样品送审",
    prefix="YP",
    intake=Form("samples", "送样", (
        Field("customer", "顾客", "送给哪家?", Kind.CUSTOMER),
        Field("what", "样品", "送什么样品?", longest=100),
        Field("quantity", "数量", "送几件?", Kind.WHOLE, required=False),
    )),
    starts=by(Who.SALES),
    first=starts_at("preparing"),
    first_steps=("preparing",),
    steps=(
        Step(key="preparing", label="样品准备中", holder=TECHNOLOGY, owned=False),
        Step(key="with_customer", label="待顾客认可", holder=TECHNOLOGY),
        Step(key="approved", label="样品已认可", holder=TECHNOLOGY),
        Step(key="kept", label="已封样", ending=True),
        Step(key="dropped", label="已取消送样", ending=True),
    ),
    actions=(
        Action(key="send", label="寄出样品", by=by(Who.MEMBER), at=("preparing",), to="with_customer", takes=True,
               main=True, words=("寄样",), form=Form("send", "寄出样品", (Field("parcel", "单号", "快递单号?"),))),
        Action(key="refuse", label="顾客不认可", by=by(Who.HANDLER, Who.REPORTER), at=("with_customer",),
               to="preparing", refuses=True, words=("样品不认可",),
               form=Form("refuse", "顾客不认可", (Field("reason", "原因", "哪里不认可?"),))),
        Action(key="agree", label="顾客认可", by=by(Who.HANDLER, Who.REPORTER), at=("with_customer",), to="approved",
               main=True, spawns=keep_one, words=("样品认可",)),
        Action(key="archive", label="封样归档", by=by(Who.HANDLER), at=("approved",), to="kept", main=True,
               guards=(kept_first,), words=("归档",)),
        Action(key="drop", label="取消送样", by=by(Who.HOLDER_LEAD), at=(OPEN,), to="dropped", words=("取消送样",)),
    ),
    deadlines=(
        Deadline(key="Y1", needs="寄出样品", rule="samples.Y1", starts=when("file", "refuse"), met=after("send")),
        Deadline(key="Y2", needs="取得认可", rule="samples.Y2", starts=when("send"), met=after("agree", "refuse")),
    ),
    rules=(
        rule("samples.Y1", (8, "h", Basis.WORKING), ADDITION, "寄样"),
        rule("samples.Y2", (5, "d", Basis.WORKING), "D1 4.1", "认可"),
    ),
    headline=headline,
    words=("送样", "sample"),
)  # fmt: skip
"""Nothing else in the product knows of it."""
