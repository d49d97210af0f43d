"""Sixty words that must never be seen where machines talk: secrets, people, what they said, and keys to pages."""

from itertools import chain

from tests.support.customer import KEY

SECRETS = {
    "slack.bot_token": "xoxb-4711-kanarienvogel-bot-token",
    "slack.app_token": "xapp-1-kanarienvogel-app-token",
    "slack.signing_secret": "5d3e0a7c9b1f4c2e8a6d0f3b7c9e1a2d",
    "wecom.secret": "kanarienvogel-wecom-secret-9fQ2",
    "wecom.token": "kanarienWecomToken7",
    "wecom.aes_key": "a2FuYXJpZW52b2dlbCBpbSBiZXJnd2VyayBzaW5ndCA",
    "wecom.corp_id": "wwkanarienvogel0001",
    "server.link_key": KEY.decode(),
}  # fmt: skip
PEOPLE = (
    "欧阳静怡",
    "司徒望舒",
    "Hermengild Zwölfer",
    "百里奚明",
    "上官婉清",
    "慕容听雪",
    "Quirinus Ölsner",
    "令狐问天",
)
PHONES = ("13912345678", "139-8765-4321", "138 2222 3333", "+86 13711112222", "0755-88990011", "15000001111")
NUMBERS = ("11010519491231002X", "440305198802285512", "310101200001011239")
PLACES = ("翡翠路九十九号院七栋", "Kanariengasse 17, 4020 Linz", "明月湾西街二百零三室", "栖霞里弄十八号后门")
MAILS = ("kanarie@vogel.example", "jingyi.ouyang@chian.example", "h.zwoelfer@motoren.example")
WORDS = (
    "轴承发出鹦鹉般的叫声", "箱子里有一封情书", "我们的采购经理哭了", "仓库管理员偷偷告诉我",
    "The torque wrench cried at night", "孔位偏移得像醉汉",
    "客户扬言要告到省里", "不要告诉厂长是我说的", "样件埋在花坛下面", "包装上画了一只鹅",
    "补发三套并登门道歉", "车间主任辞职的原因", "付款条件泄露给对手", "这句话只有顾客知道", "内部代号蓝鲸计划",
)  # fmt: skip
ANSWERS = (
    "满意度里的悄悄话",
    "价格高得离谱因为回扣",
    "服务员小李态度恶劣",
    "期望老板换人",
    "食堂的秘密配方",
    "我就是那个投诉人",
)
FILES = ("欧阳的身份证.png", "secret-salary-list.png", "客户合同扫描件.png")
TYPED = ("kanarienvogel-im-kommando", "kanarienvogel-in-der-suche", "kanarienvogel-im-modal", "kanarienvogel-als-knopf")

PLANTED = (*SECRETS.values(), *PEOPLE, *PHONES, *NUMBERS, *PLACES, *MAILS, *WORDS, *ANSWERS, *FILES, *TYPED)
"""What is planted; the keys to pages are added as they are made."""


def written(canary: str) -> tuple[str, ...]:
    """How a canary can stand in a text of ours."""
    return canary, canary.encode("unicode_escape").decode(), canary.replace("+86 ", ""), canary.encode().hex()


def seen(text: str, *more: str) -> list[str]:
    """The canaries in a text."""
    return [form for form in chain.from_iterable(map(written, (*PLANTED, *more))) if form and form in text]
