"""Texts within WeCom's limits, which count bytes; what people wrote stays text: no link, no call, no markup."""

import re

from wcwidth import iter_graphemes, wcswidth

from conversations.fields import cleaned

TEXT, MARKDOWN, ROBOT_MARKDOWN = 2048, 2048, 4096
"""The most bytes of a message."""

MOST_PIECES = 4
"""A longer text is cut: it would be a flood."""

TAG = re.compile(r"<(?=[A-Za-z/!@?])")
MARKUP = re.compile(r"[*_~`#<>\[\]\\&]|://|\A\s*[-+>]|\n[^\S\n]*[-+>]")
USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")

FILES = "amr|csv|docx?|exe|gif|heic|jpe?g|log|mp4|pdf|png|pptx?|toml|txt|xlsx?"
"""How names of files end; .zip and .mov are places on the net, too."""

LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,30}:)?//[!-~]+"  # with a scheme or without
    r"|(?:mailto|javascript|data|tel|sms|weixin|wxwork):[!-~]+"
    rf"|(?<![\w@.-])(?:[\w-]+\.)+(?!(?:{FILES})(?![\w/:.]))[a-z]{{2,24}}(?![\w@])(?:[/:?#][!-~]*)?",  # a bare name
    re.IGNORECASE | re.ASCII,
)
"""What a client may take for a link. An address of e-mail is none: it is copied more often than it does harm."""

BREAK = re.compile(r"(?<=[.:])(?=[\w/])")
NOWHERE = "\u200b"
"""A sign that nobody sees; with it behind every dot and colon a link leads nowhere, and can still be read."""


def plain(text: str, ours: str = "") -> str:
    """Text in which nothing is a tag, and no link leads anywhere but to our own pages, which begin with ``ours``.

    WeCom's text messages read <a href>, call whoever <@userid> names, and make a link of whatever looks like one.
    """
    text = TAG.sub("\uff1c", cleaned(text))
    if not ours:
        return LINK.sub(_broken, text)
    own = rf"(?P<own>(?<![\w/@.-]){re.escape(ours.rstrip('/'))}/[\w./?=&%+~-]*)"
    either = re.compile(rf"{own}|{LINK.pattern}", re.IGNORECASE | re.ASCII)
    return either.sub(lambda found: found[0] if found["own"] else _broken(found), text)


def _broken(link: re.Match[str]) -> str:
    return BREAK.sub(NOWHERE, link[0])


def is_plain(*texts: str) -> bool:
    """Whether nothing in these could be taken for markup."""
    return not any(MARKUP.search(text) for text in texts)


def size(text: str) -> int:
    """How many bytes it has."""
    return len(text.encode())


def width(text: str) -> int:
    """How many columns it takes: a Chinese sign takes two."""
    return wcswidth(text)


def cut(text: str, most: int) -> str:
    """At most so many characters, as they are shown on a card: no link; what is cut ends in … and within no sign."""
    text = LINK.sub(_broken, " ".join(cleaned(text).split()))
    if len(text) <= most:
        return text
    kept = ""
    for sign in iter_graphemes(text):
        if len(kept) + len(sign) > most - 1:
            break
        kept += sign
    return f"{kept.rstrip()}…"


UNSEEN = ("\u200b", "\u2060")
MARK = 16 * 3
"""Room for what makes a text unlike its twins."""


def marked(text: str, number: int) -> str:
    """The same words for a reader, other ones for WeCom; the number as signs that nobody sees."""
    return text + "".join(UNSEEN[int(bit)] for bit in f"{number % 2**16:b}") if number else text


def pieces(text: str, most: int = TEXT - MARK) -> list[str]:
    """The text in pieces of at most so many bytes, broken between lines where that can be, and within no sign."""
    found, rest = list[str](), text.strip("\n")
    while size(rest) > most and len(found) < MOST_PIECES - 1:
        head = _head(rest, most)
        end = head.rfind("\n")
        found.append(head[:end] if end > len(head) // 2 else head)
        rest = rest[len(found[-1]) :].lstrip("\n")
    last = rest if size(rest) <= most else f"{_head(rest, most - size('…'))}…"
    return [piece for piece in (*found, last) if piece.strip()]


def _head(text: str, most: int) -> str:
    """The longest beginning of whole signs within so many bytes; of one endless sign what fits."""
    taken, room = 0, most
    for sign in iter_graphemes(text):
        if size(sign) > room:
            break
        taken += len(sign)
        room -= size(sign)
    return text[:taken] if taken else text.encode()[:most].decode(errors="ignore")
