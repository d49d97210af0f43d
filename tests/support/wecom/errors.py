"""What the fake refuses with: WeCom's codes and sentences, and which of them are no fault of a payload."""

from dataclasses import dataclass

ERRORS = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid UserID",
    40004: "invalid media file type",
    40005: "invalid type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40011: "invalid video size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub button level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40032: "invalid userid list size",
    40035: "invalid param",
    40039: "invalid url size",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    40063: "some param is empty",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "secret missing",
    41006: "media_id missing",
    41008: "code missing",
    41009: "userid missing",
    41011: "agentid missing",
    41016: "title missing",
    41033: "description missing",
    42001: "access_token expired",
    42014: "template_card.task_id invalid",
    42015: "response_code does not match the agent",
    42018: "template_card.action_menu.action_list size invalid",
    42020: "template_card.action_menu.action_list.key invalid",
    42022: "response_code already used",
    42027: "template_card.horizontal_content_list.keyname missing",
    42028: "template_card: url missing",
    42029: "template_card: media_id missing",
    42030: "template_card: appid missing",
    42031: "template_card.card_type invalid",
    42033: "template_card.main_title.title missing",
    42035: "template_card.horizontal_content_list size invalid",
    42036: "template_card.vertical_content_list size invalid",
    42037: "template_card: option_list size invalid",
    42038: "template_card.button_list size invalid",
    42039: "template_card.button_list: text or key invalid",
    42040: "template_card: option id invalid",
    42041: "template_card: option text missing",
    42042: "template_card.jump_list invalid",
    42043: "template_card: question_key invalid",
    42044: "template_card.card_image invalid",
    42045: "template_card.card_action invalid",
    42046: "template_card.submit_button.key invalid",
    42047: "template_card.select_list size invalid",
    42049: "template_card.submit_button.text missing",
    42050: "template_card: userid missing",
    42051: "template_card.action_menu.action_list.text missing",
    42052: "message is too old to be recalled",
    43002: "require POST method",
    43012: "the app has no callback url",
    44001: "empty media data",
    44002: "empty post data",
    44004: "empty content",
    45001: "media file size out of limit",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "api freq out of limit",
    45034: "url without protocol head",
    46003: "menu no exist",
    47001: "data format error",
    48002: "api forbidden",
    50001: "redirect_uri unauthorized",
    60020: "not allow to access from your ip",
    60111: "invalid string value, userid not found",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    82001: "All empty, touser toparty totag",
    82002: "invalid party list size",
    82003: "invalid tag list size",
    86001: "invalid chatid",
    86003: "chatid not exist",
    86006: "invalid chat member size",
    86008: "no privilege to use this chat",
    86207: "the owner is not a member of the chat",
    86215: "chatid already exists",
    86216: "invalid member in userlist",
    93000: "invalid webhook url",
    301002: "agentid does not match the access_token",
    301019: "invalid file md5",
}

STANDS = frozenset({
    -1, 40001, 40007, 40013, 40014, 40029, 42001, 42022, 42052, 45009, 45033, 46003, 48002, 60020, 60111, 60140, 81013,
    86003, 86215, 93000,
})  # fmt: skip
"""How things stand there, which a product may learn from the answer alone: no fault of its payload."""


@dataclass
class RefusedError(Exception):
    """WeCom's answer is this code; the words go before its own sentence."""

    code: int
    words: str = ""

    @property
    def sentence(self) -> str:
        """What errmsg begins with."""
        own = ERRORS.get(self.code, "unknown error")
        return f"{self.words}. {own}" if self.words else own


def refuse(when: object, code: int, words: str = "") -> None:
    """Refuse with this code where something is so."""
    if when:
        raise RefusedError(code, words)
