"""N-13 and U21 over 200,000 complaints: similar cases during intake, and finding one by a word."""

import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import text

from conversations.similarity import Problem
from handlers import finding
from handlers.pinyin import initials, sounds
from handlers.turn import Turn
from storage.customers import Contact, Customer
from storage.past import PastComplaint, PastComplaints
from storage.unit_of_work import UnitOfWork
from tests.benchmarks.pairing import Row, duration, limit, seconds
from tests.benchmarks.rig import Rig, analyse
from tests.support.desk import FRIDAY, Desk

CASES, QUERIES, LIKE = 200_000, 1_000, 200
AT_ONCE = 10_000
MOST_SECONDS, SHARE, TOP = 0.3, 0.97, 3
PLACES = (
    "装配线上",
    "来料抽检",
    "入库检验",
    "售后市场",
    "路试中",
    "客户仓库",
    "终检工位",
    "返工区",
    "试装时",
    "开箱时",
)
PARTS = ("衬套", "球销", "防尘罩", "螺纹孔", "法兰面", "焊缝", "安装孔", "卡簧", "标签", "外箱", "端面", "密封圈")
SEEN = (
    "生锈",
    "异响",
    "开裂",
    "尺寸偏大",
    "孔位偏移",
    "有毛刺",
    "漏脂",
    "掉漆",
    "压装不到位",
    "松旷",
    "混装",
    "划伤",
    "变形",
)
SIGNS = "东西南北中华安宁平乐福瑞祥和顺达通广源盛宏远大新科信诚立方圆金山海江河湖林森木石"


@dataclass(frozen=True, slots=True)
class Told:
    """One complaint as the benchmark made it."""

    number: str
    customer: str
    title: str
    open: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked, and the case that somebody who asks so wants: the newest open one that fits, else the newest."""

    kind: str
    text: str
    right: str


def rows(rig: Rig) -> Iterator[Row]:
    """On both databases, for somebody who sees everything and for a sales representative."""
    count = CASES // 10 if rig.quick else CASES
    for name, url in rig.urls().items():
        yield from _on(rig.desk(url()), name, count)


def _on(desk: Desk, name: str, count: int) -> Iterator[Row]:
    chance = random.Random(13)
    _customers(desk, chance)
    told: list[Told] = []
    took = seconds(lambda: told.extend(_filled(desk, chance, count)))
    analyse(desk.database._engine.url.render_as_string(hide_password=False))
    yield Row(f"{count:,} complaints taken in and indexed, {name}", duration(took), "", "", "")
    yield from _similar(desk, name, [chance.choice(told) for _ in range(LIKE)])
    asked = list(_queries(desk, chance, told))
    for person in ("梁可欣", "程小满"):
        yield from _finding(desk, f"{name}, {person}", person, asked)
    desk.database.dispose()


def _customers(desk: Desk, chance: random.Random) -> None:
    """Two hundred more customers, each with a contact and a phone; a tenth of them one representative's."""
    names: set[str] = set()
    while len(names) < 200:
        names.add("".join(chance.sample(SIGNS, 2)))

    def enter(uow: UnitOfWork) -> None:
        mine = uow.organisation.person_by_name("程小满")
        for at, short in enumerate(sorted(names)):
            code = f"B{at:03}"
            owner = mine.id if mine is not None and at % 10 == 0 else None
            uow.customers.add(
                Customer(code=code, name=f"{short}汽车部件有限公司", short=short, owner_sales_id=owner),
                Contact(customer=code, name=f"{short[0]}经理", phone=f"1380001{at:04}"),
            )

    desk.do(enter)


def _filled(desk: Desk, chance: random.Random, count: int) -> Iterator[Told]:
    """So many complaints over three years, the newest last; one in fifty is open."""
    codes = [f"B{at:03}" for at in range(200)] + ["K01", "K02", "K03", "K04", "K05"] * 20
    products = ["LG-1010", "LG-1020", "LG-1030", "LG-1040", "LG-1050", "LG-1060"]
    for start in range(0, count, AT_ONCE):
        batch = [
            PastComplaint(
                source_key=f"bench:{at}", received_at=FRIDAY - timedelta(minutes=8 * (count - at)),
                received_month="2026-01", customer=chance.choice(codes), product=chance.choice(products),
                title=f"{chance.choice(PLACES)}发现{chance.choice(PARTS)}{chance.choice(SEEN)},"
                f"批次{chance.choice('ABCDEFGH')}{chance.randrange(10_000):04},约{chance.randrange(1, 300)}只",
            )
            for at in range(start, min(start + AT_ONCE, count))
        ]  # fmt: skip
        desk.do(partial(_take_in, batch=batch))
        for at, row in enumerate(batch, start):
            yield Told(f"TS-{2000 + at // 9000}-{at % 9000 + 1:04}", row.customer, row.title, at % 50 == 0)

    desk.do(_number)


def _take_in(uow: UnitOfWork, batch: list[PastComplaint]) -> None:
    PastComplaints(uow.session).take_in(batch, now=uow.now, by="bench")


AT = "CAST(substr(source_key, 7) AS INTEGER)"
DIGITS = f"CAST({AT} % 9000 + 1 AS TEXT)"
NUMBER = f"'TS-' || CAST(2000 + {AT} / 9000 AS TEXT) || '-' || substr('0000' || {DIGITS}, length({DIGITS}) + 1)"
CLOSED = f"CASE WHEN {AT} % 50 = 0 THEN NULL ELSE received_at END"


def _number(uow: UnitOfWork) -> None:
    """Give them numbers, and open one in fifty."""
    new = f"number = {NUMBER}, closed_at = {CLOSED}"
    uow.session.execute(text(f"UPDATE cases SET {new} WHERE source_key LIKE 'bench:%'"))


def _similar(desk: Desk, name: str, asked: list[Told]) -> Iterator[Row]:
    took = []

    def ask(uow: UnitOfWork) -> None:
        for told in asked:
            problem = Problem(text=told.title, customer=told.customer, product="LG-1010")
            took.append(seconds(partial(uow.similar.closest, "complaint", problem)))

    desk.do(ask)
    high = statistics.quantiles(took, n=20)[-1]
    middle = duration(statistics.median(took))
    yield limit(f"N-13 similar cases, p95, {name}", f"{duration(high)} (median {middle})", high, MOST_SECONDS, "s")


def _queries(desk: Desk, chance: random.Random, told: list[Told]) -> Iterator[Query]:
    """A thousand: numbers, names, halves of names, pinyin, phones, contacts, words with and without the customer."""
    names = desk.do(lambda uow: {each.code: (each.short, each.name) for each in uow.customers.all()})
    newest = {each.customer: each.number for each in told}
    newest |= {each.customer: each.number for each in told if each.open}
    by_initials = Counter(letters for short, _ in names.values() for letters in initials(short))
    for _ in range(QUERIES):
        each = chance.choice(told)
        short, whole = names[each.customer]
        words = each.title[each.title.index("发现") + 2 : each.title.index(",")]
        lot = each.title[each.title.index("批次") + 2 :][:5]
        latest = newest[each.customer]
        kinds: dict[str, tuple[str, Callable[[], str]]] = {
            "number": (each.number, partial(str, each.number)),
            "name": (chance.choice((short, whole, each.customer)), partial(str, latest)),
            "half a name": (whole[: len(short) + 2], partial(str, latest)),
            "customer and words": (f"{short} {words}", partial(_newest, told, each.customer, words)),
            "words and lot": (f"{words} {lot}", partial(_newest, told, "", words, lot)),
            "customer, lot": (f"{short}{lot}", partial(_newest, told, each.customer, lot)),
        }
        letters = min(initials(short))
        if each.customer.startswith("B") and by_initials[letters] == 1:
            kinds["initials"] = (letters, partial(str, latest))
            kinds["pinyin"] = (min(sounds(short)), partial(str, latest))
        if each.customer.startswith("B"):
            kinds["phone"] = (f"1{int(each.customer[1:]):04}", partial(str, latest))
        kind = chance.choice(sorted(kinds))
        asked, right = kinds[kind]
        yield Query(kind, asked, right())


def _newest(told: list[Told], customer: str, *words: str) -> str:
    fitting = [each for each in told if customer in ("", each.customer) and all(word in each.title for word in words)]
    open_ones = [each for each in fitting if each.open]
    return (open_ones or fitting)[-1].number


def _finding(desk: Desk, name: str, person: str, asked: list[Query]) -> Iterator[Row]:
    took: list[float] = []
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()

    def ask(uow: UnitOfWork) -> None:
        turn = Turn(uow, desk.company, uow.organisation.person_by_name(person))
        for query in asked:
            found: list[str] = []
            took.append(seconds(partial(_look, turn, query.text, found)))
            total[query.kind] += 1
            right[query.kind] += query.right in found[:TOP]

    desk.do(ask)
    high = statistics.quantiles(took, n=20)[-1]
    shown = f"{duration(high)} (median {duration(statistics.median(took))}, longest {duration(max(took))})"
    yield limit(f"U21 a word finds a case, p95, {name}", shown, high, MOST_SECONDS, "s")
    if person == "梁可欣":
        share = right.total() / total.total()
        kinds = ", ".join(f"{kind} {right[kind]}/{total[kind]}" for kind in sorted(total))
        verdict = "met" if share >= SHARE else "MISSED"
        yield Row(f"U21 right one among {TOP} >= {SHARE:.0%}, {name}", f"{share:.1%}: {kinds}", "", "", verdict)


def _look(turn: Turn, asked: str, found: list[str]) -> None:
    found += [case.number or "" for case in finding.find(turn, asked)]
