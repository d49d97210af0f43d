"""What each error code of WeCom means for us, as data: what is to be done, and what to tell whoever runs the bot."""

from collections.abc import Mapping
from enum import StrEnum


class Means(StrEnum):
    """What is to be done about an errcode."""

    RETRY = "try again later"
    TOKEN = "fetch another access_token, once"  # noqa: S105 - what to do about one
    CLOSED = "nothing can be sent at all: the installation is to be mended"
    BUSY = "try again at once, twice at most"
    LIMITED = "wait for the end of the window, with the whole place"
    PLAIN = "send it in a plainer shape"
    MEDIA = "upload the file again, once, or do without"
    GONE = "tell somebody else"
    STALE = "the card that was to be changed cannot be"
    CODE = "somebody's sign-in is to be begun anew"


MEANS: Mapping[Means, tuple[int, ...]] = {
    Means.TOKEN: (40014, 42001),
    Means.CLOSED: (40001, 40013, 40056, 41002, 41004, 41011, 48002, 50001, 60020, 301002),
    Means.BUSY: (-1, 45033),
    Means.LIMITED: (45009,),
    Means.PLAIN: (
        40008, 40039, 40058, 40063, 41016, 41033, 42014, 42018, *range(42020, 42022), *range(42023, 42052), 43012,
        44004, 45002, 45008, 45034,
    ),
    Means.MEDIA: (40004, 40005, 40006, 40007, 40009, 40011, 41006, 44001, 45001, 301019),
    Means.GONE: (40003, 60111, 81013, 82001, 84061, 86003, 86008, 86216, 93000),
    Means.STALE: (42022, 42052, 60140),
    Means.CODE: (40029, 41008),
}  # fmt: skip

OF_CODE: Mapping[int, Means] = {code: means for means, codes in MEANS.items() for code in codes}

OF_PATH: Mapping[tuple[str, int], Means] = {("appchat/send", 48002): Means.GONE}
"""Where a code means something else on one path: an app that sees no group chats can still write to people."""

WORDS: Mapping[int, tuple[str, str]] = {
    -1: ("系统繁忙，稍后重试", "WeCom is busy; try again later"),
    40001: ("Secret 不对：请到应用详情页重新复制", "the secret is wrong: copy it anew from the app's page"),
    40013: ("企业 ID（corp_id）不对：见“我的企业”", "corp_id is wrong: see 我的企业"),
    40014: ("access_token 无效", "the access_token is not valid"),
    40029: ("登录码无效或已用过", "the sign-in code is used up or unknown"),
    40056: ("AgentId 不对：见应用详情页", "agent_id is wrong: see the app's page"),
    40058: ("参数不合法", "a parameter is not allowed"),
    41004: ("没有填 Secret", "the secret is missing"),
    41011: ("没有填 AgentId", "agent_id is missing"),
    42001: ("access_token 已过期", "the access_token has expired"),
    43012: ("应用没有设置“接收消息”的 URL，不能发交互卡片", "the app has no 接收消息 address: no cards with buttons"),
    45009: ("调用太频繁，一分钟后再试", "called too often; try again in a minute"),
    46003: ("应用还没有菜单：运行 gukebot wecom menu", "the app has no menu yet: run gukebot wecom menu"),
    48002: (
        "应用没有这个权限（群聊需要可见范围是根部门）",
        "the app may not do this (group chats need the root department)",
    ),
    50001: ("网页授权的可信域名不对", "the trusted domain of the sign-in is another one"),
    60020: ("服务器的 IP 不在“企业可信IP”里", "this server's address is not among 企业可信IP"),
    60111: ("没有这个成员", "there is no such member"),
    81013: ("收件人都不在应用的可见范围内", "none of those addressed can see the app"),
    86003: ("没有这个群聊", "there is no such group chat"),
    86008: ("群聊不是这个应用创建的", "another app made this group chat"),
    93000: ("群机器人的 key 不对，或机器人已被移除", "the robot's key is wrong, or the robot was removed"),
    301002: ("AgentId 和 Secret 不是同一个应用的", "agent_id and secret belong to different apps"),
}
"""What is said of a code, in Chinese and in English."""


def means(path: str, code: int) -> Means:
    """What an errcode of a path means."""
    return OF_PATH.get((path, code)) or OF_CODE.get(code, Means.RETRY)
