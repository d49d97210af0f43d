"""Taking a corrective action through its steps at the desk, at either level."""

from storage.cases import Case
from storage.unit_of_work import UnitOfWork
from tests.support.desk import CASE, Desk

ACTION = "JZ-2026-0033"
LEAD, ENGINEER, PRODUCTION, VICE, HEAD = "沈知衡", "梁可欣", "方大勇", "陆明舟", "贺振山"
EFFECT_SEEN = ("连续三批无再发", "跳过")


def simple(desk: Desk) -> None:
    """A general problem of 瀚途's: quality accepts it, finds the cause, and production is to correct it."""
    desk.transmit()
    desk.accept()
    desk.say(ENGINEER, f"登记原因 {CASE}", "定位销磨损", "跳过", "生产部", "需要", "更换定位销并定期点检", "11-27")


def eight_d(desk: Desk) -> None:
    """A major problem of 凌岳's: an 8D is required."""
    desk.transmit(customer="凌岳", impact="有停线风险")
    desk.accept("重大")
    desk.say(ENGINEER, f"开纠正措施 {CASE}", "生产部", "防止孔位偏移再发", "12-18")


def plan(desk: Desk, measure: str = "改用耐磨定位销", day: str = "11-27") -> str:
    """The responsible department proposes its plan."""
    return desk.say(PRODUCTION, f"提计划 {ACTION}", measure, day, "跳过")


def approve(desk: Desk, *people: str) -> str:
    """Whoever is asked approves it; the last answer."""
    answers = [desk.sign(person, "approve", ACTION) for person in people or (LEAD,)]
    return answers[-1]


def done(desk: Desk) -> str:
    """It is carried out."""
    return desk.say(PRODUCTION, f"完成 {ACTION}", "新定位销已装,首件合格", "跳过")


def effective(desk: Desk, person: str = ENGINEER) -> str:
    """Somebody of quality finds that it works."""
    return desk.sign(person, "verify_ok", ACTION, *EFFECT_SEEN)


def ineffective(desk: Desk, person: str = ENGINEER) -> str:
    """Somebody of quality finds that it does not."""
    return desk.sign(person, "verify_bad", ACTION, "抽查 200 件", "无效", "仍有 3 件偏移", "跳过")


def consolidate(desk: Desk) -> str:
    """What was learnt is kept."""
    return desk.say(PRODUCTION, f"巩固 {ACTION}", "控制计划已更新", "转向节线同样点检")


def disciplines(desk: Desk) -> None:
    """D1 to D4."""
    desk.say(ENGINEER, f"D1 {ACTION}", "梁可欣(组长)、方大勇、韩立群")
    desk.say(ENGINEER, f"D2 {ACTION}", "前下控制臂安装孔偏移 0.4 mm,装配线发现 12 件", "跳过")
    desk.say(ENGINEER, f"D3 {ACTION}", "成品库与在途全检", "客户处 120/5,成品库 300/7", "跳过")
    desk.say(ENGINEER, f"D4 {ACTION}", "定位销磨损未更换", "首末件未测孔位", "换新销后 50 件全合格", "跳过")


def d5(desk: Desk, measure: str = "定位销改为硬质合金并定期更换", day: str = "12-01") -> str:
    """The measures are chosen."""
    return desk.say(PRODUCTION, f"D5 {ACTION}", measure, day, "跳过")


def d6(desk: Desk) -> str:
    """The measures are carried out."""
    return desk.say(PRODUCTION, f"D6 {ACTION}", "硬质合金销已装三台夹具", "跳过")


def states(desk: Desk, number: str = ACTION) -> list[tuple[str, str]]:
    """Every question that was asked about an action: at which step, and how it stands."""

    def every(uow: UnitOfWork, case: Case) -> list[tuple[str, str]]:
        return [(asked.step, asked.state) for asked in uow.sign_offs.of(case.id)]

    return desk.look(number, every)


def effective_action(desk: Desk) -> None:
    """A problem of 瀚途's that was corrected, with an action found effective and consolidated."""
    simple(desk)
    plan(desk)
    approve(desk)
    done(desk)
    effective(desk)
    consolidate(desk)
