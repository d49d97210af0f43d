"""The story of domain C6, thread 2: a line may stop, the customer's own limit, a meeting by phone, an 8D to its end."""

from datetime import datetime

from bot.demo.stage import at
from bot.demo.story import CORRECTIVE, Scene
from bot.demo.story import SCENES as THREAD_1
from conversations.words import N_

CASE = "TS-2026-0083"
MEETING = "RW-2026-0001"
SELLER, QUALITY, LEAD, PRODUCTION, TECHNOLOGY = "程小满", "梁可欣", "沈知衡", "方大勇", "韩立群"


def _scene(until: datetime, title: str, person: str, *lines: str, photos: int = 0) -> Scene:
    return Scene(until, title, person, lines, photos=photos)


SCENES = (
    THREAD_1[0],
    _scene(at(11, 20, 17, 20), N_("A line may stop: the customer's own limit is 24 hours"), SELLER,
           "报投诉", "凌岳", "前下控制臂总成", "产品质量", "有停线风险", "孔位偏移,装不上", "11–100只", "刚刚",
           "提交并转品保", f"已发送 {CASE}", photos=2),
    _scene(at(11, 20, 17, 40), N_("Quality accepts it, as a major problem"), QUALITY,
           f"接收 {CASE}", "重大", "装配线(0公里)", "CC02"),
    _scene(at(11, 20, 18, 30), N_("Containment comes before everything else"), QUALITY,
           f"登记临时措施 {CASE}", "客户处挑选、在途拦截、隔离库存",
           "客户处 120/5,在途 600/0,成品库 300/7,同类产品 200/0"),
    _scene(at(11, 20, 19), N_("The meeting is held by phone"), LEAD,
           f"登记会议 {CASE}", "品保、技术、生产", "今晚全检库存;夹具定位销全部更换;明早 10 点回复凌岳", "跳过"),
    Scene(at(11, 20, 19, 10), N_("Those who were there confirm the minutes"), TECHNOLOGY, (),
          (("confirm_minutes", MEETING),)),
    Scene(at(11, 20, 19, 12), N_("Those who were there confirm the minutes"), PRODUCTION, (),
          (("confirm_minutes", MEETING),)),
    _scene(at(11, 20, 19, 20), N_("An 8D is opened: the severity and the customer require it"), QUALITY,
           f"开纠正措施 {CASE}", "生产部", "前下控制臂孔位偏移不再发生", "12-18",
           f"D1 {CORRECTIVE}", "梁可欣(组长)、韩立群、方大勇",
           f"D2 {CORRECTIVE}", "11月20日凌岳装配线,前下控制臂前安装孔偏移 0.4 mm,装不上,已发现 12 只", "跳过",
           f"D3 {CORRECTIVE}", "客户处、在途、成品库全检,合格品贴绿标发运", "客户处 120/5,在途 600/0,成品库 300/7",
           "跳过"),
    _scene(at(11, 21, 11, 30), N_("The remedy and the talk with the customer, in time"), QUALITY,
           f"提措施 {CASE}", "今天送 300 只全检合格件,驻厂挑选两天", f"登记沟通 {CASE}", "唐工",
           "同意,要求今天 15 点前到"),
    _scene(at(11, 21, 15), N_("The customer is satisfied"), QUALITY, f"满意 {CASE}", "唐工", "合格件已到,未停线"),
    _scene(at(11, 23, 16), N_("The remedy is carried out"), QUALITY,
           f"已实施 {CASE}", "驻厂挑选结束,不良 5 只已换", photos=1),
    _scene(at(11, 24, 10), N_("The cause is found and proven"), QUALITY,
           f"登记原因 {CASE}", "定位销磨损 0.35 mm 未更换", "首末件检验未测孔位", "生产部", "已开",
           f"D4 {CORRECTIVE}", "定位销磨损 0.35 mm,点检表没有更换寿命", "首末件检验未测孔位",
           "换新销 50 件全合格,装回旧销再现",
           "跳过"),
    _scene(at(11, 24, 16), N_("Production chooses the measures"), PRODUCTION,
           f"D5 {CORRECTIVE}", "改硬质合金定位销,2 万件强制更换;首末件加测孔位", "12-01", "跳过"),
    _scene(at(11, 25, 9), N_("Quality wants more, and returns the plan"), LEAD, f"退回 {CORRECTIVE}", "b",
           "请补充防错措施"),
    _scene(at(11, 25, 14), N_("Production chooses the measures"), PRODUCTION,
           f"D5 {CORRECTIVE}", "改硬质合金定位销,2 万件强制更换;夹具加到位传感器,孔位不对不放行", "12-01", "跳过"),
    Scene(at(11, 25, 15), N_("Quality approves the measures"), LEAD, (), (("approve", CORRECTIVE),)),
    _scene(at(11, 26, 10), N_("The complaint is closed; its action goes on"), QUALITY,
           f"关闭 {CASE}", "夹具定位销磨损", "改用硬质合金销并加到位传感器", "唐工", "已发送"),
    _scene(at(12, 1, 15), N_("The measures are carried out"), PRODUCTION,
           f"D6 {CORRECTIVE}", "三台夹具已换销并装传感器,首件 30 件合格", photos=1),
    _scene(at(12, 28, 10), N_("Somebody else finds that they work"), QUALITY,
           f"验证有效 {CORRECTIVE}", "a", "四周 38,000 只无偏移,传感器拦下 2 次", "跳过"),
    _scene(at(12, 29, 10), N_("What was learnt goes into documents, and to other products"), PRODUCTION,
           f"D7 {CORRECTIVE}", "PFMEA、控制计划、点检表已更新", "转向节、悬置支架夹具同样改造",
           "到位传感器:孔位不对机床不启动",
           "跳过"),
    _scene(at(12, 30, 10), N_("Closed, with thanks to those who found it"), QUALITY,
           f"D8 {CORRECTIVE}", "磨损件都要有寿命;感谢生产部夜班连夜全检"),
)  # fmt: skip
