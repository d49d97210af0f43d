"""The words people type, and what each means: exact word, then its argument (domain A9)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from conversations.fields import folded
from conversations.personal import PERSONAL
from conversations.procedures.handbook import Handbook

GLOBAL: Mapping[str, tuple[str, ...]] = {
    "resume": ("继续", "继续上次", "接着填", "continue", "resume"),
    "back": ("上一步", "返回", "回退", "back"),
    "skip": ("跳过", "先跳过", "没有", "不知道", "skip"),
    "done_files": ("好了", "完成", "传完了", "没了", "done"),
    "submit": ("提交", "确认", "确定", "发送", "submit"),
    "cancel": ("取消", "不报了", "算了", "放弃", "cancel"),
    "undo": ("撤回", "撤销上一步", "点错了", "填错了", "undo"),
    "help": ("帮助", "菜单", "怎么用", "你好", "在吗", "功能", "?", "？", "help"),
}
"""Understood in an open form too; there every other word is an answer."""

PLAIN: Mapping[str, tuple[str, ...]] = {
    "mine": ("我的事项", "待办", "代办", "我的", "我的待办", "待处理", "有什么要处理", "mine", "todo", "inbox"),
    "find": ("查", "查询", "查进度", "进度", "到哪了", "查一下", "find", "status", "where"),
    "overdue": ("超期", "超期的", "逾期", "过期", "超时", "overdue", "late"),
    "why": ("为什么", "为啥", "怎么算的", "凭什么", "why"),
    "rules": ("规则", "规定", "制度", "程序文件", "rules"),
    "flow": ("流程图", "流程", "走到哪一步", "flow"),
    "drafts": ("草稿", "drafts"),
    "details": ("详情", "查看详情", "details"),
    "actions": ("操作", "更多", "actions", "more"),
    "correct": ("修改", "correct"),
    "settings": ("设置", "语言", "免打扰", "提醒设置", "settings"),
    "leave": PERSONAL["leave"].words,
}

NUMBER = re.compile(r"(?:[a-z]{2}-?)?(?:[0-9]{4}-)?[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a line of text means: a word of ours, an action on a case, or a new case; with its argument."""

    word: str = ""
    action: str = ""
    procedure: str = ""
    argument: str = ""


def in_a_form(text: str) -> str | None:
    """The global word that a line is, while a form is open."""
    return _word(folded(text), GLOBAL)


def meaning(text: str, handbook: Handbook) -> Meant | None:
    """What a line means when no form is open. None: not understood."""
    line = folded(text)
    if NUMBER.fullmatch(line):
        return Meant(word="details", argument=line)
    whole = _meant(line, "", handbook)
    if whole is not None:
        return whole
    head, _, argument = line.partition(" ")
    return _meant(head, argument.strip(), handbook) if argument else None


def _meant(word: str, argument: str, handbook: Handbook) -> Meant | None:
    ours = (None if argument else _word(word, GLOBAL)) or _word(word, PLAIN)
    if ours is not None and not (ours == "correct" and argument):
        return Meant(word=ours, argument=argument)
    for procedure in handbook.procedures:
        if word in map(folded, procedure.words):
            return Meant(procedure=procedure.key, argument=argument)
    action = next((a for p in handbook.procedures for a in p.actions if word in map(folded, a.words)), None)
    return Meant(action=action.key, argument=argument) if action else None


def _word(text: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    return next((key for key, spoken in words.items() if text in spoken), None)
