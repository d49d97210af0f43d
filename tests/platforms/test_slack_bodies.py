"""The body of a request from Slack is read as it was written."""

import json
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.bodies import FORM, JSON, read

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FIELDS = st.dictionaries(st.sampled_from(["text", "command", "user_id", "a b", "顾客"]), TEXT, min_size=1)


@given(FIELDS)
def test_a_form_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    """
    Whatever somebody typed: signs, line ends, other scripts, percent and equals signs.
    """
    assert read(urlencode(fields), FORM) == fields


@given(FIELDS)
def test_a_payload_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    """
    The same within the JSON of an interaction, and in that of an event.
    """
    told = {"type": "view_submission", "view": {"state": fields}}
    assert read(urlencode({"payload": json.dumps(told, ensure_ascii=False)}), FORM) == told
    assert read(json.dumps(told), JSON) == told
