"""A new administrator does what the pages say and nothing else: on Slack, on WeCom, backed up, upgraded."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import edge
from tests.support.pages import HOUSE
from tests.support.reader import Reader, installed
from tests.support.slack import senders as slack_senders
from tests.support.slack.phone import Phone, Slack
from tests.support.slack.reading import text_of
from tests.support.slack.stand import Stand as SlackStand
from tests.support.waiting import eventually
from tests.support.wecom import senders as wecom_senders
from tests.support.wecom.driver import WeCom
from tests.support.wecom.stand import Stand as WecomStand

PAGES = HOUSE / "docs" / "zh"
PATIENCE = 20.0
"""Seconds: what goes out keeps the platform's pace, and the machine may be busy."""

SALES, QUALITY = "销售部-客诉群", "品保部-客诉群"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    What is there when the page about installing has been followed.
    """
    return installed(PAGES / "install.md", tmp_path_factory.mktemp("installed"))


@pytest.fixture
def administrator(installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """
    Whoever has just followed it; the server is stopped again.
    """
    edge.without_settings(monkeypatch)
    # the doctor's look at every screen takes seconds; its own test has it
    monkeypatch.setattr("bot.golden.named", lambda _language: iter(()))
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    reader = Reader(tmp_path, monkeypatch)
    yield reader
    reader.leave()


@dataclass
class Console:
    """WeCom's console, in which an administrator enters where the server is."""

    reader: Reader
    stand: WecomStand

    def __post_init__(self) -> None:
        """What it shows stands in the text as examples."""
        self.reader.own = {
            "ww0000000000000000": self.stand.corp_id,
            "1000002": str(self.stand.agent_id),
            "YOUR-APP-SECRET": self.stand.secret,
            "YOUR-CALLBACK-TOKEN": self.stand.token,
            "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG": self.stand.aes_key,
            "00000000-0000-0000-0000-000000000001": self.stand.key(SALES),
            "00000000-0000-0000-0000-000000000002": self.stand.key(QUALITY),
        }
        self.stand.set_clock(self.reader.now)
        self.reader.patch.setenv("GUKEBOT_WECOM__API_BASE_URL", self.stand.api)
        self.reader.patch.setenv("GUKEBOT_WECOM__PUBLIC_URL", self.reader.base)

    def enter(self) -> None:
        """The address is saved, and verified on the spot; the trusted domain is the same."""
        self.stand.app.domain = self.reader.base.removeprefix("http://")
        assert self.phones().verify()

    def phones(self) -> WeCom:
        """Everybody's phones."""
        return WeCom(self.stand, wecom_senders.over_http(self.reader.base))


def at_slack(reader: Reader, stand: SlackStand, page: Path) -> None:
    """Follow a page with what Slack shows to this administrator where the text has examples."""
    reader.own = {
        "xoxb-YOUR-BOT-TOKEN": stand.token,
        "YOUR-SIGNING-SECRET": stand.signing_secret,
        "C0000000001": stand.channel(SALES),
        "C0000000002": stand.channel(QUALITY),
    }
    stand.set_clock(reader.now)
    reader.patch.setenv("GUKEBOT_SLACK__API_BASE_URL", stand.api)
    reader.follow(page)


def phones(reader: Reader, stand: SlackStand) -> Slack:
    """Everybody's phones."""
    return Slack(stand, slack_senders.over_http(reader.base))


def reported(phone: Phone) -> None:
    """Somebody reports a quality problem in Slack."""
    phone.command("/guke", "投诉")
    form = phone.form
    asked = {
        "顾客": "凌岳", "产品": "前下控制臂", "问题类别": "产品质量", "客户影响": "换货", "问题说明": "孔位偏移,装不上",
        "接到时间": "刚刚",
    }  # fmt: skip
    for label, value in asked.items():
        form.fill(label, value)
    form.submit()
    assert form.errors == {}


def test_on_slack(administrator: Reader, slack_stand: SlackStand) -> None:
    """
    By the page about Slack a rep reports and quality's channel hears; by those about backups and upgrades it is kept,
    put back and brought to this version, and the case is still there; meanwhile it is watched, and its end is noticed.
    """
    at_slack(administrator, slack_stand, PAGES / "slack.md")
    phone = phones(administrator, slack_stand).phone("程小满")
    reported(phone)
    number = text_of(phone.message("已受理")).partition("TS-")[2][:9]
    assert eventually(lambda: number in str(slack_stand.messages(QUALITY)), PATIENCE)
    for page in ("watch.md", "backup.md", "upgrade.md"):
        administrator.follow(PAGES / page)
    again = phones(administrator, slack_stand).phone("程小满")
    again.command("/guke", f"TS-{number}")

    administrator.leave()
    watched = administrator.command(f"gukebot watch --url {administrator.base} --once", "afterwards", fails=True)

    assert "孔位偏移" in again.said
    assert "stuck" in watched


def test_on_wecom(administrator: Reader, wecom_stand: WecomStand) -> None:
    """
    By the page about WeCom, whose console takes the address in the middle, a rep reports from the menu and the group
    of quality reads it.
    """
    console = Console(administrator, wecom_stand)
    administrator.follow(PAGES / "wecom.md", {"4.": console.enter})
    phone = console.phones().phone("程小满")
    phone.menu("start:complaint")
    phone.message("第 1 题")
    for line in ("凌岳", "前下控制臂", "产品质量", "换货", "跳过", "孔位偏移,装不上", "30件", "刚刚", "提交并转品保"):
        assert phone.say(line).taken
    group = wecom_stand.key(QUALITY)

    assert eventually(lambda: [each for each in wecom_stand.robot(group) if "孔位偏移" in each.text], PATIENCE)
