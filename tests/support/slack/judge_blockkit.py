"""blockkit 2.1.3 as a judge. Where it is stricter than Slack's documentation, the payload is adjusted first."""

from collections.abc import Mapping
from typing import Any

import blockkit.core as kit

from tests.support.slack.loading import Library, StrangeError

Json = dict[str, Any]

# Slack has these, blockkit 2.1.3 does not: the other judges look at them
UNKNOWN = frozenset({
    "alert", "card", "carousel", "container", "context_actions", "data_table", "data_visualization", "plan",
    "task_card",
})  # fmt: skip
FILETYPES = frozenset({"jpeg", "heic"})


def faults(payload: Mapping[str, Any], surface: str) -> list[str]:
    """What blockkit finds wrong: the first fault, as it stops there."""
    given = {key: value for key, value in payload.items() if key in KEYS[surface] and value not in ("", None)}
    # tables on a home: blockkit knows them in messages only
    left_out = UNKNOWN if surface == "message" else UNKNOWN | {"table"}
    given["blocks"] = [block for block in payload.get("blocks") or [] if block.get("type") not in left_out]
    if surface != "message" and not given["blocks"]:
        return []
    try:
        arguments = {key: LIBRARY.load(value) for key, value in given.items()}
        SURFACES[surface](**arguments).build()
    except (kit.FieldValidationError, kit.ComponentValidationError, StrangeError, ValueError, AttributeError) as fault:
        return [str(fault)]
    return []


KEYS = {
    "message": ("text", "blocks"),
    "modal": ("title", "blocks", "submit", "close", "private_metadata", "callback_id", "clear_on_close",
              "notify_on_close", "external_id", "submit_disabled"),
    "home": ("blocks", "private_metadata", "callback_id", "external_id"),
}  # fmt: skip
SURFACES: dict[str, Any] = {"message": kit.Message, "modal": kit.Modal, "home": kit.Home}


def _plain(value: Json) -> Json:
    # a dialogue's text may be mrkdwn; blockkit wants plain text
    return {**value, "text": {**value.get("text", {}), "type": "plain_text"}}


def _files(value: Json) -> Json:
    # jpeg and heic are file types to Slack, not to blockkit
    kept = [kind for kind in value.pop("filetypes", []) if kind not in FILETYPES]
    return {**value, "filetypes": kept} if kept else value


def _alt(value: Json) -> Json:
    # 2000 characters, says Slack; 255, says blockkit
    return {**value, "alt_text": value["alt_text"][:255]} if isinstance(value.get("alt_text"), str) else value


def _number(value: Json) -> Json:
    # numbers are strings to Slack, and numbers to blockkit
    for key in ("initial_value", "min_value", "max_value"):
        if key in value:
            if not isinstance(value[key], str):
                raise StrangeError(f"number_input.{key} must be a string")
            value[key] = float(value[key]) if "." in value[key] else int(value[key])
    return value


def _query(value: Json) -> Json:
    # with 0 letters the list opens at once; blockkit begins at 1
    return {key: each for key, each in value.items() if (key, each) != ("min_query_length", 0)}


def _option(value: Json) -> Json:
    # the options of radio buttons and checkboxes may be mrkdwn; blockkit wants plain text
    return {**value, "text": {"type": "plain_text", "text": value["text"]["text"]}} if value.get("text") else value


def _actions(value: Json) -> Json | None:
    # a datetimepicker may stand among actions; blockkit knows it in inputs only
    kept = [each for each in value["elements"] if each.get("type") != "datetimepicker"]
    return {**value, "elements": kept} if kept else None


def _emoji(value: Json) -> Json:
    return {key: each for key, each in value.items() if key != "skin_tone"}  # skins are Slack's, not blockkit's


LIBRARY = Library(
    makes={
        "text": kit.Text, "option": kit.Option, "option_group": kit.OptionGroup, "confirm": kit.Confirm,
        "filter": kit.ConversationFilter, "dispatch": kit.DispatchActionConfig, "slack_file": kit.SlackFile,
        "style": kit.RichStyle, "button": kit.Button, "checkboxes": kit.Checkboxes, "datepicker": kit.DatePicker,
        "datetimepicker": kit.DatetimePicker, "email_text_input": kit.EmailInput, "file_input": kit.FileInput,
        "image_element": kit.ImageEl, "multi_static_select": kit.MultiStaticSelect,
        "multi_external_select": kit.MultiExternalSelect, "multi_users_select": kit.MultiUsersSelect,
        "multi_conversations_select": kit.MultiConversationsSelect, "multi_channels_select": kit.MultiChannelsSelect,
        "number_input": kit.NumberInput, "overflow": kit.Overflow, "plain_text_input": kit.PlainTextInput,
        "radio_buttons": kit.RadioButtons, "rich_text_input": kit.RichTextInput, "static_select": kit.StaticSelect,
        "external_select": kit.ExternalSelect, "users_select": kit.UsersSelect,
        "conversations_select": kit.ConversationsSelect, "channels_select": kit.ChannelsSelect,
        "timepicker": kit.TimePicker, "url_text_input": kit.UrlInput, "actions": kit.Actions, "context": kit.Context,
        "divider": kit.Divider, "file": kit.File, "header": kit.Header, "image": kit.Image, "input": kit.Input,
        "markdown": kit.Markdown, "section": kit.Section, "table": kit.Table, "video": kit.Video,
        "raw_text": kit.RawText, "rich_text": kit.RichText, "rich_text_section": kit.RichTextSection,
        "rich_text_list": kit.RichTextList, "rich_text_preformatted": kit.RichTextPreformatted,
        "rich_text_quote": kit.RichTextQuote, "rich_words": kit.RichTextEl, "broadcast": kit.RichBroadcastEl,
        "color": kit.RichColorEl, "channel": kit.RichChannelEl, "date": kit.RichDateEl, "emoji": kit.RichEmojiEl,
        "link": kit.RichLinkEl, "user": kit.RichUserEl, "usergroup": kit.RichUserGroupEl,
    },
    adjust={
        "confirm": _plain, "file_input": _files, "image": _alt, "image_element": _alt, "number_input": _number,
        "external_select": _query, "multi_external_select": _query, "option": _option, "actions": _actions,
        "emoji": _emoji,
    },
)  # fmt: skip
