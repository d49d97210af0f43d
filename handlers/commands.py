"""The words people type, and what each means: exact word, then its argument (domain A9)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from conversations.fields import folded
from conversations.matching import Word
from conversations.personal import PERSONAL
from conversations.procedures.handbook import Handbook
from conversations.words import N_, Said, said
from handlers.pinyin import initials, sounds

GLOBAL: Mapping[str, tuple[str, ...]] = {
    "resume": ("继续", "继续上次", "接着填", "continue", "resume"),
    "back": ("上一步", "返回", "回退", "back"),
    "skip": ("跳过", "先跳过", "没有", "不知道", "skip"),
    "done_files": ("好了", "完成", "传完了", "没了", "done"),
    "submit": ("提交", "确认", "确定", "发送", "submit"),
    "cancel": ("取消", "不报了", "算了", "放弃", "cancel"),
    "undo": ("撤回", "撤销上一步", "点错了", "填错了", "undo"),
    "page": ("网页", "网页填写", "手机网页", "page"),
    "help": ("帮助", "菜单", "怎么用", "你好", "在吗", "功能", "?", "help"),
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
    "indicators": PERSONAL["indicators"].words,
    "add_relations": ("补业务关系", "业务关系", "relations"),
    "duty": ("值班", "谁值班", "值班表", "duty"),
}

LATER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "yearly": (N_("Yearly summary"), ("年报", "年度汇总", "年度分析", "yearly")),
    "claim": (N_("Claim"), ("索赔", "赔偿", "扣款", "客户索赔", "claim")),
    "corrective": (
        N_("Corrective action"), ("纠正措施", "整改", "8d", "8d报告", "预防措施", "整改计划", "capa"),
    ),
    "suggestion": (N_("Suggestion"), ("提建议", "合理化建议", "建议", "金点子", "suggest")),
    "property": (
        N_("Customer property"), ("顾客财产", "客户财产", "台帐", "台账", "客供件", "客户图纸", "property"),
    ),
    "borrow": (N_("Borrow"), ("借用", "借图纸", "借样件", "borrow")),
    "bring_back": (N_("Give back"), ("归还", "还", "已归还", "return")),
    "lost": (N_("Damaged or lost"), ("损坏丢失", "遗失", "损坏", "丢了", "坏了", "lost")),
    "csr": (N_("Special requirement"), ("特殊要求", "客户特殊要求", "csr")),
    "requirement": (N_("Customer requirement"), ("客户需求", "需求", "顾客需求", "requirement")),
    "change": (N_("Change"), ("变更", "设计变更", "客户变更", "ecn", "change")),
}  # fmt: skip
"""Words of procedures that the handbook may not have yet: understood, and answered so. A declared word wins."""

SHORTER: Mapping[str, tuple[str, ...]] = {
    "complaint": ("bts", "ts", "ks", "tousu", "kesu"), "mine": ("wdsx", "wd", "db", "daiban"),
    "find": ("c", "cx", "jd", "cjd", "jindu"), "overdue": ("cq", "chaoqi", "yq"), "accept": ("js", "jieshou"),
    "transmit": ("zpb", "cd"), "propose_remedy": ("tcs", "cs"), "log_contact": ("djgt", "gt"), "satisfied": ("my",),
    "not_satisfied": ("bmy",), "attach": ("bzp", "zp"), "why": ("wsm", "ws"), "rules": ("gz", "guize"),
    "flow": ("lct", "lc"), "monthly_summary": ("yb", "yuebao"), "yearly": ("nb", "nianbao"),
    "claim": ("sp", "suopei"), "corrective": ("jzcs", "zg", "bd"), "customer_survey": ("fwj", "wj", "myd"),
    "follow_up": ("hf", "huifang"), "suggestion": ("tjy", "hlh"), "property": ("gkcc", "cc", "tz"),
    "borrow": ("jiey",), "bring_back": ("gh",), "lost": ("ssds", "ds"), "csr": ("tsyq",),
    "requirement": ("khxq", "xq"), "change": ("bg", "biangeng"), "leave": ("qj", "dl"), "duty": ("zb", "zhiban"),
    "settings": ("sz", "mdr"), "resume": ("jx",), "back": ("syb", "fh"), "skip": ("tg",), "done_files": ("hl",),
    "submit": ("tj",), "cancel": ("qx",), "undo": ("ch",), "help": ("bz", "bangzhu"), "page": ("wy", "wangye"),
}  # fmt: skip
"""The pinyin that belongs to one word alone, whatever else begins with these letters (domain A9)."""

LABELS: Mapping[str, str] = {
    "resume": N_("Go on"), "back": N_("Back"), "skip": N_("Skip"), "done_files": N_("That is all"),
    "submit": N_("Submit"), "cancel": N_("Cancel"), "undo": N_("Undo"), "help": N_("Help"), "mine": N_("My cases"),
    "find": N_("Find a case"), "overdue": N_("Overdue"), "why": N_("Why"), "rules": N_("Rules"),
    "flow": N_("Chart of steps"), "drafts": N_("Drafts"), "details": N_("Details"), "actions": N_("More"),
    "correct": N_("Edit"), "settings": N_("Settings"), "leave": N_("Leave"), "duty": N_("On duty"),
    "page": N_("Web page"), "indicators": N_("Indicators of a month"),
    "add_relations": N_("Add business relations"),
}  # fmt: skip
"""What a word is called on a button."""

NUMBER = re.compile(r"(?:[a-z]{2}-?)?(?:[0-9]{4}-)?[0-9]{1,6}")
GLUED = re.compile(r"(?P<head>[^0-9]+?) ?(?P<number>[0-9]{1,6})")
ASKED_AFTER = ("到哪了", "到哪一步了", "怎么样了", "进度")
"""What people put behind the thing they look for."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a line of text means: a word of ours, an action on a case, or a new case; with its argument."""

    word: str = ""
    action: str = ""
    procedure: str = ""
    later: str = ""
    argument: str = ""


def in_a_form(text: str, *, shorter: bool = False) -> str | None:
    """The global word that a line is, while a form is open; its pinyin only where no text is asked for."""
    line = folded(text)
    return next(
        (key for key, spoken in GLOBAL.items() if line in spoken or (shorter and line in SHORTER.get(key, ()))), None
    )


def meaning(text: str, handbook: Handbook) -> Meant | None:
    """What a line means when no form is open, to the letter. None: not understood so."""
    line, known = folded(text), exact(handbook)
    if NUMBER.fullmatch(line) and (line[:2] not in known or line[:2] in _series(handbook)):
        return Meant(word="details", argument=line)
    if line in known and line not in SHORTER["find"][:1]:
        return known[line]
    head, _, argument = line.partition(" ")
    glued, followed = GLUED.fullmatch(line), exact(handbook, with_argument=True)
    for word, rest in ((head, argument.strip()), (glued["head"], glued["number"]) if glued else ("", "")):
        if rest and word in followed:
            return replace(followed[word], argument=rest)
    return _looked_for(line)


def _series(handbook: Handbook) -> set[str]:
    """The letters that numbers begin with, folded."""
    return {prefix.lower() for each in handbook.procedures for prefix in (each.prefix, *each.prefixes.values())}


def takes_argument(meant: Meant) -> bool:
    """Whether something may follow the word: a number, a customer."""
    return meant.word not in GLOBAL


def _looked_for(line: str) -> Meant | None:
    """查凌岳, 凌岳到哪了: what is looked for stands beside the word without a space."""
    before = sorted((word for word in PLAIN["find"] if not word.isascii()), key=len, reverse=True)
    rest = next((line.removeprefix(word) for word in before if line.startswith(word)), "")
    rest = rest or next((line.removesuffix(word) for word in ASKED_AFTER if line.endswith(word)), "")
    return Meant(word="find", argument=rest.strip()) if rest.strip() else None


@lru_cache(maxsize=16)
def exact(handbook: Handbook, *, with_argument: bool = False) -> Mapping[str, Meant]:
    """Every word and what it means; where two mean different things by one word, the first in this order has it.

    With an argument only those that take one: 完成 alone ends a row of photos, 完成 33 is an action.
    """
    found: dict[str, Meant] = {}
    for text, meant in _spoken(handbook):
        if not with_argument or takes_argument(meant):
            found.setdefault(folded(text), meant)
    return found


def vocabulary(handbook: Handbook) -> list[Word[Meant]]:
    """The same, with how each word sounds, to find the one that was meant by another spelling."""
    return [
        Word(text, meant, sounds(text), initials(text) if len(text) > 1 else frozenset())
        for text, meant in exact(handbook).items()
        if text != SHORTER["find"][0] and any(sign.isalnum() for sign in text)
    ]


def _spoken(handbook: Handbook) -> Iterator[tuple[str, Meant]]:
    for table in (GLOBAL, PLAIN):
        for key, words in table.items():
            yield from ((word, _word(key)) for word in (*words, *SHORTER.get(key, ())))
    for procedure in handbook.procedures:
        meant = Meant(procedure=procedure.key)
        yield from ((word, meant) for word in (*procedure.words, *SHORTER.get(procedure.key, ())))
    for procedure in handbook.procedures:
        for action in procedure.actions:
            words = action.words + (SHORTER.get(action.key, ()) if action.words else ())
            yield from ((word, Meant(action=action.key)) for word in words)
    for key, (_, words) in LATER.items():
        yield from ((word, Meant(later=key)) for word in (*words, *SHORTER.get(key, ())))


def _word(key: str) -> Meant:
    return Meant(action="edit") if key == "correct" else Meant(word=key)


def label_of(meant: Meant, handbook: Handbook) -> Said:
    """What it is called, for asking whether it was meant."""
    if meant.procedure:
        return said(handbook[meant.procedure].intake.title)
    if meant.later:
        return said(LATER[meant.later][0])
    if meant.action:
        return next(said(p.action[meant.action].label) for p in handbook.procedures if meant.action in p.action)
    return said(LABELS[meant.word])
