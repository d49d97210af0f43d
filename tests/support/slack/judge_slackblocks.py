"""slackblocks 3.0.0 as a judge. Where it is stricter than Slack's documentation, the payload is adjusted first."""

from collections.abc import Callable, Mapping
from typing import Any

import slackblocks as kit
from slackblocks import elements, objects
from slackblocks.errors import InvalidUsageError
from slackblocks.objects import TextType
from slackblocks.rich_text import elements as rich_elements
from slackblocks.rich_text import objects as rich_objects

from tests.support.slack.loading import Library, StrangeError

Json = dict[str, Any]


def faults(payload: Mapping[str, Any], surface: str) -> list[str]:
    """What slackblocks finds wrong: the first fault, as it stops there."""
    given = {key: value for key, value in payload.items() if key in KEYS[surface] and value not in ("", None)}
    given["blocks"] = [block for block in payload.get("blocks") or [] if block.get("type") not in UNREAD]
    if surface != "message" and not given["blocks"]:
        return []
    try:
        SURFACES[surface](**{key: LIBRARY.load(value) for key, value in given.items()})._resolve()
    except (InvalidUsageError, StrangeError, ValueError, TypeError, AttributeError, KeyError) as fault:
        return [f"{type(fault).__name__}: {fault}"]
    return []


# blocks this product does not write: their loaders would be longer than the judge
UNREAD = frozenset({
    "card", "carousel", "container", "context_actions", "data_table", "data_visualization", "plan", "table",
    "task_card",
})  # fmt: skip
KEYS = {
    "message": ("text", "blocks"),
    "modal": ("title", "blocks", "submit", "close", "private_metadata", "callback_id", "clear_on_close",
              "notify_on_close", "external_id", "submit_disabled"),
    "home": ("blocks", "private_metadata", "callback_id", "external_id"),
}  # fmt: skip


def _message(**arguments: Any) -> Any:
    return kit.Message(channel="C0000000000", **arguments)


SURFACES: dict[str, Callable[..., Any]] = {"message": _message, "modal": kit.ModalView, "home": kit.HomeTabView}


def _text(**value: Any) -> Any:
    value["type_"] = TextType(value.pop("type"))
    return objects.Text(**value)


def _slack_file(**value: Any) -> Any:
    return objects.SlackFile(value.pop("url", None), value.pop("id", None), **value)


def _styled(make: Callable[..., Any]) -> Callable[..., Any]:
    """Its rich text takes styles as arguments."""

    def made(style: Json | None = None, **value: Any) -> Any:
        return make(**value, **(style or {}))

    return made


def _multi(**value: Any) -> Any:
    return elements.StaticMultiSelectMenu(options=value.pop("options", None), **value)


def _date(value: Json) -> Json:
    # it has no dates in rich text: Slack's own words for one are looked at instead
    return {"type": "text", "text": value.get("fallback") or str(value["timestamp"])}


def _broadcast(value: Json) -> Json:
    return {"type": "text", "text": f"@{value['range']}"}  # it has no broadcasts in rich text


def _emoji(value: Json) -> Json:
    return {key: each for key, each in value.items() if key != "unicode"}  # it does not know the character


def _query(value: Json) -> Json:
    # with 0 letters the list opens at once; slackblocks begins at 1
    return {key: each for key, each in value.items() if (key, each) != ("min_query_length", 0)}


def _section(value: Json) -> Json:
    return {key: each for key, each in value.items() if key != "expand"}  # newer than slackblocks


def _words(**value: Any) -> Any:
    return _styled(rich_elements.RichText)(**value)


def _style(**value: Any) -> Json:
    return value


LIBRARY = Library(
    makes={
        "text": _text, "option": objects.Option, "option_group": objects.OptionGroup,
        "confirm": objects.ConfirmationDialogue, "filter": objects.ConversationFilter,
        "dispatch": objects.DispatchActionConfiguration, "slack_file": _slack_file, "style": _style,
        "button": elements.Button, "checkboxes": elements.CheckboxGroup, "datepicker": elements.DatePicker,
        "datetimepicker": elements.DateTimePicker, "email_text_input": elements.EmailInput,
        "file_input": elements.FileInput, "image_element": elements.Image, "multi_static_select": _multi,
        "multi_external_select": elements.ExternalMultiSelectMenu, "multi_users_select": elements.UserMultiSelectMenu,
        "multi_conversations_select": elements.ConversationMultiSelectMenu,
        "multi_channels_select": elements.ChannelMultiSelectMenu, "number_input": elements.NumberInput,
        "overflow": elements.OverflowMenu, "plain_text_input": elements.PlainTextInput,
        "radio_buttons": elements.RadioButtonGroup, "rich_text_input": elements.RichTextInput,
        "static_select": elements.StaticSelectMenu, "external_select": elements.ExternalSelectMenu,
        "users_select": elements.UserSelectMenu, "conversations_select": elements.ConversationSelectMenu,
        "channels_select": elements.ChannelSelectMenu, "timepicker": elements.TimePicker,
        "url_text_input": elements.URLInput, "actions": kit.ActionsBlock, "context": kit.ContextBlock,
        "divider": kit.DividerBlock, "file": kit.FileBlock, "header": kit.HeaderBlock, "image": kit.ImageBlock,
        "input": kit.InputBlock, "markdown": kit.MarkdownBlock, "section": kit.SectionBlock, "video": kit.VideoBlock,
        "alert": kit.AlertBlock, "rich_text": kit.RichTextBlock, "rich_text_section": rich_objects.RichTextSection,
        "rich_text_list": rich_objects.RichTextList, "rich_text_preformatted": rich_objects.RichTextCodeBlock,
        "rich_text_quote": rich_objects.RichTextQuote, "rich_words": _words,
        "date": _words, "broadcast": _words, "channel": _styled(rich_elements.RichTextChannel),
        "emoji": rich_elements.RichTextEmoji, "link": _styled(rich_elements.RichTextLink),
        "user": _styled(rich_elements.RichTextUser), "usergroup": _styled(rich_elements.RichTextUserGroup),
    },
    adjust={
        "date": _date, "broadcast": _broadcast, "emoji": _emoji, "external_select": _query,
        "multi_external_select": _query, "section": _section,
    },
    renamed={
        ("datetimepicker", "initial_date_time"): "initial_datetime", ("usergroup", "usergroup_id"): "user_group_id",
    },
)  # fmt: skip
