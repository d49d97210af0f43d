"""What people, customers and their files may write to make the bot do what it should not."""

import re

MENTIONS = (
    "<!channel>", "<!here>", "<!everyone>", "<!subteam^S01|@qa>", "<@U01234567>", "@all", "@channel", "@所有人",
    "<@wangwu>", "<#C01234567>",
)  # fmt: skip
LINKS = (
    "http://evil.example/x", "https://evil.example", "<http://evil.example|点此查看>",
    "[点此](http://evil.example)", "javascript:alert(1)", "![图](http://evil.example/a.png)", "//evil.example",
    "mailto:a@evil.example",
)  # fmt: skip
MARKUP = (
    "*粗* _斜_ ~删~ `码`", "```\nrm -rf\n```", "> 引用\n> 伪造", "# 标题", '<font color="warning">红</font>',
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</pre></body>", "<b>粗", "&lt;b&gt;&amp;",
    "\"'><svg/onload=1>", "<!-- ", "]]>", '<a href="http://evil.example">点</a>', "<iframe src=//evil.example>",
    "<style>*{display:none}</style>",
)  # fmt: skip
FORMULAS = (
    '=HYPERLINK("http://evil.example","点")', "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/C calc'!A0", "\t=1+1",
    "\r=1+1", '=IMPORTXML("http://evil.example")',
)  # fmt: skip
TEMPLATES = (
    "$\\frac{1}{2}$", "$x^2$", "{0}", "{n}", "{customer!r}", "{}", "{{7*7}}", "{{ cycler }}", "{% raw %}",
    "${7*7}", "%s %(n)s", "#{7*7}", "\\N{BELL}",
)  # fmt: skip
UNSEEN = (
    "\u202e反着写", "正\u202d文\u202c", "\u2066隔离\u2069", "零\u200b宽", "零\u200d宽\u2060", "\ufeff头",
    "空\x00字", "\x1b[31m红\x1b[0m", "\x07响\x08退", "行\u2028分\u2029段", "a\u0301\u0302\u0303\u0304",
    "👨‍👩‍👧‍👦👍🏽🇨🇳", "ﷺ𝕳𝖊𝖑𝖑𝖔",
)  # fmt: skip
LONG = "很长的一句话" * 1667

PAYLOADS = (*MENTIONS, *LINKS, *MARKUP, *FORMULAS, *TEMPLATES, *UNSEEN, LONG)

UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, and marks that turn the direction of reading: nobody types them, nobody shall see them."""


def visible(payload: str) -> str:
    """A payload as it may be shown: one line, without what nobody can see."""
    return " ".join(UNWANTED.sub("", payload).split())
