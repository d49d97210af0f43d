"""The story of domain C6, thread 1, scene by scene: what people type, and when."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.demo.stage import FRIDAY, at
from conversations.words import N_


@dataclass(frozen=True, slots=True)
class Scene:
    """Until when time passes, who then types what, and what the scene is about."""

    until: datetime
    title: str
    person: str = ""
    lines: tuple[str, ...] = ()
    taps: tuple[tuple[str, str], ...] = ()
    photos: int = 0


CASE = "TS-2026-0082"
CORRECTIVE = "JZ-2026-0033"
SUMMARY = "YB-2026-11"

SCENES = (
    Scene(FRIDAY, N_("A complaint, reported from the customer's car park"), "程小满",
          ("报投诉", "驰安", "球头总成", "交付", "仅通知", "好了",
           "少送两箱,门店断货", "11–100只", "刚刚", "销售自行处理"),
          (("sent", CASE),), photos=2),
    Scene(at(11, 20, 16, 30), N_("Due on a rest day: the warning comes before people leave")),
    Scene(at(11, 22, 16, 5), N_("Overdue on Sunday: the person on duty and the head of the department hear")),
    Scene(at(11, 23, 8), N_("The group hears when work starts")),
    Scene(at(11, 23, 12), N_("Four working hours later: escalated to the supervisor")),
    Scene(at(11, 23, 13, 30), N_("The first remedy, and the customer refuses it"), "程小满",
          ("提措施 82", "周三随班车补发", "登记沟通 82", "汪店长", "告知周三随班车到货",
           "不满意 82", "要求周二到货", "汪店长")),
    Scene(at(11, 24, 9, 10), N_("The second remedy is accepted"), "程小满",
          ("提措施 82", "今天专车补发", "登记沟通 82", "汪店长", "同意今天专车补发", "满意 82", "汪店长", "可以")),
    Scene(at(11, 24, 15, 40), N_("Carried out, with the signed delivery note"), "程小满",
          ("已实施 82", "送货单已签收", "好了"), photos=1),
    Scene(at(11, 25, 10), N_("The cause, and a corrective action"), "梁可欣",
          ("登记原因 82", "拣货单漏打印第二页", "跳过", "总调度室", "需要",
           "拣货单改为自动分页打印并核对页数", "11-27")),
    Scene(at(11, 25, 14), N_("The responsible department plans it"), "邱铁成",
          (f"提计划 {CORRECTIVE}", "拣货单按页打印,逐页核对页数", "11-27", "跳过")),
    Scene(at(11, 25, 15), N_("Quality looks at the plan and approves it"), "沈知衡", (), (("approve", CORRECTIVE),)),
    Scene(at(11, 27, 10, 30), N_("The corrective action is done; its effect will be checked"), "邱铁成",
          (f"完成 {CORRECTIVE}", "已改打印模板,试运行三天无漏页", "跳过")),
    Scene(at(11, 27, 15), N_("Closed, with the closing text for the customer"), "梁可欣",
          ("关闭 82", "拣货单漏打印第二页", "拣货单改为自动分页打印", "汪店长", "已发送")),
    Scene(at(12, 1, 8, 5), N_("The month is over: the draft of its summary, and then its charts in the channels"),
          "顾晓岚", (), (("confirm", SUMMARY),)),
)  # fmt: skip


@dataclass
class Told:
    """What the story led to, for programs that read it."""

    case: str
    due_at: str = ""
    levels: list[dict[str, str]] = field(default_factory=list)
    rounds: int = 0
    corrective_action: str = ""
    charts: list[str] = field(default_factory=list)
    messages: int = 0
    audit: str = ""
