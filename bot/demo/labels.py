"""The words of the page itself, in both languages through the one catalogue."""

from collections.abc import Mapping

from conversations.words import N_
from reports.words import Words

LABELS: Mapping[str, str] = {
    "title": N_("gukebot, the demo"),
    "sample": N_("sample data"),
    "clock": N_("Company time"),
    "hour": N_("+1 hour"),
    "day": N_("+1 day"),
    "event": N_("Next event"),
    "language": N_("Language"),
    "restart": N_("Start over"),
    "as_slack": N_("As Slack would"),
    "as_modal": N_("This form in Slack"),
    "tour": N_("Guided tour"),
    "next_scene": N_("Next scene"),
    "resume_scene": N_("Go on with the scene"),
    "hurry": N_("Skip to its end"),
    "again": N_("Watch it again"),
    "scene_done": N_("shown"),
    "welcome": N_("A complaint, from the customer's car park to the monthly chart, in eight scenes. Play it with "
                  "“Next scene”, or tap the phones yourself."),
    "told": N_("That was the whole story. Every name in it is invented."),
    "astray": N_("The story took another way here. “Start over” brings it back to its first minute."),
    "whose": N_("Whose phone"),
    "people": N_("People"),
    "channels": N_("Channels"),
    "customers": N_("Customers"),
    "choose": N_("Show"),
    "unread": N_("unread"),
    "nothing_person": N_("Nothing yet. “{report}” or a sentence starts the conversation."),
    "nothing_channel": N_("Notices of the department and the monthly charts arrive here."),
    "nothing_contact": N_("What is forwarded to the customer arrives here."),
    "as_lead": N_("Buttons here are tapped by {name}, who is answered on their own phone."),
    "forward": N_("Forward to the customer"),
    "forwarded": N_("Forwarded"),
    "write": N_("Write a message"),
    "send": N_("Send"),
    "photos": N_("Photos"),
    "album": N_("Sample photos"),
    "samples": N_("Sample answers"),
    "menu": N_("Menu"),
    "chat": N_("Conversation"),
    "enlarge": N_("Enlarge"),
    "close": N_("Close"),
    "wait": N_("Getting the sample company ready"),
    "locked": N_("This page opens with the link that `gukebot demo` printed in the terminal. It works once; "
                 "a fresh one was printed there just now."),
}  # fmt: skip


class Labels:
    """The labels in one language, as the templates ask for them."""

    def __init__(self, words: Words, language: str) -> None:
        self._spoken = words.labels(LABELS, language)

    def __getattr__(self, name: str) -> str:
        """One label; AttributeError for a name that is none."""
        try:
            return self._spoken[name]
        except KeyError:
            raise AttributeError(name) from None
